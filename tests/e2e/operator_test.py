#!/usr/bin/env python3
"""What operators do: mend a wrong secret, pause, search, look at dead letters and replay them, preview, reload."""
import os
import pty
import shutil
import subprocess

import events
import harness

FAST_RETRY = 'retry = { initial = "50ms", max = "200ms", max_age = "72h" }\n'


class Operator(harness.EndToEnd):
    def cli(self, daemon, *arguments):
        done = daemon.command(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_wrong_secret_suspends_and_a_reload_with_the_right_one_resumes_at_once(self):
        self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": "releva", "secret": "the-right-one"})
        daemon = self.daemon(kinds=("releva", "rokt"))
        sequence = daemon.post(events.order(1234))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: daemon.destination("releva")["state"] == "suspended", "the suspension")
        self.assertEqual(daemon.status()["state"], "degraded")
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 1, "the other destination")
        self.assertEqual(daemon.destination("releva")["dead_letters"], 0)
        with open(os.path.join(self.folder, "releva.secret"), "w", encoding="utf-8") as out:
            out.write("the-right-one\n")
        daemon.reload()
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the delivery with the new secret")
        self.assertEqual(daemon.destination("releva")["state"], "active")
        self.assertEqual(daemon.state_at(sequence, "releva")["state"], "delivered")

    def test_a_suspension_survives_a_restart(self):
        self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": "releva", "secret": "another"})
        daemon = self.daemon(kinds=("releva",))
        sequence = daemon.post(events.order(1))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: daemon.destination("releva")["state"] == "suspended", "the suspension")
        # It is stored in one step with what came of the attempt, which a receipt shows once it is durable.
        harness.eventually(lambda: daemon.state_at(sequence, "releva")["state"] == "retrying", "the stored attempt")
        asked = len(self.sandbox.requests("releva"))
        self.assertEqual(self.cli(daemon, "pause", "releva"), "releva: paused\n")
        self.assertEqual(self.cli(daemon, "resume", "releva"), "releva: no longer paused; it is suspended (credential: http_401)\n")
        daemon.kill()
        daemon.start()
        self.assertEqual(daemon.destination("releva")["state"], "suspended")
        self.assertEqual(len(self.sandbox.requests("releva")), asked)

    def test_a_resume_of_what_was_not_paused_has_it_tried_at_once(self):
        self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": "releva", "secret": "another"})
        daemon = self.daemon(kinds=("releva",))
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("releva")["state"] == "suspended", "the suspension")
        self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": "releva", "secret": harness.SECRETS["releva"]})
        self.assertRegex(self.cli(daemon, "resume", "releva"), "^releva: was not paused; it is (suspended|active)")
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the delivery")
        self.assertEqual(self.cli(daemon, "resume", "releva"), "releva: was not paused; it is active\n")

    def test_the_log_tells_a_change_once(self):
        daemon = self.daemon(kinds=("releva",))
        for verb in ("resume", "pause", "pause", "resume", "resume"):
            self.cli(daemon, verb, "releva")
        told = [line.split("releva: ")[1] for line in daemon.process.text().splitlines() if "destination releva: " in line]
        self.assertEqual(told, ["paused by operator", "active again"])

    def test_one_that_is_disabled_stays_stopped_and_nothing_else_is_said(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.write_config(kinds=("releva",), per_kind={"releva": "enabled = false\n"})
        daemon.reload()
        self.assertEqual(self.cli(daemon, "pause", "releva"), "releva: paused\n")
        self.assertEqual(self.cli(daemon, "resume", "releva"), "releva: stays stopped: enabled = false in the configuration\n")
        told = [line.split("releva: ")[1] for line in daemon.process.text().splitlines() if "destination releva: " in line]
        self.assertEqual(told, ["disabled"])

    def test_the_status_has_what_the_last_reload_came_to(self):
        daemon = self.daemon(kinds=("releva",))
        self.assertNotIn("last_reload", daemon.status())
        with open(daemon.config, "a", encoding="utf-8") as out:
            out.write("nonsense = 1\n")
        daemon.reload()
        self.assertEqual(daemon.status()["last_reload"]["result"], "reload refused, nothing changed")
        daemon.write_config(kinds=("releva",), settings='[log]\nlevel = "error"\n')
        self.assertIn("reloaded: log", daemon.reload(), "said before the level that keeps it quiet")
        harness.eventually(lambda: daemon.status()["last_reload"]["result"].startswith("reloaded: log"), "the status to have it")

    def test_one_that_is_paused_while_disabled_collects_once_it_is_enabled(self):
        daemon = self.daemon(kinds=("rokt",), per_kind={"rokt": "enabled = false\n"})
        self.cli(daemon, "pause", "rokt")
        daemon.write_config(kinds=("rokt",))
        daemon.reload()
        daemon.post(events.order(1))
        seen = daemon.destination("rokt")
        self.assertEqual((seen["reason"], seen["backlog"]), ("paused by operator", 1))
        self.assertEqual(self.cli(daemon, "resume", "rokt"), "rokt: resumed\n")
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 1, "the delivery after the resume")

    def test_the_log_tells_what_was_refused_and_none_of_it(self):
        daemon = self.daemon(kinds=("releva",))
        event = events.order(1, "maria")
        event["data"]["order"]["maria"] = event["data"]["order"].pop("total")
        self.assertEqual(daemon.post(event)[0], 400)
        line = daemon.process.wait_for("ingest: .* refused: .*", "the refusal in the log").group()
        self.assertEqual(line, "ingest: 1 request refused: 400 /data/order: unknown member")

    def test_the_log_tells_with_what_the_daemon_starts_and_stops(self):
        daemon = self.daemon(kinds=("releva",))
        self.assertRegex(daemon.process.text(), rf"cartrelay [0-9.]+; queue {self.folder}/queue: new\n")
        self.cli(daemon, "pause", "releva")
        daemon.post([events.order(1), events.order(2)])
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("stopping: requests under way have 10s; what is queued stays\n", daemon.process.text())
        daemon.start()
        self.assertIn(f"queue {self.folder}/queue: 2 events, backlog 2\n", daemon.process.text())

    def test_retry_after_holds_the_whole_destination_across_a_restart(self):
        daemon = self.daemon(kinds=("esputnik",), per_kind={"esputnik": FAST_RETRY})
        self.sandbox.fail(vendor="esputnik", action="status", status=429, headers={"Retry-After": "600"}, times=1)
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("esputnik")["failed_attempts_total"] == 1, "the 429")
        daemon.post(events.order(2, customer="c-2"))
        daemon.kill()
        daemon.start()
        daemon.post(events.order(3, customer="c-3"))
        seen = harness.eventually(lambda: daemon.destination("esputnik")["next_attempt_at"] and daemon.destination("esputnik"), "the hold")
        self.assertEqual((seen["delivered_total"], seen["backlog"]), (0, 3))

    def begin_a_long_delivery(self):
        """A cart of a hundred products at a vendor that takes its time for each."""
        self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": "reloadify", "latency_ms": 30})
        daemon = self.daemon(kinds=("reloadify",))
        sequence = daemon.post(events.cart("large", items=[f"P{number}" for number in range(100)]))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: len(self.sandbox.requests("reloadify")) > 3, "the delivery to be under way")
        return daemon, sequence

    def test_a_pause_breaks_a_delivery_off_between_its_requests(self):
        daemon, sequence = self.begin_a_long_delivery()
        self.cli(daemon, "pause", "reloadify")
        sent = len(self.sandbox.requests("reloadify"))
        harness.eventually(lambda: daemon.destination("reloadify")["in_flight"] == 0, "the delivery to be broken off")
        self.assertLessEqual(len(self.sandbox.requests("reloadify")), sent + 1)
        self.assertEqual(daemon.destination("reloadify")["backlog"], 1)
        self.cli(daemon, "resume", "reloadify")
        harness.eventually(lambda: daemon.state_at(sequence, "reloadify")["state"] == "delivered", "the whole cart")
        self.assert_ledger(daemon)

    def test_a_reload_does_not_wait_for_a_long_delivery(self):
        daemon, long = self.begin_a_long_delivery()
        with open(daemon.config, "a", encoding="utf-8") as config:
            config.write("concurrency = 4\n")
        self.assertIn("reloaded", daemon.reload())
        short = daemon.post(events.cart("small", customer="c-2"))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: daemon.state_at(short, "reloadify")["state"] == "delivered", "another cart")
        self.assertNotEqual(daemon.state_at(long, "reloadify")["state"], "delivered")
        harness.eventually(lambda: daemon.state_at(long, "reloadify")["state"] == "delivered", "the long delivery")
        self.assert_ledger(daemon)

    def test_a_reload_frees_a_delivery_that_waits_for_its_rate(self):
        daemon = self.daemon(kinds=("reloadify",), per_kind={"reloadify": "rate = { per_second = 0.01, burst = 1 }\n"})
        sequence = daemon.post(events.cart(7))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: len(self.sandbox.requests("reloadify")) == 1, "the first of its requests")
        daemon.write_config(kinds=("reloadify",))
        daemon.reload()
        harness.eventually(lambda: daemon.state_at(sequence, "reloadify")["state"] == "delivered", "the others")

    def test_a_stop_does_not_wait_for_a_rate(self):
        daemon = self.daemon(kinds=("reloadify",), settings='[shutdown]\ndrain = "60s"\n',
                             per_kind={"reloadify": "rate = { per_second = 0.01, burst = 1 }\n"})
        daemon.post(events.cart(7))
        harness.eventually(lambda: len(self.sandbox.requests("reloadify")) == 1, "the first of its requests")
        self.assertEqual(daemon.stop(timeout=30), 0)

    def test_pause_is_durable_and_collects(self):
        daemon = self.daemon(kinds=("releva", "rokt"))
        self.assertIn("paused", self.cli(daemon, "pause", "releva"))
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 1, "the other destination")
        daemon.kill()
        daemon.start()
        seen = daemon.destination("releva")
        self.assertEqual((seen["state"], seen["backlog"]), ("paused", 1))
        self.assertEqual(self.cli(daemon, "resume", "releva"), "releva: resumed\n")
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the delivery after the resume")

    def test_what_became_of_order_1234(self):
        daemon = self.daemon()
        daemon.post([events.order(1234, kind="order.created"), events.order(1234), {**events.order(99), "subject": "the 99th"}])
        daemon.wait_until_drained()
        status, found, _ = daemon.operate("GET", "/v1/events?order_id=1234")
        self.assertEqual(status, 200, found)
        self.assertEqual([each["event"]["type"] for each in found["events"]], ["order.paid", "order.created"])
        self.assertIsNone(found["next_cursor"])
        self.assertIn("order 1234", self.cli(daemon, "events", "--order-id", "1234"))
        self.assertIn("order 99", self.cli(daemon, "events", "--subject", "the 99th"))
        sequence = found["events"][0]["sequence"]
        self.assertIn("releva: delivered", self.cli(daemon, "event", str(sequence)))
        self.assertEqual(daemon.admin.call("GET", "/v1/events?order_id=1234")[0], 401)
        self.cli(daemon, "events", "--limit", "500")
        self.cli(daemon, "dead-letters", "list", "--limit", "500")
        for command in (("events",), ("dead-letters", "list")):
            self.assertEqual(harness.run(*command, "--limit", "501").returncode, 2, "the daemon would not take it")
        page = daemon.operate("GET", "/v1/events?limit=2")[1]
        rest = daemon.operate("GET", f"/v1/events?limit=2&cursor={page['next_cursor']}")[1]
        self.assertEqual([len(page["events"]), len(rest["events"])], [2, 1])
        self.assertEqual(daemon.operate("GET", "/v1/events?customer=c-1%40example.com&type=order.created")[1]["events"][0]["event"]["type"],
                         "order.created")

    def test_a_trace_leads_to_what_became_of_the_event(self):
        daemon = self.daemon(kinds=("esputnik",))
        self.sandbox.fail(vendor="esputnik", action="status", status=400, match={"path_contains": "/v1/event"})
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        sequence = daemon.post({**events.order(1), "traceparent": f"00-{trace}-00f067aa0ba902b7-01"})[1]["accepted"][0]["sequence"]
        line = daemon.process.wait_for(rf".*{trace}.*", "the trace in the log").group()
        self.assertIn(f"warning destination esputnik: event {sequence} (order.paid) is a dead letter: ", line)

    def test_dead_letters_are_shown_replayed_and_discarded(self):
        daemon = self.daemon(kinds=("esputnik",))
        self.sandbox.fail(vendor="esputnik", action="status", status=400, match={"path_contains": "/v1/event"})
        first = daemon.post(events.order(1))[1]["accepted"][0]["sequence"]
        second = daemon.post(events.order(2, customer="c-2"))[1]["accepted"][0]["sequence"]
        harness.eventually(lambda: daemon.destination("esputnik")["dead_letters"] == 2, "the dead letters")
        groups = daemon.operate("GET", "/v1/dead-letters?group=reason")[1]["groups"]
        self.assertEqual([(each["destination"], each["count"]) for each in groups], [("esputnik", 2)])
        letter = daemon.operate("GET", f"/v1/dead-letters/esputnik-{first}")[1]
        self.assertNotIn("sandbox-esputnik", str(letter))
        self.assertIn("400", str(letter))
        self.sandbox.heal()
        for expected in (1, 0):  # the second time there is nothing to replay
            status, answer, _ = daemon.operate("POST", "/v1/dead-letters/replay", {"ids": [f"esputnik-{first}"]})
            self.assertEqual((status, answer), (200, {"replayed": expected}))
            harness.eventually(lambda: daemon.destination("esputnik")["delivered_total"] == 1, "the replayed event")
        self.assertIn("1 discarded", self.cli(daemon, "dead-letters", "discard", "--destination", "esputnik"))
        self.assertEqual(daemon.state_at(second, "esputnik")["state"], "discarded")
        self.assertEqual(daemon.state_at(first, "esputnik")["state"], "delivered")
        self.assert_ledger(daemon)

    def discard(self, daemon, *which, answer=None):
        return self.settle(daemon, "discard", *which, answer=answer)

    def settle(self, daemon, verb, *which, answer=None):
        """The exit code and what was said; `answer` is typed on a terminal, without one nobody is there."""
        done = daemon.command("dead-letters", verb, *which, typed=answer)
        return done.returncode, done.stdout + done.stderr

    def test_what_comes_while_a_person_thinks_is_not_discarded(self):
        daemon = self.daemon(kinds=("esputnik",))
        self.sandbox.fail(vendor="esputnik", action="status", status=400, match={"path_contains": "/v1/event"})
        daemon.post([events.order(number) for number in range(2)])
        harness.eventually(lambda: daemon.destination("esputnik")["dead_letters"] == 2, "the dead letters")

        ours, theirs = pty.openpty()
        said = os.path.join(self.folder, "said")
        with open(said, "wb") as out:
            command = subprocess.Popen([harness.BINARY, "dead-letters", "discard", "--destination", "esputnik", *daemon.where()],
                                       stdin=theirs, stdout=out, stderr=out)
        self.addCleanup(command.wait)
        self.addCleanup(os.close, theirs)
        self.addCleanup(os.close, ours)

        def told():
            with open(said, encoding="utf-8") as text:
                return text.read()

        harness.eventually(lambda: "2 dead letters of esputnik will be discarded" in told(), "the question")
        daemon.post([events.order(number) for number in range(2, 5)])
        harness.eventually(lambda: daemon.destination("esputnik")["dead_letters"] == 5, "more of them")
        os.write(ours, b"yes\n")
        self.assertEqual(command.wait(harness.PATIENCE), 0)
        self.assertIn("2 discarded\n", told())
        self.assertEqual(daemon.destination("esputnik")["dead_letters"], 3)

    def test_who_gives_up_many_is_asked(self):
        daemon = self.daemon(kinds=("esputnik", "rokt"))
        self.sandbox.fail(vendor="esputnik", action="status", status=400, match={"path_contains": "/v1/event"})
        self.sandbox.fail(vendor="rokt", action="status", status=503)
        sequences = [each["sequence"] for each in daemon.post([events.order(number) for number in range(5)])[1]["accepted"]]
        harness.eventually(lambda: daemon.destination("esputnik")["dead_letters"] == 5, "the dead letters")
        ids = [f"esputnik-{sequence}" for sequence in sequences]
        self.assertIn("2 dead letters will be discarded, which cannot be undone", self.discard(daemon, *ids[:2], answer="no\n")[1])
        code, told = self.discard(daemon, "--destination", "esputnik", "--reason", "rejected", "--before", "2999-01-01T00:00:00Z", answer="no\n")
        self.assertEqual((code, "5 dead letters of esputnik, rejected, from before 2999-01-01T00:00:00Z will be discarded" in told), (1, True), told)
        self.assertIn("nothing was discarded", told)
        self.assertEqual(daemon.destination("esputnik")["dead_letters"], 5)
        self.assertEqual(self.discard(daemon, ids[0]), (0, "1 discarded\n"))
        self.assertEqual(self.discard(daemon, *ids[1:3]), (0, "2 discarded\n"), "nobody is there to be asked")
        code, told = self.discard(daemon, "--destination", "esputnik", answer="yes\n")
        self.assertEqual((code, "2 discarded\n" in told), (0, True), told)
        self.assertIn("unknown", self.discard(daemon, "--destination", "nobody")[1])
        daemon.write_config(kinds=("esputnik",))
        daemon.reload()
        harness.eventually(lambda: daemon.destination("rokt")["reason"] == "not in the configuration", "the removal")
        self.assertIn("0 dead letters of rokt and, since it is not in the configuration, its whole backlog (5 events) will be discarded",
                      self.discard(daemon, "--destination", "rokt", answer="no\n")[1])

    def test_who_replays_what_the_vendor_may_have_is_warned(self):
        daemon = self.daemon(kinds=("rokt",))
        self.sandbox.fail(vendor="rokt", action="truncate", times=2)
        numbers = [each["sequence"] for each in daemon.post([events.order(1), events.order(2)])[1]["accepted"]]
        harness.eventually(lambda: daemon.destination("rokt")["dead_letters"] == 2, "the dead letters")
        ids = [f"rokt-{number}" for number in numbers]
        for which, how_many in ((ids, "2 dead letters in_doubt"), (ids[:1], "1 dead letter in_doubt"), (("--destination", "rokt"), "2 dead letters in_doubt")):
            code, told = self.settle(daemon, "replay", *which, answer="no\n")
            self.assertEqual((code, how_many in told, "nothing was replayed" in told), (1, True, True), told)
        self.assertEqual(daemon.destination("rokt")["dead_letters"], 2)
        self.assertEqual(self.settle(daemon, "replay", "--destination", "rokt", "--reason", "rejected", answer="no\n"), (0, "0 replayed\n"))
        code, told = self.settle(daemon, "replay", ids[0], "rokt-99")
        self.assertEqual((code, told.splitlines()[0]), (0, "1 replayed"), "nobody is there to be asked")
        self.assertIn("a replay may send or confirm it twice", told)
        self.assertIn("cartrelay: not found among the dead letters: rokt-99", told)
        self.assertEqual(self.settle(daemon, "replay", "rokt-98", "rokt-99")[0], 1, "nothing was done")
        self.assertIn("1 replayed", self.settle(daemon, "replay", "--destination", "rokt", "--yes", answer="no\n")[1])
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 2, "the deliveries")

    def test_the_preview_shows_the_requests_and_sends_nothing(self):
        daemon = self.daemon()
        status, answer, _ = daemon.operate("POST", "/v1/preview", events.order(5))
        self.assertEqual(status, 200, answer)
        by_name = {each["destination"]: each for each in answer["destinations"]}
        self.assertEqual(by_name["releva"]["verdict"], "send")
        self.assertIn("/releva/api/v0/carts", by_name["releva"]["requests"][0]["url"])
        self.assertNotIn("sandbox-releva", str(answer))
        for kind in harness.KINDS:
            self.assertEqual(self.sandbox.requests(kind), [])
        self.assertEqual(daemon.status()["ingest"]["accepted_total"], 0)

    def test_a_reload_is_whole_or_not_at_all(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.write_config(kinds=("releva", "rokt"), settings="colour = 3\n")
        log = daemon.reload()
        self.assertIn("colour", log)
        self.assertIn("reload refused, nothing changed", log)
        self.assertEqual([each["name"] for each in daemon.status()["destinations"]], ["releva"])
        daemon.write_config(kinds=("releva", "rokt"))
        # Port 0 stays port 0 in the file, so the listeners are as they were.
        daemon.reload()
        self.assertEqual(len(daemon.status()["destinations"]), 2)
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 1, "a delivery to it")

    def test_a_trust_anchor_renewed_in_place_is_taken_by_a_reload(self):
        trust, elsewhere = os.path.join(self.folder, "trust.pem"), os.path.join(self.folder, "elsewhere")
        os.mkdir(elsewhere)
        other = harness.Sandbox(elsewhere)
        self.addCleanup(other.process.end)
        right, self.sandbox.ca = self.sandbox.ca, trust
        shutil.copy(other.ca, trust)
        daemon = self.daemon(kinds=("releva",), per_kind={"releva": FAST_RETRY})
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("releva")["failed_attempts_total"] > 0, "a failed attempt")
        shutil.copy(right, trust)
        self.assertIn("destinations changed: releva", daemon.reload())
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the delivery with the new trust anchor")

    def test_a_destination_that_holds_events_stays_of_its_kind(self):
        daemon = self.daemon(kinds=("releva",))
        self.cli(daemon, "pause", "releva")
        daemon.post(events.order(1))
        with open(daemon.config, encoding="utf-8") as config:
            right = config.read()
        with open(daemon.config, "w", encoding="utf-8") as config:
            config.write(right.replace('kind = "releva"', 'kind = "esputnik"'))
        self.assertIn("it holds 1 unfinished event and 0 dead letters for releva", daemon.reload())
        self.assertEqual(daemon.destination("releva")["backlog"], 1)
        daemon.stop()
        refused = harness.run("serve", "--config", daemon.config)
        self.assertEqual(refused.returncode, 78, refused.stderr)
        self.assertIn("which mean nothing to esputnik; give the new destination another name", refused.stderr)
        with open(daemon.config, "w", encoding="utf-8") as config:
            config.write(right)
        daemon.start()
        self.cli(daemon, "resume", "releva")
        harness.eventually(lambda: daemon.destination("releva")["delivered_total"] == 1, "the delivery")

    def test_a_removed_destination_keeps_its_backlog(self):
        daemon = self.daemon(kinds=("releva", "rokt"), per_kind={"rokt": FAST_RETRY})
        self.sandbox.fail(vendor="rokt", action="status", status=503)
        daemon.post(events.order(1))
        harness.eventually(lambda: daemon.destination("rokt")["failed_attempts_total"] > 0, "a failed attempt")
        daemon.write_config(kinds=("releva",))
        daemon.reload()
        harness.eventually(lambda: daemon.destination("rokt")["backlog"] == 1, "the backlog to be shown")
        self.sandbox.heal()
        daemon.write_config(kinds=("releva", "rokt"), per_kind={"rokt": FAST_RETRY})
        daemon.reload()
        harness.eventually(lambda: daemon.destination("rokt")["delivered_total"] == 1, "the delivery after it came back")


if __name__ == "__main__":
    harness.main()
