"""Looks at a process every few seconds: resident memory, descriptors, threads, and the bytes of its folder."""
import os
import threading
import time

import procfs


def folder_mib(folder):
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(where, name)).st_blocks * 512
            except OSError:  # compaction took it away meanwhile
                continue
    return total / (1 << 20)


class Watch(threading.Thread):
    """`rows`: (seconds since the start, resident MiB, descriptors, MiB on disk, backlog). `pid` is asked anew each time."""

    def __init__(self, pid, folder, backlog, every=5.0):
        super().__init__(daemon=True)
        self.pid, self.folder, self.backlog, self.every = pid, folder, backlog, every
        self.rows = []
        self.over = threading.Event()
        self.begin = time.monotonic()

    def run(self):
        while not self.over.wait(self.every):
            try:
                pid = self.pid()
                self.rows.append((round(time.monotonic() - self.begin, 1), procfs.resident_bytes(pid) / (1 << 20), procfs.descriptors(pid),
                                  folder_mib(self.folder), self.backlog()))
            except (OSError, StopIteration, ValueError, KeyError):
                continue  # between two lives of the daemon

    def end(self):
        self.over.set()
        self.join()
