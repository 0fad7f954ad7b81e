#!/usr/bin/env python3
"""What the preview shows is what the vendors get next: also from somebody whose contact, or whose cart, they know already."""
import urllib.parse

import events
import harness

WHEN = "2026-11-20T10:00:00Z"  # of an event without a time each request would name another one


def shown(request):
    return request["method"], urllib.parse.urlsplit(request["url"]).path, request["body"]


def received(request):
    return request["method"], request["path"], request["body"]


class Preview(harness.EndToEnd):
    def last_request(self):
        return self.sandbox.http.call("GET", "/_sandbox/requests?limit=1")[1]["last"]

    def got_after(self, number, kind):
        found = self.sandbox.http.call("GET", f"/_sandbox/requests?vendor={kind}&after={number}")[1]["requests"]
        return [received(each) for each in found]

    def reload(self, daemon, old, new):
        with open(daemon.config, encoding="utf-8") as file:
            text = file.read().replace(old, new)
        with open(daemon.config, "w", encoding="utf-8") as file:
            file.write(text)
        self.assertIn("reloaded", daemon.reload())

    def sent_for(self, daemon, event, kind):
        """What went out, which is what the preview showed."""
        event["time"] = WHEN
        status, answer, _ = daemon.operate("POST", "/v1/preview", event)
        self.assertEqual(status, 200, answer)
        before = self.last_request()
        self.assertEqual(daemon.post(event)[0], 202)
        daemon.wait_until_drained()
        got = self.got_after(before, kind)
        self.assertEqual([[shown(each) for each in one["requests"]] for one in answer["destinations"]], [got])
        return [f"{method} {path.rsplit('/', 1)[-1]}" for method, path, _ in got]

    def test_another_account_is_remembered_nothing_of(self):
        daemon = self.daemon(kinds=("reloadify",))
        known = ["PUT shopping_carts", "PUT P2"]
        whole = ["GET products", "PUT shopping_carts", "PUT P1", "PUT P2"]
        self.sent_for(daemon, events.cart("77", ("P1",)), "reloadify")
        self.reload(daemon, "language", "concurrency = 2\nlanguage")
        self.assertEqual(self.sent_for(daemon, events.cart("77", ("P1", "P2")), "reloadify"), known, "the account is the same")
        self.reload(daemon, f"{self.sandbox.port}/", f"{self.sandbox.port}/i/other/")
        self.assertEqual(self.sent_for(daemon, events.cart("77", ("P1", "P2")), "reloadify"), whole)
        self.assertEqual(self.sent_for(daemon, events.cart("77", ("P1", "P2")), "reloadify"), known[:1])

    def test_a_contact_is_imported_at_each_account(self):
        daemon = self.daemon(kinds=("esputnik",))
        self.assertEqual(self.sent_for(daemon, events.order(1), "esputnik"), ["POST contacts", "POST event"])
        self.reload(daemon, f"{self.sandbox.port}/", f"{self.sandbox.port}/i/other/")
        self.assertEqual(self.sent_for(daemon, events.order(2), "esputnik"), ["POST contacts", "POST event"])
        self.assertEqual(self.sent_for(daemon, events.order(3), "esputnik"), ["POST event"])

    def test_shows_what_is_sent_next(self):
        daemon = self.daemon()
        requests = []
        for event in (events.cart("77", ("P1", "P2")), events.cart("77", ("P2", "P3")), events.cart("77", ("P2", "P3")),
                      events.cart("77", (), kind="cart.deleted"), events.order("1", kind="order.created"), events.order("1"),
                      events.order("2", customer="c-2")):
            event["time"] = WHEN
            status, answer, _ = daemon.operate("POST", "/v1/preview", event)
            self.assertEqual(status, 200, answer)
            before = self.last_request()
            self.assertEqual(daemon.post(event)[0], 202)
            daemon.wait_until_drained()
            for one in answer["destinations"]:
                with self.subTest(event["id"], destination=one["destination"]):
                    requests.append([shown(each) for each in one["requests"]])
                    self.assertEqual(requests[-1], self.got_after(before, one["destination"]))
        self.assertTrue(any(method == "DELETE" for each in requests for method, _, _ in each), "a product left the cart")
        self.assertGreater(sum(map(len, requests)), 15)


if __name__ == "__main__":
    harness.main()
