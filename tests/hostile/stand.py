"""One daemon and one vendor sandbox for all attacks of a class, and what must hold after each of them."""
import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

import events   # noqa: E402
import harness  # noqa: E402
import procfs   # noqa: E402
import wire     # noqa: E402


class Stand(unittest.TestCase):
    """Attacks one daemon. `ingest`, `settings` and `per_kind` configure it as in harness.Daemon."""

    kinds = ("releva",)
    ingest = ""
    settings = ""
    per_kind = {"releva": 'batch = { max_events = 100, linger = "20ms" }\n'}
    wrapper = ()
    authorization = ()
    context = None  # of clients, where ingest has TLS
    files = {}  # in the folder before the daemon starts

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="cartrelay-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        for name, text in cls.files.items():
            cls.write_file(name, text)
        cls.prepare()
        cls.sandbox = harness.Sandbox(cls.folder)
        cls.addClassCleanup(cls.sandbox.process.end)
        cls.daemon = harness.Daemon(cls.folder, cls.sandbox, cls.kinds, cls.settings, cls.per_kind, cls.ingest.format(folder=cls.folder))
        cls.addClassCleanup(lambda: cls.daemon.process and cls.daemon.process.end())
        cls.daemon.ingest_context = cls.context
        cls.daemon.start(cls.wrapper)
        cls.addClassCleanup(cls.assert_nothing_left_open, procfs.descriptors(cls.daemon.process.child.pid))

    @classmethod
    def prepare(cls):
        """Before anything is started."""

    @classmethod
    def assert_nothing_left_open(cls, before):
        """After all attacks: no descriptor of theirs is left, but for connections kept to the vendor and files that the queue opened meanwhile."""
        harness.eventually(lambda: procfs.descriptors(cls.daemon.process.child.pid) <= before + 16, "the descriptors to be given back", 15)

    @classmethod
    def write_file(cls, name, text):
        with open(os.path.join(cls.folder, name), "w", encoding="utf-8") as out:
            out.write(text)

    @classmethod
    def line(cls, **options):
        return wire.Line(cls.daemon.ingest.port, context=cls.context, **options)

    def counts(self):
        return self.daemon.status()["ingest"]

    def a_good_event(self, **members):
        return json.dumps(events.order(1, **members)).encode()

    def good_request(self, *fields, **options):
        return wire.post(self.a_good_event(), *self.authorization, *fields, **options)

    def post_good(self):
        """A fresh connection, a good event, 202."""
        with self.line() as line:
            line.send(self.good_request())
            answer = line.answer()
        self.assertEqual(answer.status, 202, answer)

    def assert_problem(self, answer, statuses):
        self.assertIsNotNone(answer, "closed without an answer")
        self.assertIn(answer.status, statuses, answer)
        self.assertEqual(answer.headers.get("content-type"), "application/problem+json", answer)
        told = json.loads(answer.body)
        self.assertEqual((told["status"], bool(told["title"]), bool(told["type"])), (answer.status, True, True), told)

    def assert_grew_less(self, grown, most):
        if not wire.SANITIZED:
            self.assertLess(grown, most, "resident memory")

    def unharmed_after(self, attack, accepted=0, duplicates=0, refused=None):
        """Runs an attack: the same process goes on, takes the next good event, and has counted neither more nor less."""
        before, pid = self.counts(), self.daemon.process.child.pid
        outcome = attack()
        self.post_good()
        after = self.counts()
        self.assertIsNone(self.daemon.process.child.poll(), "the daemon ended")
        self.assertEqual(self.daemon.process.child.pid, pid)
        self.assertEqual(after["accepted_total"] - before["accepted_total"], accepted + 1, "accepted")
        self.assertEqual(after["duplicate_total"] - before["duplicate_total"], duplicates, "duplicates")
        if refused is not None:
            self.assertEqual(after["refused_total"] - before["refused_total"], refused, "refused")
        return outcome

    def exchange(self, data, patience=10.0):
        """All answers on one fresh connection until the daemon closes it, and after how many seconds it did."""
        with self.line(patience=patience) as line:
            line.send(data)
            return line.answers()

    def one_answer(self, data, patience=10.0):
        with self.line(patience=patience) as line:
            line.send(data)
            return line.answer()

    def assert_refused_and_closed(self, data, statuses, within=5.0):
        """One problem, then the end of the connection: whatever follows in `data` is not looked at."""
        answers, took = self.unharmed_after(lambda: self.exchange(data), refused=1)
        self.assertEqual(len(answers), 1, answers)
        self.assert_problem(answers[0], statuses)
        self.assertEqual(answers[0].headers.get("connection"), "close")
        self.assertLess(took, within)

    def assert_delivered_once_each(self, wanted):
        """The vendor has seen each of these orders exactly once."""
        self.daemon.wait_until_drained()
        seen = self.sandbox.account("releva")["state"]["orders"]
        for order in wanted:
            self.assertEqual(seen.get(order, {}).get("times"), 1, order)
