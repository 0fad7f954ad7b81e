#!/usr/bin/env python3
"""No secret anywhere but on the wire, and no personal data where none belongs: logs, status, metrics, exit messages, RocksDB's own words.

Everything that is said in a bad hour is looked through: vendors that quote events and credentials in their errors, requests that are refused,
configurations that are wrong, a second instance, a crash.
"""
import json
import os

import canary
import harness

FAST = 'retry = { initial = "50ms", max = "200ms", max_age = "72h" }\n'
SECRETS = {"releva": "S3CRET-rel-ZZQ1", "reloadify": "S3CRET-rfy-ZZQ2", "esputnik": "S3CRET+esp/ZZQ3\"\\", "rokt": "S3CRET-rok-ZZQ4"}
INGEST_TOKEN = "S3CRET-ingest-token-ZZQ5-0123456789"
ADMIN_TOKEN = "S3CRET-admin-token-ZZQ6-0123456789"
MARK = "ZZQ"  # every secret holds it, in any encoding but base64
WRONG_TOKEN = "S3CRET-wrong-token-ZZQ7"


class Privacy(harness.EndToEnd):
    def canary_daemon(self, log_format):
        made = harness.Daemon(self.folder, self.sandbox, ("releva", "reloadify", "esputnik", "rokt"),
                              ingest=f'tokens = [{{ file = "{self.folder}/ingest.secret" }}]\n',
                              settings=f'[log]\nlevel = "info"\nformat = "{log_format}"\n',
                              per_kind={kind: FAST for kind in harness.KINDS})
        made.token = ADMIN_TOKEN
        self.write_secrets()
        self.addCleanup(lambda: made.process and made.process.end())
        return made.start()

    def write_secrets(self):
        for name, secret in {**SECRETS, "ingest": INGEST_TOKEN, "admin": ADMIN_TOKEN}.items():
            with open(os.path.join(self.folder, name + ".secret"), "w", encoding="utf-8") as out:
                out.write(secret + "\n")

    def post(self, daemon, event, token=INGEST_TOKEN):
        return daemon.ingest.call("POST", "/v1/events", event, {"Authorization": "Bearer " + token, "Content-Type": "application/json"})

    def run_command(self, *arguments):
        done = harness.run(*arguments)
        return done.returncode, done.stdout + done.stderr

    def assert_no_secret(self, text, where):
        text = text if isinstance(text, str) else json.dumps(text)
        for part in (MARK, "S3CRET"):
            at = text.find(part)
            self.assertEqual(at, -1, f"{where}: …{text[max(0, at - 60):at + 40]}…")

    def assert_nothing_private(self, text, where):
        text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
        self.assertEqual(canary.words_in(text), [], where)
        self.assert_no_secret(text, where)

    def fill_with_trouble(self, daemon):
        """Every vendor fails and quotes what it was sent, credential included, once so that the answer is cut within it."""
        quote = {"error": "bad contact", "you_sent": [*canary.CUSTOMER.values(), canary.ADDRESS]}
        for kind, status in (("releva", 400), ("reloadify", 503), ("esputnik", 401), ("rokt", 400)):
            said = json.dumps({**quote, "with": SECRETS[kind]}, ensure_ascii=False)
            for shift in range(6):
                cut = said + " " * (2048 - len(said.encode()) - 30 + shift * 4) + SECRETS[kind]
                self.sandbox.fail(vendor=kind, action="status", status=status, body=cut, times=1)
            self.sandbox.fail(vendor=kind, action="status", status=status, body=said)
        given = [canary.order(number) for number in range(1, 8)] + [canary.cart("k1"), canary.order(8, kind="order.created")]
        for event in given:
            self.assertEqual(self.post(daemon, event)[0], 202)
        for kind in ("releva", "rokt"):
            harness.eventually(lambda kind=kind: daemon.destination(kind)["dead_letters"] >= 7, f"dead letters of {kind}")
        for kind in ("reloadify", "esputnik"):
            harness.eventually(lambda kind=kind: daemon.destination(kind)["failed_attempts_total"] > 0, f"trouble at {kind}")

    def bad_requests(self):
        """Event → what is wrong with it."""
        unknown, phone, control, twice = (canary.order(number) for number in range(10, 14))
        unknown["data"]["customer"]["emial"] = canary.CUSTOMER["email"]
        phone["data"]["customer"]["phone"] = "call " + canary.CUSTOMER["phone"]
        control["data"]["customer"]["first_name"] = canary.CUSTOMER["first_name"] + "\nFORGED 2026-01-01 error all is lost"
        control["data"]["customer"]["last_name"] = "\u0007" + canary.CUSTOMER["last_name"]
        text = json.dumps(twice, ensure_ascii=False)
        return [unknown, phone, control, (text + text).encode(), text[:200].encode()]

    def assert_logs_are_clean(self, daemon):
        log = daemon.process.text()
        self.assertGreater(len(log.splitlines()), 2)
        self.assert_nothing_private(log, "the log")
        self.assertNotIn("FORGED", log)

    def check_everything(self, log_format):
        daemon = self.canary_daemon(log_format)
        self.fill_with_trouble(daemon)
        for body in self.bad_requests():
            status, problem, _ = self.post(daemon, body)
            self.assertEqual(status, 400, problem)
            self.assert_no_secret(problem, "a refused event")
        for status, problem, _ in (self.post(daemon, canary.order(1), WRONG_TOKEN),
                                   daemon.admin.call("GET", "/v1/events", None, {"Authorization": "Bearer " + WRONG_TOKEN}),
                                   daemon.admin.call("GET", "/status", None, {"Authorization": "Bearer " + WRONG_TOKEN})):
            self.assertEqual(status, 401)
            self.assert_nothing_private(problem, "a refused token")

        for path in ("/status", "/metrics"):
            status, answer, _ = daemon.admin.call("GET", path)
            self.assertEqual(status, 200)
            self.assert_nothing_private(answer, path)
        code, table = self.run_command("status", "--url", f"http://127.0.0.1:{daemon.admin.port}")
        self.assertEqual(code, 0, table)
        self.assertIn("esputnik", table)
        self.assert_nothing_private(table, "cartrelay status")

        for path in ("/v1/events", "/v1/dead-letters"):
            answer = daemon.operate("GET", path)[1]
            self.assertNotEqual(canary.words_in(json.dumps(answer, ensure_ascii=False)), [], "operators see events")
            self.assert_no_secret(answer, path)
        for letter in daemon.operate("GET", "/v1/dead-letters")[1]["dead_letters"]:
            self.assert_no_secret(daemon.operate("GET", f"/v1/dead-letters/{letter['id']}")[1], "a dead letter")
        preview = daemon.operate("POST", "/v1/preview", canary.order(77))[1]
        self.assertIn("esputnik", json.dumps(preview))
        self.assert_no_secret(preview, "the preview")
        self.check_reload(daemon)
        self.check_exits(daemon)
        self.assert_logs_are_clean(daemon)
        database = os.path.join(self.folder, "queue", "db")
        self.assertEqual([name for name in os.listdir(database) if name.startswith("LOG") and name != "LOCK"], [], "RocksDB's own log")
        daemon.kill()
        daemon.start()
        harness.eventually(lambda: daemon.destination("esputnik")["backlog"] > 0, "the backlog after the crash")
        self.assertEqual(daemon.stop(), 0)
        self.assert_logs_are_clean(daemon)

    def check_reload(self, daemon):
        """A wrong configuration, with a secret where none belongs."""
        with open(daemon.config, encoding="utf-8") as before:
            good = before.read()
        for bad in (f'secret = "{SECRETS["rokt"]}"', f'secret = {{ file = "{SECRETS["rokt"]}" }} }}', f'token = "{ADMIN_TOKEN}"'):
            with open(daemon.config, "w", encoding="utf-8") as out:
                out.write(good.replace(f'secret = {{ file = "{self.folder}/rokt.secret" }}', bad))
            self.assertIn("reload refused", daemon.reload())
            code, told = self.run_command("check", "--config", daemon.config)
            self.assertEqual(code, 1)
            self.assert_nothing_private(told, "cartrelay check")
        with open(daemon.config, "w", encoding="utf-8") as out:
            out.write(good)

    def check_exits(self, daemon):
        code, told = self.run_command("serve", "--config", daemon.config)
        self.assertEqual(code, 75, told)
        self.assert_nothing_private(told, "the second instance")
        empty = os.path.join(self.folder, "rokt.secret")
        with open(empty, "w", encoding="utf-8"):
            pass
        code, told = self.run_command("serve", "--config", daemon.config)
        self.assertEqual(code, 78)
        self.assertIn("rokt.secret", told)
        self.assert_nothing_private(told, "an empty secret")
        self.write_secrets()

    def test_text_log(self):
        self.check_everything("text")

    def test_json_log(self):
        self.check_everything("json")

    def test_the_words_would_be_found(self):
        """The control: the same look finds what operators may see, and the secrets where they belong."""
        daemon = self.canary_daemon("text")
        self.post(daemon, canary.order(1))
        daemon.wait_until_drained()
        receipt = json.dumps(daemon.receipt(1), ensure_ascii=False)
        self.assertEqual(len(canary.words_in(receipt)), len(canary.WORDS) - 1, "all but the address in lower case")
        self.assertNotEqual(canary.words_below(os.path.join(self.folder, "queue")), {})
        self.assertEqual(self.sandbox.account("releva")["state"]["orders"]["1"]["times"], 1)
        with self.assertRaises(AssertionError):
            self.assert_no_secret(SECRETS, "the secrets themselves")


if __name__ == "__main__":
    harness.main()
