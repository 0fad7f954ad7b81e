#!/usr/bin/env python3
"""How a start ends that cannot succeed, what `check` says of the same file, and signals that come early or with a broken file."""
import contextlib
import os
import re
import signal
import socket
import unittest

import harness

NOBODY = 65534


class Starting(harness.EndToEnd):
    """Daemons that need not come up."""

    def made(self, **settings):
        daemon = harness.Daemon(self.folder, self.sandbox, **{"kinds": ("releva",), **settings})
        self.addCleanup(lambda: daemon.process and daemon.process.end())
        return daemon

    def serve(self, daemon, wrapper=()):
        daemon.process = harness.Process(["serve", "--config", daemon.config], os.path.join(self.folder, "daemon.log"), wrapper=wrapper)
        return daemon.process

    def check(self, daemon):
        done = harness.run("check", "--config", daemon.config)
        return done.returncode, done.stderr

    def line_of(self, daemon, text):
        with open(daemon.config, encoding="utf-8") as lines:
            return next(number for number, line in enumerate(lines, 1) if text in line)

    def assert_refused(self, daemon, text, key):
        """`check` and `serve` say the same: file, line and key; `serve` ends with 78."""
        where = f"{daemon.config}:{self.line_of(daemon, text)}: {key}: "
        code, told = self.check(daemon)
        self.assertEqual(code, 1, told)
        self.assertIn(where, told)
        process = self.serve(daemon)
        self.assertEqual(process.wait(), 78)
        self.assertIn(where, process.text())

    def loop(self):
        path = os.path.join(self.folder, "loop")
        if not os.path.islink(path):
            os.symlink("loop", path)
        return path


class Refusals(Starting):
    def test_files_that_cannot_be_looked_at(self):
        for name in (self.loop(), os.path.join(self.folder, "a" * 300)):
            daemon = self.made(ingest=f'tokens = [{{ file = "{name}" }}]')
            self.assert_refused(daemon, "tokens = [{ file = \"" + name, "ingest.tokens[0]")
            daemon = self.made(ingest=f'tls_certificate = "{name}"\ntls_key = "{name}"')
            self.assert_refused(daemon, "tls_certificate", "ingest.tls_certificate")

    def test_files_that_hold_something_else(self):
        garbage = self.write("garbage.pem", "garbage\n")
        daemon = self.made(ingest=f'tls_certificate = "{garbage}"\ntls_key = "{garbage}"')
        self.assert_refused(daemon, "tls_certificate", "ingest.tls_certificate")
        daemon = self.made(kinds=("elevate",))
        with open(daemon.config, encoding="utf-8") as text:
            content = text.read()
        self.write("config.toml", content.replace(self.sandbox.ca, garbage))
        self.assert_refused(daemon, "ca_file", "destinations[0].ca_file")

    def test_a_proxy_that_is_none(self):
        self.assert_refused(self.made(per_kind={"releva": 'proxy = "nonsense"\n'}), "proxy", "destinations[0].proxy")

    def test_a_token_that_can_never_match(self):
        token = self.write("token", "abc\n\n")
        self.assert_refused(self.made(ingest=f'tokens = [{{ file = "{token}" }}]'), f'"{token}"', "ingest.tokens[0]")

    def test_both_listeners_on_one_address(self):
        daemon = self.made()
        with open(daemon.config, encoding="utf-8") as text:
            content = text.read()
        self.write("config.toml", content.replace(":0", f":{harness.free_port()}"))
        with open(daemon.config, encoding="utf-8") as text:
            line = text.read().split("\n").index("[admin]") + 2
        code, told = self.check(daemon)
        self.assertEqual(code, 1)
        self.assertIn(f":{line}: admin.listen: ", told)
        self.assertEqual(self.serve(daemon).wait(), 78)

    def test_an_address_that_somebody_else_has(self):
        daemon = self.made()
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
            with open(daemon.config, encoding="utf-8") as text:
                content = text.read()
            self.write("config.toml", content.replace(":0", f":{other.getsockname()[1]}", 1))
            process = self.serve(daemon)
            self.assertEqual(process.wait(), 75)
            self.assertIn(f"cannot listen on 127.0.0.1:{other.getsockname()[1]}", process.text())

    @unittest.skipUnless(os.geteuid() == 0, "gives up its rights")
    def test_a_queue_that_may_not_be_written(self):
        daemon = self.made()
        os.chmod(self.folder, 0o755)
        for name in os.listdir(self.folder):
            if name.endswith(".secret"):
                os.chmod(os.path.join(self.folder, name), 0o644)
        process = self.serve(daemon, wrapper=("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"))
        self.assertEqual(process.wait(), 78, process.text())
        self.assertIn("queue: cannot make", process.text())

    def test_a_queue_where_a_file_stands(self):
        daemon = self.made()
        self.write("queue", "")
        self.assertEqual(self.serve(daemon).wait(), 78)

    def test_a_reload_outlives_files_that_cannot_be_looked_at(self):
        daemon = self.made().start()
        daemon.write_config(kinds=("releva", "rokt"), settings="")
        with open(daemon.config, encoding="utf-8") as text:
            content = text.read()
        self.write("config.toml", content.replace(f"{self.folder}/rokt.secret", self.loop()))
        log = daemon.reload()
        self.assertIn("reload refused, nothing changed", log)
        self.assertRegex(log, r"config\.toml:\d+: destinations\[1\]\.secret: cannot read .*/loop: ")
        os.remove(daemon.config)
        os.symlink("config.toml", daemon.config)
        self.assertRegex(daemon.reload(), r"config\.toml: cannot be read: Too many levels")
        self.assertEqual([each["name"] for each in daemon.status()["destinations"]], ["releva"])
        self.assertEqual(daemon.stop(), 0)


class EarlySignals(Starting):
    @staticmethod
    def caught(process):
        """The process has installed its handlers, or holds the signals back."""
        with open(f"/proc/{process.child.pid}/status", encoding="ascii") as status:
            fields = dict(re.findall(r"^(Sig\w+):\s+([0-9a-f]+)$", status.read(), re.MULTILINE))
        bit = 1 << (signal.SIGTERM - 1)
        return bool((int(fields["SigBlk"], 16) | int(fields["SigCgt"], 16)) & bit)

    def test_a_stop_or_a_reload_at_any_moment_of_the_start(self):
        daemon = self.made()
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.serve(daemon)
            harness.eventually(lambda: self.caught(process), "the signals to be held")
            process.signal(number)
            self.assertEqual(process.wait(), 0, process.text())
        process = self.serve(daemon)
        harness.eventually(lambda: self.caught(process), "the signals to be held")
        process.signal(signal.SIGHUP)
        process.wait_for(r"reloaded, nothing was different", "the reload after the start")
        process.signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)

    def test_a_stop_while_the_configuration_is_read(self):
        daemon = self.made()
        os.remove(daemon.config)
        os.mkfifo(daemon.config)
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.serve(daemon)
            pipe = harness.opened_for_writing(daemon.config)
            self.addCleanup(os.close, pipe)
            process.signal(signal.SIGHUP)
            process.signal(number)
            self.assertEqual(process.wait(), 0, process.text())

    @unittest.skipUnless(os.geteuid() == 0, "mounts a small file system")
    def test_a_stop_while_the_queue_waits_for_room(self):
        daemon = self.made()
        self.full_disk("512k")
        self.addCleanup(lambda: daemon.process.end())
        process = self.serve(daemon)
        process.wait_for("the daemon waits for room", "the wait")
        process.signal(signal.SIGHUP)
        process.signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=10), 0, process.text())


if __name__ == "__main__":
    harness.main()
