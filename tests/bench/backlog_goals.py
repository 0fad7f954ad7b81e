"""P11 to P13: what a backlog may cost: nothing."""
import time

import delivery_goals
import measure
import stage as stage_of

FILL_POST = 500


class Backlog:
    def __init__(self, stage, effort, say):
        self.stage, self.effort, self.say = stage, effort, say

    def run(self, wanted):
        found = []
        if wanted & {"P11", "P13"}:
            found += self.waiting()
        if "P12" in wanted:
            found += self.drained()
        return [each for each in found if each.goal in wanted]

    def fill(self, daemon, events):
        began = time.monotonic()
        said = self.stage.load_daemon(daemon, connections=8, events_per_post=FILL_POST, requests=events // FILL_POST, duration=3600)
        took = time.monotonic() - began
        self.say(f"  {said['events']:,} events in {took:.0f} s")
        return said

    def settle(self, daemon):
        """Waits until RocksDB has put away what was written: its compactions would be charged to whatever runs next."""
        pid = daemon.process.child.pid

        def calm():
            before = stage_of.procfs.cpu_seconds(pid)
            time.sleep(1)
            return stage_of.procfs.cpu_seconds(pid) - before < 0.05
        stage_of.harness.eventually(calm, "the compactions to end", 120)

    def waiting(self):
        nowhere = type("nowhere", (), {"url": lambda _, kind: f"https://127.0.0.1:9{stage_of.harness.BASE_PATHS[kind]}", "ca": ""})()
        empty, full = (self.stage.daemon(name, nowhere) for name in ("p11-empty", "p11-full"))
        pid, resident = full.process.child.pid, []
        self.fill(full, self.effort.events)
        usual = {"connections": 64, "duration": 1.0}
        for _ in range(int(self.effort.long / 3)):  # at full rate, looking between the seconds
            self.stage.load_daemon(full, **usual)
            resident.append(stage_of.procfs.resident_bytes(pid) / (1 << 20))
        backlog = sum(each["backlog"] for each in full.status()["destinations"])
        self.say(f"  resident {max(resident):.0f} MB with {backlog:,} deliveries waiting")
        self.stage.load_daemon(empty, connections=1, requests=10)
        differences, times = [], {"empty": [], "full": []}
        for _ in range(max(3, self.effort.pairs // 2)):
            for name, daemon in (("empty", empty), ("full", full)):
                self.stage.load_daemon(daemon, **usual) if name == "full" else None
                daemon.kill()
                began = time.monotonic()
                daemon.start()
                times[name].append(time.monotonic() - began)
            differences.append(times["full"][-1] - times["empty"][-1])
        self.say(f"  started in {max(times['full']):.2f} s, with nothing waiting in {max(times['empty']):.2f} s")
        for daemon in (empty, full):
            self.stage.end(daemon)
        size = {"events": self.effort.events, "deliveries_waiting": backlog}
        return [measure.Outcome("P11", f"start to ready after kill -9, {self.effort.events:,} events waiting, less with none", " s", 1, True,
                                differences, {**size, **times}),
                measure.Outcome("P13", f"resident memory, {self.effort.events:,} events waiting at five vendors that are down, at full rate", " MB",
                                160, True, [max(resident)], {**size, "resident_mb": resident})]

    def drained(self):
        """One destination, so that the rate is the queue's and the dispatcher's, and not the vendors'."""
        some = max(20_000, self.effort.events // 10)
        delivery = delivery_goals.Delivery(self.stage, self.effort, self.say)
        daemon, nginx = delivery.plain_vendor("p12")
        rates = {"fresh": [], "later": []}

        def drain(events):
            delivery.operate(daemon, "pause", ["releva"])
            self.stage.load_daemon(daemon, connections=8, events_per_post=FILL_POST, requests=events // FILL_POST, duration=3600, mix="order.paid")
            self.settle(daemon)
            waiting = daemon.destination("releva")["backlog"]
            began = time.monotonic()
            delivery.operate(daemon, "resume", ["releva"])
            delivery.drained(daemon, 3600)
            return waiting / (time.monotonic() - began)

        drain(some // 4)
        rates["fresh"] = [drain(some) for _ in range(3)]
        through = drain(self.effort.events)
        rates["later"] = [drain(some) for _ in range(3)]
        self.say(f"  drained {sorted(rates['fresh'])[1]:,.0f}/s fresh, {sorted(rates['later'])[1]:,.0f}/s after {self.effort.events:,} ({through:,.0f}/s)")
        nginx.end()
        self.stage.end(daemon)
        ratios = [later / fresh for later, fresh in zip(sorted(rates["later"]), sorted(rates["fresh"]))]
        return [measure.Outcome("P12", f"drain rate after {self.effort.events:,} delivered / fresh", "", 0.9, False, ratios,
                                {**rates, "events": self.effort.events, "through": through})]
