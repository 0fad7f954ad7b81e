#!/usr/bin/env python3
"""List B, the fast half: sizes, numbers of connections and of descriptors, clients that go away."""
import json
import random
import select
import socket
import time

import stand
import procfs
import wire
from stand import events, harness

MIB = 1 << 20


def padded(size):
    """A good event of exactly so many bytes."""
    event = events.order(1)
    body = json.dumps(event).encode()
    return body + b" " * (size - len(body))


class Sizes(stand.Stand):
    def resident(self):
        return procfs.resident_bytes(self.daemon.process.child.pid)

    def test_23_header_of_9000_bytes(self):
        for name, field in {"one field": "X-A: " + "x" * 9000, "many": "\r\n".join(f"X-{number}: " + "x" * 150 for number in range(60))}.items():
            with self.subTest(name):
                self.assert_refused_and_closed(wire.post(self.a_good_event(), field) + self.good_request(), {431})
        target = wire.post(b"{}", line=f"POST /{'x' * 9000} HTTP/1.1")
        self.assert_refused_and_closed(target + self.good_request(), {431})
        self.assert_refused_and_closed(b"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Never-Ends: " + b"x" * 200_000, {431})

    def test_24_101_fields(self):
        def with_fields(count):  # Host, Content-Type and Content-Length are three of them
            return wire.post(self.a_good_event(), *[f"A{number}: b" for number in range(count - 3)])
        self.assert_refused_and_closed(with_fields(101) + self.good_request(), {431})
        self.assert_refused_and_closed(wire.post(self.a_good_event(), *["A:"] * 1500) + self.good_request(), {431})
        self.assertEqual(self.unharmed_after(lambda: self.one_answer(with_fields(100)), accepted=1, refused=0).status, 202)

    def test_25_body_of_a_mebibyte_and_a_byte_more(self):
        self.assertEqual(self.unharmed_after(lambda: self.one_answer(wire.post(padded(MIB))), accepted=1, refused=0).status, 202)
        head = wire.post(b"", f"Content-Length: {MIB + 1}", length=False)
        began = time.monotonic()
        self.assert_refused_and_closed(head, {413})  # answered although no byte of the body has come
        self.assertLess(time.monotonic() - began, 5)
        self.assert_refused_and_closed(wire.post(padded(MIB + 1)), {413})
        self.assert_refused_and_closed(wire.post(b"", "Content-Length: 999999999999999999", length=False), {413})

    def test_26_endless_chunked_bodies(self):
        for name, piece in {"large chunks": wire.chunk(b" " * 65536), "small chunks": wire.chunk(b" ") * 4096}.items():
            with self.subTest(name):
                self.post_good()
                before, largest, sent = self.resident(), 0, 0
                def attack(data=piece):
                    nonlocal largest, sent
                    with self.line() as line:
                        line.send(wire.chunked())
                        while sent < 64 * MIB and line.send(data):
                            sent += len(data)
                            largest = max(largest, self.resident())
                        return line.answers()[0]
                answers = self.unharmed_after(attack, refused=1)
                self.assert_problem(answers[0], {413})
                self.assertEqual((len(answers), answers[0].headers["connection"]), (1, "close"))
                print(f"{name}: {sent / MIB:.1f} MiB sent, resident memory grew by {(largest - before) / MIB:.2f} MiB")
                self.assert_grew_less(largest - before, 4 * MIB)

    def test_many_large_bodies_that_never_end_do_not_fill_the_memory(self):
        """300 clients with all but the last byte of a mebibyte: a bounded part of them is held, and small events pass."""
        before = self.resident()
        head = wire.post(b"", f"Content-Length: {MIB}", length=False)
        body = b" " * (MIB - 1)
        lines = []
        for _ in range(300):
            line = self.line(patience=5.0)
            line.send(head + body)
            lines.append(line)
            self.assert_grew_less(self.resident() - before, 160 * MIB)
        waiting, told = {line.socket: line for line in lines}, []
        def turned_away():
            for answered in select.select(waiting, [], [], 0)[0]:
                told.append(waiting.pop(answered).answer().status)
            return told.count(503)
        harness.eventually(lambda: turned_away() > 200, "most of them to be turned away")
        self.post_good()
        print(f"{turned_away()} of 300 large bodies turned away, resident memory grew by {(self.resident() - before) / MIB:.0f} MiB")
        for line in lines:
            line.socket.close()
        harness.eventually(lambda: self.one_answer(wire.post(padded(MIB))).status == 202, "room for large bodies again")

    def test_many_large_bodies_leave_no_memory_with_connections_that_stay(self):
        """300 clients that post a mebibyte each, are answered, and rest: none of them keeps what its body took."""
        before = self.resident()
        request = wire.post(padded(MIB))
        lines = []
        for _ in range(300):
            line = self.line()
            line.send(request)
            self.assertLess(line.answer().status, 300)
            lines.append(line)
        grown = self.resident() - before
        print(f"{len(lines)} connections rest after a large body, resident memory grew by {grown / MIB:.0f} MiB")
        self.assert_grew_less(grown, 80 * MIB)
        for line in lines:
            line.socket.close()

    def test_32_clients_that_go_away(self):
        chance = random.Random(32)
        before = self.counts()["accepted_total"]
        for number in range(200):
            request = wire.post(json.dumps(events.order(f"mid-{number}")).encode())
            with self.line() as line:
                line.send(request[:chance.randrange(len(request))])
                if number % 2:
                    line.reset()
        self.post_good()
        self.assertEqual(self.counts()["accepted_total"] - before, 1, "half a request was stored")
        gone = [wire.post(json.dumps(events.order(f"gone-{number}")).encode()) for number in range(200)]
        for number, request in enumerate(gone):
            with self.line() as line:
                line.send(request)
                if number % 2:
                    line.reset()
        # Each is stored or not, whole and once; which, nobody was told. Posting all again settles it.
        self.assertLessEqual({self.one_answer(request).status for request in gone}, {200, 202})
        self.assertEqual(self.counts()["accepted_total"] - before, 201)
        self.daemon.wait_until_drained()
        seen = self.sandbox.account("releva")["state"]["orders"]
        self.assertEqual([order for order in seen if order.startswith("mid-")], [])
        self.assertEqual(len([order for order in seen if order.startswith("gone-")]), 200)

    def test_half_closed_clients_get_their_answer(self):
        def attack():
            with self.line() as line:
                line.send(self.good_request())
                line.socket.shutdown(socket.SHUT_WR)
                return line.answers()[0]
        self.assertEqual([answer.status for answer in self.unharmed_after(attack, accepted=1)], [202])


class Crowd(stand.Stand):
    """More connections than there are places."""
    places = 512
    ingest = f"max_connections = {places}\n"

    def test_30_one_connection_more_than_places(self):
        lines = [self.line() for _ in range(self.places)]
        for line in lines:
            line.send(self.good_request()[:-1])  # under way: nobody has to make room
        extra = self.line(patience=0.5)
        extra.send(self.good_request())
        with self.assertRaises(TimeoutError):
            extra.answer()
        extra.socket.settimeout(5.0)
        lines.pop().socket.close()
        self.assertEqual(extra.answer().status, 202)
        extra.socket.close()
        for line in lines[:-1]:
            line.socket.close()
        lines[-1].send(b"}")
        self.assertEqual(lines[-1].answer().status, 202)
        lines[-1].socket.close()
        self.unharmed_after(lambda: None)

    def test_30_idle_connections_do_not_keep_others_out(self):
        lines = [self.line() for _ in range(self.places)]
        for line in lines:
            line.send(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            self.assertEqual(line.answer().status, 200)
        began = time.monotonic()
        self.post_good()
        self.assertLess(time.monotonic() - began, 3.0)
        for line in lines:
            line.socket.close()

    def test_30_a_thousand_at_once_come_in_one_after_the_other(self):
        lines = [self.line(patience=20.0) for _ in range(1025)]
        for line in lines:
            line.send(self.good_request("Connection: close"))
        def attack():
            return {line.answer().status for line in lines}
        self.assertEqual(attack(), {202})
        for line in lines:
            line.socket.close()
        self.unharmed_after(lambda: None)


class NoDescriptors(stand.Stand):
    """64 descriptors for everything: queue, vendors, clients."""
    wrapper = ("prlimit", "--nofile=64")

    def test_31_two_hundred_clients(self):
        pid = self.daemon.process.child.pid
        early = self.line()
        early.send(self.good_request())
        self.assertEqual(early.answer().status, 202)
        self.daemon.wait_until_drained()
        delivered = self.daemon.destination("releva")["delivered_total"]
        lines = []
        for _ in range(200):
            line = self.line(patience=0.5)
            line.send(b"POST /v1/events HTTP/1.1\r\n")
            lines.append(line)
        began, used = time.monotonic(), procfs.cpu_seconds(pid)
        # Who was there before is still served, and the vendor still gets what is accepted, on fresh connections.
        orders = 0
        while time.monotonic() < began + 4.0:
            early.send(self.good_request())
            self.assertEqual(early.answer().status, 202)
            orders += 1
            harness.eventually(lambda: self.daemon.destination("releva")["delivered_total"] == delivered + orders, "the delivery without descriptors")
            time.sleep(0.2)  # a client's own pace: the idle daemon's CPU is what is measured
        early.socket.close()
        share = (procfs.cpu_seconds(pid) - used) / (time.monotonic() - began)
        for line in lines:
            line.socket.close()
        began = time.monotonic()
        self.post_good()
        took = time.monotonic() - began
        print(f"200 clients and 64 descriptors: {share * 100:.1f} % CPU, {orders} events delivered meanwhile, recovered in {took:.2f} s")
        self.assertLess(share, 0.20)
        self.assertLess(took, 1.0)
        self.assertIsNone(self.daemon.process.child.poll())
        self.assertEqual(self.daemon.destination("releva")["failed_attempts_total"], 0)
        self.assert_log_is_short()

    def test_31_a_reload_shares_the_descriptors_out_again(self):
        self.assertIn("nothing was different", self.daemon.reload())
        self.assertEqual(self.daemon.process.text().count("[ingest] max_connections is"), 2)  # at the start, and now
        self.post_good()

    def assert_log_is_short(self):
        self.assertLess(len(self.daemon.process.text()), 4000)


if __name__ == "__main__":
    harness.main()
