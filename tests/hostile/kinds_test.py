#!/usr/bin/env python3
"""Hostile vendors: what stands in the body of an answer that HTTP finds nothing wrong with, for each kind of vendor."""
import contextlib
import json
import threading

import vendor
from market import Case, Market
from stand import events, harness

DEEP = b"[" * 50_000 + b"]" * 50_000
BODIES = {
    "empty": b"", "null": b"null", "array": b"[]", "object": b"{}", "number": b"1e400", "string": b'"accepted"', "deep": DEEP,
    "cut": b'{"items":[{"success":tr',
    "html": b"<html><body>Welcome to the hotel</body></html>", "not-utf-8": b'{"items":"\xff\xfe"}', "nul": b"\0" * 1000,
    "bomb": b"[" + b"{}," * 300_000 + b"{}]",
    "wrong-types": b'{"items":{"success":true},"products":7,"data":"x","access_token":[],"id":null}',
    "twice": b'{"items":[],"items":[{"success":true}],"success":false,"success":true}',
    "long": json.dumps({"items": [{"success": True, "cartItemId": "i1", "itemReservationId": "r1", "itemConfirmationId": "c" * 900_000,
                                   "itemConfirmationUrl": "javascript:alert(1)\x1b[2J"}]}).encode()}
# Two kinds need the body of a 2xx. What the others do not need cannot hurt them.
VERDICTS = {"rokt": ("dead_letter", "in_doubt"), "reloadify": ("retrying", "unexpected_answer")}
# What Rokt answers with an object confirms the items or not; anything else may be a confirmation that was cut off.
OBJECTS = {f"rokt-{name}": ("dead_letter", "items_not_confirmed") for name in ("object", "wrong-types", "twice")}
# A mebibyte of products, each of which is to be taken out of the cart.
EVERYTHING = b'{"data":[' + b",".join(b'{"id":%d}' % n for n in range(80_000)) + b"]}"
EACH = 3
MIB = 1 << 20


def play(body):
    def talk_on(talk):
        talk.handshake()
        while talk.request() is not None:
            talk.send(vendor.answer(None, "200 OK", body=body))
    return talk_on


def list_everything():
    """Refuses the first change of a cart, when both deliveries that may be under way have come to theirs."""
    both = threading.Barrier(2)

    def talk_on(talk):
        talk.handshake()
        while (request := talk.request()) is not None:
            if request.line.startswith("GET"):
                talk.send(vendor.answer(None, "200 OK", body=EVERYTHING))
                continue
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(2)
            talk.send(vendor.answer(None, "503 Busy", body=b""))
    return talk_on


class Kinds(Market):
    @classmethod
    def setUpClass(cls):
        cls.make_folder()
        cls.open_market([Case(f"{kind}-{name}", play(body), kind=kind) for kind in harness.KINDS for name, body in BODIES.items()] + [
            Case("reloadify-everything", list_everything(), kind="reloadify")])

    def event(self, case, number):
        if case.kind == "reloadify":
            return events.cart(f"{case.name}-{number}")
        if case.kind == "elevate":
            event = events.cart(f"{case.name}-{number}", kind="cart.item_added")
            del event["data"]["cart"]["items"]
            keys = {"customer_key": "5b0f3f2e-0000-4000-8000-000000000001", "session_key": "5b0f3f2e-0000-4000-8000-000000000002", "token": "t"}
            event["data"].update(item={"product_id": "P1", "quantity": 1, "refs": {"elevate": {"ticket": "abc"}}}, refs={"elevate": keys})
            return event
        event = super().event(case, number)
        if case.kind == "rokt":
            event["data"]["refs"] = {"rokt": {"session_id": "s"}}
            event["data"]["order"]["items"][0]["refs"] = {"rokt": {"cart_item_id": "i1", "reservation_id": "r1"}}
        return event

    def verdict_of(self, case):
        return {"rokt-long": ("delivered", None), "reloadify-everything": ("retrying", "http_503"), **OBJECTS}.get(
            case.name, VERDICTS.get(case.kind, ("delivered", None)))

    def test_verdicts(self):
        before = self.resident()
        posted = {name: [self.post(case, number) for number in range(EACH)] for name, case in self.cases.items()}
        for name, case in self.cases.items():
            state, reason = self.verdict_of(case)
            with self.subTest(name):
                for sequence in posted[name]:
                    line = self.wait_for_state(case, sequence, state)
                    self.assertEqual(line.get("reason"), reason)
                    # Evidence is kept, and no more of it than a person reads.
                    self.assertLess(len(json.dumps(line)), 8192)
                    self.assertNotRegex(json.dumps(line, ensure_ascii=False), "[\x00-\x1f\x7f-\x9f]")
        grown = self.resident("VmHWM") - before
        print(f"{len(self.cases)} bodies, resident memory grew by {grown / MIB:.1f} MiB at the most")
        self.assert_grew_less(grown, 96 * MIB)
        harness.eventually(lambda: self.daemon.destination("honest")["delivered_total"] == EACH * self.for_the_honest_one(), "the honest vendor")
        self.assert_all_balance()

    def for_the_honest_one(self):
        """Releva takes paid orders only."""
        return sum(case.kind not in ("reloadify", "elevate") for case in self.cases.values())


if __name__ == "__main__":
    harness.main()
