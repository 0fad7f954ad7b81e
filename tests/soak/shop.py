"""A shop at a steady pace: it posts when an event is due, not when the last answer came, so that a slow answer is seen as what it is.

Runs as a process of its own, so that nothing else in the test delays it. Each acknowledged event becomes a line in a file:
`sequence type key version due acknowledged` (seconds since the epoch). The same seed gives the same events.
"""
import http.client
import json
import random
import subprocess
import sys
import time
import uuid

SOURCE = "shop/soak"
MIX = (("page.viewed", 40), ("cart.updated", 25), ("cart.item_added", 5), ("order", 30))
CUSTOMERS = 500
OPEN_CARTS = 40


class Events:
    """Views, carts that grow, and orders that are created and then paid. `version` rises within a key and stands in its price; key or version stand in what each vendor gets."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.count = 0
        self.carts = {}
        self.unpaid = []

    def next(self):
        kind = self.random.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
        self.count += 1
        return getattr(self, kind.replace(".", "_"))()

    def made(self, kind, key, version, data):
        who = self.random.randrange(CUSTOMERS)
        number = uuid.UUID(int=(self.seed << 64) + who, version=4)
        refs = {"rokt": {"session_id": str(number)}, "elevate": {"customer_key": str(number), "session_key": str(number)}}
        event = {"id": f"{self.seed}-{self.count}", "source": SOURCE, "type": kind, "data": {
            "customer": {"id": f"c-{who}", "email": f"c-{who}@example.com", "first_name": "Мария"},
            "session": {"id": str(number), "market": "BG", "language": "bg"}, "refs": refs, **data}}
        return event, kind, key, version

    @staticmethod
    def goods(key, version):
        price = f"{10 + version // 100}.{version % 100:02}"
        return {"currency": "EUR", "total": price, "items": [
            {"product_id": "P1", "name": "Вълнен пуловер", "quantity": 1, "unit_price": price, "category": "knitwear",
             "refs": {"elevate": {"ticket": f"{key}.{version}"}, "rokt": {"cart_item_id": key, "reservation_id": f"r-{key}"}}}]}

    def page_viewed(self):
        key = f"{self.seed}-p{self.count}"
        return self.made("page.viewed", key, 1, {"page": {"url": f"https://shop.example.com/{key}"}})

    def cart(self, kind, **more):
        slot = self.random.randrange(OPEN_CARTS)
        key, version = self.carts.get(slot, (f"{self.seed}-k{self.count}", 0))
        version += 1
        if version == 60:
            self.carts.pop(slot)
        else:
            self.carts[slot] = (key, version)
        cart = {"id": key, "refs": {"esputnik": {"recycle_state_id": key}}, **self.goods(key, version)}
        return self.made(kind, key, version, {"cart": cart, **{name: cart["items"][0] for name in more}})

    def cart_updated(self):
        return self.cart("cart.updated")

    def cart_item_added(self):
        return self.cart("cart.item_added", item=True)

    def order(self):
        if len(self.unpaid) > 20:
            key = self.unpaid.pop(0)
            return self.made("order.paid", key, 2, {"order": {"id": key, **self.goods(key, 2)}})
        key = f"{self.seed}-o{self.count}"
        self.unpaid.append(key)
        return self.made("order.created", key, 1, {"order": {"id": key, **self.goods(key, 1)}})


def run(port, rate, seconds, seed, acknowledgements):
    events = Events(seed)
    line = None
    begin = time.time()
    with open(acknowledgements, "a", encoding="utf-8", buffering=1) as out:
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.time()))
            event, kind, key, version = events.next()
            body = json.dumps(event, ensure_ascii=False).encode()
            while True:  # posting the same event again is what a shop does when no answer came
                try:
                    line = line or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                    line.request("POST", "/v1/events", body, {"Content-Type": "application/json"})
                    answer = line.getresponse()
                    text = answer.read()
                    if answer.status in (200, 202):
                        break
                    if answer.status != 503:
                        raise SystemExit(f"refused: {answer.status} {text}")
                except (OSError, http.client.HTTPException):
                    line = None
                time.sleep(0.02)
            sequence = json.loads(text)["accepted"][0]["sequence"]
            out.write(f"{sequence} {kind} {key} {version} {due:.6f} {time.time():.6f}\n")


class Shop:
    """The parent's side."""

    def __init__(self, port, rate, seconds, seed, acknowledgements):
        self.file = acknowledgements
        self.child = subprocess.Popen([sys.executable, "-B", __file__, str(port), str(rate), str(seconds), str(seed), acknowledgements])

    def wait(self):
        assert self.child.wait() == 0, "the shop gave up"

    def end(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()

    def acknowledged(self):
        """[(sequence, type, key, version, due, acknowledged)]"""
        return next(self.news())

    def news(self):
        """Yields, each time it is asked, what was acknowledged since."""
        with open(self.file, encoding="utf-8") as text:
            rest = ""
            while True:
                *lines, rest = (rest + text.read()).split("\n")
                yield [(int(s), kind, key, int(version), float(due), float(done))
                       for s, kind, key, version, due, done in (each.split() for each in lines)]


if __name__ == "__main__":
    run(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
