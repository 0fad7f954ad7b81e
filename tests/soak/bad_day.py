#!/usr/bin/env python3
"""A bad day of the vendors, beside the same day without one.

Two daemons get the same events at the same moments. In front of the first one's vendors trouble comes in windows: in each, three of the five are sick in
different ways, and get well before the next. What the two vendors that are well in a window get, and how fast ingest answers, is compared with the daemon
that knows no trouble, so that noise of the machine meets both. At the end everything has to be delivered, in order, and every ledger has to balance.
"""
import argparse
import calendar
import http.client
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import faults  # noqa: E402
import harness  # noqa: E402
import picture  # noqa: E402
import stage  # noqa: E402
import verdict  # noqa: E402
import watch  # noqa: E402

SICK_PART = 0.55  # of a window; the rest is for getting well
SAMPLE = 4  # every so many-th receipt is read
EDGE = 5  # seconds before the end of a window that do not count: what is posted then may be delivered in the next one


def instant(text):
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) + float(text[19:-1])


class Receipts(threading.Thread):
    """Reads every SAMPLE-th receipt of a stage once the event is old enough to have been delivered; steady, so that it disturbs both alike."""

    def __init__(self, place, settled):
        super().__init__(daemon=True)
        self.place, self.settled = place, settled
        self.over = threading.Event()
        self.found = []  # (acknowledged, destination, seconds from the 202 to the end of the delivery)

    def run(self):
        line, waiting = None, []
        news = self.place.shop.news()
        while True:
            last = self.over.is_set()
            waiting += [(sequence, done) for sequence, _, _, _, _, done in next(news) if sequence % SAMPLE == 0]
            ready = [each for each in waiting if each[1] < time.time() - self.settled or last]
            waiting = waiting[len(ready):]
            for sequence, acknowledged in ready:
                line = line or http.client.HTTPConnection("127.0.0.1", self.place.daemon.admin.port, timeout=30)
                line.request("GET", f"/v1/events/{sequence}", headers={"Authorization": "Bearer " + self.place.daemon.token})
                receipt = json.loads(line.getresponse().read())
                for each in receipt["destinations"]:
                    if each["state"] == "delivered":
                        self.found.append((acknowledged, each["destination"], instant(each["at"]) - acknowledged))
                time.sleep(0.002)
            if last:
                return
            self.over.wait(5)

    def end(self):
        self.over.set()
        self.join()
        return self.found


def plan(windows, chance):
    """Per window {vendor: fault}: everybody has every kind of trouble before anybody has one twice."""
    left = {vendor: [] for vendor in harness.KINDS}
    out = []
    for number in range(windows):
        sick = [harness.KINDS[(number + shift) % 5] for shift in (0, 1, 3)]
        taken = {}
        for vendor in sick:
            if not left[vendor]:
                left[vendor] = chance.sample(faults.KINDS, len(faults.KINDS))
            kind = next((each for each in left[vendor] if each not in taken.values()), left[vendor][0])
            left[vendor].remove(kind)
            taken[vendor] = kind
        out.append(taken)
    return out


def run_windows(place, planned, length):
    """[(begin, end, {vendor: fault})] in seconds since the epoch."""
    out = []
    for trouble in planned:
        begin = time.time()
        print(f"{time.strftime('%H:%M:%S')} " + ", ".join(f"{vendor} {kind}" for vendor, kind in trouble.items()), flush=True)
        ends = [faults.begin(kind, place, vendor) for vendor, kind in trouble.items()]
        time.sleep(max(0.0, begin + length * SICK_PART - time.time()))
        for end in ends:
            end()
        time.sleep(max(0.0, begin + length - time.time()))
        out.append((begin, begin + length, trouble))
    return out


def split(values, windows, vendor=None):
    """The values of the windows in which the vendor was well."""
    return [[value for at, value in values if begin <= at < end - EDGE] for begin, end, trouble in windows if vendor not in trouble]


def compare(sick, calm, windows, vendor=None):
    """p50 and p99 in ms of both, over all windows, and the ratio of the p99s: of all, and the median of the windows'."""
    pairs = [(a, b) for a, b in zip(split(sick, windows, vendor), split(calm, windows, vendor)) if len(a) > 50 and len(b) > 50]
    all_sick, all_calm = [x for a, _ in pairs for x in a], [x for _, b in pairs for x in b]
    p = verdict.percentile
    ratios = [p(a, 0.99) / p(b, 0.99) for a, b in pairs]
    return {"samples": len(all_sick), "p50_ms": [round(p(all_sick, 0.5) * 1e3, 2), round(p(all_calm, 0.5) * 1e3, 2)],
            "p99_ms": [round(p(all_sick, 0.99) * 1e3, 2), round(p(all_calm, 0.99) * 1e3, 2)],
            "p99_ratio": round(p(all_sick, 0.99) / p(all_calm, 0.99), 3), "p99_ratio_per_window": [round(each, 3) for each in ratios],
            "p99_ratio_median_window": round(verdict.percentile(ratios, 0.5), 3)}


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=60)
    ask.add_argument("--windows", type=int, default=10)
    ask.add_argument("--rate", type=float, default=60, help="events a second")
    ask.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    ask.add_argument("--out", help="where result and pictures go (default: they are only told)")
    given = ask.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    length = given.minutes * 60 / given.windows
    seconds = given.minutes * 60
    print(f"seed {given.seed}: {given.windows} windows of {length:.0f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="cartrelay-bad-day-") as folder:
        places = []
        for name in ("sick", "calm"):
            os.mkdir(os.path.join(folder, name))
            places.append(stage.Stage(os.path.join(folder, name)))
        try:
            sick, calm = places
            watches, readers = [], []
            for place in places:
                place.open_shop(given.rate, seconds, given.seed)
                look = place.daemon
                watches.append(watch.Watch(lambda look=look: look.process.child.pid, os.path.join(place.folder, "queue"),
                                           lambda look=look: sum(each["backlog"] for each in look.status()["destinations"])))
                readers.append(Receipts(place, settled=length))
                watches[-1].start()
            harness.eventually(lambda: all(os.path.exists(place.shop.file) for place in places), "the shops to open")
            for reader in readers:
                reader.start()
            windows = run_windows(sick, plan(given.windows, random.Random(given.seed)), length)
            for place in places:
                place.shop.wait()
            begin = time.monotonic()
            sick.daemon.wait_until_drained(900)
            drained = time.monotonic() - begin
            calm.daemon.wait_until_drained()
            delivered = [reader.end() for reader in readers]
            for each in watches:
                each.end()
            result = {"minutes": given.minutes, "rate": given.rate, "seed": given.seed, "drained_after_s": round(drained, 1),
                      "windows": [{"from_s": round(b - windows[0][0]), "sick": trouble} for b, _, trouble in windows]}
            ingest = [[(due, done - due) for _, _, _, _, due, done in place.shop.acknowledged()] for place in places]
            result["ingest"] = compare(*ingest, windows)
            by_vendor = {vendor: [[(at, took) for at, where, took in each if where == vendor] for each in delivered] for vendor in harness.KINDS}
            result["delivery_of_the_healthy"] = {vendor: compare(*values, windows, vendor) for vendor, values in by_vendor.items()}
            result["memory_mib"] = [{"after_5_min": next((row[1] for row in each.rows if row[0] >= 300), each.rows[0][1]),
                                     "highest": max(row[1] for row in each.rows), "last": each.rows[-1][1]} for each in watches]
            result["events"] = len(sick.shop.acknowledged())
            result["verdict"] = [verdict.judge(place) for place in places]
            print(json.dumps(result, indent=1, ensure_ascii=False))
            if given.out:
                healthy = {vendor: [[took for part in split(values, windows, vendor) for took in part] for values in pair]
                           for vendor, pair in by_vendor.items()}
                picture.bad_day(given.out, result, healthy, watches[0].rows)
            bad = [name for each in result["verdict"] for name in verdict.broken(each)]
            raise SystemExit(f"not kept: {', '.join(bad)}" if bad else 0)
        finally:
            for place in places:
                place.end()


if __name__ == "__main__":
    main()
