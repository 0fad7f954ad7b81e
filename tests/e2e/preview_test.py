#!/usr/bin/env python3
"""What the preview shows is what the vendors get next: also from somebody whose contact, or whose cart, they know already."""
import urllib.parse

import events
import harness

KINDS = ("releva", "reloadify", "elevate", "esputnik", "rokt")


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

    def test_shows_what_is_sent_next(self):
        daemon = self.daemon()
        requests = []
        for event in (events.cart("77", ("P1", "P2")), events.cart("77", ("P2", "P3")), events.cart("77", ("P2", "P3")),
                      events.cart("77", (), kind="cart.deleted"), events.order("1", kind="order.created"), events.order("1"),
                      events.order("2", customer="c-2")):
            event["time"] = "2026-11-20T10:00:00Z"
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
