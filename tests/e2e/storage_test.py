#!/usr/bin/env python3
"""What an operator meets when the storage is in trouble: refusals with reasons, exit codes that say what to do, and recovery by itself.

`./dev torture` goes further, and needs root.
"""
import os
import pathlib
import signal
import subprocess
import unittest

import events
import harness

STORAGE_FAILURE, BUSY, NEEDS_A_PERSON = 74, 75, 78


class Storage(harness.EndToEnd):
    def failed_start(self, daemon, *options, wrapper=()):
        """The exit code and words of a start that has to fail."""
        log = os.path.join(self.folder, f"failed-{len(os.listdir(self.folder))}.log")
        process = harness.Process(["serve", "--config", daemon.config, *options], log, wrapper=wrapper)
        self.addCleanup(process.end)
        return process.wait(), process.text()

    def change(self, daemon, old, new):
        with open(daemon.config, encoding="utf-8") as text:
            settings = text.read()
        self.assertIn(old, settings)
        with open(daemon.config, "w", encoding="utf-8") as out:
            out.write(settings.replace(old, new))

    def database(self, daemon, ending):
        folder = os.path.join(daemon.folder, "queue", "db")
        return [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(ending)]

    def test_a_second_instance_is_told_of_the_first(self):
        daemon = self.daemon(kinds=("releva",))
        code, words = self.failed_start(daemon)
        self.assertEqual(code, BUSY, words)
        self.assertIn(f"pid {daemon.process.child.pid}", words)
        self.assertEqual(daemon.post(events.order(1))[0], 202)

    @unittest.skipUnless(harness.can_trace(), "strace is not installed, or may not trace here")
    def test_a_lock_that_the_system_refuses_is_no_other_process(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.stop()
        code, words = self.failed_start(daemon, wrapper=("strace", "-D", "-f", "-q", "-o", "/dev/null", "-e", "trace=flock",
                                                         "-e", "inject=flock:error=ENOLCK"))
        self.assertEqual(code, STORAGE_FAILURE, words)
        self.assertRegex(words, "cannot lock .*/holder: No locks available")
        self.assertNotIn("another process", words)

    def test_a_low_disk_refuses_events_and_delivers_what_it_has(self):
        daemon = self.daemon(kinds=("releva",), per_kind={"releva": 'retry = { initial = "20ms", max = "100ms" }\n'})
        self.sandbox.fail(vendor="releva", action="status", status=503)
        daemon.post(events.order(1))
        # To a floor that no disk has, any disk is low.
        self.change(daemon, 'min_free_disk = "1MiB"', 'min_free_disk = "9000000GiB"')
        daemon.reload()
        harness.eventually(lambda: daemon.post(events.order(2))[0] == 503, "events to be refused")
        status, answer, headers = daemon.post(events.order(3))
        self.assertEqual((status, answer["reason"]), (503, "disk_low"))
        self.assertTrue(headers["Retry-After"])
        self.assertEqual(daemon.ingest.call("GET", "/livez")[0], 200)
        self.assertEqual(daemon.ingest.call("GET", "/readyz")[0], 503)
        self.assertEqual(daemon.status()["state"], "degraded")
        self.sandbox.heal()
        daemon.wait_until_drained()
        self.assertGreater(daemon.destination("releva")["delivered_total"], 0)
        self.change(daemon, "9000000GiB", "1MiB")
        daemon.reload()
        harness.eventually(lambda: daemon.post(events.order(4))[0] == 202, "events to be taken again", 10)
        self.assert_ledger(daemon)

    def test_a_log_that_is_gone_needs_a_person(self):
        daemon = self.daemon(kinds=("releva",))
        self.sandbox.fail(vendor="releva", action="status", status=503)
        for number in range(5):
            self.assertEqual(daemon.post(events.order(number))[0], 202)
        daemon.kill()
        for log in self.database(daemon, ".log"):
            os.unlink(log)
        code, words = self.failed_start(daemon)
        self.assertEqual(code, NEEDS_A_PERSON, words)
        self.assertIn("--accept-data-loss", words)
        accepted = harness.Process(["serve", "--config", daemon.config, "--accept-data-loss"], os.path.join(self.folder, "accepted.log"))
        self.addCleanup(accepted.end)
        accepted.wait_for("5 acknowledged events are missing", "the loss to be told")
        accepted.wait_for("ingest listens on", "the daemon to listen")
        accepted.end()
        daemon.start()
        queue = daemon.status()["queue"]
        self.assertEqual(queue["lost_accepted_total"], 5)
        self.assertIn("data_loss_accepted_at", queue)
        self.assertEqual(daemon.post(events.order(9))[1]["accepted"][0]["sequence"], 6)
        self.assert_ledger(daemon)

    def test_a_log_cut_by_a_byte_is_noticed(self):
        daemon = self.daemon(kinds=("releva",))
        self.sandbox.fail(vendor="releva", action="status", status=503)
        daemon.post(events.order(1))
        daemon.kill()
        newest = max(self.database(daemon, ".log"), key=os.path.getmtime)
        with open(newest, "rb") as log:
            written = len(log.read().rstrip(b"\0"))
        os.truncate(newest, written - 1)
        code, words = self.failed_start(daemon)
        self.assertEqual(code, NEEDS_A_PERSON, words)

    @unittest.skipUnless(harness.can_trace(), "strace is not installed, or may not trace here")
    def test_a_failed_sync_ends_the_daemon_and_loses_nothing(self):
        daemon = self.daemon(kinds=("releva",))
        daemon.stop()
        log = os.path.join(self.folder, "strace.log")
        daemon.start(wrapper=("strace", "-D", "-f", "-q", "-o", log, "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=30"))
        acknowledged = []
        for number in range(200):
            try:
                status, answer, _ = daemon.post(events.order(number))
            except OSError:
                break
            if status != 202:
                self.assertEqual(status, 503, answer)
                self.assertIn(answer["reason"], ("unknown", "read_only"))
                break
            acknowledged.append(number)
        self.assertEqual(daemon.process.wait(5), STORAGE_FAILURE)
        self.assertIn("storage failed", daemon.process.text())
        self.assertGreater(len(acknowledged), 0)
        daemon.start()
        daemon.wait_until_drained()
        arrived = self.sandbox.account("releva")["state"]["orders"]
        self.assertEqual([number for number in acknowledged if str(number) not in arrived], [])
        self.assert_ledger(daemon)

    @unittest.skipUnless(harness.can_trace(), "strace is not installed, or may not trace here")
    def test_a_failed_sync_does_not_wait_for_a_drain(self):
        daemon = self.daemon(kinds=("releva", "rokt"), settings='[shutdown]\ndrain = "50s"\n')
        self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": "releva", "latency_ms": 2000})
        self.sandbox.fail(vendor="rokt", action="hang")
        daemon.post(events.order(1))
        harness.eventually(lambda: all(daemon.destination(each)["in_flight"] == 1 for each in ("releva", "rokt")), "both requests")
        said = os.path.join(self.folder, "tracer.log")
        with open(said, "wb") as errors:
            tracer = subprocess.Popen(["strace", "-f", "-p", str(daemon.process.child.pid), "-o", os.path.join(self.folder, "strace.log"),
                                       "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"], stderr=errors)
        self.addCleanup(tracer.wait)
        self.addCleanup(tracer.kill)
        harness.eventually(lambda: "attached" in pathlib.Path(said).read_text(encoding="utf-8"), "the disk to fail")
        daemon.process.signal(signal.SIGTERM)
        self.assertEqual(daemon.process.wait(20), STORAGE_FAILURE)


if __name__ == "__main__":
    harness.main()
