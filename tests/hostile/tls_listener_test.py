#!/usr/bin/env python3
"""Hostile clients of a listener with TLS: what comes before the first request."""
import random
import shutil
import ssl
import time

import authority
import stand
import wire
from stand import harness

HANDSHAKE_DEADLINE, GRACE = 10.0, 3.0


class TlsListener(stand.Stand):
    ingest = 'tls_certificate = "{folder}/ca/server.pem"\ntls_key = "{folder}/ca/server.pem"\n'

    @classmethod
    def prepare(cls):
        made = cls.authority = authority.Authority(cls.folder)
        made.issue("server")
        cls.context = ssl.create_default_context(cafile=made.certificate)

    def plain(self, **options):
        return wire.Line(self.daemon.ingest.port, **options)

    def end_of(self, data, patience=20.0):
        """What the daemon says to these bytes before TLS, and after how many seconds it closes."""
        with self.plain(patience=patience) as line:
            began, said = time.monotonic(), b""
            line.send(data)
            try:
                while (more := line.socket.recv(65536)):
                    said += more
            except ConnectionResetError:
                pass
            return said, time.monotonic() - began

    def hello(self):
        """The first flight of a good client."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = self.context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return outgoing.read()

    def test_what_is_no_tls_is_closed_at_once_and_is_no_request(self):
        garbage = {"http": self.good_request(), "ssh": b"SSH-2.0-x\r\n", "zeros": bytes(600), "huge record": b"\x16\x03\x01\xff\xff" + bytes(70_000),
                   "random": random.Random(1).randbytes(5000), "alert": b"\x15\x03\x03\x00\x02\x02\x28", "data": b"\x17\x03\x03\x00\x20" + bytes(32)}
        for name, data in garbage.items():
            with self.subTest(name):
                said, took = self.unharmed_after(lambda sent=data: self.end_of(sent), refused=0)
                self.assertFalse(said.startswith(b"HTTP"), said)
                self.assertLess(took, 1.0)

    def test_mutilated_hellos(self):
        chance, hello = random.Random(2), self.hello()
        for _ in range(200):
            data = bytearray(hello)
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(5, len(data))] = chance.randrange(256)
            with self.plain() as line:
                line.send(bytes(data))
        self.unharmed_after(lambda: None)

    def test_a_handshake_that_stops_ends_in_time(self):
        with self.plain(patience=30.0) as silent:
            said, took = self.end_of(self.hello()[:50])
            self.assertEqual(said, b"")
            self.assertTrue(HANDSHAKE_DEADLINE - 1 < took < HANDSHAKE_DEADLINE + GRACE, took)
            self.assertEqual(silent.socket.recv(1), b"")
        self.unharmed_after(lambda: None)

    def test_old_versions_are_refused(self):
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionResetError)):
            wire.Line(self.daemon.ingest.port, context=old)
        self.unharmed_after(lambda: None)

    def test_framing_is_judged_the_same(self):
        self.assert_refused_and_closed(wire.post(b"abc", "Transfer-Encoding: chunked") + self.good_request(), {400})
        self.assert_refused_and_closed(wire.post(b"", "Content-Length: 9999999", length=False), {413})

    def test_clients_that_go_away(self):
        before = self.counts()["accepted_total"]
        for number in range(100):
            with self.line() as line:
                line.send(self.good_request()[:-1 - number])
                if number % 2:
                    line.reset()
        self.post_good()
        self.assertEqual(self.counts()["accepted_total"] - before, 1)

    def common_name(self, line):
        return dict(pair for part in line.socket.getpeercert()["subject"] for pair in part)["commonName"]

    def test_a_certificate_renewed_in_place_is_served_after_a_reload(self):
        with self.line() as stands:
            self.assertEqual(self.common_name(stands), "nobody")
            shutil.copy(self.authority.issue("renewed", subject="renewed"), self.authority.path("server.pem"))
            self.assertIn("reloaded: ingest", self.daemon.reload())

            def served():
                with self.line() as line:
                    return self.common_name(line) == "renewed"
            harness.eventually(served, "the renewed certificate")
            stands.send(self.good_request())
            self.assertIn(stands.answer().status, (200, 202), "a connection that stands goes on")


class ExpiredListener(stand.Stand):
    """The daemon's own certificate is too old: it serves whoever does not mind, and says so wherever an operator looks."""

    ingest = TlsListener.ingest

    @classmethod
    def prepare(cls):
        cls.authority = authority.Authority(cls.folder)
        cls.authority.issue("server", start="20240101000000Z", end="20240201000000Z")
        cls.context = ssl.create_default_context()
        cls.context.check_hostname, cls.context.verify_mode = False, ssl.CERT_NONE

    def test_it_is_told_by_check_at_the_start_at_a_reload_and_with_the_first_client_that_refuses_it(self):
        words = "ingest.tls_certificate: it expired on 2024-02-01T00:00:00Z: no client accepts it"
        done = harness.run("check", "--config", self.daemon.config)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(words, done.stderr)
        self.assertIn(words, self.daemon.process.text())
        self.assertRegex(self.daemon.reload(), f"reload: .*{words}")
        wary = ssl.create_default_context(cafile=self.authority.certificate)
        for _ in range(5):
            with self.assertRaisesRegex(ssl.SSLCertVerificationError, "expired"):
                wire.Line(self.daemon.ingest.port, context=wary)
        harness.eventually(lambda: "TLS handshake" in self.daemon.process.text(), "a word of the handshakes")
        self.unharmed_after(lambda: None)
        told = [line for line in self.daemon.process.text().splitlines() if "TLS handshake" in line]
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], "warning.*a TLS handshake with 127.0.0.1.* failed: .*certificate expired")
        shutil.copy(self.authority.issue("renewed"), self.authority.path("server.pem"))
        self.assertNotIn("expired", self.daemon.reload())
        done = harness.run("check", "--config", self.daemon.config)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    harness.main()
