#!/usr/bin/env python3
"""Waits until the daemon's backlog is empty and shows, per vendor, what the sandbox received and what became of the events.
Ends with 1 if a ledger does not balance or another number of events was accepted than was posted."""
import argparse
import collections
import json
import ssl
import sys
import time
import urllib.request

KINDS = ("releva", "reloadify", "elevate", "esputnik", "rokt")
PATIENCE_S = 120


def get(url, context=None):
    # No proxy, whatever the environment says: everything is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(url, timeout=30) as answer:
        return json.load(answer)


def wait_until_drained(admin):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        status = get(admin + "/status")
        if all(each["backlog"] == 0 for each in status["destinations"]):
            return status
        time.sleep(0.1)
    sys.exit(f"the backlog is not empty after {PATIENCE_S} s")


def show_vendor(kind, requests):
    calls = collections.Counter((each["method"], each["path"].split("?")[0], each["status"]) for each in requests)
    grouped = collections.Counter()
    for (method, path, status), count in calls.items():
        shown = path if kind != "reloadify" else "/".join(part if not part.startswith(("cart-", "P-")) else "{id}" for part in path.split("/"))
        grouped[(method, shown, status)] += count
    for (method, path, status), count in sorted(grouped.items()):
        print(f"  {count:5} × {method} {path} → {status}")
    with_body = [each for each in requests if each.get("body")]
    if with_body:
        body = with_body[-1]["body"]
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        print(f"        e.g. {text[:300]}{'…' if len(text) > 300 else ''}")


def show_ledger(status):
    """Whether it balances everywhere."""
    whole = True
    print(f"\n  {'':12}{'routed':>8} = {'delivered':>9} + {'skipped':>7} + {'superseded':>10} + {'expired':>7} + {'discarded':>9} + {'dead':>4} + {'backlog':>7}")
    for each in status["destinations"]:
        ends = [each[name] for name in ("delivered_total", "skipped_total", "superseded_total", "expired_total", "discarded_total", "dead_letters", "backlog")]
        balances = each["routed_total"] == sum(ends)
        whole = whole and balances
        verdict = "balances" if balances else "DOES NOT BALANCE"
        print(f"  {each['name']:12}{each['routed_total']:8} = {ends[0]:9} + {ends[1]:7} + {ends[2]:10} + {ends[3]:7} + {ends[4]:9} + {ends[5]:4} + {ends[6]:7}  {verdict}")
    return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--admin", required=True)
    parser.add_argument("--sandbox", required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--accepted", type=int, required=True, help="so many events were posted")
    options = parser.parse_args()
    status = wait_until_drained(options.admin)
    context = ssl.create_default_context(cafile=options.ca)
    for kind in KINDS:
        print(f"{kind}:")
        show_vendor(kind, get(f"{options.sandbox}/_sandbox/requests?vendor={kind}&limit=10000", context)["requests"])
    whole = show_ledger(status)
    accepted = status["ingest"]["accepted_total"]
    print(f"\n  {accepted} events accepted")
    if accepted != options.accepted:
        print(f"  {options.accepted} WERE POSTED")
    sys.exit(0 if whole and accepted == options.accepted else 1)


if __name__ == "__main__":
    main()
