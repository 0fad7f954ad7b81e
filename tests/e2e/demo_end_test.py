#!/usr/bin/env python3
"""The demonstration leaves nothing behind, however it ends."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

import harness

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "demo", "run")
FREE = {"INGEST_PORT": "0", "ADMIN_PORT": "0", "SANDBOX_PORT": "0"}


class DemoEnd(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cartrelay-demo-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.log = os.path.join(self.folder, "log")
        self.runs = os.path.join(self.folder, "runs")
        os.mkdir(self.runs)

    def begin(self, **ports):
        with open(self.log, "wb") as log:
            run = subprocess.Popen([SCRIPT, harness.BINARY], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   env={**os.environ, **FREE, **ports, "TMPDIR": self.runs})
        self.addCleanup(lambda: run.poll() is None and (run.terminate(), run.wait()))
        return run

    def text(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read()

    def test_a_port_that_is_taken(self):
        for port in ("SANDBOX_PORT", "INGEST_PORT"):
            with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
                run = self.begin(**{port: str(other.getsockname()[1])})
                self.assertEqual(run.wait(harness.PATIENCE), 1, self.text())
            self.assertEqual(os.listdir(self.runs), [], port)

    def test_a_word_that_it_does_not_know(self):
        done = subprocess.run([SCRIPT, harness.BINARY, "--onec"], env={**os.environ, **FREE, "TMPDIR": self.runs},
                              capture_output=True, text=True, check=False, timeout=harness.PATIENCE)
        self.assertEqual((done.returncode, done.stderr), (2, "the demonstration knows --once, not: --onec\n"))
        self.assertEqual(os.listdir(self.runs), [])

    def test_a_stop(self):
        run = self.begin()
        harness.eventually(lambda: "Both keep running" in self.text(), "the demonstration")
        with open(f"/proc/{run.pid}/task/{run.pid}/children", encoding="ascii") as children:
            born = children.read().split()
        self.assertEqual(len(born), 2)
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(harness.PATIENCE), 0)
        self.assertEqual(os.listdir(self.runs), [])
        self.assertEqual([each for each in born if os.path.exists(f"/proc/{each}")], [])


if __name__ == "__main__":
    harness.main()
