#!/usr/bin/env python3
"""List C: bodies that are no events, or that would become something else on their way to a vendor."""
import copy
import gzip
import json

import stand
import procfs
import wire
from stand import events, harness

EVENT = events.order("c-1")


def changed(**members):
    return {**copy.deepcopy(EVENT), **members}


def with_data(path, value):
    """An order event with another value at this path of its data."""
    event = events.order("c-1")
    place = event["data"]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return event


def text_of(event, old, new):
    """The event's JSON with a piece of text replaced: for what no JSON library would write."""
    text = json.dumps(event, ensure_ascii=False)
    assert text.count(old) == 1, (old, text)
    return text.replace(old, new).encode()


class Content(stand.Stand):
    def refuse(self, cases, statuses=(400,), kind="application/json", pointers=None):
        """Each body is refused, on a connection that stays; nothing of it is stored."""
        for name, body in cases.items():
            with self.subTest(name):
                data = json.dumps(body).encode() if not isinstance(body, bytes) else body
                answer = self.unharmed_after(lambda sent=data: self.one_answer(wire.post(sent, kind=kind)), refused=1)
                self.assert_problem(answer, set(statuses))
                if pointers:
                    self.assertIn(pointers[name], [fault["pointer"] for fault in json.loads(answer.body)["errors"]], answer)

    def test_33_no_events_at_the_top(self):
        self.refuse({"empty": b"", "space": b"  \n ", "null": b"null", "number": b"42", "string": b'"event"', "true": b"true",
                     "array of null": b"[null]",
                     "array of numbers": b"[1,2]", "array of arrays": b"[[]]", "mixed": [events.order(1), 7], "empty object": b"{}",
                     "cut short": json.dumps(EVENT).encode()[:-1], "two documents": b"{} {}", "trailing comma": b"[{},]", "comment": b"/* x */ {}",
                     "single quotes": b"{'id':'x'}", "no array": b"[]"})

    def test_34_nesting(self):
        deep = b'{"a":' * 33 + b"1" + b"}" * 33
        self.refuse({"33 objects": deep, "33 arrays": b"[" * 33 + b"]" * 33, "100,000 arrays": b"[" * 100_000, "100,000 objects": b'{"a":' * 100_000,
                     "inside the event": text_of(changed(), '"19.99", "items"', f'{"[" * 40}{"]" * 40}, "items"')})

    def test_35_encoding(self):
        wrong = {"overlong": b"\xc0\xaf", "lone continuation": b"\x80", "cut sequence": b"\xe2\x82", "surrogate": b"\xed\xa0\x80",
                 "beyond Unicode": b"\xf4\x90\x80\x80", "latin-1": b"\xe9", "0xff": b"\xff"}
        self.refuse({name: json.dumps(changed(subject="MARK")).encode().replace(b"MARK", data) for name, data in wrong.items()})
        for escape in (r"\ud800", r"\udc00", r"\ud800x", r"\ud800\ud800"):
            self.refuse({escape: json.dumps(changed(subject="MARK")).replace("MARK", escape).encode()})
        whole = json.dumps(EVENT)
        self.refuse({"byte order mark": b"\xef\xbb\xbf" + whole.encode(), "utf-16": whole.encode("utf-16"), "utf-32": whole.encode("utf-32"),
                     "raw tab": whole.replace("P1", "P\t1").encode(), "raw newline": whole.replace("P1", "P\n1").encode(),
                     "raw NUL": whole.replace("P1", "P\0").encode()})

    def test_36_duplicate_keys(self):
        self.refuse({"top": text_of(EVENT, '"source": "shop/test"', '"source": "shop/test", "source": "shop/evil"'),
                     "equal": text_of(EVENT, '"source": "shop/test"', '"source": "shop/test", "source": "shop/test"'),
                     "escaped": text_of(EVENT, '"source": "shop/test"', '"source": "shop/test", "sourc\\u0065": "shop/test"'),
                     "nested": text_of(EVENT, '"currency": "EUR"', '"currency": "EUR", "currency": "BGN"'),
                     "attributes": text_of(with_data(("order", "attributes"), {"a": 1}), '"a": 1', '"a": 1, "a": 2')})

    def test_37_numbers_that_no_double_holds(self):
        hidden = with_data(("order", "attributes"), {"a": 12345})
        for number in ("1e400", "-1e400", "9" * 100_000, "1" + "0" * 400, "0." + "1" * 100_000, "1e99999999999", "NaN", "Infinity", "-Infinity",
                       "01", ".5", "+1", "1.",
                       "0x10", "1_000"):
            self.refuse({number[:20]: text_of(hidden, "12345", number)})
        for number in ("1e400", "-1", "1e2", "19.99999", "1" * 13, "-0.01", "\"NaN\"", "\"1e2\"", "\"\"", "null", "true", "[]"):
            self.refuse({"total " + number: text_of(EVENT, '"total": "19.99"', f'"total": {number}')})

    def test_38_numbers_arrive_as_they_were_written(self):
        numbers = {"a": "19.99", "b": "1.0", "c": "9223372036854775808", "d": "9007199254740993", "e": "0.1", "f": "100000000000000000000.5",
                   "g": "0.30000000000000004"}
        event = with_data(("order", "attributes"), {name: f"#{name}#" for name in numbers})
        text = json.dumps(event)
        for name, number in numbers.items():
            text = text.replace(f'"#{name}#"', number)
        answer = self.unharmed_after(lambda: self.one_answer(wire.post(text.encode())), accepted=1, refused=0)
        self.assertEqual(answer.status, 202)
        self.daemon.wait_until_drained()
        got = next(request["body"] for request in reversed(self.sandbox.requests("releva")) if "9223372036854775808" in self.raw(request))
        raw = got if isinstance(got, str) else json.dumps(got)
        for number in numbers.values():
            self.assertRegex(raw, rf'[\[ ,:]{number}[,\]}} ]')

    def raw(self, request):
        return request["body"] if isinstance(request["body"], str) else json.dumps(request["body"])

    def test_39_and_40_control_characters(self):
        texts = {"NUL": "a\0b", "CR LF": "a\r\nX-Evil: 1", "LF": "a\nb", "ESC": "a\x1b[31mb", "DEL": "a\x7f", "C1": "a\x85b"}
        for name, text in texts.items():
            self.refuse({f"{name} in id": changed(id=text), f"{name} in source": changed(source=text), f"{name} in subject": changed(subject=text),
                         f"{name} in partitionkey": changed(partitionkey=text), f"{name} in order.id": with_data(("order", "id"), text),
                         f"{name} in customer.id": with_data(("customer", "id"), text), f"{name} in language": with_data(("customer", "language"),
                             text),
                         f"{name} in email": with_data(("customer", "email"), text)})
            refs = with_data(("order", "refs"), {"rokt": {"conversion_id": text}})
            self.refuse({f"{name} in a vendor's key": refs})

    def test_40_nothing_of_an_event_becomes_a_second_request(self):
        # Accepted texts that a careless writer of requests would trip over.
        nasty = 'x" \\ %0d%0aX-Evil: 1 </script><img src=x onerror=alert(1)> \u2028 {"a":1} POST / HTTP/1.1'
        event = with_data(("order", "items"), [{"product_id": "P1", "name": nasty, "quantity": 1, "unit_price": "19.99"}])
        event["data"]["order"]["id"] = nasty
        self.daemon.wait_until_drained()
        before = self.sandbox.account("releva")["requests"]
        answer = self.one_answer(wire.post(json.dumps(event).encode()))
        self.assertEqual(answer.status, 202, answer)
        self.daemon.wait_until_drained()
        self.assertEqual(self.sandbox.account("releva")["requests"], before + 1)
        self.assert_delivered_once_each([nasty])

    def test_41_long_ids(self):
        self.refuse({"id": changed(id="x" * 10_240), "256": changed(id="x" * 256), "source": changed(source="s" * 256), "order": with_data(("order",
            "id"), "x" * 256),
                     "key": with_data(("order", "attributes"), {"k" * 100_000: 1}), "extension": changed(**{"x" * 21: "1"}),
                     "many faults": changed(**{f"Wrong_{number}": 1 for number in range(5000)})})
        self.assertEqual(self.one_answer(wire.post(json.dumps(changed(id="ж" * 255)).encode())).status, 202)

    def test_42_unknown_type_and_vendor(self):
        self.refuse({"type": changed(type="order.stolen"), "no type": changed(type=""), "null": changed(id=None), "vendor": with_data(("order",
            "refs"), {"nobody": {"a": "b"}}),
                     "member": with_data(("order", "totl"), "1"), "data": changed(data=[]), "version": changed(specversion="0.3")},
                    pointers={"type": "/type", "no type": "/type", "null": "/id", "vendor": "/data/order/refs/nobody", "member": "/data/order/totl",
                              "data": "/data",
                              "version": "/specversion"})

    def test_43_media_types(self):
        body = json.dumps(EVENT).encode()
        kinds = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16",
                 "application/xml", "*/*",
                 "application/jsonx", "json", "", None, "text/json", "application/json; charset=\"iso-8859-1\"", "application/json, text/plain"]
        for kind in kinds:
            with self.subTest(kind):
                answer = self.unharmed_after(lambda sent=wire.post(body, kind=kind): self.one_answer(sent), refused=1)
                self.assert_problem(answer, {415})
        for kind in ("application/json; charset=UTF-8", "Application/JSON", 'application/json;charset="utf-8"'):
            with self.subTest(kind):
                self.assertEqual(self.unharmed_after(lambda sent=wire.post(self.a_good_event(), kind=kind): self.one_answer(sent),
                                                     accepted=1).status, 202)

    def test_43_content_codings(self):
        body = self.a_good_event()
        def post(data, *fields):
            return self.one_answer(wire.post(data, *fields))
        for coding in ("br", "deflate", "zstd", "gzip, gzip", "gzip;q=1", "compress"):
            self.assert_problem(self.unharmed_after(lambda one=coding: post(body, f"Content-Encoding: {one}"), refused=1), {415})
        zipped = gzip.compress(body)
        bomb = gzip.compress(bytes(200 << 20))
        damaged = {"not gzip": body, "cut short": zipped[:-4], "wrong checksum": zipped[:-8] + bytes(8), "trailing": zipped + b"x",
                   "empty": gzip.compress(b"")}
        for name, data in damaged.items():
            with self.subTest(name):
                self.assert_problem(self.unharmed_after(lambda sent=data: post(sent, "Content-Encoding: gzip"), refused=1), {400})
        before = procfs.resident_bytes(self.daemon.process.child.pid)
        self.assert_problem(self.unharmed_after(lambda: post(bomb, "Content-Encoding: gzip"), refused=1), {413})
        self.assert_grew_less(procfs.resident_bytes(self.daemon.process.child.pid) - before, 8 << 20)
        self.assertEqual(self.unharmed_after(lambda: post(zipped, "Content-Encoding: gzip"), accepted=1).status, 202)

    def test_a_small_body_gets_no_large_answer(self):
        """Faults repeat the sender's names: a hundred of them below a name of a million characters."""
        twice = b",".join(b'"k%d":1,"k%d":1' % (number, number) for number in range(110))
        body = gzip.compress(b'{"%s":{%s}}' % (b"A" * 1_000_000, twice))
        self.assertLess(len(body), 3_000)
        before = procfs.resident_bytes(self.daemon.process.child.pid)
        answer = self.unharmed_after(lambda: self.one_answer(wire.post(body, "Content-Encoding: gzip")), refused=1)
        self.assert_problem(answer, {400})
        self.assertEqual(len(json.loads(answer.body)["errors"]), 100)
        self.assertLess(len(answer.body), 128 << 10)
        self.assert_grew_less(procfs.resident_bytes(self.daemon.process.child.pid) - before, 32 << 20)

    def test_45_the_same_again_and_46_the_same_id_with_another_body(self):
        event = events.order("again-1")
        body = json.dumps(event).encode()
        self.assertEqual(self.unharmed_after(lambda: self.one_answer(wire.post(body)), accepted=1).status, 202)
        answer = self.unharmed_after(lambda: self.one_answer(wire.post(body)), duplicates=1, refused=0)
        self.assertEqual((answer.status, json.loads(answer.body)["accepted"][0]["duplicate"]), (200, True))
        event["data"]["order"]["total"] = "20.00"
        self.assert_problem(self.unharmed_after(lambda: self.one_answer(wire.post(json.dumps(event).encode())), refused=1), {409})
        twice = [events.order("again-2")] * 2
        answer = self.unharmed_after(lambda: self.one_answer(wire.post(json.dumps(twice).encode())), accepted=1, duplicates=1)
        self.assertEqual([one["duplicate"] for one in json.loads(answer.body)["accepted"]], [False, True])
        self.assert_delivered_once_each(["again-1", "again-2"])

    def test_47_one_bad_element_refuses_all(self):
        for at in (0, 500, 999):
            batch = [events.order(f"batch-{at}-{number}") for number in range(1000)]
            batch[at]["type"] = "nonsense"
            answer = self.unharmed_after(lambda sent=json.dumps(batch).encode(): self.one_answer(wire.post(sent)), refused=1)
            self.assert_problem(answer, {400})
            self.assertEqual([fault["index"] for fault in json.loads(answer.body)["errors"]], [at])
        lines = "\n".join(json.dumps(events.order(f"line-{number}")) for number in range(10)) + "\n{broken"
        self.refuse({"ndjson": lines.encode()}, kind="application/x-ndjson")
        self.refuse({"1001": [events.order(number) for number in range(1001)]}, statuses=(413,))
        conflict = events.order("conflict")
        self.assertEqual(self.one_answer(wire.post(json.dumps(conflict).encode())).status, 202)
        conflict["data"]["order"]["total"] = "1.00"
        self.refuse({"one conflict": [events.order("new-1"), conflict, events.order("new-2")]}, statuses=(409,))
        self.daemon.wait_until_drained()
        seen = self.sandbox.account("releva")["state"]["orders"]
        self.assertEqual([order for order in seen if order.startswith(("batch-", "line-", "new-"))], [])

    def test_binary_mode_is_no_way_around(self):
        data = json.dumps(events.order(1)["data"]).encode()
        fields = ["ce-specversion: 1.0", "ce-type: order.paid", "ce-source: shop/test"]
        for name, value in {"CR LF": "a%0d%0ab", "NUL": "a%00b", "not UTF-8": "a%ff", "long": "x" * 256, "empty": ""}.items():
            with self.subTest(name):
                answer = self.unharmed_after(lambda one=value: self.one_answer(wire.post(data, *fields, f"ce-id: {one}")), refused=1)
                self.assert_problem(answer, {400})
        answer = self.unharmed_after(lambda: self.one_answer(wire.post(data, *fields, "ce-id: a", "ce-id: b")), refused=1)
        self.assert_problem(answer, {400})


if __name__ == "__main__":
    harness.main()
