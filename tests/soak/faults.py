"""The bad days of a vendor. Each begins at a stage and gives back what ends it."""

KINDS = ("hangs", "refuses", "throttles", "rejects_credential", "half_fails")


def begin(kind, stage, vendor):
    return globals()[kind](stage, vendor)


def ordered(stage, **fault):
    made = stage.sandbox.http.call("POST", "/_sandbox/faults", fault)
    assert made[0] < 300, made
    ident = made[1]["id"]
    return lambda: stage.sandbox.http.call("DELETE", f"/_sandbox/faults/{ident}")


def hangs(stage, vendor):
    return ordered(stage, vendor=vendor, action="hang")


def refuses(stage, vendor):
    stage.gate.tell("shut", vendor)
    return lambda: stage.gate.tell("open", vendor)


def throttles(stage, vendor):
    return ordered(stage, vendor=vendor, action="status", status=429, headers={"Retry-After": "7"})


def rejects_credential(stage, vendor):
    if vendor not in stage.secrets:  # Elevate knows no credential: somebody in front of it says 403
        return ordered(stage, vendor=vendor, action="status", status=403)
    fresh = stage.secrets[vendor] + "-renewed"
    stage.account(vendor, secret=fresh)
    return lambda: stage.change_secret(vendor, fresh)


def half_fails(stage, vendor):
    if vendor == "releva":
        return ordered(stage, vendor=vendor, action="half_batch", status=500, probability=0.7)
    return ordered(stage, vendor=vendor, action="status", status=500, probability=0.5)
