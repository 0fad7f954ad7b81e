"""What became of the events, by the word of those who posted and of those who received."""
import collections
import json

import harness

# type -> who gets it (docs/vendors.md), of what the shop posts
WANTED = {"page.viewed": ("esputnik",),
          "cart.updated": ("reloadify", "esputnik"),
          "cart.item_added": ("reloadify", "esputnik", "elevate"),
          "order.created": ("esputnik",),
          "order.paid": ("releva", "esputnik", "rokt")}
# who -> types that supersede older events of their cart; all of the shop's have the whole cart
SNAPSHOTS = {"reloadify": ("cart.updated",), "esputnik": ("cart.updated", "cart.item_added")}


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def ledger_faults(daemon):
    return [each["name"] for each in daemon.status()["destinations"] if not harness.balances(each)]


def version_of(price):
    return round((float(price) - 10) * 100)


def of_releva(path, body):
    return [(cart["orderId"], 2) for cart in body["carts"]]


def of_reloadify(path, body):
    if not path.endswith("/shopping_carts"):
        return []
    return [(body["shopping_cart"]["id"], version_of(body["shopping_cart"]["price"]))]


def of_elevate(path, body):
    key, version = body["ticket"].rsplit(".", 1)
    return [(key, int(version))]


def of_esputnik(path, body):
    if not path.endswith("/event"):
        return []
    params = {each["name"]: each["value"] for each in body["params"]}
    if "page" in params:
        return [(json.loads(params["page"])["location"].rsplit("/", 1)[-1], 1)]
    if "recycleStateId" in params:
        return [(params["recycleStateId"], version_of(json.loads(params["products"])[0]["price"]))]
    return [(params["externalOrderId"], 1 if params["status"] == "INITIALIZED" else 2)]


def of_rokt(path, body):
    return [(body["orderId"], 2)]


READERS = {"releva": of_releva, "reloadify": of_reloadify, "elevate": of_elevate, "esputnik": of_esputnik, "rokt": of_rokt}


def deliveries(stage):
    """vendor -> key -> versions in the order in which the vendor took them."""
    seen = collections.defaultdict(lambda: collections.defaultdict(list))
    for vendor, path, body in stage.arrived():
        for key, version in READERS[vendor](path, body):
            seen[vendor][key].append(version)
    return seen


def losses(seen, acknowledged, given_up):
    """(vendor, key, version) of what never came, was not given up before an operator's eyes, and stands in no newer snapshot."""
    newest = {vendor: {} for vendor in harness.KINDS}  # of the snapshots of a key
    for _, kind, key, version, _, _ in acknowledged:
        for vendor, kinds in SNAPSHOTS.items():
            if kind in kinds:
                newest[vendor][key] = max(version, newest[vendor].get(key, 0))
    for sequence, kind, key, version, _, _ in acknowledged:
        for vendor in WANTED[kind]:
            superseded = newest[vendor].get(key, 0) > version
            if version not in seen[vendor].get(key, ()) and not superseded and (vendor, sequence) not in given_up:
                yield vendor, key, version


def judge(stage):
    """What never came, keys that went back in time, orders that Rokt got again although that does harm, items that it fulfilled again, how often
    anything came again, by vendor, and ledgers that do not balance."""
    seen = deliveries(stage)
    lost = list(losses(seen, stage.shop.acknowledged(), stage.dead_letters()))
    disordered, repeats = [], dict.fromkeys(harness.KINDS, 0)
    for vendor, keys in seen.items():
        for key, versions in keys.items():
            once = [each for at, each in enumerate(versions) if at == 0 or each != versions[at - 1]]
            repeats[vendor] += len(versions) - len(once)
            if once != sorted(once) and vendor != "elevate":  # to which the events of a cart are strangers
                disordered.append((vendor, key, versions))
    twice = [key for key, versions in seen["rokt"].items() if len(versions) > 1]
    return {"lost": lost, "out_of_order": disordered, "twice": twice, "double_fulfilments": stage.double_fulfilments(),
            "repeats": repeats, "unbalanced": ledger_faults(stage.daemon)}


def broken(verdict):
    """The promises that were not kept."""
    return [name for name in ("lost", "out_of_order", "twice", "double_fulfilments", "unbalanced") if verdict[name]]
