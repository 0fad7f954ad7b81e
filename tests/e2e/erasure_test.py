#!/usr/bin/env python3
"""A customer is erased: nothing of them is left in any file, and nobody else notices."""
import json
import os
import threading
import urllib.parse

import canary
import events
import harness

KINDS = ("releva", "reloadify", "esputnik", "rokt")
FAST = 'retry = { initial = "50ms", max = "200ms", max_age = "72h" }\n'
NOTHING = {"events": 0, "receipts": 0, "dead_letters": 0, "pending_discarded": 0, "vendor_state": 0}


class Erasure(harness.EndToEnd):
    def queue_folder(self):
        return os.path.join(self.folder, "queue")

    def erase(self, daemon, **who):
        return daemon.operate("DELETE", "/v1/customers?" + urllib.parse.urlencode(who, quote_via=urllib.parse.quote))

    def post(self, daemon, *given):
        sequences = []
        for event in given:
            status, answer, _ = daemon.post(event)
            self.assertEqual(status, 202, answer)
            sequences.append(answer["accepted"][0]["sequence"])
        return sequences

    def assert_nothing_left(self, daemon):
        self.assertEqual(canary.words_below(self.queue_folder()), {})
        for path in ("/v1/events?limit=500", "/v1/dead-letters?limit=500", "/status", "/metrics"):
            answer = json.dumps(daemon.operate("GET", path)[1], ensure_ascii=False)
            self.assertEqual(canary.words_in(answer), [], path)
        for word in canary.CUSTOMER.values():
            found = daemon.operate("GET", "/v1/events?" + urllib.parse.urlencode({"customer": word}))[1]
            self.assertEqual(found["events"], [])
        self.assert_ledger(daemon)

    def test_nothing_is_left_and_nobody_else_notices(self):
        """One event delivered in a batch whose answer quotes it, one dead letter, pending ones, and memory of vendors."""
        daemon = self.daemon(kinds=KINDS, per_kind={
            "releva": FAST + 'batch = { max_events = 10, linger = "300ms" }\n', "reloadify": FAST, "esputnik": FAST,
            "rokt": FAST + 'request_timeout = "2s"\n'})
        echo = json.dumps({"message": ["seen", *canary.WORDS]}, ensure_ascii=False)
        self.sandbox.fail(vendor="releva", action="status", status=202, body=echo, times=1)
        self.sandbox.fail(vendor="rokt", action="status", status=400, body=echo, match={"order_id": "1"})
        mine = self.post(daemon, canary.order(1), canary.cart("k1"))
        others = self.post(daemon, canary.bystander(2))
        harness.eventually(lambda: daemon.destination("esputnik")["delivered_total"] == 3, "esputnik to know both")
        harness.eventually(lambda: daemon.destination("reloadify")["backlog"] == 0, "reloadify to have the cart")
        harness.eventually(lambda: daemon.destination("rokt")["dead_letters"] == 1, "a dead letter")
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 2, "both in one batch")
        self.assertEqual(len({daemon.state_at(each, "releva")["batch"] for each in (mine[0], others[0])}), 1)
        self.sandbox.fail(vendor="esputnik", action="status", status=503, body=echo, match={"body_contains": "QXZV"})
        self.sandbox.fail(vendor="esputnik", action="status", status=503)
        self.sandbox.fail(vendor="rokt", action="hang", match={"order_id": "4"}, times=1)
        mine += self.post(daemon, canary.order(3), canary.order(4))
        others += self.post(daemon, canary.bystander(5))
        harness.eventually(lambda: daemon.destination("esputnik")["failed_attempts_total"] > 0, "a failed attempt")
        self.assertNotEqual(canary.words_below(self.queue_folder()), {}, "there is something to erase")
        before = daemon.status()

        status, report, _ = self.erase(daemon, email=canary.CUSTOMER["email"].upper())
        self.assertEqual(status, 200, report)
        erased = report["erased"]
        self.assertEqual(erased["events"], len(mine))
        self.assertGreaterEqual(erased["dead_letters"], 1)
        self.assertGreaterEqual(erased["pending_discarded"], 2, "at esputnik")
        self.assertEqual(erased["vendor_state"], 2, "esputnik's contact, reloadify's cart")
        self.assertEqual((report["files_clean"], report["set_aside"]), (True, []), report)
        self.assert_nothing_left(daemon)
        for sequence in mine:
            self.assertEqual(daemon.operate("GET", f"/v1/events/{sequence}")[0], 404)
        self.assertEqual(self.erase(daemon, id=canary.CUSTOMER["id"])[1]["erased"], NOTHING)

        self.sandbox.heal()
        daemon.wait_until_drained()
        for sequence in others:
            for at in daemon.receipt(sequence)["destinations"]:
                self.assertIn(at["state"], ("delivered", "skipped"), at)
        for was, now in zip(before["destinations"], daemon.status()["destinations"]):
            self.assertEqual(was["routed_total"], now["routed_total"])
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        self.assert_nothing_left(daemon)
        daemon.wait_until_drained()

    def test_whatever_was_accepted_can_be_erased(self):
        daemon = self.daemon()
        written = {"email": [" maria@example.com", "maria@example.com  ", "notanemail-1"], "id": [" c-17 ", "я" * 255]}
        for name, values in written.items():
            for value in values:
                event = events.order(len(value))
                event["data"]["customer"] = {name: value}
                self.post(daemon, event)
        daemon.wait_until_drained()
        daemon.stop()
        daemon.start()
        for count, who in ((2, {"email": "maria@example.com"}), (1, {"email": "notanemail-1"}), (1, {"id": " c-17 "}),
                           (1, {"id": "я" * 255})):
            status, report, _ = self.erase(daemon, **who)
            self.assertEqual((status, report["erased"]["events"], report["files_clean"]), (200, count, True), report)
        self.assertEqual(daemon.operate("GET", "/v1/events")[1]["events"], [])

    def test_the_command(self):
        daemon = self.daemon(kinds=("releva",), per_kind={"releva": FAST})
        self.sandbox.fail(vendor="releva", action="status", status=503)
        self.post(daemon, canary.order(1), canary.bystander(2))
        erase = ("erase", "--id", canary.CUSTOMER["id"])
        self.assertEqual(daemon.command(*erase).returncode, 2, "nobody is there to say yes")
        self.assertEqual(daemon.command(*erase, typed="no\n").returncode, 1, "a person's no is no wrong command line")
        self.assertEqual(daemon.command("erase", "--yes").returncode, 2)
        self.assertEqual(daemon.command("erase", "--yes", "--id", "1", "--phone", "2").returncode, 2)
        self.assertNotEqual(canary.words_below(self.queue_folder()), {})
        done = daemon.command("erase", "--phone", "+359 (88) 719-0283", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("events               1\n", done.stdout)
        self.assertIn("clean", done.stdout)
        self.assert_nothing_left(daemon)
        self.sandbox.heal()
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the other customer's order")

    def test_who_may_erase_and_what_is_refused(self):
        daemon = self.daemon(kinds=("releva",))
        self.post(daemon, canary.order(1))
        path = "/v1/customers?id=" + canary.CUSTOMER["id"]
        self.assertEqual(daemon.admin.call("DELETE", path)[0], 401)
        self.assertEqual(daemon.ingest.call("DELETE", path)[0], 404)
        self.assertEqual(daemon.operate("GET", path)[2]["Allow"], "DELETE")
        for who in ({}, {"id": ""}, {"id": "a", "email": "b@c"}, {"email": "QXZV82" * 50}, {"phone": "12"}, {"name": "x"}):
            status, problem, _ = self.erase(daemon, **who)
            self.assertEqual(status, 400, who)
            self.assertNotIn("QXZV82", json.dumps(problem))
        self.assertEqual(self.erase(daemon, id="nobody")[1]["erased"], NOTHING)
        self.assertEqual(daemon.operate("GET", "/v1/events")[1]["events"][0]["sequence"], 1)

    def test_files_that_were_set_aside_are_told_of(self):
        daemon = self.daemon(kinds=("releva",))
        folder = os.path.join(self.queue_folder(), "set-aside-20261122T000000Z")
        os.mkdir(folder)
        report = self.erase(daemon, id="nobody")[1]
        self.assertEqual((report["files_clean"], report["set_aside"]), (False, [os.path.basename(folder)]))
        self.assertIn("folders of damaged files are not looked into", report["reason"])
        os.rmdir(folder)
        self.assertTrue(self.erase(daemon, id="nobody")[1]["files_clean"])

    def test_a_kill_in_the_middle_is_made_good_at_the_next_start(self):
        daemon = self.daemon(kinds=("releva", "esputnik"), per_kind={"releva": FAST, "esputnik": FAST})
        for vendor in ("releva", "esputnik"):
            self.sandbox.fail(vendor=vendor, action="status", status=503)
        for start in range(0, 1200, 200):
            batch = [canary.order(number) if number % 4 else canary.bystander(number) for number in range(start, start + 200)]
            self.assertEqual(daemon.ingest.call("POST", "/v1/events", batch)[0], 202)
        gone = threading.Thread(target=self.ask_in_vain, args=(daemon,))
        gone.start()
        harness.eventually(lambda: daemon.destination("esputnik")["discarded_total"] > 0, "the erasure to have begun")
        daemon.kill()
        gone.join()
        daemon.start()
        daemon.process.wait_for(r"erasure \d+ was left open and is resumed", "the resumed erasure")
        daemon.process.wait_for(r"erasure \d+: .*the files are clean", "its end")
        self.assert_nothing_left(daemon)
        self.assertEqual(daemon.destination("esputnik")["discarded_total"], 900)
        self.sandbox.heal()
        daemon.wait_until_drained()
        self.assertEqual(daemon.destination("esputnik")["delivered_total"], 300)
        self.assert_ledger(daemon)

    def ask_in_vain(self, daemon):
        try:
            self.erase(daemon, id=canary.CUSTOMER["id"])
        except (OSError, harness.http.client.HTTPException):
            pass


if __name__ == "__main__":
    harness.main()
