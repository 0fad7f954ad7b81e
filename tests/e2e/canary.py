"""A customer whose every word can be found again: texts that stand nowhere else, and where to look for them."""
import os

import events

CUSTOMER = {"id": "cust-QXZV81", "email": "Canary.QXZV82@example.com", "phone": "+359887190283",
            "first_name": "Canarina-QXZV84", "last_name": "Канарова-QXZV85"}
ADDRESS = "QXZV86 Canary Lane, Пловдив"
WORDS = ("QXZV81", "QXZV82", "qxzv82", "359887190283", "QXZV84", "Канарова-QXZV85", "QXZV86")
OTHER = "c-bystander"


def order(number, **members):
    made = events.order(number, **members, delivery_address=ADDRESS)
    made["data"]["customer"] = dict(CUSTOMER)
    return made


def cart(number, **members):
    made = events.cart(number, **members)
    made["data"]["customer"] = dict(CUSTOMER)
    return made


def bystander(number):
    return events.order(number, customer=OTHER)


def words_in(text):
    """Those of the words that stand in a text, or in bytes."""
    data = text if isinstance(text, bytes) else text.encode()
    return [word for word in WORDS if word.encode() in data]


def words_below(folder):
    """Path → words, for every file below a folder that holds any."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            try:
                with open(path, "rb") as file:
                    words = words_in(file.read())
            except FileNotFoundError:
                continue  # the database has just dropped it
            if words:
                found[path] = words
    return found
