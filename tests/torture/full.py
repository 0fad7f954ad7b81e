"""Full disks and full queues: events are refused politely, deliveries go on, and room ends it within ten seconds."""
import os
import time

import harness
from ledger import Shops
from rig import BUSY, Rig, demand, wait_for_end

RECOVERY = 10.0
PADDING = 8000


def recovered_within(shops, began):
    """Seconds from `began` until an event was acknowledged again."""
    harness.eventually(lambda: shops.last_acknowledged_at() > began, "an event to be taken again", 3 * RECOVERY)
    return min(at for shop in shops.all for at in shop.acknowledged_at if at > began) - began


def refused_with(shops, *reasons):
    return sum(count for (status, reason), count in shops.refusals().items() if status == 503 and reason in reasons)


def fill(path, leave):
    """A neighbour that takes what is left on the disk, but for so many bytes."""
    with open(path, "ab") as hog:
        while True:
            left = os.statvfs(os.path.dirname(path))
            left = left.f_bavail * left.f_frsize - leave
            if left <= 0:
                return
            try:
                hog.write(b"\0" * min(left, 1 << 20))
                hog.flush()
            except OSError:
                return


def disk_full(cycles, seed):
    """A neighbour leaves less than the floor, then nothing at all, and goes again."""
    del seed
    result = {"cycles": cycles, "slowest recovery s": 0.0}
    with Rig(floor="24MiB") as rig, rig.mounted("-t", "tmpfs", "-o", "size=160m", "tmpfs"):
        hog = os.path.join(rig.queue, "neighbour")
        rig.launch()
        demand(rig.await_listening(), "the daemon did not start")
        shops = Shops("f", 3, rig.ingest_port, PADDING).start()
        shops.set_pace(0.004)
        for cycle in range(cycles):
            for leave, reasons in ((12 << 20, ("disk_low",)), (0, ("disk_low", "read_only"))):
                pressed(rig, shops, hog, leave, reasons, result, f"cycle {cycle + 1}, {leave} bytes left")
        shops.stop()
        rig.settle()
        rig.judge(shops, 0, result)
        demand(shops.without_retry_after() == 0, "503 without Retry-After")
    return result


def pressed(rig, shops, hog, leave, reasons, result, where):
    harness.eventually(lambda before=shops.count(): shops.count() > before + 50, f"{where}: events", 20)
    rig.sandbox.fail(vendor="releva", action="status", status=503)
    harness.eventually(lambda: rig.daemon.destination("releva")["backlog"] > 20, f"{where}: a backlog")
    before = refused_with(shops, *reasons)
    fill(hog, leave)
    harness.eventually(lambda: refused_with(shops, *reasons) > before + 5, f"{where}: events to be refused", 20)
    queue = rig.daemon.status()["queue"]
    demand(not queue["writable"] and queue["reason"] in reasons, f"{where}: the status says {queue}")
    demand(rig.daemon.ingest.call("GET", "/livez")[0] == 200, f"{where}: not alive")
    demand(rig.daemon.ingest.call("GET", "/readyz")[0] == 503, f"{where}: ready, though it takes no events")
    rig.sandbox.heal()
    if leave:
        harness.eventually(lambda: rig.daemon.destination("releva")["backlog"] == 0, f"{where}: deliveries to go on")
    os.unlink(hog)
    took = recovered_within(shops, time.time())
    result["slowest recovery s"] = max(result["slowest recovery s"], round(took, 2))
    demand(took <= RECOVERY, f"{where}: {took:.1f} s until an event was taken again")


def disk_overrun(cycles, seed):
    """No floor to speak of: the queue itself meets the end of the disk, and goes on when there is room again."""
    del seed
    result = {"cycles": cycles, "slowest recovery s": 0.0, "reopened": 0}
    for cycle in range(cycles):
        with Rig(floor="64KiB") as rig, rig.mounted("-t", "tmpfs", "-o", "size=120m", "tmpfs"):
            hog = os.path.join(rig.queue, "neighbour")
            fill(hog, 80 << 20)
            rig.launch()
            demand(rig.await_listening(), "the daemon did not start")
            shops = Shops(f"v{cycle}", 3, rig.ingest_port, PADDING).start()
            rig.sandbox.fail(vendor="releva", action="status", status=503)
            harness.eventually(lambda: refused_with(shops, "read_only", "unknown", "disk_low") > 10, "the disk to be full", 120)
            shops.set_pace(0.01)
            rig.sandbox.heal()
            os.unlink(hog)
            took = recovered_within(shops, time.time())
            result["slowest recovery s"] = max(result["slowest recovery s"], round(took, 2))
            demand(took <= RECOVERY, f"cycle {cycle + 1}: {took:.1f} s until an event was taken again")
            shops.stop()
            rig.settle()
            seen = {}
            rig.judge(shops, 1, seen)
            for figure in seen:
                result[figure] = result.get(figure, 0) + seen[figure]
            result["reopened"] += rig.daemon.process.text().count("queue: reopened")
    return result


def queue_full(cycles, seed):
    """max_size is reached while a vendor is down; when it is back, finished events leave early."""
    del seed
    result = {"cycles": cycles, "slowest recovery s": 0.0}
    with Rig(settings='max_size = "12MiB"') as rig:
        rig.launch()
        rig.await_listening()
        shops = Shops("m", 3, rig.ingest_port, PADDING).start()
        for cycle in range(cycles):
            rig.sandbox.fail(vendor="releva", action="status", status=503)
            before = refused_with(shops, "queue_full")
            harness.eventually(lambda: refused_with(shops, "queue_full") > before + 5, f"cycle {cycle + 1}: events to be refused", 60)
            demand(rig.daemon.destination("esputnik")["delivered_total"] > 0, "the healthy vendor got nothing")
            backlog = rig.daemon.destination("releva")["backlog"]
            demand(backlog > 0, "nothing waits")
            rig.sandbox.heal()
            harness.eventually(lambda: rig.daemon.destination("releva")["backlog"] == 0, "what waited to be delivered")
            began = time.time()
            took = recovered_within(shops, began)
            result["slowest recovery s"] = max(result["slowest recovery s"], round(took, 2))
            demand(took <= RECOVERY, f"cycle {cycle + 1}: {took:.1f} s until an event was taken again")
        shops.stop()
        rig.settle()
        rig.judge(shops, 0, result)
        demand(shops.without_retry_after() == 0, "503 without Retry-After")
    return result


def second_instance(cycles, seed):
    """Another daemon on the same queue is refused, and told by whom."""
    del seed
    with Rig() as rig:
        rig.launch()
        rig.await_listening()
        first = rig.daemon.process
        for _ in range(cycles):
            second = rig.launch()
            code = wait_for_end(second, 10)
            demand(code == BUSY, f"the second daemon ended with {code}")
            demand(f"pid {first.child.pid}" in second.text(), f"it does not name the holder: {second.text()}")
            demand(rig.daemon.ingest.call("GET", "/readyz")[0] == 200, "the first one was disturbed")
        rig.daemon.process = first
        demand(rig.daemon.stop() == 0, "the first one did not stop")
    return {"cycles": cycles, "lost": 0}
