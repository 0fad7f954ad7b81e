"""Controls: faults that have to be noticed. A judge that lets one of these pass would prove nothing."""
import os
import shutil

import harness
from ledger import Shops
from rig import NEEDS_A_PERSON, Failed, Rig, demand, wait_for_end


def older_copy(cycles, seed):
    """A store is put back as it was some acknowledged events ago, with the marker it has now: refused, each time."""
    del seed
    result = {"cycles": cycles, "control": True, "refused": 0}
    with Rig() as rig:
        for cycle in range(cycles):
            rig.wipe()
            earlier = os.path.join(rig.folder, f"earlier-{cycle}")
            rig.launch()
            rig.await_listening()
            shops = Shops(f"o{cycle}", 2, rig.ingest_port).start()
            harness.eventually(lambda: shops.count() > 20, "events")
            shops.stop()
            rig.daemon.stop()
            shutil.copytree(os.path.join(rig.queue, "db"), earlier)
            rig.launch()
            rig.await_listening()
            code, answer, _ = rig.daemon.post(shops.all[0].event(10_000 + cycle))
            demand(code == 202, f"the last event was answered {code}: {answer}")
            rig.daemon.kill()
            shutil.rmtree(os.path.join(rig.queue, "db"))
            shutil.move(earlier, os.path.join(rig.queue, "db"))
            process = rig.launch()
            code = wait_for_end(process, 20)
            demand(code == NEEDS_A_PERSON, f"a store without its newest event ended the daemon with {code}: {process.text()[-300:]}")
            result["refused"] += 1
    return result


def forgetful_vendor(cycles, seed):
    """An arrival is struck from the vendors' log, one arrival is repeated, two change places: the judge has to see each."""
    del seed
    noticed = 0
    for _ in range(cycles):
        with Rig() as rig:
            rig.launch()
            rig.await_listening()
            shops = Shops("g", 2, rig.ingest_port).start()
            harness.eventually(lambda: shops.count() > 30, "events")
            shops.stop()
            rig.settle()
            rig.judge(shops, 0, {})
            arrived = rig.arrivals.counts[rig.vendors[0]]
            victim = sorted(arrived)[len(arrived) // 2]
            arrived[victim] += 1
            noticed += objects(rig, shops)
            del arrived[victim]
            noticed += objects(rig, shops)
            arrived[victim] = 1
            rig.arrivals.disorder = 1
            noticed += objects(rig, shops)
    demand(noticed == 3 * cycles, f"the judge noticed {noticed} of {3 * cycles} faults")
    return {"cycles": cycles, "control": True, "noticed": noticed}


def objects(rig, shops):
    try:
        rig.judge(shops, 0, {})
    except Failed:
        return 1
    return 0
