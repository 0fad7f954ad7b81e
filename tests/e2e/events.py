"""Canonical events for the end-to-end tests."""
import itertools

_ids = itertools.count(1)


def order(number, customer="c-1", kind="order.paid", **members):
    return {"id": f"o-{kind}-{number}-{next(_ids)}", "source": "shop/test", "type": kind, "data": {
        "customer": {"id": customer, "email": f"{customer}@example.com"},
        "order": {"id": str(number), "currency": "EUR", "total": "19.99",
                  "items": [{"product_id": "P1", "name": "Пуловер", "quantity": 1, "unit_price": "19.99"}], **members}}}


def cart(number, items=("P1",), customer="c-1", kind="cart.updated", **members):
    return {"id": f"k-{kind}-{number}-{next(_ids)}", "source": "shop/test", "type": kind, "data": {
        "customer": {"id": customer, "email": f"{customer}@example.com"},
        "cart": {"id": str(number), "currency": "EUR", "total": "19.99",
                 "items": [{"product_id": each, "quantity": 1, "unit_price": "19.99"} for each in items], **members}}}
