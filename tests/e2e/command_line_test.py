#!/usr/bin/env python3
"""The commands as a person or a script meets them: where the output goes, what is said of what came back, what is refused."""
import json
import os
import signal
import socket
import ssl
import subprocess

import events
import harness


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Commands(harness.EndToEnd):
    def where(self, daemon):
        return ["--url", f"http://127.0.0.1:{daemon.admin.port}", "--token-file", os.path.join(self.folder, "admin.secret")]

    def run_one(self, *arguments, **settings):
        done = subprocess.run([harness.BINARY, *arguments], stderr=subprocess.PIPE, check=False, timeout=60, text=True,
                              **{"stdout": subprocess.PIPE, **settings})
        return done.returncode, done.stdout, done.stderr

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(content)
        return path


class Output(Commands):
    def all_that_print(self, daemon):
        event = self.file("event.json", json.dumps(events.order(1)))
        where = self.where(daemon)
        for command in (("status",), ("status", "--json"), ("status", "--watch"), ("events",), ("event", "1"), ("dead-letters", "list"),
                        ("dead-letters", "list", "--group"), ("dead-letters", "replay", "--destination", "releva"), ("preview", event),
                        ("pause", "releva"), ("resume", "releva"), ("erase", "--id", "nobody", "--yes")):
            yield [*command, *where]
        yield ["send", event, "--url", f"http://127.0.0.1:{daemon.ingest.port}"]
        yield ["check", "--config", daemon.config]
        yield from (["--help"], ["--version"], ["status", "--help"])

    def test_that_cannot_be_written_is_a_failure_in_words(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.post(events.order(1))
        for command in self.all_that_print(daemon):
            if command[:2] == ["dead-letters", "list"] and "--group" not in command:
                continue  # an empty list has nothing to say
            with self.subTest(" ".join(command)), open("/dev/full", "w", encoding="ascii") as full:
                self.assertEqual(self.run_one(*command, stdout=full),
                                 (1, None, "cartrelay: the output cannot be written: No space left on device\n"))
                self.assertEqual(self.run_one(*command, stdout=None, preexec_fn=lambda: os.close(1)),
                                 (1, None, "cartrelay: the output cannot be written: Bad file descriptor\n"))

    def test_that_nobody_reads_ends_the_command_without_a_word(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.post([events.order(number) for number in range(500)])
        for command in (*self.all_that_print(daemon), ["events", "--limit", "500", *self.where(daemon)]):
            if command[:2] == ["dead-letters", "list"] and "--group" not in command:
                continue
            reader, writer = os.pipe()
            os.close(reader)
            with self.subTest(" ".join(command)):
                self.assertEqual(self.run_one(*command, stdout=writer), (-signal.SIGPIPE, None, ""))
            os.close(writer)

    def test_watching_ends_with_its_reader(self):
        daemon = self.daemon(kinds=("releva",))
        with subprocess.Popen([harness.BINARY, "status", "--watch", *self.where(daemon)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as watch:
            self.addCleanup(watch.kill)
            self.assertIn(b"cartrelay", watch.stdout.readline())
            watch.stdout.close()
            self.assertEqual(watch.wait(harness.PATIENCE), -signal.SIGPIPE)
            self.assertEqual(watch.stderr.read(), b"")

    def test_that_cannot_be_written_changes_nothing_of_what_was_done(self):
        daemon = self.daemon(kinds=("releva",))
        for setting in ({"preexec_fn": lambda: os.close(1)}, {"preexec_fn": lambda: os.closerange(0, 3)}):
            self.assertEqual(self.run_one("pause", "releva", *self.where(daemon), stdout=None, **setting)[0], 1)
            self.assertEqual(daemon.destination("releva")["state"], "paused")
            self.assertEqual(self.run_one("resume", "releva", *self.where(daemon), stdout=None, **setting)[0], 1)
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


class Tokens(Commands):
    def test_one_that_no_header_can_hold_is_not_sent(self):
        daemon = self.daemon(kinds=("releva",))
        for content in (f"{daemon.token}\r\nX-Evil: 1", f"{daemon.token}\n\n", f" {daemon.token}"):
            token = self.file("token", content)
            code, out, told = self.run_one("events", "--url", f"http://127.0.0.1:{daemon.admin.port}", "--token-file", token)
            self.assertEqual((code, out), (1, ""))
            self.assertIn(f"the token in {token} holds characters that cannot stand in an HTTP header", told)
            self.assertNotIn(daemon.token, told)


if __name__ == "__main__":
    harness.main()
