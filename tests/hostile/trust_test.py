#!/usr/bin/env python3
"""Hostile vendors: who claims to be the vendor. No byte of a request may reach anyone whose certificate is not in order.

Every case is a destination of its own in one daemon; then the vendor shows a good certificate, and what waited arrives.
"""
import authority
import vendor
from market import Case, Market
from stand import harness

HELLO_REQUEST = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"


def hello_then(end):
    """Reads the client's first bytes, answers with something else than TLS."""
    def play(talk):
        talk.raw.recv(65536)
        end(talk)
    return play


def drip_handshake(talk):
    talk.raw.recv(65536)
    talk.drip(b"\x16\x03\x03\x40\x00" + b"\x02" * 1000, pause=0.1)


class Trust(Market):
    @classmethod
    def setUpClass(cls):
        cls.make_folder()
        here, others = cls.trusted, authority.Authority(cls.folder, "unknown")
        show = vendor.server_context
        old = vendor.old_context(here.issue("old"))
        refused = [
            ("wrong-name", show(here.issue("wrong", names="DNS:elsewhere.example")), "localhost", "mismatch"),
            ("wrong-address", show(here.issue("address", names="IP:127.0.0.2")), "127.0.0.1", "mismatch"),
            ("name-for-address", show(here.issue("name", names="DNS:127.0.0.1")), "127.0.0.1", "mismatch"),
            ("only-common-name", show(here.issue("cn", subject="localhost", names="")), "localhost", "mismatch"),
            ("common-name-beside-others", show(here.issue("cn2", subject="localhost", names="DNS:elsewhere.example")), "localhost", "mismatch"),
            ("wildcard-of-everything", show(here.issue("star", names="DNS:*")), "localhost", "mismatch"),
            ("partial-wildcard", show(here.issue("part", names="DNS:local*")), "localhost", "mismatch"),
            ("name-with-a-suffix", show(here.issue("suffix", names="DNS:localhost.evil.example")), "localhost", "mismatch"),
            ("self-signed", show(here.self_signed("self")), "localhost", "self.signed"),
            ("unknown-authority", show(others.issue("stranger")), "localhost", "issuer|self.signed"),
            ("expired", show(here.issue("expired", start="20200101000000Z", end="20200102000000Z")), "localhost", "expired"),
            ("not-yet-valid", show(here.issue("future", start="20380101000000Z", end="20381231000000Z")), "localhost", "not yet valid"),
            ("client-certificate", show(here.issue("client", usage="clientAuth")), "localhost", "purpose"),
            ("tls-1.1", old, "localhost", "version|protocol|TLS"),
        ]
        cases = [Case(name.replace(".", "-"), vendor.honest, reason="tls", words=words, host=host, context=context, sends=False) for name, context,
                 host, words in refused]
        cases += [Case(name, play, reason="tls", words="TLS with", sends=False, hurry=name in ("silent-handshake", "drips-handshake")) for name,
                  play in {
            "plain-http": hello_then(lambda talk: talk.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
            "garbage-for-hello": hello_then(lambda talk: talk.send(bytes(range(256)) * 100)),
            "fatal-alert": hello_then(lambda talk: talk.send(b"\x15\x03\x03\x00\x02\x02\x28")),
            "endless-handshake": hello_then(lambda talk: setattr(talk.vendor, "flooded",
                                                                 talk.flood(b"\x16\x03\x03\x40\x00" + b"\x02\x10\x00\x00" * 4096))),
            "hello-requests-without-end": hello_then(lambda talk: setattr(talk.vendor, "flooded", talk.flood(HELLO_REQUEST * 16384))),
            "closes-before-hello": lambda talk: None,
            "closes-after-hello": hello_then(lambda talk: None),
            "resets-after-hello": hello_then(lambda talk: talk.reset()),
            "silent-handshake": hello_then(lambda talk: talk.vendor.closing.wait(5)),
            "drips-handshake": drip_handshake}.items()]
        cls.names = {}
        for name, host in (("says-its-name", "localhost"), ("has-no-name", "127.0.0.1")):
            context = show(here.issue(name))
            context.sni_callback = lambda line, asked, _, who=name: cls.names.setdefault(who, asked) and None
            cases.append(Case(name, vendor.honest, "delivered", host=host, context=context))
        cls.open_market(cases)

    def test_verdicts(self):
        grown = self.attack_and_heal()
        print(f"{len(self.cases)} peers, resident memory grew by {grown / (1 << 20):.1f} MiB")
        self.assert_grew_less(grown, 32 << 20)
        for name in ("endless-handshake", "hello-requests-without-end"):
            self.assertLess(self.cases[name].vendor.flooded, 1 << 23, name)
        self.assertEqual(self.names, {"says-its-name": "localhost", "has-no-name": None})
        self.assert_honest_vendor_undisturbed()
        self.assert_all_balance()

    def test_a_connection_is_refused(self):
        """Nobody listens: the reason is another one, and names the address."""
        port = harness.free_port()
        nobody = harness.run("check", "--probe", "--config", self.config_for(port))
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("refused", nobody.stdout + nobody.stderr)

    def config_for(self, port):
        path = f"{self.folder}/probe.toml"
        with open(path, "w", encoding="utf-8") as out:
            out.write(f'[queue]\npath = "{self.folder}/probe-queue"\n' + self.settings("nobody", "127.0.0.1", port, ""))
        return path


if __name__ == "__main__":
    harness.main()
