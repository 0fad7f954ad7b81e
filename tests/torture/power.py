"""Power cuts: the file system of a loop device stops at once, whatever was not synced is gone, and the store is opened again."""
import os
import random
import time

import harness
from ledger import Shops
from rig import NEEDS_A_PERSON, Rig, cut_power, demand, make_image, need_tools, run, unmount

CLIENTS = 4


class Machine:
    """A rig whose queue lies on a disk of its own that can lose its power."""

    def __init__(self, rig, wrapper=()):
        self.rig, self.wrapper = rig, wrapper
        self.image = os.path.join(rig.folder, "disk.img")

    def start(self, *options):
        self.rig.launch(*options, wrapper=self.wrapper)
        return self.rig.await_listening()

    def lose_power(self):
        cut_power(self.rig.queue)
        self.rig.daemon.kill()
        unmount(self.rig.queue)
        run("mount", "-o", "loop", self.image, self.rig.queue)


def power_cuts(cycles, seed):
    """The power goes under load, again and again on the same store."""
    chance, result = random.Random(seed), {"cycles": cycles}
    with Rig() as rig:
        machine = Machine(rig)
        make_image(machine.image)
        with rig.mounted("-o", "loop", machine.image):
            demand(machine.start(), "the daemon did not start")
            shops, doubtful = Shops("p", CLIENTS, rig.ingest_port).start(), set()
            for cycle in range(cycles):
                target = shops.count() + chance.randint(1, 200)
                harness.eventually(lambda goal=target: shops.count() >= goal, "more acknowledged events")
                # While the plug is being pulled some answers still get out, as they could not if the whole machine went dark: what is read
                # from here on proves nothing.
                pulled = time.time()
                machine.lose_power()
                doubtful |= shops.acknowledged_between(pulled, time.time())
                acknowledged = shops.fresh() - len(doubtful)
                demand(machine.start(), f"cut {cycle + 1}: the daemon did not come up again: {rig.daemon.process.text()[-400:]}")
                lost = acknowledged - rig.daemon.status()["ingest"]["accepted_total"]
                demand(lost <= 0, f"cut {cycle + 1}: at least {lost} acknowledged events are gone")
            shops.stop()
            rig.settle()
            rig.judge(shops, cycles, result, doubtful)
            result["doubtful"] = len(doubtful)
            rig.daemon.stop()
    return result


def without_syncs(cycles, seed):
    """Control: the same with every sync switched off has to lose acknowledged events, and that has to be noticed."""
    need_tools("eatmydata")
    chance, result = random.Random(seed), {"cycles": cycles, "control": True, "lost": 0, "refused": 0}
    for _ in range(cycles):
        with Rig() as rig:
            machine = Machine(rig, wrapper=("eatmydata",))
            make_image(machine.image)
            with rig.mounted("-o", "loop", machine.image):
                demand(machine.start(), "the daemon did not start")
                shops = Shops("u", CLIENTS, rig.ingest_port).start()
                target = chance.randint(50, 200)
                harness.eventually(lambda goal=target: shops.count() >= goal, "acknowledged events")
                time.sleep(chance.random())
                machine.lose_power()
                acknowledged = shops.fresh()
                shops.stop()
                if machine.start():
                    result["lost"] += max(0, acknowledged - rig.daemon.status()["ingest"]["accepted_total"])
                    rig.daemon.kill()
                else:
                    code = rig.daemon.process.wait()
                    demand(code == NEEDS_A_PERSON, f"a store that lost its syncs ended the daemon with {code}")
                    result["refused"] += 1
                result["acknowledged"] = result.get("acknowledged", 0) + shops.count()
    demand(result["lost"] + result["refused"] > 0, "without syncs nothing was lost: this test would not notice a loss")
    return result
