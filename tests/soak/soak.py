#!/usr/bin/env python3
"""Hours of ordinary misfortune: vendors fall ill at random, the daemon is killed, stopped and reloaded, destinations are paused; the shop goes on posting.

Afterwards everybody is well, and every acknowledged event has to be with its vendors, in order, in a ledger that balances. Resident memory, descriptors and
disk are drawn over time; finished events leave after a few minutes, so that disk has a level to keep.
"""
import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import faults  # noqa: E402
import harness  # noqa: E402
import picture  # noqa: E402
import stage  # noqa: E402
import verdict  # noqa: E402
import watch  # noqa: E402

SETTINGS = 'retention = "3m"\n'


class Misfortune:
    def __init__(self, place, chance):
        self.place, self.chance = place, chance
        self.sick = {}  # vendor -> what ends it
        self.paused = set()
        self.tally = {}

    def strike(self):
        name = self.chance.choices(("sicken", "heal", "kill", "restart", "reload", "pause", "resume"), (8, 7, 1, 1, 1, 1, 2))[0]
        if getattr(self, name)():
            self.tally[name] = self.tally.get(name, 0) + 1

    def sicken(self):
        well = [vendor for vendor in harness.KINDS if vendor not in self.sick]
        if not well:
            return False
        vendor, kind = self.chance.choice(well), self.chance.choice(faults.KINDS)
        self.sick[vendor] = faults.begin(kind, self.place, vendor)
        self.tally[kind] = self.tally.get(kind, 0) + 1
        return True

    def heal(self):
        if not self.sick:
            return False
        self.sick.pop(self.chance.choice(sorted(self.sick)))()
        return True

    def kill(self):
        self.place.daemon.kill()
        self.place.daemon.start()
        return True

    def restart(self):
        assert self.place.daemon.stop() == 0
        self.place.daemon.start()
        return True

    def reload(self):
        self.place.daemon.process.signal(signal.SIGHUP)
        return True

    def pause(self):
        vendor = self.chance.choice(harness.KINDS)
        self.paused.add(vendor)
        return self.place.daemon.operate("POST", f"/v1/destinations/{vendor}/pause")[0] == 200

    def resume(self):
        if not self.paused:
            return False
        vendor = self.chance.choice(sorted(self.paused))
        self.paused.remove(vendor)
        return self.place.daemon.operate("POST", f"/v1/destinations/{vendor}/resume")[0] == 200

    def end(self):
        while self.sick:
            self.heal()
        while self.paused:
            self.resume()


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=30)
    ask.add_argument("--rate", type=float, default=80, help="events a second")
    ask.add_argument("--pace", type=float, default=10, help="seconds between two strikes, on average")
    ask.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    ask.add_argument("--out", help="where result and picture go (default: they are only told)")
    given = ask.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    print(f"seed {given.seed}", flush=True)
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="cartrelay-soak-") as folder:
        place = stage.Stage(folder, SETTINGS)
        try:
            daemon = place.daemon
            looking = watch.Watch(lambda: daemon.process.child.pid, os.path.join(folder, "queue"),
                                  lambda: sum(each["backlog"] for each in daemon.status()["destinations"]))
            looking.start()
            place.open_shop(given.rate, given.minutes * 60, given.seed)
            trouble = Misfortune(place, chance)
            until = time.monotonic() + given.minutes * 60
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, chance.expovariate(1 / given.pace)))
                trouble.strike()
            trouble.end()
            place.shop.wait()
            begin = time.monotonic()
            daemon.wait_until_drained(1800)
            drained = time.monotonic() - begin
            looking.end()
            result = {"minutes": given.minutes, "rate": given.rate, "seed": given.seed, "events": len(place.shop.acknowledged()),
                      "struck": trouble.tally, "drained_after_s": round(drained, 1),
                      "highest": {name: max(row[at] for row in looking.rows) for at, name in ((1, "resident_mib"), (2, "descriptors"), (3, "disk_mib"))},
                      "dead_letters": {each["name"]: each["dead_letters"] for each in daemon.status()["destinations"]},
                      "verdict": verdict.judge(place)}
            print(json.dumps(result, indent=1))
            if given.out:
                picture.write(given.out, "soak", result)
                picture.course(os.path.join(given.out, "soak.svg"), "A daemon in bad company", looking.rows)
            bad = verdict.broken(result["verdict"])
            raise SystemExit(f"not kept: {', '.join(bad)}" if bad else 0)
        finally:
            place.end()


if __name__ == "__main__":
    main()
