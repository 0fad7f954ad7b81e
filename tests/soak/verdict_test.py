#!/usr/bin/env python3
"""The judge of soak and bad day: whatever any vendor did not get, or got wrongly, is noticed."""
import collections
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402
import shop  # noqa: E402
import verdict  # noqa: E402


def as_vendors_get_it(event, kind, key, version):
    """[(vendor, path, body)]: what judge() reads of the requests, by docs/vendors.md."""
    data = event["data"]
    if kind == "page.viewed":
        return [("esputnik", "/event", {"params": [{"name": "page", "value": json.dumps({"location": data["page"]["url"]})}]})]
    goods = data["cart" if kind.startswith("cart.") else "order"]
    if kind.startswith("order."):
        status = "INITIALIZED" if kind == "order.created" else "IN_PROGRESS"
        got = [("esputnik", "/event", {"params": [{"name": "externalOrderId", "value": key}, {"name": "status", "value": status}]})]
        paid = [("releva", "/carts", {"carts": [{"orderId": key}]}), ("rokt", "/confirm", {"orderId": key})]
        return got + paid * (kind == "order.paid")
    products = json.dumps([{"price": float(goods["total"])}])
    state = goods["refs"]["esputnik"]["recycle_state_id"]
    got = [("reloadify", "/shopping_carts", {"shopping_cart": {"id": key, "price": goods["total"]}}),
           ("esputnik", "/event", {"params": [{"name": "recycleStateId", "value": state}, {"name": "products", "value": products}]})]
    if kind == "cart.item_added":
        got.append(("elevate", "/notifications", {"ticket": goods["items"][0]["refs"]["elevate"]["ticket"]}))
    return got


class Day:
    """A stage on which everything went well; what arrived may be changed."""

    def __init__(self, events=400):
        made = shop.Events(seed=1)
        self.posted, self.requests = [], []
        for sequence in range(events):
            event, kind, key, version = made.next()
            self.posted.append((sequence, kind, key, version, 0.0, 0.0))
            self.requests += as_vendors_get_it(event, kind, key, version)
        self.given_up, self.doubled = set(), 0
        self.shop, self.daemon = self, self

    def acknowledged(self):
        return self.posted

    def arrived(self):
        return self.requests

    def dead_letters(self):
        return self.given_up

    def double_fulfilments(self):
        return self.doubled

    def status(self):
        return {"destinations": []}


class Verdict(unittest.TestCase):
    def setUp(self):
        self.day = Day()

    def broken(self):
        return verdict.broken(verdict.judge(self.day))

    def test_a_day_on_which_everything_went_well(self):
        self.assertEqual(self.broken(), [])

    def test_a_vendor_that_got_nothing_is_noticed(self):
        for vendor in harness.KINDS:
            with self.subTest(vendor):
                self.day = Day()
                self.day.requests = [each for each in self.day.requests if each[0] != vendor]
                self.assertEqual(self.broken(), ["lost"])

    def test_one_event_that_never_came_is_noticed(self):
        last = {kind: (sequence, key) for sequence, kind, key, _, _, _ in self.day.posted}  # which nothing supersedes
        for kind, (sequence, _) in last.items():
            for vendor in verdict.WANTED[kind]:
                with self.subTest(kind=kind, vendor=vendor):
                    self.day = Day()
                    made = shop.Events(seed=1)
                    gone = [made.next() for _ in range(sequence + 1)][-1]
                    for request in as_vendors_get_it(*gone):
                        if request[0] == vendor:
                            self.day.requests.remove(request)
                    self.assertEqual(self.broken(), ["lost"])
                    self.day.given_up = {(vendor, sequence)}
                    self.assertEqual(self.broken(), [])

    def test_what_an_older_snapshot_said_may_be_superseded(self):
        versions = collections.Counter(key for _, kind, key, _, _, _ in self.day.posted if kind == "cart.updated")
        cart = versions.most_common(1)[0][0]
        first = next(each for each in self.day.requests if each[0] == "reloadify" and each[2]["shopping_cart"]["id"] == cart)
        self.day.requests.remove(first)
        self.assertEqual(self.broken(), [])

    def test_what_comes_again_is_counted_and_does_harm_at_one_vendor(self):
        for vendor in harness.KINDS:
            with self.subTest(vendor):
                self.day = Day()
                at = next(index for index, each in enumerate(self.day.requests) if each[0] == vendor)
                self.day.requests.insert(at, self.day.requests[at])
                self.assertEqual(verdict.judge(self.day)["repeats"][vendor], 1)
                self.assertEqual(self.broken(), ["twice"] if vendor == "rokt" else [])
        self.day.doubled = 1
        self.assertIn("double_fulfilments", self.broken())

    def test_what_goes_back_in_time_is_noticed(self):
        paid = next(key for _, kind, key, _, _, _ in self.day.posted if kind == "order.paid")
        self.day.requests += as_vendors_get_it({"data": {"order": {}}}, "order.created", paid, 1)
        self.assertEqual(self.broken(), ["out_of_order"])


if __name__ == "__main__":
    unittest.main()
