"""P5 to P7, P10 and P14: delivery, and what it does to ingest."""
import datetime
import json
import time

import measure
import stage as stage_of

# What was measured of Fluent Bit 5.1 (HTTP in, HTTP out, storage.sync full, which does not sync before it answers) beside the same peers on another
# day: events a second relative to redis XADD with appendfsync always, processor time per event relative to an nginx request. It is no Debian package.
FLUENT_BIT_OF_REDIS = 22.5 / 53.5
FLUENT_BIT_OF_NGINX_CPU = 40 / 8


class Delivery:
    def __init__(self, stage, effort, say):
        self.stage, self.effort, self.say = stage, effort, say

    def run(self, wanted):
        found = []
        for goal, measured in (("P5", self.end_to_end), ("P6", self.fan_out), ("P7", self.beside_a_backlog), ("P10", self.first_attempt),
                               ("P14", self.among_the_sick)):
            if goal in wanted:
                found += measured()
        return found

    def slow_sandbox(self, latency_ms):
        sandbox = self.stage.sandbox()
        for vendor in stage_of.harness.KINDS:
            status, answer, _ = sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": vendor, "latency_ms": latency_ms})
            assert status < 300, (status, answer)
        return sandbox

    @staticmethod
    def operate(daemon, verb, kinds=stage_of.harness.KINDS):
        for kind in kinds:
            status, answer, _ = daemon.operate("POST", f"/v1/destinations/{kind}/{verb}")
            assert status < 300, (status, answer)

    @staticmethod
    def finished(daemon):
        return sum(each[name] for each in daemon.status()["destinations"] for name in ("delivered_total", "skipped_total", "superseded_total"))

    def drained(self, daemon, patience=600):
        stage_of.harness.eventually(lambda: all(each["backlog"] == 0 for each in daemon.status()["destinations"]), "an empty backlog", patience)

    # ---- P5

    def plain_vendor(self, name):
        """A daemon with one destination: carts for Releva, by plain HTTP to an nginx that takes everything."""
        nginx = self.stage.nginx()
        sandbox = type("vendor", (), {"url": lambda _, kind: f"http://127.0.0.1:{nginx.port}/v0/carts", "ca": ""})()
        daemon = self.stage.daemon(name, sandbox, kinds=("releva",), per_kind={
            "releva": 'events = ["order.paid", "cart.updated"]\nbatch = { max_events = 100, linger = "20ms" }\n'})
        return daemon, nginx

    def end_to_end(self):
        daemon, nginx = self.plain_vendor("p5")
        redis = self.stage.redis()
        pid, rates, cpu, rate_ratios, cpu_ratios = daemon.process.child.pid, [], [], [], []
        for number in range(self.effort.pairs):
            self.stage.forget(redis)
            redis_rate = self.stage.load("redis", redis.port, duration=self.effort.seconds)["events_per_second"]
            nginx_pids = [int(each) for each in self.children(nginx.child.pid)]
            before = sum(stage_of.procfs.cpu_seconds(each) for each in nginx_pids)
            plain = self.stage.load("http", nginx.port, duration=self.effort.seconds)
            nginx_us = (sum(stage_of.procfs.cpu_seconds(each) for each in nginx_pids) - before) * 1e6 / plain["requests"]
            begin, before = time.monotonic(), stage_of.procfs.cpu_seconds(pid)
            said = self.stage.load("http", daemon.ingest.port, duration=self.effort.seconds, mix="order.paid")
            self.drained(daemon)
            took = time.monotonic() - begin
            rates.append(said["events"] / took)
            cpu.append((stage_of.procfs.cpu_seconds(pid) - before) * 1e6 / said["events"])
            rate_ratios.append(rates[-1] / redis_rate / FLUENT_BIT_OF_REDIS)
            cpu_ratios.append(cpu[-1] / nginx_us / FLUENT_BIT_OF_NGINX_CPU)
            self.say(f"  round {number + 1}: {rates[-1]:,.0f}/s end to end, {cpu[-1]:.1f} µs; redis {redis_rate:,.0f}/s; nginx {nginx_us:.1f} µs")
        for peer in (nginx, redis):
            peer.end()
        self.stage.end(daemon)
        note = "indirect: Fluent Bit is no Debian package; its figures of another day, relative to redis and nginx, stand in for it"
        detail = {"events_per_second": sorted(rates), "cpu_us_per_event": sorted(cpu)}
        return [measure.Outcome("P5", "HTTP to one HTTP destination, synced / Fluent Bit (indirect)", "", 1.7, False, rate_ratios, detail, note),
                measure.Outcome("P5", "the same: processor time per event (indirect)", "", 0.6, True, cpu_ratios, detail, note)]

    @staticmethod
    def children(pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            return children.read().split()

    # ---- P6

    def fan_out(self):
        sandbox = self.stage.sandbox()
        daemon = self.stage.daemon("p6", sandbox)
        pid, ratios, per_delivery, per_request = daemon.process.child.pid, [], [], []
        body = self.stage.folder + "/cart.json"
        daemon.post(json.loads(EVENT))
        stage_of.harness.eventually(lambda: sandbox.requests("releva"), "a cart at the sandbox")
        with open(body, "w", encoding="utf-8") as out:
            out.write(sandbox.requests("releva")[0]["body"])
        self.drained(daemon)
        for number in range(self.effort.pairs):
            raw = self.stage.load("http", sandbox.port, ca=sandbox.ca, path="/releva/api/v0/carts", body_file=body, connections=8,
                                  header="Authorization: Bearer sandbox-releva\r\nContent-Type: application/json", duration=self.effort.seconds)
            raw_us = raw["driver_cpu_s"] * 1e6 / raw["requests"]
            self.operate(daemon, "pause")
            self.stage.load_daemon(daemon, events_per_post=100, requests=self.effort.events // 2000, duration=60)
            before, ended, tried = stage_of.procfs.cpu_seconds(pid), self.finished(daemon), self.attempts(daemon)
            self.operate(daemon, "resume")
            self.drained(daemon)
            used = (stage_of.procfs.cpu_seconds(pid) - before) * 1e6
            per_delivery.append(used / (self.finished(daemon) - ended))
            per_request.append(used / (self.attempts(daemon) - tried))
            ratios.append(per_delivery[-1] / raw_us)
            self.say(f"  round {number + 1}: {per_delivery[-1]:.1f} µs a delivery ({per_request[-1]:.1f} an attempt), raw client {raw_us:.1f} µs a request")
        self.stage.end(daemon)
        sandbox.process.end()
        return [measure.Outcome("P6", "five TLS destinations: processor time a delivery / raw TLS client", "", 2.5, True, ratios,
                                {"us_per_delivery": per_delivery, "us_per_attempt": per_request})]

    @staticmethod
    def attempts(daemon):
        return sum(each["attempts_total"] for each in daemon.status()["destinations"])

    # ---- P7

    def beside_a_backlog(self):
        sandbox = self.slow_sandbox(100)
        daemon = self.stage.daemon("p7", sandbox)
        usual = {"connections": 64, "duration": self.effort.seconds + 0.5, "warm_up": 0.5}
        self.operate(daemon, "pause")
        self.stage.load_daemon(daemon, events_per_post=100, requests=self.effort.events // 100, duration=300)
        ratios, rows = [], {"alone": [], "draining": []}
        for number in range(self.effort.pairs):
            rows["alone"].append(self.stage.load_daemon(daemon, **usual))
            self.operate(daemon, "resume")
            rows["draining"].append(self.stage.load_daemon(daemon, **usual))
            self.operate(daemon, "pause")
            ratios.append(rows["draining"][-1]["events_per_second"] / rows["alone"][-1]["events_per_second"])
            self.say(f"  round {number + 1}: " + ", ".join(f"{name} {row[-1]['events_per_second']:,.0f}/s" for name, row in rows.items()))
        backlog = min(each["backlog"] for each in daemon.status()["destinations"])
        self.stage.end(daemon)
        sandbox.process.end()
        return [measure.Outcome("P7", "ingest while five destinations drain a backlog / alone", "", 0.75, False, ratios,
                                {"alone": measure.median(rows["alone"], "events_per_second"), "vendor_latency_ms": 100, "smallest_backlog_left": backlog,
                                 "draining": measure.median(rows["draining"], "events_per_second")})]

    # ---- P10

    def first_attempt(self):
        sandbox = self.stage.sandbox()
        daemon = self.stage.daemon("p10", sandbox, kinds=("elevate",))
        accepted = self.stage.folder + "/accepted"
        self.stage.load_daemon(daemon, connections=1, rate=20, requests=5, duration=5, mix="cart.item_added")
        self.drained(daemon)
        values = []
        for number in range(3):
            known = {each["number"] for each in sandbox.requests("elevate")}
            self.stage.load_daemon(daemon, connections=1, rate=20, requests=20 * int(self.effort.long / 6), duration=60, mix="cart.item_added",
                                   acks=accepted)
            self.drained(daemon)
            arrived = [each["time"] for each in sandbox.requests("elevate") if each["number"] not in known]
            with open(accepted, encoding="ascii") as rows:
                answered = [int(row.split("\t")[2]) for row in rows]
            assert len(arrived) == len(answered), (len(arrived), len(answered))
            delays = sorted(micros(at) - since for at, since in zip(arrived, answered))
            values.append(max(0.0, delays[int(len(delays) * 0.99)] / 1000))
            self.say(f"  round {number + 1}: p50 {max(0, delays[len(delays) // 2]) / 1000:.1f} ms, p99 {values[-1]:.1f} ms of {len(delays)}")
        self.stage.end(daemon)
        sandbox.process.end()
        return [measure.Outcome("P10", "first attempt at an idle destination after the 202, p99", " ms", 5, True, values,
                                note="from the driver's 202 to when the vendor had the whole request, on one clock")]

    # ---- P14

    def among_the_sick(self):
        daemons = {}
        for name in ("healthy", "sick"):
            sandbox = self.slow_sandbox(50)
            daemons[name] = self.stage.daemon("p14-" + name, sandbox)
            if name == "sick":
                sandbox.fail(vendor="releva", action="hang")
                sandbox.fail(vendor="elevate", action="status", status=503)
                sandbox.fail(vendor="esputnik", action="delay", delay_ms=5000)
        usual = {"connections": 64, "rate": self.effort.steady_rate, "duration": self.effort.seconds + 1.5, "warm_up": 1.0}
        rows = {name: [] for name in daemons}
        for number in range(self.effort.pairs):
            for name, daemon in daemons.items():
                rows[name].append(self.stage.load_daemon(daemon, **usual))
            self.say(f"  round {number + 1}: " + ", ".join(f"{name} p99 {row[-1]['p99_us']:,.0f} µs" for name, row in rows.items()))
        for daemon in daemons.values():
            self.stage.end(daemon)
            daemon.sandbox.process.end()
        ratios = [sick["p99_us"] / healthy["p99_us"] for sick, healthy in zip(rows["sick"], rows["healthy"])]
        return [measure.Outcome("P14", "ingest p99 with one destination hanging, one refusing, one slow / all healthy", "", 1.2, True, ratios,
                                {"events_a_second": self.effort.steady_rate,
                                 **{name + "_p99_us": measure.median(row, "p99_us") for name, row in rows.items()}})]


EVENT = """{"specversion":"1.0","id":"p6-first","source":"shop/bg","type":"order.paid","data":{"order":{"id":"p6-1","currency":"EUR","total":"179.90",
"items":[{"product_id":"P-100","quantity":2,"unit_price":"89.95"}]},"customer":{"id":"c-1","email":"maria@example.com"},
"session":{"id":"s-1","market":"BG","language":"bg"}}}"""


def micros(written):
    at = datetime.datetime.fromisoformat(written.replace("Z", "+00:00"))
    return int(at.timestamp() * 1e6)
