#!/usr/bin/env python3
"""The commands as a person or a script meets them: where the output goes, what is said of what came back, what is refused."""
import fcntl
import json
import os
import pty
import signal
import socket
import ssl
import struct
import subprocess
import termios
import urllib.parse

import events
import harness

NOTHING_FOUND = (0, "", "cartrelay: nothing found\n")


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Commands(harness.EndToEnd):
    def run_one(self, *arguments, **settings):
        done = harness.run(*arguments, **settings)
        return done.returncode, done.stdout, done.stderr


class Output(Commands):
    def all_that_print(self, daemon):
        event = self.write("event.json", json.dumps(events.order(1)))
        where = daemon.where()
        for command in (("status",), ("status", "--json"), ("status", "--watch"), ("events",), ("event", "1"),
                        ("dead-letters", "list", "--json"), ("dead-letters", "replay", "--destination", "releva"), ("preview", event),
                        ("pause", "releva"), ("resume", "releva"), ("erase", "--id", "nobody", "--yes")):
            yield [*command, *where]
        yield ["send", event, "--url", f"http://127.0.0.1:{daemon.ingest.port}"]
        yield ["check", "--config", daemon.config]
        yield from (["--help"], ["--version"], ["status", "--help"])

    def test_that_cannot_be_written_is_a_failure_in_words(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.post(events.order(1))
        for command in self.all_that_print(daemon):
            with self.subTest(" ".join(command)), open("/dev/full", "w", encoding="ascii") as full:
                self.assertEqual(self.run_one(*command, stdout=full),
                                 (1, None, "cartrelay: the output cannot be written: No space left on device\n"))
                self.assertEqual(self.run_one(*command, stdout=None, preexec_fn=lambda: os.close(1)),
                                 (1, None, "cartrelay: the output cannot be written: Bad file descriptor\n"))

    def test_that_nobody_reads_ends_the_command_without_a_word(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.post([events.order(number) for number in range(500)])
        for command in (*self.all_that_print(daemon), ["events", "--limit", "500", *daemon.where()]):
            reader, writer = os.pipe()
            os.close(reader)
            with self.subTest(" ".join(command)):
                self.assertEqual(self.run_one(*command, stdout=writer), (-signal.SIGPIPE, None, ""))
            os.close(writer)

    def test_watching_ends_with_its_reader(self):
        daemon = self.daemon(kinds=("releva",))
        with subprocess.Popen([harness.BINARY, "status", "--watch", *daemon.where()], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as watch:
            self.addCleanup(watch.kill)
            self.assertIn(b"cartrelay", watch.stdout.readline())
            watch.stdout.close()
            self.assertEqual(watch.wait(harness.PATIENCE), -signal.SIGPIPE)
            self.assertEqual(watch.stderr.read(), b"")

    def test_watching_goes_on_while_the_daemon_is_away(self):
        daemon = harness.Daemon(self.folder, self.sandbox, kinds=("releva",))
        daemon.keep_ports()
        self.addCleanup(lambda: daemon.process and daemon.process.end())
        daemon.start()
        with subprocess.Popen([harness.BINARY, "status", "--watch", *daemon.where()], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as watch:
            self.addCleanup(watch.kill)
            daemon.kill()
            self.assertIn(b"does the daemon run", watch.stderr.readline())
            daemon.start().post(events.order(1))
            while b"accepted 1 " not in watch.stdout.readline():
                self.assertIsNone(watch.poll())
            watch.send_signal(signal.SIGINT)
            self.assertEqual(watch.wait(harness.PATIENCE), -signal.SIGINT)

    def test_that_cannot_be_written_changes_nothing_of_what_was_done(self):
        daemon = self.daemon(kinds=("releva",))
        for setting in ({"preexec_fn": lambda: os.close(1)}, {"preexec_fn": lambda: os.closerange(0, 3)}):
            self.assertEqual(self.run_one("pause", "releva", *daemon.where(), stdout=None, **setting)[0], 1)
            self.assertEqual(daemon.destination("releva")["state"], "paused")
            self.assertEqual(self.run_one("resume", "releva", *daemon.where(), stdout=None, **setting)[0], 1)
            self.assertEqual(daemon.destination("releva")["state"], "active")

    def test_a_sandbox_goes_on_without_a_reader(self):
        port, ca = harness.free_port(), os.path.join(self.folder, "other.pem")
        with open("/dev/full", "w", encoding="ascii") as full, \
                subprocess.Popen([harness.BINARY, "sandbox", "--port", str(port), "--ca-out", ca], stdout=full,
                                 stderr=subprocess.PIPE) as sandbox:
            self.addCleanup(sandbox.kill)
            harness.eventually(lambda: listens(port), "the sandbox")
            vendors = harness.Http("127.0.0.1", port, ssl.create_default_context(cafile=ca))
            self.assertEqual(vendors.call("GET", "/_sandbox/state")[0], 200)
            sandbox.send_signal(signal.SIGTERM)
            self.assertEqual((sandbox.wait(harness.PATIENCE), sandbox.stderr.read()), (0, b""))


class Answers(Commands):
    def stub(self, status, body, headers=None):
        """The URL of a server that answers everything with this; `body` may be a function of the target."""
        stub = harness.Stub(lambda target, _: (status, body(target) if callable(body) else body, headers or {}))
        self.addCleanup(stub.end)
        return stub.url

    def test_that_are_not_the_daemons_are_told_as_such(self):
        event = self.write("event.json", json.dumps(events.order(1)))
        for body in ("hello", "{}", "[]"):
            url = self.stub(200, body)
            for command in (("status",), ("status", "--json"), ("events",), ("event", "1"), ("dead-letters", "list"),
                            ("dead-letters", "list", "--group"), ("dead-letters", "show", "a-1"), ("dead-letters", "replay", "a-1"),
                            ("preview", event), ("pause", "releva"), ("erase", "--id", "x", "--yes"), ("send", event)):
                with self.subTest(body, command=command):
                    code, out, told = self.run_one(*command, "--url", url)
                    self.assertEqual((code, out), (1, ""))
                    self.assertIn(f"cartrelay: {url} answered 200, but not as this listener of Cartrelay does", told)

    def test_pages_that_are_short_are_followed(self):
        pages = {"": ([], "40"), "40": ([7], "30"), "30": ([], "20"), "20": ([5, 4], "4"), "4": ([3], None)}

        def page_of(path):
            asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query))
            self.assertEqual(asked["state"], "retrying")
            numbers, following = pages[asked.get("cursor", "")]
            receipts = [{"sequence": number, "received_at": "", "event": {"price": 1.50}, "destinations": []} for number in numbers]
            return json.dumps({"events": receipts, "next_cursor": following}, separators=(",", ":"))

        url = self.stub(200, page_of)
        for limit, numbers, following in ((1, [7], "30"), (3, [7, 5, 4], "4"), (50, [7, 5, 4, 3], None)):
            command = ("events", "--state", "retrying", "--limit", str(limit), "--url", url)
            code, out, _ = self.run_one(*command, "--json")
            found = json.loads(out)
            self.assertEqual((code, [each["sequence"] for each in found["events"]], found["next_cursor"]), (0, numbers, following))
            self.assertEqual(out.count('{"price":1.5}'), len(numbers), "as it was sent")
            code, out, _ = self.run_one(*command)
            self.assertEqual(len(out.splitlines()), len(numbers) + (following is not None))

    def test_an_address_that_leads_nowhere_is_told_before_it_is_asked(self):
        config = self.write("c.toml", '[admin]\nlisten = ["127.0.0.1:0"]\n')
        self.assertIn("the configuration leaves the port to the system (port 0)", self.run_one("status", "--config", config)[2])
        self.assertEqual(self.run_one("events", "--url", "http://"), (1, "", "cartrelay: --url http:// names no host\n"))

    def test_words_of_a_stranger_do_nothing_to_the_terminal(self):
        words = "\x1b[2J"
        url = self.stub(200, json.dumps({"name": words, "state": words, "erased": {}, "files_clean": True, "set_aside": [words]}))
        for command in (("pause", "x"), ("resume", "x"), ("erase", "--id", "x", "--yes")):
            code, out, told = self.run_one(*command, "--url", url)
            self.assertEqual((code, "\x1b" in out + told, "\\u001b[2J" in out), (0, False, True), (out, told))

    def test_a_cursor_that_leads_nowhere_is_not_followed(self):
        url = self.stub(200, '{"events":[],"dead_letters":[],"next_cursor":"7"}')
        for command in (("events",), ("dead-letters", "list")):
            code, out, told = self.run_one(*command, "--url", url)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"{url} answered 200, but not as this listener of Cartrelay does", told)

    def test_a_full_queue_says_that_nothing_was_stored_and_when_to_come_again(self):
        event = self.write("event.json", json.dumps(events.order(1)))
        for reason, words in (("queue_full", "nothing of it was stored"), ("unknown", "whether it was stored is not known")):
            url = self.stub(503, json.dumps({"detail": "as the test wants it", "reason": reason}), {"Retry-After": "7"})
            code, _, told = self.run_one("send", event, "--url", url)
            self.assertEqual(code, 1)
            self.assertIn("the daemon answered 503: as the test wants it; try again in 7 s", told)
            self.assertIn(words, told)

    def test_a_fault_in_lines_is_told_by_the_line_of_the_input(self):
        daemon = self.daemon(kinds=("releva",))
        lines = [json.dumps(events.order(number)) for number in range(12)]
        lines[3] = ""
        lines[9] = '{"bad'
        lines[10] = '{"id": "1"}'
        _, _, told = self.run_one("send", "--batch", "5", "--url", f"http://127.0.0.1:{daemon.ingest.port}", given="\n".join(lines))
        self.assertIn("\n  line 10: not JSON: ", told)
        self.assertNotIn("(line", told)
        self.assertIn("\n  line 11: /source: required\n", told)
        self.assertIn("5 accepted, 0 duplicates before that; nothing from line 7 on was stored", told)
        lines[9:11] = ['', json.dumps({**events.order(99), "id": json.loads(lines[8])["id"]})]
        _, _, told = self.run_one("send", "--batch", "5", "--url", f"http://127.0.0.1:{daemon.ingest.port}", given="\n".join(lines))
        self.assertRegex(told, r"\n  line 11: /id: .* stands in this request before \(line 9\) with other content\n")

    def test_a_slip_in_a_document_is_told_by_its_place_in_it(self):
        daemon = self.daemon(kinds=("releva",))
        written = json.dumps(events.order(1), indent=2).replace(",", "", 1)
        code, out, told = self.run_one("send", "--url", f"http://127.0.0.1:{daemon.ingest.port}", given=written)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("\n  not JSON: syntax error (line 3, byte 3)\n", told)
        self.assertEqual(len(told.splitlines()), 3, told)


class NoAnswer(Commands):
    def test_says_why_and_what_may_help(self):
        nobody = self.write("nobody.toml", f'[admin]\nlisten = ["unix:{self.folder}/nobody.sock"]\n')
        nonsense = self.write("nonsense.toml", '[admin]\nlisten = ["nonsense"]\n')
        for where, words in ((["--config", nobody], f"no answer from unix:{self.folder}/nobody.sock: No such file or directory; does the daemon run"),
                             (["--config", nonsense], f'{nonsense}:2: admin.listen: "nonsense": expected ADDRESS:PORT'),
                             (["--url", f"https://127.0.0.1:{self.sandbox.port}"], "; --ca-file names who signed its certificate")):
            with self.subTest(" ".join(where)):
                code, out, told = self.run_one("status", *where)
                self.assertEqual((code, out), (1, ""))
                self.assertIn(words, told)


    def test_of_a_daemon_that_hangs_is_not_waited_for(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            code, out, told = self.run_one("status", "--url", url)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"cartrelay: no answer from {url}: Operation timed out after 5", told)

    def test_stays_on_the_terminal_that_is_watched(self):
        master, terminal = pty.openpty()
        url = f"http://127.0.0.1:{harness.free_port()}"
        with subprocess.Popen([harness.BINARY, "status", "--watch", "--url", url], stdout=terminal, stderr=terminal) as watch:
            self.addCleanup(watch.kill)
            os.close(terminal)
            seen = b""
            while seen.count(b"does the daemon run") < 2:
                seen += os.read(master, 1 << 16)
            watch.kill()
        os.close(master)
        self.assertTrue(seen.startswith(b"\x1b[H\x1b[2Jcartrelay: no answer"), seen)


class Words(Commands):
    def test_one_is_not_many(self):
        daemon = self.daemon(kinds=("releva",))
        event = self.write("event.json", json.dumps(events.order(1)))
        send = ["send", event, "--url", f"http://127.0.0.1:{daemon.ingest.port}"]
        self.assertEqual(self.run_one(*send), (0, "1 accepted, 0 duplicates\n", ""))
        self.assertEqual(self.run_one(*send), (0, "0 accepted, 1 duplicate\n", ""))
        self.assertEqual(self.run_one("check", "--config", daemon.config), (0, f"{daemon.config}: good, 1 destination\n", ""))

    def test_the_width_of_the_terminal_is_taken_as_it_is(self):
        daemon = self.daemon(kinds=("releva",))
        for columns, is_narrow in ((30, True), (0, False)):
            master, terminal = pty.openpty()
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            self.assertEqual(self.run_one("status", *daemon.where(), stdout=terminal)[0], 0)
            os.close(terminal)
            self.assertEqual(b"DELIVERED" not in os.read(master, 1 << 16), is_narrow, "0 columns: not known")
            os.close(master)

    def test_dead_letters_tell_since_when_and_of_which_order(self):
        daemon = self.daemon(kinds=("esputnik",))
        self.sandbox.fail(vendor="esputnik", action="status", status=400, match={"path_contains": "/v1/event"})
        daemon.post([events.order(number) for number in range(60)])
        harness.eventually(lambda: daemon.destination("esputnik")["dead_letters"] == 60, "the dead letters")
        lines = self.run_one("dead-letters", "list", *daemon.where())[1].splitlines()
        self.assertEqual(len(lines), 51)
        self.assertRegex(lines[7], r"^esputnik-8 +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z  rejected +order 7  +400")
        groups = [*("dead-letters", "list", "--group", "--json"), *daemon.where()]
        for more, ids in (((), 60), (("--limit", "7"), 7), (("--limit", "1000"), 60)):
            self.assertEqual(len(json.loads(self.run_one(*groups, *more)[1])["groups"][0]["ids"]), ids)
        self.assertEqual(self.run_one(*groups, "--limit", "1001")[0], 2)

    def test_dead_letters_of_before(self):
        daemon = self.daemon(kinds=("esputnik",))
        self.sandbox.fail(vendor="esputnik", action="status", status=400, match={"path_contains": "/v1/event"})
        sequence = daemon.post(events.order(1))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: daemon.destination("esputnik")["dead_letters"] == 1, "the dead letter")
        code, out, _ = self.run_one("dead-letters", "list", "--before", "2999-01-01T00:00:00Z", *daemon.where())
        self.assertEqual((code, f"esputnik-{sequence}" in out), (0, True))
        self.assertEqual(self.run_one("dead-letters", "list", "--before", "2020-01-01T00:00:00Z", *daemon.where()), NOTHING_FOUND)

    def test_ids_stand_without_conditions(self):
        for verb in ("replay", "discard"):
            for condition in (("--destination", "rokt"), ("--reason", "rejected"), ("--before", "2020-01-01T00:00:00Z")):
                with self.subTest(verb, condition=condition):
                    self.assertEqual(self.run_one("dead-letters", verb, "rokt-1", *condition)[0], 2)

    def test_an_event_is_found_by_the_name_that_the_shop_gave_it(self):
        daemon = self.daemon(kinds=("releva",))
        event = events.order(1)
        daemon.post(event)
        name = ("--source", event["source"], "--id", event["id"])
        code, out, _ = self.run_one("events", *name, *daemon.where())
        self.assertEqual((code, len(out.splitlines()), "order 1 " in out), (0, 1, True), out)
        self.assertEqual(self.run_one("events", *name[:3], "nothing", *daemon.where()), NOTHING_FOUND)
        code, out, told = self.run_one("event", event["id"], *daemon.where())
        self.assertEqual((code, out), (2, ""))
        self.assertIn("it is a number, such as 402; find one by: cartrelay events --source S --id I", told)

    def test_an_erasure_that_finds_nobody_says_so(self):
        daemon = self.daemon(kinds=("releva",))
        code, out, told = self.run_one("erase", "--id", "C-17", "--yes", *daemon.where())
        self.assertEqual((code, "events               0\n" in out), (0, True), out)
        self.assertEqual(told, "cartrelay: nothing here names this customer (an id is compared byte for byte)\n")
        told = self.run_one("erase", "--email", "nobody@example.com", "--yes", *daemon.where())[2]
        self.assertEqual(told, "cartrelay: nothing here names this customer\n")
        daemon.post(events.order(1))
        told = self.run_one("erase", "--email", events.order(1)["data"]["customer"]["email"], "--yes", *daemon.where())[2]
        self.assertEqual(told, "")

    def test_help_is_a_command_too(self):
        self.assertEqual(self.run_one("help"), self.run_one("--help"))
        code, out, told = self.run_one("help", "statsu")
        self.assertEqual((code, out, told.splitlines()[0]), (2, "", 'unknown command "statsu"; did you mean "status"?'))
        for command in (("send",), ("dead-letters", "list")):
            self.assertEqual(self.run_one("help", *command), self.run_one(*command, "--help"))

    def test_nothing_found_is_said_beside_the_output(self):
        daemon = self.daemon(kinds=("releva",))
        for command in (("events", "--order-id", "1234"), ("dead-letters", "list"), ("dead-letters", "list", "--group")):
            with self.subTest(" ".join(command)):
                self.assertEqual(self.run_one(*command, *daemon.where()), NOTHING_FOUND)
        code, out, told = self.run_one("events", "--json", *daemon.where())
        self.assertEqual((code, json.loads(out)["events"], told), (0, [], ""))


class Tokens(Commands):
    def test_one_that_is_missing_is_asked_for(self):
        daemon = self.daemon(kinds=("releva",))
        code, out, told = self.run_one("events", "--url", f"http://127.0.0.1:{daemon.admin.port}")
        self.assertEqual((code, out, told), (1, "", "cartrelay: the daemon answered 401: a valid token is needed: Authorization: Bearer <token>; "
                                                    "--token-file names one\n"))

    def test_one_that_no_header_can_hold_is_not_sent(self):
        daemon = self.daemon(kinds=("releva",))
        for content in (f"{daemon.token}\r\nX-Evil: 1", f"{daemon.token}\n\n", f" {daemon.token}"):
            token = self.write("token", content)
            code, out, told = self.run_one("events", "--url", f"http://127.0.0.1:{daemon.admin.port}", "--token-file", token)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"the token in {token} holds characters that cannot stand in an HTTP header", told)
            self.assertNotIn(daemon.token, told)


if __name__ == "__main__":
    harness.main()
