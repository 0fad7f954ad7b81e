#!/usr/bin/env python3
"""List D and T7: who gets in, what strangers learn, and what a page in a browser on this machine can do."""
import json
import os
import secrets
import statistics
import time

import stand
import wire
from stand import events, harness

TOKEN, OTHER = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
TIMED = int(os.environ.get("TIMED_TOKENS", "10000"))


def get(path, *fields, method="GET", host="127.0.0.1"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *fields, "", ""]).encode()


def bearer(token):
    return f"Authorization: Bearer {token}"


class Access(stand.Stand):
    def ask(self, data, port=None):
        with wire.Line(port or self.daemon.ingest.port) as line:
            line.send(data)
            return line.answer()

    def ask_admin(self, data):
        return self.ask(data, self.daemon.admin.port)


class Tokens(Access):
    """Ingest and admin with tokens; two are valid at ingest."""
    ingest = 'tokens = [{{ file = "{folder}/ingest.secret" }}, {{ file = "{folder}/other.secret" }}]\n'
    files = {"ingest.secret": TOKEN + "\n", "other.secret": OTHER + "\n"}
    authorization = (bearer(TOKEN),)

    def wrong_ones(self):
        return {"missing": [], "wrong": [bearer(secrets.token_urlsafe(32))], "prefix": [bearer(TOKEN[:-1])], "longer": [bearer(TOKEN + "x")],
                "last character": [bearer(TOKEN[:-1] + ("A" if TOKEN[-1] != "A" else "B"))], "empty": ["Authorization: Bearer "],
                "scheme only": ["Authorization: Bearer"],
                "other scheme": [f"Authorization: Basic {TOKEN}"], "no scheme": [f"Authorization: {TOKEN}"], "doubled": [bearer(f"{TOKEN} {TOKEN}")],
                "listed": [bearer(f"{TOKEN}, {OTHER}")], "quoted": [bearer(f'"{TOKEN}"')], "other case": [bearer(TOKEN.swapcase())],
                "in another field": [f"X-Token: {TOKEN}"],
                "behind a wrong one": [bearer("x"), bearer(TOKEN)], "before a wrong one": [bearer(TOKEN), bearer("x")], "the operators'": [bearer(self.daemon.token)],
                "high bytes": [bearer("\xe9" * 43)]}

    def test_48_nobody_gets_in_and_all_are_told_the_same(self):
        told = set()
        body = self.a_good_event()
        for name, fields in self.wrong_ones().items():
            with self.subTest(name):
                answer = self.unharmed_after(lambda sent=wire.post(body, *fields): self.one_answer(sent), refused=1)
                self.assert_problem(answer, {401})
                told.add((answer.body, tuple(sorted((name, value) for name, value in answer.headers.items() if name != "date"))))
        self.assertEqual(len(told), 1, told)
        self.assertIn("Bearer", dict(told.pop()[1])["www-authenticate"])
        for path in ("/v1/events/1", "/v1/events?source=a&id=b", "/nothing", "/", "/status", "/v1/dead-letters", "/v1/events/", "/../etc/passwd"):
            with self.subTest(path):
                self.assert_problem(self.ask(get(path)), {401})
        self.assertEqual([self.ask(get(path)).status for path in ("/livez", "/readyz")], [200, 200])

    def test_48_a_token_of_a_megabyte(self):
        self.assert_problem(self.unharmed_after(lambda: self.exchange(wire.post(b"{}", bearer("x" * 1_000_000)))[0][0], refused=1), {431})

    def test_48_no_body_is_asked_of_a_stranger(self):
        with self.line() as line:
            line.send(wire.post(b"", "Content-Length: 1000000", "Expect: 100-continue", length=False))
            answers, _ = line.answers()
        self.assertEqual([answer.status for answer in answers], [401])

    def test_48_both_tokens_are_valid(self):
        for token, scheme in ((TOKEN, "Bearer"), (OTHER, "Bearer"), (TOKEN, "bearer"), (OTHER, "BEARER")):
            answer = self.unharmed_after(lambda one=token, how=scheme: self.one_answer(wire.post(self.a_good_event(),
                                                                                                 f"Authorization: {how} {one}")), accepted=1)
            self.assertEqual(answer.status, 202)
        sequence = json.loads(answer.body)["accepted"][0]["sequence"]
        self.assertEqual(self.ask(get(f"/v1/events/{sequence}", bearer(TOKEN))).status, 200)

    def test_48_rotation_without_a_restart(self):
        fresh = secrets.token_urlsafe(32)
        post = lambda token: self.ask(wire.post(self.a_good_event(), bearer(token))).status
        try:
            self.write_file("other.secret", fresh + "\n")
            self.daemon.reload()
            harness.eventually(lambda: post(fresh) == 202, "the new token")
            self.assertEqual((post(OTHER), post(TOKEN)), (401, 202))
        finally:
            self.write_file("other.secret", OTHER + "\n")
            self.daemon.reload()
            harness.eventually(lambda: post(OTHER) == 202, "the old token again")

    def test_48_the_time_an_answer_takes_tells_nothing(self):
        """Medians of interleaved requests; what two series with the same token differ by is this machine's noise."""
        wrong = secrets.token_urlsafe(32)
        kinds = {"wrong": wrong, "wrong again": wrong, "first character": ("A" if TOKEN[0] != "A" else "B") + TOKEN[1:],
                 "last character": TOKEN[:-1] + ("A" if TOKEN[-1] != "A" else "B"), "half": TOKEN[:21] + wrong[21:]}
        requests = {name: get("/v1/events/1", bearer(token)) for name, token in kinds.items()}
        requests["missing"] = get("/v1/events/1", f"X-Padding-Xyz: {'x' * 50}")
        took = {name: [] for name in requests}
        line, served = None, 0
        for _ in range(TIMED):
            for name, request in requests.items():
                if served % 900 == 0:  # before the daemon ends the connection itself
                    line = self.fresh(line)
                served += 1
                began = time.perf_counter_ns()
                line.sendall(request)
                answer = line.recv(4096)
                took[name].append(time.perf_counter_ns() - began)
                self.assertTrue(answer.startswith(b"HTTP/1.1 401 ") and answer.endswith(b"}"), answer)
        line.close()
        medians = {name: statistics.median(all_of_them) / 1000 for name, all_of_them in took.items()}
        noise = abs(medians["wrong"] - medians["wrong again"])
        spread = max(medians.values()) - min(medians.values())
        print(f"401 after (µs, medians of {TIMED}): " + ", ".join(f"{name} {value:.2f}" for name, value in medians.items()))
        if not wire.SANITIZED:
            self.assertLess(spread, max(5.0, 2 * noise))

    def fresh(self, old):
        if old:
            old.close()
        line = wire.Line(self.daemon.ingest.port).socket
        line.sendall(get("/livez"))
        line.recv(4096)
        return line

    def test_49_methods(self):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "MKCOL", "PRI"):
            for path, allowed in (("/v1/events", "GET, HEAD, POST"), ("/v1/events/1", "GET, HEAD")):
                with self.subTest(f"{method} {path}"):
                    answer = self.unharmed_after(lambda m=method, p=path: self.ask(get(p, bearer(TOKEN), "Content-Length: 0", method=m)))
                    self.assert_problem(answer, {405})
                    self.assertEqual(answer.headers["allow"], allowed)
        for method in ("PUT", "PATCH"):  # as curl -X sends them, without a length
            answer = self.ask(get("/v1/events", bearer(TOKEN), method=method))
            self.assert_problem(answer, {405})
            self.assertEqual(answer.headers["allow"], "GET, HEAD, POST")
        for method, path in (("POST", "/livez"), ("DELETE", "/readyz")):
            answer = self.ask(get(path, "Content-Length: 0", method=method))
            self.assert_problem(answer, {405})
            self.assertEqual(answer.headers["allow"], "GET, HEAD")

    def test_50_paths_are_what_they_say(self):
        paths = ["/../", "/v1/../v1/events", "/v1/%2e%2e/v1/events", "//v1/events", "/v1//events", "/v1/events/", "/v1/events/..",
                 "/v1/events/%2e%2e", "/v1/events%00",
                 "/v1/events%2f1", "/V1/EVENTS", "/v1/event", "/v1/events;a=b", "/v1/events/1/", "/v1/events/1e1", "/v1/events/-1", "/v1/events/+1",
                 "/v1/events/0x1",
                 "/v1/events/18446744073709551616", "/v1/events/ 1".replace(" ", "%20"), "/%", "/%zz", "/etc/passwd", "/....//....//etc/passwd",
                 "/v1/events/999999999"]
        for path in paths:
            with self.subTest(path):
                self.assert_problem(self.unharmed_after(lambda one=path: self.ask(get(one, bearer(TOKEN)))), {404})
        for path in ("/v1/../v1/events", "/v1/events/../events", "/v1/events/1/"):
            self.assert_problem(self.ask(wire.post(self.a_good_event(), bearer(TOKEN), line=f"POST {path} HTTP/1.1")), {404})

    def test_49_and_50_at_admin(self):
        operator = bearer(self.daemon.token)
        for method, path, allowed in (("POST", "/status", "GET, HEAD"), ("DELETE", "/v1/events", "GET, HEAD"), ("GET", "/v1/dead-letters/replay",
            "POST"),
                                      ("GET", "/v1/destinations/releva/pause", "POST"), ("PUT", "/", "GET, HEAD"), ("OPTIONS", "/v1/preview",
                                          "POST")):
            with self.subTest(f"{method} {path}"):
                answer = self.ask_admin(get(path, operator, "Content-Length: 0", method=method))
                self.assert_problem(answer, {405})
                self.assertEqual(answer.headers["allow"], allowed)
        for path in ("/../", "/%2e%2e/", "//", "/v1/destinations/a%2fb/x", "/index.html", "/dashboard.js/", "/v1/events/%ff"):
            with self.subTest(path):
                self.assert_problem(self.ask_admin(get(path, operator)), {404})
        for name in ("..", "%2e%2e", "nobody", "%00", "a%2f..%2freleva"):
            with self.subTest(name):
                self.assert_problem(self.ask_admin(get(f"/v1/destinations/{name}/pause", operator, "Content-Length: 0", method="POST")), {404})

    def test_operators_need_their_own_token(self):
        changes = ["/v1/dead-letters/replay", "/v1/dead-letters/discard", "/v1/destinations/releva/pause", "/v1/destinations/releva/resume",
                   "/v1/preview"]
        told = set()
        for fields in ([], [bearer(TOKEN)], [bearer("x" * 43)]):
            for path in changes:
                answer = self.ask_admin(wire.post(b"{}", *fields, line=f"POST {path} HTTP/1.1"))
                self.assert_problem(answer, {401})
                told.add(answer.body)
            for path in ("/v1/events", "/v1/events/1", "/v1/dead-letters", "/v1/dead-letters/1"):
                answer = self.ask_admin(get(path, *fields))
                self.assert_problem(answer, {401})
                told.add(answer.body)
        self.assertEqual(len(told), 1)
        self.assertEqual(self.ask_admin(get("/status")).status, 200)
        self.assert_problem(self.ask_admin(get("/status", bearer("x" * 43))), {401})
        self.assertEqual(self.daemon.destination("releva")["state"], "active")

    def test_52_tokens_are_nowhere(self):
        self.test_48_nobody_gets_in_and_all_are_told_the_same()
        seen = {"log": self.daemon.process.text()}
        for path in ("/status", "/metrics", "/v1/events", "/v1/dead-letters"):
            seen[path] = self.ask_admin(get(path, bearer(self.daemon.token))).body.decode()
        for name, text in seen.items():
            for canary in (TOKEN, OTHER, self.daemon.token, TOKEN[:20], harness.SECRETS["releva"]):
                self.assertNotIn(canary, text, name)


class Browser(Access):
    """Without tokens at ingest: what a page can do that a browser on this machine shows."""

    def test_the_name_in_host_has_to_be_ours(self):
        for host in ("evil.example", "evil.example:8470", "localhost.evil.example", "127.0.0.1.evil.example", "127.1", "0x7f000001", "2130706433",
                     "localhost.", "evil-localhost",
                     "127.0.0.1:80:80", "[::1].evil.example", "a.localhost"):
            with self.subTest(host):
                answer = self.unharmed_after(lambda one=host: self.ask(self.good_request(host=one)), refused=1)
                self.assert_problem(answer, {400, 421})
                self.assertIn(self.ask_admin(get("/status", host=host)).status, (400, 421))
        for host in ("127.0.0.1", "127.0.0.1:8470", "localhost", "LocalHost:1", "[::1]", "[::1]:8470"):
            with self.subTest(host):
                self.assertEqual(self.unharmed_after(lambda one=host: self.ask(self.good_request(host=one)), accepted=1).status, 202)

    def test_a_form_cannot_post_events(self):
        body = self.a_good_event()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", None):
            with self.subTest(kind):
                fields = ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"]
                self.assert_problem(self.unharmed_after(lambda one=kind: self.ask(wire.post(body, *fields, kind=one)), refused=1), {415})
        preflight = get("/v1/events", "Origin: https://evil.example", "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: content-type",
                        "Access-Control-Request-Private-Network: true", method="OPTIONS")
        for ask in (self.ask, self.ask_admin):
            answer = ask(preflight)
            self.assertIn(answer.status, (401, 405))
            self.assertEqual([name for name in answer.headers if name.startswith("access-control")], [])

    def test_no_answer_speaks_of_other_origins(self):
        origin = "Origin: https://evil.example"
        answers = [self.ask(self.good_request(origin)), self.ask(get("/livez", origin)), self.ask(get("/x", origin))]
        for path in ("/", "/status", "/metrics", "/dashboard.js", "/dashboard.css", "/icon.svg", "/readyz", "/v1/events", "/nothing"):
            answer = self.ask_admin(get(path, origin, bearer(self.daemon.token)))
            answers.append(answer)
            policy = answer.headers["content-security-policy"]
            self.assertTrue(policy.startswith("default-src 'none'"), path)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual((answer.headers["x-content-type-options"], answer.headers["cache-control"]), ("nosniff", "no-store"), path)
        for answer in answers:
            self.assertEqual([name for name in answer.headers if name.startswith("access-control") or name == "set-cookie"], [])

    def test_receipts_need_a_proof_even_here(self):
        self.post_good()
        for path in ("/v1/events/1", "/v1/events?source=shop/test&id=x"):
            self.assert_problem(self.ask(get(path)), {401})

    def test_what_a_stranger_wrote_stays_text(self):
        nasty = '</script><script>alert(1)</script><img src=x onerror=alert(1)>'
        event = events.order(1)
        event["id"] = event["data"]["order"]["items"][0]["name"] = nasty
        sequence = json.loads(self.ask(wire.post(json.dumps(event).encode())).body)["accepted"][0]["sequence"]
        answer = self.ask_admin(get(f"/v1/events/{sequence}", bearer(self.daemon.token)))
        self.assertEqual(answer.headers["content-type"], "application/json")
        self.assertEqual(json.loads(answer.body)["event"]["id"], nasty)
        # The dashboard's own code makes text of it: nothing in it turns text into markup, and the policy would run no inline code.
        script, page = (self.ask_admin(get(path)).body.decode() for path in ("/dashboard.js", "/"))
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            self.assertNotIn(word, script)
        self.assertNotRegex(page, r"<script(?![^>]* src=)|\son[a-z]+=|javascript:")

    def test_49_methods_without_tokens(self):
        for method in ("PUT", "DELETE", "PATCH"):
            answer = self.ask(get("/v1/events", "Content-Length: 0", method=method))
            self.assert_problem(answer, {405})
            self.assertEqual(answer.headers["allow"], "GET, HEAD, POST")


if __name__ == "__main__":
    harness.main()
