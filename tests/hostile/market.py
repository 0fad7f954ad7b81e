"""One daemon with a destination for each hostile vendor, and an honest vendor beside them that must not notice."""
import json
import shutil
import tempfile
import unittest

from stand import events, harness
import authority
import vendor
import procfs
import wire

SETTINGS = """
[[destinations]]
name = "{name}"
kind = "{kind}"
url = "https://{host}:{port}/carts"
ca_file = "{ca}"
filter = {{ source = [{sources}] }}
connect_timeout = "{connect}s"
request_timeout = "{request}s"
concurrency = 2
retry = {{ initial = "50ms", max = "200ms", max_age = "72h" }}
"""
SECRET = harness.SECRETS["releva"]


class Case:
    """A vendor's misbehaviour and what has to come of it: the state of its first event, the reason, words of the evidence."""

    def __init__(self, name, play, state="retrying", reason="in_doubt", words=".", host="127.0.0.1", context=None, sends=None, kind="releva",
                 hurry=None, more=""):
        self.name, self.play, self.state, self.reason, self.words = name, play, state, reason, words
        self.host, self.context = host, context
        self.sends = sends  # how many requests the vendor may have read while it was hostile: True any, False none
        self.kind = kind
        self.more = more  # settings
        self.hurry = "timed out" in words if hurry is None else hurry  # short deadlines, where nothing but a deadline ends it
        self.vendor = None

    @property
    def source(self):
        return "shop/" + self.name


class Market(unittest.TestCase):
    address = "127.0.0.1"  # of the vendors
    wrapper = ()

    @classmethod
    def open_market(cls, cases):
        """Starts the vendors of these cases, the honest one, and the daemon."""
        cls.cases = {case.name: case for case in cases}
        for case in cases:
            case.vendor = vendor.Vendor(case.play, cls.good, case.context, cls.address)
            cls.addClassCleanup(case.vendor.close)
        cls.honest = vendor.Vendor(vendor.honest, cls.good, address=cls.address)
        cls.addClassCleanup(cls.honest.close)
        more = "".join(cls.settings(case.name, case.host, case.vendor.port, f'"{case.source}"', case.kind, case.hurry, case.more) for case in
            cases)
        more += cls.settings("honest", "127.0.0.1", cls.honest.port, "")
        cls.daemon = harness.Daemon(cls.folder, None, kinds=(), more=more)
        cls.addClassCleanup(lambda: cls.daemon.process and cls.daemon.process.end())
        cls.daemon.start(cls.wrapper)
        cls.posted = 0

    @classmethod
    def settings(cls, name, host, port, sources, kind="releva", hurry=False, more=""):
        own = more + harness.OWN_SETTINGS.get(kind, "") + "batch = { max_events = 1 }\n" * (kind == "releva")
        if kind in harness.SECRETS:
            own += f'secret = {{ file = "{cls.folder}/{kind}.secret" }}\n'
        return SETTINGS.format(name=name, kind=kind, host=host, port=port, ca=cls.trusted.certificate, sources=sources,
                               connect=1 if hurry else 5, request=2 if hurry else 10) + own

    @classmethod
    def make_folder(cls):
        cls.folder = tempfile.mkdtemp(prefix="cartrelay-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.trusted = authority.Authority(cls.folder)
        cls.good = vendor.server_context(cls.trusted.issue("good"))

    def event(self, case, number):
        return events.order(f"{case.name}-{number}", customer=f"{case.name}-{number}")

    def post(self, case, number):
        event = self.event(case, number)
        event["source"] = case.source
        status, answer, _ = self.daemon.post(event)
        self.assertEqual(status, 202, answer)
        type(self).posted += 1
        return answer["accepted"][0]["sequence"]

    def line_of(self, case, sequence):
        return self.daemon.state_at(sequence, case.name)

    def wait_for_state(self, case, sequence, state):
        def reached():
            line = self.line_of(case, sequence)
            return line if line["state"] == state and line["attempts"]["count"] > 0 else None
        return harness.eventually(reached, f"{case.name}: event {sequence} to be {state}", 20)

    def assert_honest_vendor_undisturbed(self):
        harness.eventually(lambda: self.daemon.destination("honest")["delivered_total"] == self.posted, "the honest vendor to have everything")
        seen = self.daemon.destination("honest")
        self.assertEqual((seen["failed_attempts_total"], seen["backlog"], seen["state"]), (0, 0, "active"))

    def assert_all_balance(self):
        for each in self.daemon.status()["destinations"]:
            self.assertTrue(harness.balances(each), each)
        self.assertIsNone(self.daemon.process.child.poll())

    def resident(self, what="VmRSS"):
        return procfs.resident_bytes(self.daemon.process.child.pid, what)

    def assert_grew_less(self, grown, most):
        if not wire.SANITIZED:
            self.assertLess(grown, most, "resident memory at the most")

    def attack_and_heal(self):
        """Every case at once: the wanted verdict while the vendor is hostile, delivery after it has become honest."""
        before = self.resident()
        first = {name: self.post(case, 1) for name, case in self.cases.items()}
        for name, case in self.cases.items():
            with self.subTest(name):
                line = self.wait_for_state(case, first[name], case.state)
                if case.state != "delivered":
                    self.assertRegex(line["reason"], f"^({case.reason})$", line)
                    self.assertRegex(json.dumps(line["answer"], ensure_ascii=False), case.words, line)
                if case.sends is not None:
                    self.assertEqual(bool(case.vendor.requests), case.sends, [request.line for request in case.vendor.requests])
        grown = self.resident("VmHWM") - before
        for case in self.cases.values():
            case.vendor.heal()
        second = {name: self.post(case, 2) for name, case in self.cases.items()}
        for name, case in self.cases.items():
            with self.subTest(name + ", healed"):
                if case.state != "dead_letter":
                    self.wait_for_state(case, first[name], "delivered")
                self.wait_for_state(case, second[name], "delivered")
                self.assertIn(f"{name}-2", [request.order for request in case.vendor.requests])
        return grown
