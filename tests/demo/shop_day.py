#!/usr/bin/env python3
"""A day of a small shop as canonical events, one JSON object a line: visits, cart edits, orders created, paid, delivered, cancelled.

The same seed gives the same day. Used by `./dev run` and by the end-to-end tests.
"""
import argparse
import datetime
import hashlib
import json
import random
import uuid

CUSTOMERS = [
    ("c-101", "maria.ivanova@example.com", "+359888123456", "Мария", "Иванова", "bg"),
    ("c-102", "georgi.petrov@example.com", "+359887654321", "Георги", "Петров", "bg"),
    ("c-103", "søren@example.com", "+4520123456", "Søren", "Kierkegård", "da"),
    ("c-104", "jürgen.müller@example.com", "+4915112345678", "Jürgen", "Müller", "de"),
    ("c-105", "олена@example.com", "+380501234567", "Олена", "Шевченко", "uk"),
    ("c-106", "zoë.de.vries@example.com", "+31612345678", "Zoë", "de Vries", "nl"),
    ("c-107", "", "+359889000111", "Стоян", "", "bg"),
    ("c-108", "anna@example.com", "", "Anna", "Lindqvist", "sv"),
]
PRODUCTS = [
    ("P-100", "P-100-S", "Вълнен пуловер", "knitwear", "89.95"),
    ("P-100", "P-100-M", "Вълнен пуловер", "knitwear", "89.95"),
    ("P-200", None, "Ledergürtel „Classic“", "accessories", "45.00"),
    ("P-300", "P-300-42", "Running shoes ☂", "shoes", "129.9"),
    ("P-400", None, "Кафе 250 г", "food", "12.50"),
    ("P-500", None, "Crème brûlée set", "kitchen", "34.99"),
    ("P-600", "P-600-XL", "T-shirt \"Yes & No\"", "shirts", "19.99"),
]
SHOP = "https://shop.example.com"


class Day:
    def __init__(self, seed, events, start):
        self.random = random.Random(seed)
        self.wanted = events
        self.seed = seed
        self.clock = start
        self.out = []
        self.orders = 0
        self.carts = 0

    def uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def emit(self, kind, data, visitor):
        self.clock += datetime.timedelta(seconds=self.random.randint(1, 90))
        data = {**data, "customer": visitor["customer"], "session": visitor["session"]}
        data["refs"] = {"rokt": {"session_id": visitor["rokt"]}}
        if visitor["elevate"]:
            data["refs"]["elevate"] = visitor["elevate"]
        self.out.append({
            "specversion": "1.0", "id": f"{self.seed}-{len(self.out) + 1}", "source": "shop/bg", "type": kind,
            "time": self.clock.strftime("%Y-%m-%dT%H:%M:%SZ"), "data": data})

    def visitor(self):
        ident, email, phone, first, last, language = self.random.choice(CUSTOMERS)
        customer = {"id": ident, "first_name": first, "language": language}
        if email:
            customer["email"] = email
        if phone:
            customer["phone"] = phone
        if last:
            customer["last_name"] = last
        elevate = {"customer_key": self.uuid(), "session_key": self.uuid()} if self.random.random() < 0.8 else None
        return {"customer": customer, "session": {"id": self.uuid(), "market": "BG", "language": language},
                "elevate": elevate, "rokt": self.uuid()}

    def item(self, with_ticket):
        product, variant, name, category, price = self.random.choice(PRODUCTS)
        out = {"product_id": product, "name": name, "category": category, "unit_price": price,
               "quantity": self.random.choice([1, 1, 1, 2, 3]), "url": f"{SHOP}/p/{product}",
               "attributes": {"colour": self.random.choice(["red", "синьо", "grün"]), "weight_g": 250}}
        if variant:
            out["variant_id"] = variant
        if with_ticket:
            ticket = hashlib.sha256(f"{product}{variant}".encode()).hexdigest()[:32]
            out["refs"] = {"elevate": {"ticket": ticket}}
        return out

    @staticmethod
    def total(items):
        # Exact: prices have at most two digits after the point.
        cents = 0
        for each in items:
            whole, _, part = each["unit_price"].partition(".")
            cents += (int(whole) * 100 + int((part + "00")[:2])) * each["quantity"]
        return f"{cents // 100}.{cents % 100:02}"

    def cart(self, cart_id, items):
        return {"id": cart_id, "currency": "EUR", "total": self.total(items), "items": items,
                "recovery_url": f"{SHOP}/cart/{cart_id}?r=1", "attributes": {"channel": "web", "gift": False}}

    def visit(self):
        visitor = self.visitor()
        self.emit("page.viewed", {"page": {"url": f"{SHOP}/"}}, visitor)
        seen = self.item(False)
        if self.random.random() < 0.6:
            self.emit("category.viewed", {"category": {"id": seen["category"], "name": seen["category"].title()}}, visitor)
        product = {key: value for key, value in seen.items() if key != "quantity"}
        self.emit("product.viewed", {"product": {**product, "currency": "EUR", "in_stock": True}}, visitor)
        if self.random.random() < 0.75:
            self.shop(visitor)

    def shop(self, visitor):
        self.carts += 1
        cart_id = f"cart-{self.seed}-{self.carts}"
        items = []
        for _ in range(self.random.randint(1, 3)):
            added = self.item(self.random.random() < 0.7)
            if any(each["product_id"] == added["product_id"] and each.get("variant_id") == added.get("variant_id")
                   for each in items):
                continue
            items.append(added)
            self.emit("cart.item_added", {"cart": self.cart(cart_id, list(items)), "item": added}, visitor)
        if len(items) > 1 and self.random.random() < 0.3:
            gone = items.pop()
            self.emit("cart.item_removed", {"cart": self.cart(cart_id, list(items)), "item": gone}, visitor)
        if self.random.random() < 0.5:
            items[0] = {**items[0], "quantity": items[0]["quantity"] + 1}
            self.emit("cart.updated", {"cart": self.cart(cart_id, list(items))}, visitor)
        if self.random.random() < 0.1:
            self.emit("cart.deleted", {"cart": {"id": cart_id}}, visitor)
        elif self.random.random() < 0.75:
            self.buy(visitor, cart_id, items)

    def buy(self, visitor, cart_id, items):
        self.orders += 1
        bought = []
        for each in items:
            refs = dict(each.get("refs", {}))
            if self.random.random() < 0.3:
                refs["rokt"] = {"cart_item_id": self.uuid(), "reservation_id": "res." + self.uuid()}
            bought.append({**each, **({"refs": refs} if refs else {})})
        order = {"id": f"{self.seed}{1000 + self.orders}", "cart_id": cart_id, "currency": "EUR", "total": self.total(items),
                 "items": bought, "shipping": "4.90", "delivery_method": "courier", "payment_method": "card",
                 "delivery_address": "ул. „Оборище“ 1, 1504 София", "attributes": {"city": "София", "points": 18}}
        placed = self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")
        order["placed_at"] = placed
        self.emit("order.created", {"order": order}, visitor)
        chance = self.random.random()
        if chance < 0.12:
            self.emit("order.cancelled", {"order": {"id": order["id"]}}, visitor)
            return
        if chance < 0.3:
            order = {**order, "delivery_method": "locker"}
            self.emit("order.updated", {"order": order}, visitor)
        self.emit("order.paid", {"order": order}, visitor)
        if self.random.random() < 0.5:
            self.emit("order.delivered", {"order": {"id": order["id"]}}, visitor)

    def run(self):
        while len(self.out) < self.wanted:
            self.visit()
        return self.out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--events", type=int, default=400, help="at least so many (the last visit is played to its end)")
    options = parser.parse_args()
    # Elevate's notifications are worth little when they are old, so the day ends about now.
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=46 * options.events)
    for event in Day(options.seed, options.events, start).run():
        print(json.dumps(event, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
