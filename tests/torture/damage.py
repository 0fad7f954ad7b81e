"""Damaged stores: every kind of file, flipped, cut or deleted. Nothing may be missing that is not said."""
import contextlib
import os
import random
import shutil

import harness
from ledger import Shops
from rig import NEEDS_A_PERSON, Failed, Rig, demand, wait_for_end

EVENTS = 240
KINDS = ("log", "sst", "MANIFEST", "CURRENT", "OPTIONS", "IDENTITY", "marker")


def kind_of(name):
    if name == "marker":
        return name
    return name.rpartition(".")[2] if "." in name else name.partition("-")[0]


def flip(position):
    def change(path):
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            at = int(position * (size - 1))
            file.seek(at)
            was = file.read(1)[0]
            file.seek(at)
            file.write(bytes([was ^ 0x10]))
    return change


def cut(share):
    return lambda path: os.truncate(path, int(os.path.getsize(path) * share))


HARMS = {"bit flipped at the start": flip(0.02), "bit flipped in the middle": flip(0.5), "bit flipped at the end": flip(0.97),
         "cut to 95 %": cut(0.95), "cut to half": cut(0.5), "emptied": cut(0), "deleted": os.unlink}


class Store:
    """A store with a history: delivered and waiting events, dead letters, several tables, and a log that a kill left behind."""

    def __init__(self, rig):
        self.rig = rig
        self.sequences = {}
        self.folder = os.path.join(rig.folder, "template")
        self.make()

    def make(self):
        rig = self.rig
        rig.sandbox.fail(vendor="esputnik", action="status", status=422, match={"body_contains": "td00n1"})
        for life in range(4):
            if life == 3:  # from here on one vendor is down: what follows waits
                rig.sandbox.fail(vendor="releva", action="status", status=503)
            rig.launch()
            rig.await_listening()
            shops = Shops(f"d{life}", 3, rig.ingest_port).start()
            harness.eventually(lambda made=shops: made.count() >= EVENTS // 4, "events")
            shops.stop()
            self.sequences.update(shops.acknowledged())
            harness.eventually(lambda: rig.daemon.destination("esputnik")["backlog"] == 0, "one vendor to have all")
            if life < 3:
                harness.eventually(lambda: rig.daemon.destination("releva")["backlog"] == 0, "the other one, too")
            rig.daemon.kill()
        shutil.copytree(rig.queue, self.folder)

    def restore(self):
        self.rig.wipe()
        shutil.copytree(self.folder, self.rig.queue, dirs_exist_ok=True)

    def files(self):
        """(kind, path below the queue's folder)"""
        names = [os.path.join("db", name) for name in sorted(os.listdir(os.path.join(self.folder, "db")))] + ["marker"]
        found = [(kind_of(os.path.basename(name)), name) for name in names]
        return [(kind, name) for kind, name in found if kind in KINDS and os.path.getsize(os.path.join(self.folder, name))]


class Damage:
    def __init__(self, rig, store):
        self.rig, self.store = rig, store
        self.refused = self.harmless = self.shown = 0

    def inflict(self, name, harm):
        self.store.restore()
        HARMS[harm](os.path.join(self.rig.queue, name))
        self.rig.launch()
        where = f"{name}, {harm}"
        if self.rig.await_listening():
            self.account(where)
        else:
            process = self.rig.daemon.process
            code = wait_for_end(process, 10)
            demand(code == NEEDS_A_PERSON, f"{where}: ended with {code}: {process.text()[-500:]}")
            demand("--accept-data-loss" in process.text(), f"{where}: no word of what to do: {process.text()[-500:]}")
            demand(not self.set_aside(), f"{where}: files were moved without being asked to")
            self.refused += 1
            self.rig.launch("--accept-data-loss")
            demand(self.rig.await_listening(), f"{where}: accepted, and not opened: {self.rig.daemon.process.text()[-700:]}")
            demand("acknowledged events are missing" in self.rig.daemon.process.text(), f"{where}: the loss is not told")
            demand(self.set_aside(), f"{where}: nothing was set aside")
            demand("data_loss_accepted_at" in self.rig.daemon.status()["queue"], f"{where}: the status does not say it")
            self.account(where)
            self.restart(where)

    def set_aside(self):
        return [name for name in os.listdir(self.rig.queue) if name.startswith("set-aside-")]

    def restart(self, where):
        """What was accepted once is no obstacle any more, and still shown."""
        demand(self.rig.daemon.stop() == 0, f"{where}: did not stop")
        self.rig.launch()
        demand(self.rig.await_listening(), f"{where}: does not open strictly afterwards: {self.rig.daemon.process.text()[-700:]}")
        demand("data_loss_accepted_at" in self.rig.daemon.status()["queue"], f"{where}: the status has forgotten it")
        self.rig.daemon.kill()

    def account(self, where):
        """Each acknowledged event is there, or counted."""
        daemon = self.rig.daemon
        missing = self.missing()

        def counted():
            queue = daemon.status()["queue"]
            return queue.get("lost_accepted_total", 0) + queue.get("corrupt_total", 0)
        try:  # a record that was found unreadable just now is counted a moment later
            harness.eventually(lambda: counted() >= missing, "the missing events to be counted", 5)
        except AssertionError as never:
            raise Failed(f"{where}: {missing} events are missing, {counted()} are counted") from never
        said = counted()
        # A dead letter has a copy of its own, and is found by that although its record in the log is gone.
        copies = sum(destination["dead_letters"] for destination in daemon.status()["destinations"])
        demand(said <= missing + copies + 3, f"{where}: {said} events are counted as missing, {missing} are")
        for destination in daemon.status()["destinations"]:
            demand(harness.balances(destination), f"{where}: the ledger does not balance: {destination}")
        self.shown += missing
        self.harmless += not missing
        if daemon.process.child.poll() is None and not self.set_aside():
            daemon.kill()

    def missing(self):
        """How many acknowledged events have no receipt; whoever asks for them all has had every record of the log read."""
        count, token = 0, {"Authorization": "Bearer " + self.rig.daemon.token}
        with contextlib.closing(self.rig.daemon.admin.connection()) as line:
            for sequence in self.store.sequences.values():
                line.request("GET", f"/v1/events/{sequence}", headers=token)
                answer = line.getresponse()
                answer.read()
                count += answer.status != 200
        return count


def damage(cycles, seed):
    """Every kind of file in every way; `cycles` bounds how many combinations are tried."""
    chance = random.Random(seed)
    with Rig() as rig:
        store = Store(rig)
        by_kind = {}
        for kind, name in store.files():
            by_kind.setdefault(kind, []).extend((name, harm) for harm in HARMS)
        for choices in by_kind.values():
            chance.shuffle(choices)
        # One of each kind in turn, so that a short run has them all.
        plan = [choice for turn in range(max(map(len, by_kind.values()))) for choices in by_kind.values() for choice in choices[turn:turn + 1]]
        harmed = Damage(rig, store)
        for name, harm in plan[:cycles]:
            harmed.inflict(name, harm)
        return {"cycles": len(plan[:cycles]), "acknowledged": len(store.sequences), "lost": 0, "refused": harmed.refused,
                "without loss": harmed.harmless, "events counted as missing": harmed.shown}
