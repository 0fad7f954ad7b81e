"""One daemon, its sandbox, a door in front of each vendor, and a shop."""
import json
import os
import signal

import gate
import harness
import shop

LATENCY_MS = {"releva": 80, "reloadify": 40, "elevate": 30, "esputnik": 60, "rokt": 50}
PER_KIND = 'concurrency = 16\nconnect_timeout = "2s"\nrequest_timeout = "5s"\nretry = { initial = "200ms", max = "10s", max_age = "72h" }\n'


class Stage:
    """`folder` has to exist. Ended by end(); the folder stays."""

    def __init__(self, folder, settings=""):
        self.folder = folder
        self.log = os.path.join(folder, "vendors.ndjson")
        self.sandbox = harness.Sandbox(folder, ["--log", self.log])
        self.gate = gate.Gate(self.sandbox.port, harness.KINDS)
        self.sandbox.doors = self.gate.ports
        self.daemon = harness.Daemon(folder, self.sandbox, settings=settings, per_kind={kind: PER_KIND for kind in harness.KINDS})
        self.secrets = dict(harness.SECRETS)
        for vendor, latency in LATENCY_MS.items():
            self.account(vendor, latency_ms=latency, secret=self.secrets.get(vendor, ""))
        self.shop = None
        self.daemon.keep_ports()
        self.daemon.start()

    def account(self, vendor, **settings):
        status, answer, _ = self.sandbox.http.call("POST", "/_sandbox/accounts", {"vendor": vendor, "instance": "", **settings})
        assert status < 300, answer

    def open_shop(self, rate, seconds, seed):
        self.shop = shop.Shop(self.daemon.ingest.port, rate, seconds, seed, os.path.join(self.folder, "acknowledged.txt"))

    def change_secret(self, vendor, secret):
        """What the operator does: the new secret into its file, then a reload."""
        self.secrets[vendor] = secret
        with open(os.path.join(self.folder, vendor + ".secret"), "w", encoding="utf-8") as out:
            out.write(secret + "\n")
        self.daemon.process.signal(signal.SIGHUP)

    def arrived(self):
        """What the vendors took, in their order: (vendor, path, body as JSON). The first half of a batch of Releva's that got a 500 by order, too."""
        with open(self.log, encoding="utf-8") as lines:
            for text in lines:
                line = json.loads(text)
                if not line["vendor"] or not line.get("body"):
                    continue
                if line["status"] is not None and line["status"] < 300:
                    yield line["vendor"], line["path"], json.loads(line["body"])
                elif line["vendor"] == "releva" and line["status"] == 500 and line.get("fault"):
                    carts = json.loads(line["body"])["carts"]
                    yield "releva", line["path"], {"carts": carts[:len(carts) // 2]}

    def dead_letters(self):
        """{(destination, sequence)}: what was given up, and told to an operator."""
        found, cursor = set(), ""
        while cursor is not None:
            status, page, _ = self.daemon.operate("GET", "/v1/dead-letters?limit=500" + (f"&cursor={cursor}" if cursor else ""))
            assert status == 200, page
            found |= {(each["destination"], each["sequence"]) for each in page["dead_letters"]}
            cursor = page["next_cursor"]
        return found

    def double_fulfilments(self):
        return self.sandbox.account("rokt")["counters"]["double_fulfilments"]

    def end(self):
        if self.shop:
            self.shop.end()
        self.daemon.process.end()
        self.gate.end()
        self.sandbox.process.end()
