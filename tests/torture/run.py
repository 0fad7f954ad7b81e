#!/usr/bin/env python3
"""Breaks the daemon's storage in every way that can be arranged here, and says what came of it.

The binary is named by the environment variable CARTRELAY. Each test prints a line; the table goes to --json as well.
"""
import argparse
import json
import os
import random
import sys
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import controls  # noqa: E402
import damage  # noqa: E402
import full  # noqa: E402
import harness  # noqa: E402
import kills  # noqa: E402
import power  # noqa: E402
from rig import Failed, Skipped  # noqa: E402

# name: (the test, cycles at length, cycles with --quick)
TESTS = {
    "kill": (kills.kill_at_random, 200, 20),
    "kill-at-sync": (kills.kill_at_sync, 200, 12),
    "failed-sync": (kills.fail_sync, 200, 12),
    "sync-without-room": (kills.sync_without_room, 40, 5),
    "power-cut": (power.power_cuts, 60, 8),
    "damage": (damage.damage, 1000, 21),
    "disk-full": (full.disk_full, 10, 2),
    "disk-overrun": (full.disk_overrun, 5, 1),
    "queue-full": (full.queue_full, 5, 1),
    "second-instance": (full.second_instance, 5, 2),
    "control: no syncs": (power.without_syncs, 5, 1),
    "control: older copy": (controls.older_copy, 5, 1),
    "control: ledger": (controls.forgetful_vendor, 3, 1),
}
COLUMNS = ("test", "cycles", "acknowledged", "lost", "repeats", "seconds", "result")


def attempt(name, cycles, seed):
    began = time.monotonic()
    row = {"test": name, "seed": seed, "cycles": cycles}
    try:
        row.update(TESTS[name][0](cycles, seed), result="holds")
    except Skipped as why:
        row.update(result="skipped", why=str(why))
    except Failed as why:
        row.update(result="FAILED", why=str(why))
    except Exception:  # pylint: disable=broad-except  # whatever it was, the other tests are run
        row.update(result="FAILED", why=traceback.format_exc())
    row["seconds"] = round(time.monotonic() - began, 1)
    return row


def line(row):
    cells = [str(row.get(column, "")) for column in COLUMNS]
    widths = (21, 7, 13, 5, 8, 8, 0)
    more = [f"{key} {value}" for key, value in row.items() if key not in (*COLUMNS, "seed", "control", "why")]
    return "".join(cell.ljust(width) for cell, width in zip(cells, widths)) + (f"  ({', '.join(more)})" if more else "")


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"tests to run: {', '.join(TESTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="few cycles of each, some minutes in all")
    parser.add_argument("--cycles", type=int, help="that many of each, instead of the test's own number")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--json", metavar="FILE", help="write the rows to this file")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in TESTS]
    if unknown:
        parser.error(f"no test {', '.join(unknown)}")
    return chosen


def main():
    if not harness.BINARY:
        raise SystemExit("CARTRELAY has to name the binary")
    chosen = read_arguments()
    print(line({column: column for column in COLUMNS}), flush=True)
    rows = []
    for name in chosen.names or TESTS:
        cycles = chosen.cycles or TESTS[name][2 if chosen.quick else 1]
        rows.append(attempt(name, cycles, chosen.seed))
        print(line(rows[-1]), flush=True)
        if "why" in rows[-1]:
            print(f"    {rows[-1]['why'].strip()}", flush=True)
    if chosen.json:
        with open(chosen.json, "w", encoding="utf-8") as out:
            json.dump({"seed": chosen.seed, "rows": rows}, out, indent=1)
    failed = sum(row["result"] == "FAILED" for row in rows)
    print(f"{len(rows)} tests, {failed} failed, seed {chosen.seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
