#!/usr/bin/env python3
"""`cartrelay send` and its like: what is said of what was stored, and how they find the daemon by its configuration."""
import json
import os

import events
import harness


class Send(harness.EndToEnd):
    def cli(self, *arguments, given=None, environment=None):
        done = harness.run(*arguments, given=given, env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr

    def send_to_stub(self, statuses, text, batch=2):
        """What it was asked with, and how the command ended; requests are answered with these, None hangs up."""
        bodies, left = [], list(statuses)

        def answer(_, body):
            bodies.append(body)
            status = left.pop(0)
            content = {"accepted": [{"duplicate": False}] * len(body.splitlines())} if status == 202 else {"detail": "as the test wants it"}
            return status and (status, json.dumps(content), {})

        stub = harness.Stub(answer)
        self.addCleanup(stub.end)
        return bodies, self.cli("send", "--url", stub.url, "--batch", str(batch), given=text)

    def test_only_a_refusal_says_that_nothing_was_stored(self):
        lines = "{}\n" * 5
        _, (code, _, told) = self.send_to_stub([202, 400], lines)
        self.assertEqual(code, 1)
        self.assertIn("2 accepted, 0 duplicates before that; nothing from line 3 on was stored", told)
        for broken in (None, 500, 503):
            _, (code, _, told) = self.send_to_stub([202, broken], lines)
            self.assertEqual(code, 1)
            self.assertIn("2 accepted, 0 duplicates before that; whether lines 3 to 4 were stored is not known", told)
            self.assertIn("again is safe", told)

    def test_what_was_never_sent_was_not_stored(self):
        nobody = f"127.0.0.1:{harness.free_port()}"
        for url in (f"http://{nobody}", f"https://{nobody}", "http://nobody.invalid", f"https://127.0.0.1:{self.sandbox.port}"):
            code, out, told = self.cli("send", "--url", url, given="{}\n{}\n")
            self.assertEqual((code, out), (1, ""))
            self.assertIn("0 accepted, 0 duplicates before that; nothing from line 1 on was stored", told)

    def test_events_for_the_admin_listener_are_shown_the_way(self):
        daemon = self.daemon(kinds=("releva",))
        code, _, told = self.cli("send", *daemon.where(), given=json.dumps(events.order(1)))
        self.assertEqual(code, 1)
        self.assertIn("is that the admin listener? Events go to the ingest listener\n", told)
        self.assertIn("http://127.0.0.1:8470", self.cli("send", "--help")[1])
        self.assertIn("http://127.0.0.1:8471", self.cli("status", "--help")[1])

    def test_a_blank_line_at_the_border_of_a_batch_is_no_request(self):
        bodies, (code, out, _) = self.send_to_stub([202], "{}\n{}\n\n")
        self.assertEqual((code, out), (0, "2 accepted, 0 duplicates\n"))
        self.assertEqual(bodies, ["{}\n{}\n"])

    def test_nothing_to_send_is_a_failure(self):
        empty = os.path.join(self.folder, "empty")
        with open(empty, "w", encoding="ascii"):
            pass
        for arguments, words in (((empty,), f"there is no event in {empty}"), ((), "there is no event in the standard input"),
                                 (("/proc/self/mem",), "cannot read /proc/self/mem: Input/output error")):
            for command in ("send", "preview"):
                code, out, told = self.cli(command, "--url", "http://127.0.0.1:9", *arguments)
                self.assertEqual((code, out), (1, ""))
                self.assertIn(words, told)

    def test_sent_again_after_a_doubt_it_is_told_by_its_id(self):
        daemon = self.daemon(kinds=("releva",))
        text = "".join(json.dumps(events.order(number)) + "\n" for number in (1, 2, 3)) + "\n"
        url = f"http://127.0.0.1:{daemon.ingest.port}"
        self.assertEqual(self.cli("send", "--url", url, "--batch", "3", given=text)[:2], (0, "3 accepted, 0 duplicates\n"))
        self.assertEqual(self.cli("send", "--url", url, "--batch", "2", given=text)[:2], (0, "0 accepted, 3 duplicates\n"))

    def test_a_client_needs_no_secret_of_the_vendors(self):
        """As in production: the credentials are the service's own."""
        daemon = harness.Daemon(self.folder, self.sandbox, kinds=("releva",))
        daemon.keep_ports()
        self.addCleanup(lambda: daemon.process and daemon.process.end())
        daemon.start()
        with open(daemon.config, encoding="utf-8") as text:
            settings = text.read()
        with open(daemon.config, "w", encoding="utf-8") as out:
            out.write(settings.replace(f'file = "{self.folder}/releva.secret"', 'credential = "releva-secret"')
                      .replace(f'file = "{self.folder}/admin.secret"', 'credential = "admin-token"'))
        code, out, told = self.cli("status", "--config", daemon.config)
        self.assertEqual((code, told), (0, ""))
        self.assertIn("releva", out)
        code, _, told = self.cli("events", "--config", daemon.config)
        self.assertEqual(code, 1)
        self.assertIn("--token-file names one", told)
        self.assertRegex(told, r"config\.toml:\d+: admin\.tokens\[0\]: credential admin-token: \$CREDENTIALS_DIRECTORY is not set")
        self.assertNotIn("releva-secret", told)
        token = os.path.join(self.folder, "admin.secret")
        self.assertEqual(self.cli("events", "--config", daemon.config, "--token-file", token)[0], 0)
        code, _, told = self.cli("check", "--config", daemon.config)
        self.assertEqual(code, 1)
        self.assertIn("by hand it is set to the folder", told)
        os.link(token, os.path.join(self.folder, "admin-token"))
        os.link(os.path.join(self.folder, "releva.secret"), os.path.join(self.folder, "releva-secret"))
        code, _, told = self.cli("check", "--config", daemon.config, "--probe", environment={"CREDENTIALS_DIRECTORY": self.folder})
        self.assertEqual((code, told), (0, ""))


if __name__ == "__main__":
    harness.main()
