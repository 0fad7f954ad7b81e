#!/usr/bin/env python3
"""One POST becomes the right call at all five vendors, over real TLS."""
import os
import re
import subprocess
import sys

import events
import harness

HERE = os.path.dirname(os.path.abspath(__file__))


class MainJob(harness.EndToEnd):
    def test_a_day_of_a_shop_arrives_and_the_ledger_balances(self):
        daemon = self.daemon()
        day = subprocess.run([sys.executable, os.path.join(HERE, "..", "demo", "shop_day.py"), "--events", "300"],
                             check=True, capture_output=True).stdout
        status, answer, _ = daemon.ingest.call("POST", "/v1/events", day, {"Content-Type": "application/x-ndjson"})
        self.assertEqual(status, 202, answer)
        daemon.wait_until_drained()
        self.assert_ledger(daemon)
        seen = daemon.status()
        self.assertEqual(seen["ingest"]["accepted_total"], len(answer["accepted"]))
        for each in seen["destinations"]:
            self.assertGreater(each["delivered_total"], 0, each)
            self.assertEqual(each["dead_letters"], 0, each)
        for kind in harness.KINDS:
            refused = [each for each in self.sandbox.requests(kind) if each["status"] >= 400 and each["status"] != 404]
            self.assertEqual(refused, [], kind)

    def test_the_same_event_twice_is_delivered_once(self):
        daemon = self.daemon(kinds=("releva",))
        event = events.order(1)
        first, second = daemon.post(event), daemon.post(event)
        self.assertEqual((first[0], second[0]), (202, 200))
        self.assertEqual(first[1]["accepted"][0]["sequence"], second[1]["accepted"][0]["sequence"])
        self.assertTrue(second[1]["accepted"][0]["duplicate"])
        conflict = daemon.post({**event, "type": "order.created"})
        self.assertEqual(conflict[0], 409, conflict[1])
        daemon.wait_until_drained()
        self.assertEqual(len(self.sandbox.requests("releva")), 1)

    def test_an_invalid_event_is_refused_whole(self):
        daemon = self.daemon(kinds=("releva",))
        bad = events.order(1)
        bad["data"]["customer"]["emial"] = bad["data"]["customer"].pop("email")
        del bad["data"]["order"]["total"]
        status, answer, headers = daemon.post([events.order(2), bad])
        self.assertEqual(status, 400)
        self.assertEqual(headers["Content-Type"], "application/problem+json")
        pointers = {each["pointer"]: each for each in answer["errors"]}
        self.assertIn('did you mean "email"?', pointers["/data/customer/emial"]["detail"])
        self.assertEqual(pointers["/data/order/total"]["index"], 1)
        self.assertEqual(daemon.status()["ingest"]["accepted_total"], 0)

    def test_the_first_event_of_the_readme_is_accepted(self):
        with open(os.path.join(HERE, "..", "..", "README.md"), encoding="utf-8") as readme:
            example = re.search(r"-H 'Content-Type: application/json' -d '(\{.*?\})'\n", readme.read(), re.S).group(1)
        daemon = self.daemon()
        status, answer, _ = daemon.ingest.call("POST", "/v1/events", example.encode())
        self.assertEqual(status, 202, answer)
        daemon.wait_until_drained()
        self.assertEqual(daemon.destination("releva")["delivered_total"], 1)

    def test_a_receipt_tells_what_became_of_an_event(self):
        daemon = self.daemon()
        event = events.order(7, cart_id="k-7")
        sequence = daemon.post(event)[1]["accepted"][0]["sequence"]
        daemon.wait_until_drained()
        receipt = daemon.receipt(sequence)
        states = {each["destination"]: each["state"] for each in receipt["destinations"]}
        self.assertEqual(states["releva"], "delivered")
        self.assertEqual(states["esputnik"], "delivered")
        self.assertEqual(states["rokt"], "delivered")
        self.assertEqual(receipt["event"]["id"], event["id"])


if __name__ == "__main__":
    harness.main()
