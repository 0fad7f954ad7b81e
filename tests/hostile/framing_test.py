#!/usr/bin/env python3
"""List A: requests that two servers could read differently, and bytes that are no HTTP at all.

Behind each refused request stands a second, good one. It must never run: it would be the smuggled one.
"""
import stand
import wire
from stand import harness

GET = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def fields(*lines, line="POST /v1/events HTTP/1.1", host=True):
    """A head of exactly these lines."""
    return "\r\n".join([line, *(["Host: 127.0.0.1"] if host else []), "Content-Type: application/json", *lines, "", ""]).encode("latin-1")


class Framing(stand.Stand):
    def refuse_all(self, cases, statuses):
        """Each head or request, followed by a body that would be a good request of its own."""
        for name, request in cases.items():
            with self.subTest(name):
                self.assert_refused_and_closed(request + self.good_request(), statuses)

    def test_01_length_and_coding(self):
        self.refuse_all({
            "length first": fields("Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
            "coding first": fields("Transfer-Encoding: chunked", "Content-Length: 3") + b"0\r\n\r\n",
            "lower case": fields("transfer-encoding: chunked", "content-length: 0") + b"0\r\n\r\n",
            "length of the chunks": fields("Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n"}, {400})

    def test_02_gzip_coding_then_length(self):
        self.refuse_all({"gzip, length": fields("Transfer-Encoding: gzip", "Content-Length: 3"),
                         "length, gzip": fields("Content-Length: 3", "Transfer-Encoding: gzip")}, {400})

    def test_03_unknown_coding_without_length(self):
        codings = ["magic", "identity", "gzip", "x-chunked", "chunkedx", "\"chunked\"", "chunked;q=1", "chunked\x0b", "\x0bchunked", ""]
        self.refuse_all({repr(coding): fields(f"Transfer-Encoding: {coding}") for coding in codings}, {400, 501})

    def test_04_chunked_then_gzip(self):
        codings = ["chunked, gzip", "gzip, chunked", "chunked, chunked", "identity, chunked", "chunked,", ",chunked"]
        self.refuse_all({coding: fields(f"Transfer-Encoding: {coding}") + b"0\r\n\r\n" for coding in codings}, {400})

    def test_05_coding_twice(self):
        self.refuse_all({"chunked twice": fields("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
                         "chunked and gzip": fields("Transfer-Encoding: chunked", "Transfer-Encoding: gzip") + b"0\r\n\r\n",
                         "empty and chunked": fields("Transfer-Encoding:", "Transfer-Encoding: chunked") + b"0\r\n\r\n"}, {400})

    def test_06_two_lengths(self):
        self.refuse_all({"equal": fields("Content-Length: 3", "Content-Length: 3") + b"abc",
                         "different": fields("Content-Length: 3", "Content-Length: 4") + b"abc",
                         "a list": fields("Content-Length: 3, 3") + b"abc",
                         "nothing and all": fields("Content-Length: 0", "Content-Length: 3") + b"abc"}, {400})

    def test_07_lengths_that_are_no_number(self):
        values = ["+3", "-1", "0x3", "", "18446744073709551616", "18446744073709551619", "3 ", "3 3", "3;", "3.0", "1e1", "\xb3", "٣"]
        cases = {repr(value): fields().replace(b"\r\n\r\n", b"\r\nContent-Length: " + value.encode() + b"\r\n\r\n") + b"abc" for value in values}
        del cases[repr("3 ")]  # space around a value is allowed, and means nothing
        self.refuse_all(cases, {400})

    def test_08_post_without_a_length(self):
        self.refuse_all({"POST": fields()}, {411})

    def test_09_chunked_in_http_1_0(self):
        self.refuse_all({"1.0": fields("Transfer-Encoding: chunked", line="POST /v1/events HTTP/1.0") + b"0\r\n\r\n",
                         "1.0, keep-alive": fields("Transfer-Encoding: chunked", "Connection: keep-alive", line="POST /v1/events HTTP/1.0")}, {400})

    def test_10_hosts(self):
        self.refuse_all({"none": fields("Content-Length: 0", host=False),
                         "two": fields("Host: 127.0.0.1", "Content-Length: 0"),
                         "two different": fields("Host: evil.example", "Content-Length: 0"),
                         "empty": fields("Host:", "Content-Length: 0", host=False),
                         "with a user": fields("Host: a@127.0.0.1", "Content-Length: 0", host=False),
                         "with a path": fields("Host: 127.0.0.1/x", "Content-Length: 0", host=False),
                         "a list": fields("Host: 127.0.0.1, evil.example", "Content-Length: 0", host=False),
                         "none in 1.0": fields("Content-Length: 0", line="POST /v1/events HTTP/1.0", host=False)}, {400})

    def test_11_folded_lines(self):
        self.refuse_all({"value": fields("X-A: b\r\n c", "Content-Length: 0"),
                         "tab": fields("X-A: b\r\n\tc", "Content-Length: 0"),
                         "coding": fields("Transfer-Encoding:\r\n chunked") + b"0\r\n\r\n",
                         "length": fields("Content-Length:\r\n 3") + b"abc",
                         "first line": b"POST /v1/events HTTP/1.1\r\n Host: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"}, {400})

    def test_12_control_characters_and_line_ends(self):
        for name, value in {"NUL": "a\0b", "bare CR": "a\rb", "DEL": "a\x7fb", "bell": "a\x07b", "vertical tab": "a\x0bb",
                            "escape": "\x1b[31m"}.items():
            with self.subTest(name):
                self.assert_refused_and_closed(fields(f"X-A: {value}", "Content-Length: 0") + self.good_request(), {400})
        self.refuse_all({"bare LF in a field": fields("X-A: a\nX-B: b", "Content-Length: 0"),
                         "bare LF at the end": fields("Content-Length: 0")[:-2] + b"\n",
                         "CR CR LF": fields("X-A: a\r", "Content-Length: 0"),
                         "NUL in a name": fields("X\0A: b", "Content-Length: 0"),
                         "NUL in the target": fields("Content-Length: 0", line="POST /v1\0/events HTTP/1.1")}, {400})
        for data in (fields("Content-Length: 0").replace(b"\r\n", b"\n"), fields("Content-Length: 0", line="POST\t/v1/events\tHTTP/1.1")):
            self.assert_foreign(data + self.good_request())

    def test_13_space_before_the_colon(self):
        self.refuse_all({"length": fields("Content-Length : 3") + b"abc", "coding": fields("Transfer-Encoding : chunked") + b"0\r\n\r\n",
                         "tab": fields("Content-Length\t: 3") + b"abc", "no colon": fields("Content-Length 3") + b"abc",
                         "no name": fields(": 3", "Content-Length: 0"), "high byte": fields("Cont\xe9nt: 3", "Content-Length: 0")}, {400})

    def test_14_chunk_extension_of_20_kilobytes(self):
        body = self.a_good_event()
        self.refuse_all({"name": wire.chunked(wire.chunk(body, extension=b";" + b"x" * 20480), b"0\r\n\r\n"),
                         "many": wire.chunked(*[wire.chunk(b"a", extension=b";" + b"x" * 90) for _ in range(200)], b"0\r\n\r\n"),
                         "at the last": wire.chunked(wire.chunk(body), b"0;" + b"x" * 20480 + b"\r\n\r\n")}, {400})

    def test_15_trailers(self):
        body = self.a_good_event()
        forbidden = ["Content-Length: 3", "Transfer-Encoding: chunked", "Host: evil.example", "Authorization: Bearer x", "content-type: text/plain"]
        self.refuse_all({line: wire.chunked(wire.chunk(body), b"0\r\n" + line.encode() + b"\r\n\r\n") for line in forbidden}, {400})
        self.refuse_all({"20 KB": wire.chunked(wire.chunk(body), b"0\r\nX-A: " + b"x" * 20480 + b"\r\n\r\n"),
                         "folded": wire.chunked(wire.chunk(body), b"0\r\nX-A: b\r\n c\r\n\r\n"),
                         "no name": wire.chunked(wire.chunk(body), b"0\r\nabc\r\n\r\n")}, {400})
        harmless = wire.chunked(wire.chunk(body), b"0\r\nX-Checksum: 1\r\n\r\n")
        self.assertEqual(self.unharmed_after(lambda: self.one_answer(harmless), accepted=1, refused=0).status, 202)

    def test_16_chunks_that_are_none(self):
        body = self.a_good_event()
        self.refuse_all({"bare LF after the size": wire.chunked(wire.chunk(body, end=b"\n"), b"0\r\n\r\n"),
                         "bare LF after the data": wire.chunked(b"%x\r\n%s\n0\r\n\r\n" % (len(body), body)),
                         "bare CR": wire.chunked(wire.chunk(body, end=b"\r"), b"0\r\n\r\n"),
                         "a size too small": wire.chunked(wire.chunk(body, size=b"%x" % (len(body) - 1)), b"0\r\n\r\n"),
                         "0x": wire.chunked(wire.chunk(body, size=b"0x%x" % len(body)), b"0\r\n\r\n"),
                         "plus": wire.chunked(wire.chunk(body, size=b"+%x" % len(body)), b"0\r\n\r\n"),
                         "minus": wire.chunked(wire.chunk(body, size=b"-1"), b"0\r\n\r\n"),
                         "space before": wire.chunked(wire.chunk(body, size=b" %x" % len(body)), b"0\r\n\r\n"),
                         "space after": wire.chunked(wire.chunk(body, size=b"%x " % len(body)), b"0\r\n\r\n"),
                         "no size": wire.chunked(b"\r\n" + body + b"\r\n0\r\n\r\n"),
                         "underscore": wire.chunked(wire.chunk(body, size=b"1_0"), b"0\r\n\r\n")}, {400})
        self.refuse_all({"nine digits": wire.chunked(wire.chunk(body, size=b"100000000"), b"0\r\n\r\n"),
                         "seventeen digits": wire.chunked(wire.chunk(body, size=b"1" + b"0" * 15 + b"%x" % len(body)), b"0\r\n\r\n")}, {400, 413})

    def test_17_targets(self):
        targets = ["http://127.0.0.1/v1/events", "http:/v1/events", "*", "v1/events", "127.0.0.1:80", "?x", "/v1/\xe9vents",
                   "/v1/events#x", "/v1/ev ents", "/v1/<events>", "/v1\\events"]
        self.refuse_all({target: fields("Content-Length: 0", line=f"POST {target} HTTP/1.1") for target in targets}, {400})
        versions = ["HTTP/1.2", "HTTP/2.0", "HTTP/11", "http/1.1", "HTTP/1.1 ", "HTTP/1", "HTTP/0.9", "HTTP/1.10", "ICAP/1.0", ""]
        for version in versions:
            with self.subTest(version):
                self.assert_foreign(fields("Content-Length: 0", line=f"POST /v1/events {version}") + self.good_request())

    def assert_foreign(self, data):
        """No HTTP/1: at most one 400, and the end within a second."""
        answers, took = self.unharmed_after(lambda: self.exchange(data))
        self.assertLessEqual(len(answers), 1)
        for answer in answers:
            self.assert_problem(answer, {400})
        self.assertLess(took, 1.0)

    def test_18_what_is_no_http(self):
        garbage = {"HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
                   "SSH": b"SSH-2.0-OpenSSH_9.2\r\n", "zeros": bytes(100), "JSON": b'{"id":1}\r\n\r\n', "blank lines": b"\r\n\r\n\r\n",
                   "lower case": b"get / HTTP/1.1\r\nHost: a\r\n\r\n", "0.9": b"GET /\r\n", "redis": b"*1\r\n$4\r\nPING\r\n", "SMTP": b"EHLO a\r\n",
                   "proxy protocol": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "high bytes": b"\xff" * 50}
        for name, data in garbage.items():
            with self.subTest(name):
                self.assert_foreign(data)

    def test_18_a_flood_of_it_leaves_no_flood_in_the_log(self):
        before = len(self.daemon.process.text())
        for number in range(1000):
            with self.line() as line:
                line.send(b"\x16\x03\x01" if number % 2 else b"SSH-2.0-x\r\n")
                self.assertLessEqual(len(line.answers()[0]), 1)
        self.post_good()
        self.assertLess(len(self.daemon.process.text()) - before, 2000)

    def test_19_two_pipelined_good_requests(self):
        def attack():
            with self.line() as line:
                line.send(self.good_request() + self.good_request())
                return [line.answer(), line.answer()]
        first, second = self.unharmed_after(attack, accepted=2, refused=0)
        self.assertEqual((first.status, second.status), (202, 202))
        self.assertLess(first.body, second.body)  # the sequence stands in it: in the order of the requests

    def test_19_many_pipelined_good_requests_in_pieces(self):
        data = b"".join(self.good_request() for _ in range(40))
        def attack():
            with self.line() as line:
                for at in range(0, len(data), 777):
                    line.send(data[at:at + 777])
                return [line.answer() for _ in range(40)]
        answers = self.unharmed_after(attack, accepted=40, refused=0)
        self.assertEqual({answer.status for answer in answers}, {202})

    def test_20_pipelined_good_and_garbage(self):
        for name, garbage in {"garbage": b"\x00\x01garbage", "smuggling": fields("Content-Length: 3", "Transfer-Encoding: chunked")}.items():
            with self.subTest(name):
                data = self.good_request() + garbage + b"\r\n\r\n" + self.good_request()
                answers, _ = self.unharmed_after(lambda sent=data: self.exchange(sent), accepted=1)
                self.assertEqual([answer.status for answer in answers], [202, 400])
                self.assertEqual(answers[1].headers["connection"], "close")

    def test_21_expectations(self):
        request = self.good_request("Expect: 100-continue")
        at = request.index(b"\r\n\r\n") + 4
        def attack():
            with self.line() as line:
                line.send(request[:at])
                first = line.answer()
                line.send(request[at:])
                return first, line.answer()
        first, second = self.unharmed_after(attack, accepted=1, refused=0)
        self.assertEqual((first.status, second.status), (100, 202))
        for other in ("200-ok", "100-continue, 200-ok", "tea"):
            with self.subTest(other):
                self.assert_refused_and_closed(self.good_request(f"Expect: {other}") + self.good_request(), {417})
        # What is refused by its head alone is refused before a body is asked for.
        self.assert_refused_and_closed(fields("Content-Length: 99999999", "Expect: 100-continue"), {413})

    def test_22_upgrade_is_ignored(self):
        request = self.good_request("Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")
        answer = self.unharmed_after(lambda: self.one_answer(request), accepted=1, refused=0)
        self.assertEqual(answer.status, 202)
        self.assertNotIn("upgrade", answer.headers)
        self.assertEqual(self.one_answer(GET.replace(b"\r\n\r\n", b"\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")).status, 200)

    def test_a_good_request_byte_by_byte_is_a_good_request(self):
        request = self.good_request()
        def attack():
            with self.line() as line:
                for at in range(len(request)):
                    line.send(request[at:at + 1])
                return line.answer()
        self.assertEqual(self.unharmed_after(attack, accepted=1, refused=0).status, 202)


if __name__ == "__main__":
    harness.main()
