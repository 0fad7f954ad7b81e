"""What was promised, and what came of it: shops that note every acknowledgement, and the vendors' log held against it."""
import http.client
import json
import os
import re
import threading
import time

import events

# An order number that is found again in whatever a vendor gets: shop, and number within the shop.
ORDER = re.compile(r"\bt([a-z]*\d+)n(\d+)\b")


class Shop(threading.Thread):
    """Posts one order after the other under one ordering key. After a failure it posts the same event again, as a shop does."""

    def __init__(self, name, port, padding=0):
        super().__init__(daemon=True)
        self.name, self.port, self.padding = name, port, padding
        self.done = threading.Event()
        self.sequences = {}   # order number -> sequence, as acknowledged
        self.acknowledged_at = []
        self.fresh = 0        # answered 202: accepted then, and not before
        self.refusals = {}    # (status, reason) -> count
        self.without_retry_after = 0
        self.pace = 0.0

    def run(self):
        number, line = 0, None
        while not self.done.is_set():
            try:
                line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                event = self.event(number)
                line.request("POST", "/v1/events", json.dumps(event).encode(), {"Content-Type": "application/json"})
                answer = line.getresponse()
                body = json.loads(answer.read() or b"{}")
            except (OSError, http.client.HTTPException, ValueError):
                line = None
                self.done.wait(0.01)
                continue
            if answer.status in (200, 202):
                self.sequences[event["data"]["order"]["id"]] = body["accepted"][0]["sequence"]
                self.acknowledged_at.append(time.time())
                self.fresh += answer.status == 202
                number += 1
                self.done.wait(self.pace)
            else:
                self.refuse(answer, body)

    def event(self, number):
        made = events.order(f"t{self.name}n{number}", customer=f"c-{self.name}")
        made["id"], made["partitionkey"] = f"{self.name}-{number}", self.name
        if self.padding:
            made["data"]["order"]["attributes"] = {f"padding_{part}": os.urandom(2000).hex() for part in range(self.padding // 4000)}
        return made

    def refuse(self, answer, body):
        why = (answer.status, body.get("reason", ""))
        self.refusals[why] = self.refusals.get(why, 0) + 1
        if answer.status == 503 and not answer.headers.get("Retry-After"):
            self.without_retry_after += 1
        self.done.wait(0.02)


class Shops:
    """Some shops at once, as one."""

    def __init__(self, prefix, count, port, padding=0):
        self.all = [Shop(f"{prefix}{number}", port, padding) for number in range(count)]

    def start(self):
        for shop in self.all:
            shop.start()
        return self

    def move(self, port):
        for shop in self.all:
            shop.port = port

    def set_pace(self, pause):
        for shop in self.all:
            shop.pace = pause

    def stop(self):
        for shop in self.all:
            shop.done.set()
        for shop in self.all:
            shop.join()

    def acknowledged(self):
        return {order: sequence for shop in self.all for order, sequence in shop.sequences.items()}

    def acknowledged_between(self, begin, end):
        return {order for shop in self.all for order, at in zip(list(shop.sequences), list(shop.acknowledged_at)) if begin <= at <= end}

    def count(self):
        return sum(len(shop.sequences) for shop in self.all)

    def fresh(self):
        return sum(shop.fresh for shop in self.all)

    def last_acknowledged_at(self):
        return max((shop.acknowledged_at[-1] for shop in self.all if shop.acknowledged_at), default=0.0)

    def refusals(self):
        out = {}
        for shop in self.all:
            for why, count in shop.refusals.items():
                out[why] = out.get(why, 0) + count
        return out

    def without_retry_after(self):
        return sum(shop.without_retry_after for shop in self.all)


class Arrivals:
    """What each vendor took, in the order in which it took it: the sandbox's log, read as it grows."""

    def __init__(self, path):
        self.path, self.position = path, 0
        self.counts = {}       # vendor -> order -> times
        self.newest = {}       # vendor -> shop -> highest number so far
        self.disorder = 0

    def read(self):
        with open(self.path, "rb") as log:
            log.seek(self.position)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self.position += len(line)
                self.note(json.loads(line))
        return self

    def note(self, request):
        if request["status"] is None or not 200 <= request["status"] < 300:
            return
        counts = self.counts.setdefault(request["vendor"], {})
        newest = self.newest.setdefault(request["vendor"], {})
        for shop, number in dict.fromkeys(ORDER.findall(json.dumps(request.get("body", "")))):
            order, number = f"t{shop}n{number}", int(number)
            counts[order] = counts.get(order, 0) + 1
            if counts[order] > 1:
                continue
            # A first arrival behind a later one of its key: order was broken.
            if number < newest.get(shop, -1):
                self.disorder += 1
            newest[shop] = max(number, newest.get(shop, -1))

    def missing(self, acknowledged, vendors):
        return sorted({(vendor, order) for vendor in vendors for order in acknowledged if order not in self.counts.get(vendor, {})})

    def repeats(self):
        return sum(count - 1 for counts in self.counts.values() for count in counts.values())
