#!/usr/bin/env python3
"""What systemd hears: readiness, reloads, one line of status, and the watchdog, which goes on while the daemon drains."""
import os
import re
import signal
import socket
import threading
import unittest

import events
import harness


class Listener:
    """The socket that a service manager gives its services; everything that was told, in order."""

    def __init__(self, path):
        self.path = path
        self.line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.line.bind(path)
        self.told = []
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while True:
            data = self.line.recv(65536).decode()
            if data == "END":
                return
            self.told.append(data)

    def end(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"END", self.path)
        self.thread.join()
        self.line.close()

    def count(self, pattern):
        return sum(1 for each in self.told if re.search(pattern, each))


class Service(harness.EndToEnd):
    def setUp(self):
        super().setUp()
        self.manager = Listener(os.path.join(self.folder, "notify.sock"))
        self.addCleanup(self.manager.end)
        told = {"NOTIFY_SOCKET": self.manager.path, "WATCHDOG_USEC": "400000"}
        os.environ.update(told)
        self.addCleanup(lambda: [os.environ.pop(name) for name in told])

    def test_readiness_reload_status_and_no_core_files(self):
        daemon = self.daemon(kinds=("releva",))
        self.assertEqual(self.manager.count(r"^READY=1"), 1)
        harness.eventually(lambda: self.manager.count(r"STATUS=running: 1 destination, backlog 0"), "a status")
        harness.eventually(lambda: self.manager.count(r"^WATCHDOG=1") >= 3, "the watchdog's pings")
        with open(f"/proc/{daemon.process.child.pid}/limits", encoding="ascii") as limits:
            self.assertRegex(limits.read(), r"Max core file size +0 +0 ")
        daemon.process.signal(signal.SIGHUP)
        harness.eventually(lambda: self.manager.count(r"last reload: reloaded, nothing was different"), "the reload's verdict")
        reloading = next(each for each in self.manager.told if "RELOADING=1" in each)
        self.assertRegex(reloading, r"MONOTONIC_USEC=\d+")
        self.assertEqual(self.manager.count(r"^READY=1"), 2)
        self.sandbox.fail(vendor="releva", action="status", status=401)
        daemon.post(events.order(1))
        harness.eventually(lambda: self.manager.count(r"STATUS=degraded: .*releva suspended"), "the trouble to be told")

    @unittest.skipUnless(os.geteuid() == 0, "mounts a small file system")
    def test_a_start_that_waits_for_room_asks_for_time_and_says_so_once(self):
        daemon = harness.Daemon(self.folder, self.sandbox, kinds=("releva",))
        filler = self.full_disk("64m")
        self.addCleanup(lambda: daemon.process.end())
        daemon.process = harness.Process(["serve", "--config", daemon.config], os.path.join(self.folder, "daemon.log"))
        harness.eventually(lambda: self.manager.count(r"^EXTEND_TIMEOUT_USEC=180000000$") > 3, "time to be asked for")
        self.assertEqual(self.manager.count(r"STATUS=queue: .*No space"), 1)
        self.assertEqual(daemon.process.text().count("No space left on device; the daemon waits for room"), 1)
        self.assertEqual(daemon.process.text().count("\n"), 1)
        self.assertEqual(self.manager.count(r"^READY=1"), 0)
        os.unlink(filler)
        harness.eventually(lambda: self.manager.count(r"^READY=1"), "the start")

    def test_the_watchdog_hears_of_it_while_requests_drain(self):
        self.sandbox.fail(vendor="releva", action="hang")
        daemon = self.daemon(kinds=("releva",), settings='[shutdown]\ndrain = "2s"\n')
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("releva")["in_flight"] == 1, "a request that hangs")
        daemon.process.signal(signal.SIGTERM)
        harness.eventually(lambda: self.manager.count(r"^STOPPING=1"), "the stop to be told")
        # The drain and some time for the rest: the unit's own patience may end before.
        self.assertEqual(self.manager.count(r"^STOPPING=1\nEXTEND_TIMEOUT_USEC=32000000$"), 1)
        before = self.manager.count(r"^WATCHDOG=1")
        self.assertEqual(daemon.process.wait(), 0)
        # 2 s of draining at a ping every 200 ms.
        self.assertGreaterEqual(self.manager.count(r"^WATCHDOG=1") - before, 5)
        self.assertTrue(self.manager.count(r"STATUS=stopping"))

    def test_a_daemon_that_is_stopped_in_its_tracks_is_not_heard(self):
        """The control of the others: the pings come from the daemon's own progress."""
        daemon = self.daemon(kinds=("releva",))
        daemon.process.signal(signal.SIGSTOP)
        seen = harness.eventually(lambda: self.manager.count(r"^WATCHDOG=1"), "pings until then")
        threading.Event().wait(1.0)  # five times the interval: what is awaited is that nothing comes
        self.assertLessEqual(self.manager.count(r"^WATCHDOG=1"), seen + 1)
        daemon.process.signal(signal.SIGCONT)
        harness.eventually(lambda: self.manager.count(r"^WATCHDOG=1") > seen + 1, "pings again")


if __name__ == "__main__":
    harness.main()
