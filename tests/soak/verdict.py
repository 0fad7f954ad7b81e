"""What became of the events, by the word of those who posted and of those who received."""
import collections
import json
import re

import harness


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def ledger_faults(daemon):
    return [each["name"] for each in daemon.status()["destinations"] if not harness.balances(each)]


def deliveries(stage):
    """vendor -> key -> versions in the order in which the vendor accepted them."""
    seen = collections.defaultdict(lambda: collections.defaultdict(list))
    for vendor, path, body in stage.arrived():
        if vendor == "releva" and body:
            for cart in json.loads(body)["carts"]:
                seen[vendor][cart["orderId"]].append(2)
        elif vendor == "esputnik" and '"externalOrderId"' in body:
            params = {each["name"]: each["value"] for each in json.loads(body)["params"]}
            seen[vendor][params["externalOrderId"]].append(1 if params["status"] == "INITIALIZED" else 2)
        elif vendor == "reloadify" and body and path.endswith("/shopping_carts"):
            cart = json.loads(body)["shopping_cart"]
            euros, cents = re.fullmatch(r"(\d+)\.(\d\d)", cart["price"]).groups()
            seen[vendor][cart["id"]].append((int(euros) - 10) * 100 + int(cents))
    return seen


def judge(stage):
    """{lost, out_of_order, repeats, unbalanced}: keys that never came, that went back in time, and how often one came again."""
    seen = deliveries(stage)
    lost, disordered, repeats = [], [], 0
    newest = collections.defaultdict(dict)
    for _, kind, key, version, _, _ in stage.shop.acknowledged():
        if kind == "order.paid":
            for vendor in ("releva", "esputnik"):
                if 2 not in seen[vendor][key]:
                    lost.append((vendor, key))
        if kind.startswith("cart."):
            newest["reloadify"][key] = max(version, newest["reloadify"].get(key, 0))
    for key, version in newest["reloadify"].items():
        if seen["reloadify"][key][-1:] != [version]:
            lost.append(("reloadify", key))
    for vendor, keys in seen.items():
        for key, versions in keys.items():
            once = [each for at, each in enumerate(versions) if at == 0 or each != versions[at - 1]]
            repeats += len(versions) - len(once)
            if once != sorted(once):
                disordered.append((vendor, key, versions))
    return {"lost": lost, "out_of_order": disordered, "repeats": repeats, "unbalanced": ledger_faults(stage.daemon)}
