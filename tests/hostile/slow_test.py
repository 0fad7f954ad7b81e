#!/usr/bin/env python3
"""List B, the slow half: deadlines, and what a thousand slow clients cost the others. Everything that takes long runs side by side."""
import http.client
import json
import os
import subprocess
import sys
import threading
import time

import stand
import wire
from stand import events, harness

SLOW = int(os.environ.get("SLOW_CLIENTS", "1000"))
HEADER_DEADLINE, REQUEST_DEADLINE, WRITE_DEADLINE = 10.0, 20.0, 20.0
GRACE = 3.0  # deadlines are looked at every 100 ms, and this machine may be busy
WINDOW = 8.0  # while the slow clients are there


class Attack(threading.Thread):
    """One attack beside the others; `outcome` is (answers, seconds) or the failure."""

    def __init__(self, name, run):
        super().__init__(name=name, daemon=True)
        self.attack, self.outcome, self.failure = run, None, None
        self.start()

    def run(self):
        try:
            self.outcome = self.attack()
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure

    def result(self):
        self.join()
        if self.failure:
            raise AssertionError(f"{self.name}: {self.failure!r}")
        return self.outcome


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class Slow(stand.Stand):
    ingest = f'max_connections = {SLOW + 100}\nrequest_timeout = "{REQUEST_DEADLINE:.0f}s"\n'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = os.path.join(cls.folder, "twin")
        os.mkdir(folder)
        cls.twin = harness.Daemon(folder, cls.sandbox, cls.kinds, cls.settings, cls.per_kind)
        cls.addClassCleanup(lambda: cls.twin.process and cls.twin.process.end())
        cls.twin.start()

    def drip(self, head, piece):
        """Sends a good head, then a piece each second until the daemon ends it."""
        with self.line(patience=1.0) as line:
            began = time.monotonic()
            line.send(head)
            while time.monotonic() < began + 60:
                line.send(piece)
                try:
                    answer = line.answer()
                    return answer, time.monotonic() - began
                except TimeoutError:
                    pass
        raise AssertionError("never ended")

    def deaf(self):
        """Asks and asks and never reads: writing gets stuck, and then the daemon gives up."""
        with wire.Line(self.daemon.admin.port, receive_buffer=4096, patience=1.0) as line:
            request = b"GET /dashboard.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 100
            stuck = None
            while stuck is None or time.monotonic() < stuck + 60:
                try:
                    if not line.send(request):
                        return None, time.monotonic() - stuck
                except TimeoutError:
                    stuck = stuck or time.monotonic() - 1.0
        raise AssertionError("a client that never reads was never closed")

    def silent(self, first=b""):
        with self.line(patience=60.0) as line:
            line.send(first)
            answers, took = line.answers()
        return (answers[0] if answers else None), took

    def measure(self, seconds):
        """Milliseconds of good posts to the crowded daemon and to its peaceful twin, in turns: whatever else this machine does, it does to both."""
        lines = [http.client.HTTPConnection("127.0.0.1", each.ingest.port, timeout=10) for each in (self.daemon, self.twin)]
        took = [[], []]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line, times in zip(lines, took):
                body = json.dumps(events.order(1)).encode()
                began = time.monotonic()
                line.request("POST", "/v1/events", body, {"Content-Type": "application/json"})
                answer = line.getresponse()
                answer.read()
                times.append((time.monotonic() - began) * 1000)
                if answer.status != 202:
                    raise AssertionError(answer.status)
        for line in lines:
            line.close()
        return took

    def start_slow_clients(self):
        clients = subprocess.Popen([sys.executable, "-B", os.path.join(os.path.dirname(os.path.abspath(__file__)), "slow_clients.py"),
                                    str(self.daemon.ingest.port), str(SLOW)], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (clients.poll() is None and clients.kill(), clients.wait(), clients.stdout.close()))
        self.assertEqual(clients.stdout.readline(), "open\n")
        return clients

    def assert_ended(self, attack, status, deadline):
        answer, took = attack.result()
        if status is None:
            self.assertIsNone(answer, attack.name)
        else:
            self.assert_problem(answer, {status})
            self.assertEqual(answer.headers.get("connection"), "close", attack.name)
        self.assertGreater(took, deadline - 1.5, attack.name)
        self.assertLess(took, deadline + GRACE, attack.name)

    def test_27_28_29_slow_clients_side_by_side(self):
        before = self.counts()["accepted_total"]
        clients = self.start_slow_clients()
        event = self.a_good_event()
        head = wire.post(b"", f"Content-Length: {len(event)}", length=False)
        attacks = {
            "body byte per second": (Attack("body", lambda: self.drip(head, b"{")), 408, REQUEST_DEADLINE),
            "chunk per second": (Attack("chunks", lambda: self.drip(wire.chunked(), wire.chunk(b"{"))), 408, REQUEST_DEADLINE),
            "chunk extension byte per second": (Attack("extension", lambda: self.drip(wire.chunked(b"1;"), b"x")), 408, REQUEST_DEADLINE),
            "body that stops": (Attack("stopped body", lambda: self.silent(head + event[:-1])), 408, REQUEST_DEADLINE),
            "header that stops": (Attack("stopped header", lambda: self.silent(head[:-4])), 408, HEADER_DEADLINE),
            "second request's header that stops": (Attack("second", lambda: self.second_header()), 408, HEADER_DEADLINE),
            "nothing at all": (Attack("silence", self.silent), None, HEADER_DEADLINE),
            "never reads": (Attack("deaf", self.deaf), None, WRITE_DEADLINE)}
        measured = [Attack(f"posts {number}", lambda: self.measure(WINDOW)) for number in range(3)]
        crowded, peaceful = (sum(parts, []) for parts in zip(*[each.result() for each in measured]))
        began = time.monotonic()
        for path in ("/status", "/metrics", "/readyz"):
            self.assertEqual(self.daemon.admin.call("GET", path)[0], 200)
        admin_took = (time.monotonic() - began) / 3
        for attack, status, deadline in attacks.values():
            self.assert_ended(attack, status, deadline)
        slow = json.loads(clients.stdout.readline())
        print(f"{len(crowded)} good posts, p50 and p99 in ms: {quantile(crowded, .5):.1f}, {quantile(crowded, .99):.1f} beside {SLOW} slow clients, "
              f"{quantile(peaceful, .5):.1f}, {quantile(peaceful, .99):.1f} without; admin {admin_took * 1000:.1f} ms")
        self.assertEqual({status for status, _ in slow}, {408})
        self.assertEqual([took for _, took in slow if not HEADER_DEADLINE - 1.5 < took < HEADER_DEADLINE + GRACE], [])
        self.assertLess(admin_took, 1.0)
        self.assertLess(quantile(crowded, .99), 2 * quantile(peaceful, .99) + 5.0)
        # Nothing of the slow ones was stored, but for the good request before the second header.
        self.assertEqual(self.counts()["accepted_total"] - before, len(crowded) + 1)

    def second_header(self):
        """A good request, and then half of another."""
        with self.line(patience=60.0) as line:
            line.send(self.good_request())
            self.assertEqual(line.answer().status, 202)
            line.send(b"POST /v1/ev")
            answers, took = line.answers()
            return answers[0], took


if __name__ == "__main__":
    harness.main()
