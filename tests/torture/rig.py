"""The place where things are broken: a sandbox and a daemon in a folder of their own, its queue where a test wants it."""
import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
import time

import harness
from ledger import Arrivals

VENDORS = ("releva", "esputnik")
CONCURRENCY, BATCH = 4, 20
# Ends that are not durable at a crash: one step on its way and one that fills, of what a few milliseconds bring.
UNRECORDED = 64
STORAGE_FAILURE, BUSY, NEEDS_A_PERSON = 74, 75, 78
FAST = f'concurrency = {CONCURRENCY}\nretry = {{ initial = "20ms", max = "100ms" }}\n'
PER_KIND = {"releva": FAST + f'batch = {{ max_events = {BATCH}, linger = "10ms" }}\n', "esputnik": FAST}
SHUTDOWN_IOCTL = 0x8004587D  # _IOR('X', 125, uint32_t): the file system stops at once, as after a power cut
WITHOUT_LOG_FLUSH = 2


class Skipped(Exception):
    """Why a test cannot be run here."""


class Failed(Exception):
    """What did not hold."""


def demand(holds, words):
    if not holds:
        raise Failed(words)


def need_tools(*names):
    for name in names:
        if not shutil.which(name):
            raise Skipped(f"{name} is not installed")


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}: {done.stdout.strip()}")
    return done.stdout


class Rig:
    """`with Rig() as rig`: rig.daemon is configured and not started; its queue is rig.queue. Everything ends with the block."""

    def __init__(self, settings="", vendors=VENDORS, floor="1MiB"):
        self.folder = tempfile.mkdtemp(prefix="cartrelay-torture-")
        self.queue = os.path.join(self.folder, "queue")
        os.mkdir(self.queue)
        self.vendors = vendors
        log = os.path.join(self.folder, "vendors.ndjson")
        self.sandbox = harness.Sandbox(self.folder, ("--log", log))
        self.arrivals = Arrivals(log)
        self.daemon = harness.Daemon(self.folder, self.sandbox, vendors, settings, PER_KIND)
        self.change_config('min_free_disk = "1MiB"', f'min_free_disk = "{floor}"')
        self.daemon.keep_ports()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.daemon.process:
            self.daemon.process.end()
        self.sandbox.process.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def change_config(self, old, new):
        with open(self.daemon.config, encoding="utf-8") as text:
            settings = text.read()
        assert old in settings, old
        with open(self.daemon.config, "w", encoding="utf-8") as out:
            out.write(settings.replace(old, new))

    def launch(self, *options, wrapper=()):
        """Starts the daemon and does not wait for it."""
        self.daemon.starts += 1
        log = os.path.join(self.folder, f"daemon-{self.daemon.starts}.log")
        self.daemon.process = harness.Process(["serve", "--config", self.daemon.config, *options], log, wrapper=wrapper)
        return self.daemon.process

    def await_listening(self):
        """True once it is ready for requests (though perhaps not for events); False if it ended instead."""
        process = self.daemon.process

        def outcome():
            if "ingest listens on" in process.text():
                return "up"
            return "ended" if process.child.poll() is not None else None
        if harness.eventually(outcome, "the daemon to listen or to end") == "ended":
            return False
        self.daemon.ingest, self.daemon.admin = (harness.Http("127.0.0.1", port) for port in self.ports())
        return True

    def ports(self):
        with open(self.daemon.config, encoding="utf-8") as text:
            return [int(port) for port in harness.re.findall(r'listen = \["127\.0\.0\.1:(\d+)"\]', text.read())]

    @property
    def ingest_port(self):
        return self.ports()[0]

    @contextlib.contextmanager
    def mounted(self, *arguments):
        """The queue lies on a file system of its own; the daemon ends with the block."""
        try:
            run("mount", *arguments, self.queue)
        except OSError as refused:
            raise Skipped(f"mounting is not permitted here: {refused}") from refused
        try:
            yield
        finally:
            if self.daemon.process:
                self.daemon.process.end()
            unmount(self.queue)

    def wipe(self):
        for name in os.listdir(self.queue):
            path = os.path.join(self.queue, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def settle(self, patience=60):
        """Waits until nothing is left to deliver; the daemon runs, and every ledger balances."""
        self.daemon.wait_until_drained(patience)
        for destination in self.daemon.status()["destinations"]:
            demand(harness.balances(destination), f"the ledger does not balance: {destination}")
        self.arrivals.read()

    def judge(self, shops, crashes, result, doubtful=()):
        """Holds the vendors' log against the shops' ledgers; `crashes` bound the repeats. What is doubtful may be missing."""
        acknowledged = {order: sequence for order, sequence in shops.acknowledged().items() if order not in doubtful}
        lost = self.arrivals.missing(acknowledged, self.vendors)
        result.update(acknowledged=len(acknowledged), lost=len(lost), repeats=self.arrivals.repeats())
        demand(not lost, f"{len(lost)} acknowledged events did not arrive, for instance {lost[:3]}")
        demand(self.arrivals.disorder == 0, f"{self.arrivals.disorder} events overtook an earlier one of their key")
        bound = crashes * (CONCURRENCY * (BATCH + 1) + 2 * UNRECORDED)
        demand(result["repeats"] <= bound, f"{result['repeats']} repeats, though {crashes} crashes explain {bound} at most")


def unmount(where):
    def gone():
        run("umount", where)
        return True
    harness.eventually(gone, f"{where} to be unmounted", 20)


def make_image(path, size="300M"):
    need_tools("mkfs.ext4", "losetup")
    run("truncate", "-s", size, path)
    run("mkfs.ext4", "-qF", path)


def cut_power(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.ioctl(handle, SHUTDOWN_IOCTL, struct.pack("I", WITHOUT_LOG_FLUSH))
    finally:
        os.close(handle)


def strace(log, injection):
    """A wrapper that becomes the program, watched from outside: the injection counts each thread's calls of fdatasync."""
    if not harness.can_trace():
        raise Skipped("strace is not installed, or may not trace here")
    # Quicker, but strace 6.1 injects no signals then.
    quick = () if "signal" in injection else ("--seccomp-bpf",)
    return ("strace", "-D", "-f", "-q", "-ttt", "-o", log, *quick, "-e", "trace=fdatasync", "-e", f"inject=fdatasync:{injection}")


def wait_for_end(process, seconds):
    deadline = time.monotonic() + seconds
    while process.child.poll() is None:
        if time.monotonic() > deadline:
            return None
        time.sleep(0.01)
    return process.wait()
