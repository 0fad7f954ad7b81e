#!/usr/bin/env python3
"""Hostile vendors: connections that are used again. An answer belongs to the request before it and to no other, and a connection that went away
while nobody used it is no failure. These vendors stay as they are: each gets events one after the other, and all have to arrive.
"""
import datetime
import ssl

from market import Case, Market
from stand import harness
from vendor import answer, server_context

EVENTS = 4
NOT_YOURS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot yours"


def on_each(reply):
    def play(talk):
        talk.handshake()
        while (request := talk.request()) is not None:
            if reply(talk, request):
                return
    return play


def late_second_answer(talk, request):
    talk.send(answer(request))
    talk.vendor.closing.wait(0.05)
    talk.send(NOT_YOURS)
    talk.vendor.told = True


def two_records_in_one_segment(talk, request):
    """The second lies in the client's hands already, decrypted by nobody, when the first is read."""
    talk.cork(True)
    talk.send(answer(request))
    talk.send(NOT_YOURS)
    talk.cork(False)


def once_used(end):
    """Answers the first request of a connection; what it does with the second is `end`."""
    def reply(talk, request):
        if talk.served == 1:
            talk.send(answer(request))
            return False
        end(talk, request)
        return True
    return on_each(reply)


def then_close(talk, request):
    talk.send(answer(request))
    talk.cut()
    return True


def with_fields(*fields, status="202 Accepted", body=None):
    return on_each(lambda talk, request: talk.send(answer(request, status, fields, body)))


def speaks_first(talk):
    """An answer that nobody asked for comes in one segment with the end of the handshake. TLS 1.2, where that end is the server's, and a fresh
    context, so that no session is resumed."""
    context = server_context(talk.vendor.pem)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    line = context.wrap_bio(incoming, outgoing, server_side=True)
    while True:
        try:
            line.do_handshake()
            break
        except ssl.SSLWantReadError:
            talk.raw.sendall(outgoing.read())
            incoming.write(talk.raw.recv(65536))
    line.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
    talk.raw.sendall(outgoing.read())
    talk.vendor.heard += talk.raw.recv(65536)


# name: how it plays, whether each event needs a connection of its own (None: as it comes)
PLAYS = {
    "two-answers-in-one-write": (on_each(lambda talk, request: talk.send(answer(request) + NOT_YOURS)), True),
    "three-answers-and-garbage": (on_each(lambda talk, request: talk.send(answer(request) + NOT_YOURS * 2 + b"\0\xff")), True),
    "one-byte-too-many": (on_each(lambda talk, request: talk.send(answer(request) + b"\n")), True),
    "two-answers-in-two-records": (on_each(two_records_in_one_segment), True),
    "late-second-answer": (on_each(late_second_answer), True),
    "body-after-204": (with_fields(status="204 No Content", body=NOT_YOURS), None),
    "closes-after-each-answer": (on_each(then_close), True),
    "says-close-and-stays": (with_fields("Connection: close"), True),
    "says-keep-alive-in-1-0": (on_each(lambda talk, request: talk.send(answer(request).replace(b"HTTP/1.1", b"HTTP/1.0"))), True),
    "closes-when-used-again": (once_used(lambda talk, request: talk.cut()), None),
    "ends-when-used-again": (once_used(lambda talk, request: talk.end()), None),
    "resets-when-used-again": (once_used(lambda talk, request: talk.reset()), None),
    "honest-keep-alive": (on_each(lambda talk, request: talk.send(answer(request))), False)}


class Reuse(Market):
    @classmethod
    def setUpClass(cls):
        cls.make_folder()
        cases = [Case(name, play, "delivered") for name, (play, _) in PLAYS.items()]
        cases.append(Case("breaks-off-when-used-again", once_used(lambda talk, request: (talk.send(b"HTTP/1.1 202 Acc"), talk.cut())), "delivered"))
        for name, wait in (("holds-for-ever", "99999999999999999999"), ("holds-for-a-year", "31536000"), ("holds-until-2099",
            "Fri, 13 Nov 2099 07:28:00 GMT")):
            cases.append(Case(name, with_fields(f"Retry-After: {wait}", status="503 Busy"), "retrying", "http_503"))
        cases.append(Case("careful", once_used(lambda talk, request: talk.cut()), "delivered", more='on_in_doubt = "dead_letter"\n'))
        cases.append(Case("speaks-first", speaks_first, "retrying", "connect"))
        cls.open_market(cases)

    def one_after_the_other(self, case):
        for number in range(EVENTS):
            case.vendor.told = False
            self.wait_for_state(case, self.post(case, number), "delivered")
            if case.name == "late-second-answer":
                harness.eventually(lambda: case.vendor.told, "the second answer to be out")

    def test_an_answer_belongs_to_its_own_request(self):
        for name, (_, own) in PLAYS.items():
            with self.subTest(name):
                case = self.cases[name]
                self.one_after_the_other(case)
                seen = self.daemon.destination(name)
                self.assertEqual((seen["delivered_total"], seen["dead_letters"]), (EVENTS, 0))
                self.assertEqual((seen["failed_attempts_total"], seen["attempts_total"]), (0, EVENTS))
                if own is not None:
                    self.assertEqual(case.vendor.connections, EVENTS if own else 1)
        self.assert_honest_vendor_undisturbed()
        self.assert_all_balance()

    def test_an_answer_that_breaks_off_is_a_failure_also_on_a_used_connection(self):
        case = self.cases["breaks-off-when-used-again"]
        self.one_after_the_other(case)
        self.assertGreaterEqual(self.daemon.destination(case.name)["failed_attempts_total"], 1)

    def test_what_must_not_be_sent_twice_is_not_sent_again_on_a_fresh_connection(self):
        case = self.cases["careful"]
        # Of the same order, one right after the other: nothing of the kind is trusted to a connection that has rested for a second.
        first, second = self.post(case, 1), self.post(case, 1)
        self.wait_for_state(case, first, "delivered")
        line = self.wait_for_state(case, second, "dead_letter")
        self.assertEqual((line["reason"], line["attempts"]["count"]), ("in_doubt", 1))
        self.assertEqual([request.order for request in case.vendor.requests], ["careful-1", "careful-1"])

    def test_what_is_said_before_a_request_is_not_its_answer(self):
        case = self.cases["speaks-first"]
        case.vendor.pem, case.vendor.heard = self.trusted.path("good.pem"), b""
        sequence = self.post(case, 1)
        line = self.wait_for_state(case, sequence, "retrying")
        self.assertEqual(line["reason"], "connect", line)
        self.assertIn("before it was asked", str(line["answer"]))
        case.vendor.heal()
        self.wait_for_state(case, sequence, "delivered")
        self.assertEqual(case.vendor.heard, b"", "something was sent to a vendor that had spoken first")
        self.assertEqual([request.order for request in case.vendor.requests], ["speaks-first-1"])

    def test_a_vendor_cannot_hold_its_events_for_longer_than_an_hour(self):
        for name in ("holds-for-ever", "holds-for-a-year", "holds-until-2099"):
            with self.subTest(name):
                case = self.cases[name]
                first = self.post(case, 1)
                self.wait_for_state(case, first, "retrying")
                second = self.post(case, 2)
                harness.eventually(lambda: self.daemon.state_at(second, "honest")["state"] == "delivered", "the honest vendor to have the second")
                until = datetime.datetime.fromisoformat(self.daemon.destination(name)["next_attempt_at"].replace("Z", "+00:00"))
                held = (until - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
                self.assertTrue(3500 < held <= 3600, held)
                self.assertEqual(len(case.vendor.requests), 1)


if __name__ == "__main__":
    harness.main()
