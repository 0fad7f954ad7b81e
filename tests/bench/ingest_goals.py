"""P1 to P4, P8 and P9: what it costs to make an event durable."""
import measure

CONNECTIONS = 64


class Ingest:
    def __init__(self, stage, effort, say):
        self.stage, self.effort, self.say = stage, effort, say

    def run(self, wanted):
        """The tail has a daemon and a queue of its own, as other goals do: how much is merged depends on how much was stored before."""
        sandbox = self.stage.sandbox()
        found = []
        if "P8" in wanted:
            found += self.with_daemon("tail", sandbox, [self.tail])
        rest = [self.against_peers] if wanted & {"P1", "P2", "P3", "P4"} else []
        rest += [self.alone] if "P9" in wanted else []
        if rest:
            found += self.with_daemon("ingest", sandbox, rest)
        return sorted(found, key=lambda outcome: int(outcome.goal[1:]))

    def with_daemon(self, name, sandbox, measures):
        """Every event is routed to its destinations of the five, which are paused and have read as far ahead as they ever do: what is measured is
        making events durable, not delivering them."""
        daemon = self.stage.daemon(name, sandbox)
        for kind in ("releva", "reloadify", "elevate", "esputnik", "rokt"):
            daemon.operate("POST", f"/v1/destinations/{kind}/pause")
        self.stage.load_daemon(daemon, connections=4, events_per_post=500, requests=200, duration=120)
        found = [outcome for measured in measures for outcome in measured(daemon)]
        self.stage.end(daemon)
        return found

    def against_peers(self, daemon):
        redis, nginx, postgres = self.stage.redis(), self.stage.nginx(), self.stage.postgres()
        sides = {
            "cartrelay": lambda **more: self.stage.load_daemon(daemon, **more),
            "redis": lambda **more: self.stage.load("redis", redis.port, **more),
            "nginx": lambda **more: self.stage.load("http", nginx.port, **more),
            "postgres": lambda **more: self.stage.load("postgres", postgres.port, user=postgres.user, **more),
            "cartrelay_100": lambda **more: self.stage.load_daemon(daemon, events_per_post=100, **more),
        }
        usual = {"connections": CONNECTIONS, "duration": self.effort.seconds + 0.5, "warm_up": 0.5}
        for side in sides.values():  # nobody's first run counts
            side(**{**usual, "duration": 1.0})
        rows = {name: [] for name in sides}
        for number in range(self.effort.pairs):
            for name, side in sides.items():
                rows[name].append(side(**usual))
            self.stage.forget(redis)
            self.say(f"  round {number + 1}: " + ", ".join(f"{name} {row[-1]['events_per_second']:,.0f}/s" for name, row in rows.items()))
        self.stage.forget(redis)
        for peer in (redis, nginx, postgres):
            peer.end()

        def ratios(other, of="cartrelay"):
            return [a["events_per_second"] / b["events_per_second"] for a, b in zip(rows[of], rows[other])]

        rates = {name: {"events_per_second": measure.median(row, "events_per_second"), "p50_us": measure.median(row, "p50_us"),
                        "p99_us": measure.median(row, "p99_us")} for name, row in rows.items()}
        for name in ("cartrelay", "cartrelay_100"):
            rates[name]["cpu_us_per_event"] = measure.median(rows[name], "cpu_us")
        return [
            measure.Outcome("P1", "durable single events, 64 connections / redis XADD, synced", "", 0.8, False, ratios("redis"), rates),
            measure.Outcome("P2", "the same / nginx answering 202", "", 0.35, False, ratios("nginx")),
            measure.Outcome("P3", "the same / PostgreSQL INSERT", "", 2.5, False, ratios("postgres")),
            measure.Outcome("P4", "events a second in posts of 100 / in single posts", "", 5, False, ratios("cartrelay", "cartrelay_100")),
        ]

    def tail(self, daemon):
        said = self.stage.load_daemon(daemon, connections=CONNECTIONS, duration=self.effort.long + 1, warm_up=1)
        self.say(f"  {self.effort.long} s at 64 connections: p50 {said['p50_us']:.0f} µs, p99 {said['p99_us']:.0f} µs")
        return [measure.Outcome("P8", f"p99 / p50 at 64 connections over {self.effort.long} s", "", 4, True,
                                [said["p99_us"] / said["p50_us"]], said)]

    def alone(self, daemon):
        values, ours, disk = [], [], []
        for _ in range(self.effort.pairs):
            ours.append(self.stage.load_daemon(daemon, connections=1, duration=self.effort.seconds))
            disk.append(self.stage.load("sync", file=f"{self.stage.folder}/append", duration=self.effort.seconds / 2))
            values.append(ours[-1]["p50_us"] / disk[-1]["p50_us"])
        self.say(f"  1 connection: p50 {measure.median(ours, 'p50_us'):.0f} µs; append and sync {measure.median(disk, 'p50_us'):.0f} µs")
        return [measure.Outcome("P9", "p50 at 1 connection / p50 of append 1 KB and fdatasync", "", 2.5, True, values,
                                {"cartrelay_p50_us": measure.median(ours, "p50_us"), "sync_p50_us": measure.median(disk, "p50_us")})]
