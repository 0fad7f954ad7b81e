#!/usr/bin/env python3
"""Vendors that are down, refuse one event, or hang: the others and the daemon go on."""
import os
import signal
import time

import events
import harness

FAST_RETRY = 'retry = { initial = "50ms", max = "200ms", max_age = "72h" }\n'


class Trouble(harness.EndToEnd):
    def test_a_vendor_that_is_down_gets_everything_when_it_is_back(self):
        daemon = self.daemon(kinds=("releva", "rokt"), per_kind={"releva": FAST_RETRY})
        self.sandbox.fail(vendor="releva", action="status", status=503)
        for number in range(20):
            self.assertEqual(daemon.post(events.order(number))[0], 202)
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 20, "the healthy vendor to get all")
        harness.eventually(lambda: daemon.destination("releva")["failed_attempts_total"] > 0, "the sick vendor to fail")
        self.assertEqual(daemon.destination("releva")["backlog"], 20)
        self.sandbox.heal()
        daemon.wait_until_drained()
        self.assertEqual(daemon.destination("releva")["delivered_total"], 20)
        self.assert_ledger(daemon)

    def test_one_event_that_a_vendor_answers_with_500_holds_up_no_other(self):
        daemon = self.daemon(kinds=("esputnik",), per_kind={"esputnik": FAST_RETRY})
        self.sandbox.fail(vendor="esputnik", action="status", status=500, match={"body_contains": "poison-1"})
        first = daemon.post(events.order("poison-1", customer="poisoned"))[1]["accepted"][0]["sequence"]
        for number in range(10):
            daemon.post(events.order(number, customer=f"c-{number}"))
        harness.eventually(lambda: daemon.destination("esputnik")["delivered_total"] == 10, "the other ten")
        self.assertIn(daemon.state_at(first, "esputnik")["state"], ("pending", "retrying"))
        self.sandbox.heal()
        daemon.wait_until_drained()
        self.assertEqual(daemon.state_at(first, "esputnik")["state"], "delivered")

    def test_a_batch_with_one_bad_cart_delivers_the_others(self):
        daemon = self.daemon(kinds=("releva",), per_kind={"releva": 'batch = { max_events = 50, linger = "500ms" }\n'})
        self.sandbox.fail(vendor="releva", action="status", status=422, match={"body_contains": "bad-cart"})
        sequences = {}
        body = [events.order("bad-cart" if number == 5 else number) for number in range(16)]
        for number, accepted in enumerate(daemon.post(body)[1]["accepted"]):
            sequences[number] = accepted["sequence"]
        harness.eventually(lambda: daemon.destination("releva")["backlog"] == 0, "the batch to be through")
        seen = daemon.destination("releva")
        self.assertEqual((seen["delivered_total"], seen["dead_letters"]), (15, 1))
        self.assertEqual(daemon.state_at(sequences[5], "releva")["state"], "dead_letter")
        self.assertLessEqual(len(self.sandbox.requests("releva")), 1 + 2 * 5)
        self.assert_ledger(daemon)

    def test_an_order_at_which_the_vendor_stumbles_holds_up_no_other_of_its_batch(self):
        batches = {"releva": 'batch = { max_events = 50, linger = "200ms" }\n' + FAST_RETRY}
        daemon = self.daemon(kinds=("releva",), per_kind=batches)
        self.sandbox.fail(vendor="releva", action="status", status=500, match={"body_contains": "poison-1"})
        body = [events.order("poison-1" if number == 5 else number, customer=f"c-{number}") for number in range(16)]
        accepted = daemon.post(body)[1]["accepted"]
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 15, "the other fifteen")
        self.assertIn(daemon.state_at(accepted[5]["sequence"], "releva")["state"], ("pending", "retrying"))
        self.sandbox.heal()
        daemon.wait_until_drained()
        self.assert_ledger(daemon)

    def test_one_access_token_serves_all_that_wait_for_it(self):
        daemon = self.daemon(kinds=())
        url = self.sandbox.url("reloadify")
        with open(daemon.config, "a", encoding="utf-8") as settings:
            settings.write(f'[[destinations]]\nname = "tokens"\nkind = "reloadify"\nurl = "{url}"\nca_file = "{self.sandbox.ca}"\n'
                           f'language = "bg"\ntoken_url = "{url}/oauth/token"\nclient_id = "shop"\n'
                           f'client_secret = {{ file = "{daemon.folder}/reloadify.secret" }}\n')
        daemon.process.signal(signal.SIGHUP)
        daemon.process.wait_for("reloaded", "the destination")
        self.sandbox.fail(vendor="reloadify", action="delay", delay_ms=200, match={"path_contains": "/oauth/token"})
        daemon.post([events.cart(number) for number in range(40)])
        harness.eventually(lambda: daemon.destination("tokens")["delivered_total"] == 40, "all carts to go")
        fetched = [one for one in self.sandbox.requests("reloadify") if one["path"].endswith("/oauth/token")]
        self.assertEqual(len(fetched), 1)

    def test_a_hanging_vendor_does_not_hold_up_the_stop(self):
        daemon = self.daemon(kinds=("releva", "rokt"), settings='[shutdown]\ndrain = "1s"\n')
        self.sandbox.fail(vendor="rokt", action="hang")
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("rokt")["in_flight"] == 1, "the request to be under way")
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the healthy vendor")
        began = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.sandbox.heal()
        daemon.start()
        harness.eventually(lambda: daemon.destination("rokt")["backlog"] == 0, "what was in flight to end")
        # The request was sent and never answered: for Rokt a repeat might fulfil twice.
        self.assertEqual(daemon.destination("rokt")["dead_letters"], 1)
        self.assert_ledger(daemon)

    def test_a_reload_that_waits_for_a_vendor_does_not_hold_up_the_stop(self):
        slow = {"rokt": 'request_timeout = "60s"\n'}
        daemon = self.daemon(kinds=("releva", "rokt"), settings='[shutdown]\ndrain = "1s"\n', per_kind=slow)
        self.sandbox.fail(vendor="rokt", action="hang")
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("rokt")["in_flight"] == 1, "the request to be under way")
        daemon.write_config(kinds=("releva",), settings='[shutdown]\ndrain = "1s"\n')
        self.assertIn("reloaded", daemon.reload())
        daemon.write_config(kinds=("releva", "rokt"), settings='[shutdown]\ndrain = "1s"\n', per_kind=slow)
        daemon.process.signal(signal.SIGHUP)
        began = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)

    def reloading(self):
        """A daemon in the middle of a reload that reads a pipe, as a file on a network that does not answer; the pipe's other end."""
        daemon = self.daemon(kinds=("releva",))
        secret = os.path.join(daemon.folder, "releva.secret")
        os.remove(secret)
        os.mkfifo(secret)
        daemon.process.signal(signal.SIGHUP)
        return daemon, harness.opened_for_writing(secret)

    def test_a_reload_whose_files_do_not_answer_does_not_hold_up_the_stop(self):
        daemon, pipe = self.reloading()
        self.addCleanup(os.close, pipe)
        self.assertEqual(daemon.post(events.order(1))[0], 202)
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "deliveries to go on")
        began = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        log = daemon.process.text()
        self.assertRegex(log, r"reload: reading .*\n(.*\n)*.*reload broken off .*\n.*stopping: ")

    def test_reloads_that_are_asked_for_during_one_are_one_more(self):
        daemon, pipe = self.reloading()
        for _ in range(20):
            daemon.process.signal(signal.SIGHUP)
            daemon.status()
        os.remove(os.path.join(daemon.folder, "releva.secret"))
        daemon.write_config(kinds=("releva",))
        os.write(pipe, harness.SECRETS["releva"].encode())
        os.close(pipe)
        daemon.process.wait_for(r"(?s)(reloaded, nothing was different.*){2}", "two reloads")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.process.text().count("reload: reading"), 2)


if __name__ == "__main__":
    harness.main()
