"""kill -9 at random moments, and at exact ones: at the n-th fdatasync, or with that sync failing."""
import os
import random
import re
import signal
import time

import harness
from ledger import Shops
from rig import STORAGE_FAILURE, Rig, demand, strace, wait_for_end

CLIENTS = 4
# An answer that was on its way when the sync failed may still be read a moment later.
READ_LATE = 0.5
LAST_SYNC = 200


def kill_at_random(cycles, seed):
    """kill -9 under load, again and again on the same store."""
    chance, result = random.Random(seed), {"cycles": cycles}
    with Rig() as rig:
        rig.launch()
        rig.await_listening()
        shops = Shops("k", CLIENTS, rig.ingest_port).start()
        for _ in range(cycles):
            target = shops.count() + chance.randint(1, 150)
            harness.eventually(lambda goal=target: shops.count() >= goal, "more acknowledged events")
            rig.daemon.kill()
            rig.launch()
            demand(rig.await_listening(), "the daemon did not come up again")
        shops.stop()
        rig.settle()
        rig.judge(shops, cycles, result)
        demand(rig.daemon.status()["ingest"]["accepted_total"] >= shops.fresh(), "the store counts fewer events than were acknowledged")
    return result


class SyncFaults:
    """One fault at the n-th fdatasync of a thread, on a fresh store each time; the vendors and the ledger stay."""

    def __init__(self, injection):
        self.injection = injection
        self.reached = 0
        self.crashes = 0
        self.acknowledged = {}

    def cycle(self, rig, n):
        rig.wipe()
        trace = os.path.join(rig.folder, "strace.log")
        process = rig.launch(wrapper=strace(trace, self.injection + f":when={n}"))
        shops = Shops(f"{'e' if 'EIO' in self.injection else 'c'}{n}0", 2, rig.ingest_port).start()
        try:
            code = wait_for_end(process, 5 + 0.05 * n)
        finally:
            if process.child.poll() is None:
                harness.eventually(lambda: rig.daemon.status() and shops.count() > 2 * n, "enough syncs")
            shops.stop()
        with open(trace, encoding="utf-8", errors="replace") as log:
            injected = re.findall(r"^\d+ +([\d.]+) fdatasync.*INJECTED", log.read(), re.M)
        self.look(n, process, code, injected, shops)
        rig.launch()
        demand(rig.await_listening(), f"n={n}: the daemon did not come up again: {rig.daemon.process.text()[-400:]}")
        rig.settle()
        counted = rig.daemon.status()["ingest"]["accepted_total"]
        demand(counted >= shops.fresh(), f"n={n}: {shops.fresh()} acknowledged, {counted} found")
        rig.daemon.kill()
        self.acknowledged.update(shops.acknowledged())

    def look(self, n, process, code, injected, shops):
        killed = code == -signal.SIGKILL
        if not injected and not killed:
            demand(code is None, f"n={n}: ended with {code} without a fault: {process.text()[-400:]}")
            process.end()
            self.crashes += 1
            return
        self.reached += 1
        self.crashes += 1
        if "signal" in self.injection:
            demand(killed, f"n={n}: ended with {code}")
            return
        failed_at = float(injected[0])
        demand(code == STORAGE_FAILURE, f"n={n}: ended with {code}, not {STORAGE_FAILURE}: {process.text()[-400:]}")
        demand(time.time() - failed_at < 5 + 5, f"n={n}: it took too long to end")
        late = shops.last_acknowledged_at() - failed_at
        demand(late < READ_LATE, f"n={n}: an event was acknowledged {late:.2f} s after a failed sync")
        demand("storage" in process.text() or "queue:" in process.text(), f"n={n}: it did not say why it ended")


class Ledger:
    """What SyncFaults collected, in the shape of Shops."""

    def __init__(self, acknowledged):
        self.all = acknowledged

    def acknowledged(self):
        return self.all


def sync_numbers(count):
    """Each of 1…count; of few, some of 1…200, ever further apart: opening alone takes a dozen."""
    if count >= LAST_SYNC:
        return range(1, count + 1)
    return sorted({round(LAST_SYNC ** (step / max(1, count - 1))) for step in range(count)})


def at_each_sync(injection, numbers):
    faults, result = SyncFaults(injection), {"cycles": len(numbers)}
    with Rig() as rig:
        for n in numbers:
            faults.cycle(rig, n)
        rig.arrivals.read()
        result["reached"] = faults.reached
        rig.judge(Ledger(faults.acknowledged), 2 * faults.crashes, result)
    demand(faults.reached >= len(numbers) * 0.9, f"only {faults.reached} of {len(numbers)} faults were reached")
    return result


def kill_at_sync(cycles, seed):
    """SIGKILL at the n-th fdatasync."""
    del seed
    return at_each_sync("signal=KILL", sync_numbers(cycles))


def sync_without_room(cycles, seed):
    """ENOSPC from the n-th fdatasync: refused, opened anew by the daemon itself, and everything is there."""
    del seed
    result, everything = {"cycles": cycles, "reopened": 0}, {}
    with Rig() as rig:
        for n in sync_numbers(cycles):
            rig.wipe()
            trace = os.path.join(rig.folder, "strace.log")
            process = rig.launch(wrapper=strace(trace, f"error=ENOSPC:when={n}"))
            shops = Shops(f"r{n}0", 2, rig.ingest_port).start()
            try:
                harness.eventually(lambda: process.child.poll() is not None or shops.count() > 2 * n, f"n={n}: events to be taken again", 30)
            finally:
                shops.stop()
            code = process.child.poll()
            if code is not None:  # before anybody was served, a new start is as good as a reopening
                demand(code == STORAGE_FAILURE and "listens on" not in process.text(), f"n={n}: ended with {code}: {process.text()[-400:]}")
                rig.launch()
            demand(rig.await_listening(), f"n={n}: did not come up again")
            rig.settle()
            counted = rig.daemon.status()["ingest"]["accepted_total"]
            demand(counted >= shops.fresh(), f"n={n}: {shops.fresh()} acknowledged, {counted} found")
            result["reopened"] += process.text().count("queue: reopened")
            rig.daemon.kill()
            everything.update(shops.acknowledged())
        rig.judge(Ledger(everything), cycles, result)
    return result


def fail_sync(cycles, seed):
    """EIO from the n-th fdatasync: no acknowledgement from there on, exit 74, and everything is there again."""
    del seed
    return at_each_sync("error=EIO", sync_numbers(cycles))
