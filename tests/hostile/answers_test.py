#!/usr/bin/env python3
"""Hostile vendors: what they may answer, and what must come of it.

Every case is a destination of its own in one daemon, all at once. The first event meets the hostile vendor; then the vendor becomes honest, and
both that event and the next have to arrive.
"""
import gzip

from market import Case, Market, SECRET
from stand import harness
from vendor import answer
import wire

MIB = 1 << 20


def to_each(reply):
    """Plays reply(talk, request) to each request while the connection lasts and the vendor is hostile."""
    def play(talk):
        talk.handshake()
        while (request := talk.request()) is not None:
            if talk.vendor.healed.is_set():
                talk.send(answer(request))
            else:
                reply(talk, request)
    return play


def say(data):
    """These bytes to each request, and then silence."""
    return to_each(lambda talk, request: talk.send(data(request) if callable(data) else data))


def say_and(data, end):
    def play(talk):
        talk.handshake()
        request = talk.request()
        if request is not None:
            talk.send(data(request) if callable(data) else data)
            end(talk)
    return play


def cut(talk):
    talk.cut()


def endless(start, piece):
    return to_each(lambda talk, request: (talk.send(start), setattr(talk.vendor, "flooded", talk.flood(piece)), talk.cut()))


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
OK = b"HTTP/1.1 202 Accepted\r\n"

INTERIM_CASES = [
    Case("interim-100", say(lambda request: INTERIM + answer(request)), "delivered"),
    Case("interim-100-twice", say(lambda request: INTERIM * 2 + answer(request)), "delivered"),
    Case("interim-103", say(lambda request: HINTS + answer(request)), "delivered"),
    Case("interim-slowly", to_each(lambda talk, request: (talk.send(INTERIM), talk.vendor.closing.wait(0.2), talk.send(answer(request)))),
         "delivered"),
    Case("interim-only", say(INTERIM), words="timed out"),
    Case("interim-endless", to_each(lambda talk, request: talk.flood(INTERIM)), words="interim"),
    Case("interim-101", say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), words="protocol")]

TRUNCATED = [
    Case("short-body", say_and(OK + b"Content-Length: 100\r\n\r\nabc", cut)),
    Case("short-body-politely", say_and(OK + b"Content-Length: 100\r\n\r\nabc", lambda talk: talk.end())),
    Case("cut-chunk", say_and(OK + b"Transfer-Encoding: chunked\r\n\r\n20\r\nabc", cut)),
    Case("cut-between-chunks", say_and(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", lambda talk: talk.end())),
    Case("cut-header", say_and(OK + b"Content-Le", lambda talk: talk.end())),
    Case("no-length-cut", say_and(OK + b"\r\nabc", cut)),
    Case("no-length-politely", say_and(OK + b"\r\nabc", lambda talk: talk.end()), "delivered"),
    Case("nothing", say_and(b"", cut)),
    Case("nothing-politely", say_and(b"", lambda talk: talk.end())),
    Case("silence", say(b""), words="timed out"),
    Case("drip-header", to_each(lambda talk, request: talk.drip(answer(request, fields=["X-Slow: " + "x" * 500]))), words="timed out"),
    Case("drip-body", to_each(lambda talk, request: (talk.send(OK + b"Content-Length: 1000\r\n\r\n"), talk.drip(b"x" * 1000))), words="timed out"),
    Case("drip-interim", to_each(lambda talk, request: talk.drip(INTERIM * 50)), words="timed out|interim")]

OVERSIZED = [
    Case("body-over-a-mebibyte", say(lambda request: answer(request, body=b"x" * (MIB + 1))), words="answer_too_large"),
    Case("body-of-a-mebibyte", say(lambda request: answer(request, body=b"x" * MIB)), "delivered"),
    Case("body-announced-huge", say(OK + b"Content-Length: 999999999999999\r\n\r\n"), words="answer_too_large"),
    Case("body-endless", endless(OK + b"\r\n", b"x" * 65536), words="answer_too_large"),
    Case("chunks-endless", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", wire.chunk(b"x" * 65536)), words="answer_too_large"),
    Case("chunk-extension-endless", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 65536), words="not valid|too_large"),
    Case("chunk-huge", say(OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc"), words="not valid|too_large"),
    Case("trailer-endless", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: ", b"x" * 65536), words="not valid|too_large"),
    Case("header-flood", say(lambda request: answer(request, fields=["X-A: " + "x" * 70_000])), words="answer_too_large"),
    Case("header-many", say(lambda request: answer(request, fields=[f"X-{n}: {'x' * 90}" for n in range(1_200)])), words="answer_too_large"),
    Case("header-endless", endless(OK + b"X-A: ", b"x" * 65536), words="answer_too_large"),
    Case("header-lines-endless", endless(OK, b"X-A: b\r\n" * 4096), words="answer_too_large"),
    Case("status-line-endless", endless(b"HTTP/1.1 202 ", b"x" * 65536), words="answer_too_large|not valid")]

GARBAGE = [
    Case("ssh-banner", say(b"SSH-2.0-OpenSSH_9.2\r\n"), words="not valid HTTP"),
    Case("http-0-9", say_and(b"<html>accepted</html>", lambda talk: talk.end()), words="not valid HTTP"),
    Case("http-2-frames", say(b"\0\0\x12\x04\0\0\0\0\0" + bytes(18)), words="not valid HTTP"),
    Case("http-2-line", say(b"HTTP/2.0 202 Accepted\r\nContent-Length: 0\r\n\r\n"), words="not valid HTTP"),
    Case("binary", say(bytes(range(256)) * 20), words="not valid HTTP"),
    Case("status-words", say(b"HTTP/1.1 OK 202\r\nContent-Length: 0\r\n\r\n"), words="not valid HTTP"),
    Case("status-two-digits", say(b"HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"), words="not valid HTTP"),
    Case("status-four-digits", say(b"HTTP/1.1 2020 OK\r\nContent-Length: 0\r\n\r\n"), words="not valid HTTP"),
    Case("status-alone", say(b"HTTP/1.1 202\r\nContent-Length: 2\r\n\r\nok"), "delivered"),
    Case("status-0", say(b"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"), words="."),
    Case("length-not-a-number", say(OK + b"Content-Length: many\r\n\r\n"), words="not valid HTTP"),
    Case("length-negative", say(OK + b"Content-Length: -1\r\n\r\n"), words="not valid HTTP"),
    Case("lengths-differ", say(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), words="not valid HTTP"),
    Case("length-and-chunks", say(OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), words="not valid HTTP"),
    Case("chunks-and-length", say(OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), words="not valid HTTP"),
    Case("unknown-coding", say(OK + b"Transfer-Encoding: magic\r\n\r\nabc"), words="transfer coding"),
    Case("chunked-twice", say(OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         words="transfer coding|not valid HTTP"),
    Case("bare-lf", say(b"HTTP/1.1 202 Accepted\nContent-Length: 0\n\n"), words="not valid HTTP|timed out"),
    Case("nul-in-header", say(OK + b"X-A: a\0b\r\nContent-Length: 0\r\n\r\n"), words="not valid HTTP"),
    Case("chunk-size-garbage", say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"), words="not valid HTTP"),
    Case("blank-lines", say(b"\r\n\r\n\r\n"), words="not valid HTTP")]


def reset_at(stage):
    def play(talk):
        if stage == "accept":
            return talk.reset()
        talk.handshake()
        if stage == "handshake":
            return talk.reset()
        if stage == "request head":
            talk.line.recv(10)
            return talk.reset()
        request = talk.request()
        if request is not None and stage != "request":
            whole = answer(request, body=b"x" * 5000)
            talk.send(whole[:20] if stage == "answer head" else whole[:2000])
            talk.vendor.closing.wait(0.05)  # so that the bytes are read before the reset overtakes them
        return talk.reset()
    return play


# A reset may overtake what the client was about to do next: only then was nothing sent, and it knows.
RESETS = [Case("reset-at-accept", reset_at("accept"), reason="connect|tls", sends=False),
          Case("reset-at-handshake", reset_at("handshake"), reason="connect|in_doubt", sends=False)] + [
    Case("reset-at-" + stage.replace(" ", "-"), reset_at(stage)) for stage in ("request head", "request", "answer head", "answer body")]


def redirect(status, target):
    return say(lambda request: answer(request, status, [f"Location: {target}"], body=b""))


REFUSALS = [Case(f"redirect-{status}", redirect(f"{status} Moved", "/elsewhere"), "dead_letter", "rejected", str(status)) for status in (300, 301,
    302, 303, 304, 305, 307, 308)] + [
    Case("redirect-to-http", redirect("301 Moved", "http://127.0.0.1:1/carts"), "dead_letter", "rejected", "301"),
    Case("redirect-to-metadata", redirect("307 Moved", "http://169.254.169.254/latest/meta-data/"), "dead_letter", "rejected", "307"),
    Case("echoes-the-secret", say(lambda request: answer(request, "500 Oops", body=request.head.encode("latin-1"))), reason="http_500",
         words=r"\*\*\*"),
    Case("controls-the-terminal", say(lambda request: answer(request, "503 Busy", body=b"\x1b]0;owned\x07\x1b[31m\r\n\x00\xff\xc2\x9b")),
         reason="http_503", words="owned"),
    Case("controls-in-the-status-line", say(lambda request: answer(request, "503 \x1b[2J"))),
    Case("long-evidence", say(lambda request: answer(request, "500 Oops", body="ж".encode() * 500_000)), reason="http_500", words="ж"),
    Case("retry-after-negative", say(lambda request: answer(request, "503 Busy", ["Retry-After: -5"])), reason="http_503"),
    Case("retry-after-garbage", say(lambda request: answer(request, "503 Busy", ["Retry-After: soon, \x85 maybe"])), reason="http_503"),
    Case("retry-after-empty", say(lambda request: answer(request, "503 Busy", ["Retry-After:"])), reason="http_503"),
    Case("retry-after-fraction", say(lambda request: answer(request, "429 Slow", ["Retry-After: 1e9"])), reason="http_429"),
    Case("retry-after-past", say(lambda request: answer(request, "503 Busy", ["Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"])), reason="http_503"),
    Case("gzip-unasked", say(lambda request: answer(request, fields=["Content-Encoding: gzip"], body=gzip.compress(b"accepted"))), "delivered"),
    Case("gzip-bomb", say(lambda request: answer(request, "500 Oops", ["Content-Encoding: gzip"], gzip.compress(bytes(100 * MIB)))),
         reason="http_500")]


class Answers(Market):
    @classmethod
    def setUpClass(cls):
        cls.make_folder()
        cls.open_market(INTERIM_CASES + TRUNCATED + OVERSIZED + GARBAGE + RESETS + REFUSALS)

    def test_verdicts(self):
        grown = self.attack_and_heal()
        print(f"{len(self.cases)} hostile vendors, resident memory grew by {grown / MIB:.1f} MiB")
        self.assert_grew_less(grown, 48 * MIB)
        for case in self.cases.values():
            self.assertLess(getattr(case.vendor, "flooded", 0), 16 * MIB, f"{case.name} could go on sending")
            self.assertEqual({request.line for request in case.vendor.requests}, {"POST /carts HTTP/1.1"}, case.name)
            for request in case.vendor.requests:
                self.assertIn("\r\nAccept-Encoding: identity\r\n", request.head)
        self.assert_honest_vendor_undisturbed()
        self.assert_all_balance()
        self.assert_secret_is_nowhere()

    def assert_secret_is_nowhere(self):
        seen = [self.daemon.process.text(), str(self.daemon.operate("GET", "/v1/events?limit=500")), str(self.daemon.operate("GET",
            "/v1/dead-letters?limit=500")),
                str(self.daemon.status())]
        for text in seen:
            self.assertNotIn(SECRET, text)
            self.assertNotIn("\x1b", text)


if __name__ == "__main__":
    harness.main()
