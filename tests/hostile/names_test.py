#!/usr/bin/env python3
"""Hostile name servers, and names with several addresses of which some are dead.

Runs in network and mount namespaces of its own, with its own name server behind its own resolv.conf; that needs root.
"""
import fcntl
import os
import socket
import struct
import subprocess
import sys
import threading
import time

import name_server
import vendor
from market import Case, Market
from name_server import A, CNAME, encode_name, packet_of, record
from stand import harness

INSIDE = "CARTRELAY_TEST_NAMESPACE"
# The system's resolver puts the addresses in the order of their likeness to our own (RFC 6724): the good one comes last.
DEAD, FULL, MUTE, CURT, GOOD = "127.0.0.2", "127.0.0.3", "127.0.0.5", "127.0.0.6", "127.128.0.1"


def garbage(number, question, kind):
    return number + b"\x81\x80" + b"\xff" * 500


def wrong_number(number, question, kind):
    return bytes([number[0] ^ 0xff, number[1]]) + packet_of(number, question, [record(A, b"\x7f\0\0\1")])[2:]


def loop(number, question, kind):
    return packet_of(number, question, [record(CNAME, encode_name("loop.vendor.example"))])


def nothing(number, question, kind):
    return packet_of(number, question, [])


def one_request(talk):
    talk.handshake()
    talk.send(vendor.answer(talk.request(), fields=["Connection: close"]))


class Names(Market):
    address = GOOD

    @classmethod
    def setUpClass(cls):
        cls.make_folder()
        cls.enter_namespace()
        # name: what the name server says, what becomes of the first event
        plans = {
            "dead": ([DEAD, cls.address], "delivered", None),
            "deaf": ([FULL, cls.address], "delivered", None), "mute": ([MUTE, cls.address], "delivered", None),
            "curt": ([CURT, cls.address], "delivered", None), "dead-v6": (["::1", cls.address], "delivered", None),
            "many-dead": ([f"127.0.1.{n}" for n in range(1, 20)] + [cls.address], "delivered", None),
            "all-dead": ([DEAD, "127.0.0.4"], "retrying", "connect"), "unknown": (name_server.NXDOMAIN, "retrying", "dns"),
            "failing": (name_server.SERVFAIL, "retrying", "dns"), "silent": (lambda *_: None, "retrying", "dns"), "garbage": (garbage, "retrying",
                "dns"),
            "wrong-number": (wrong_number, "retrying", "dns"), "loop": (loop, "retrying", "dns"), "no-address": (nothing, "retrying", "dns")}
        cls.zone = {f"{name}.vendor.example": told for name, (told, _, _) in plans.items()}
        cls.server = name_server.NameServer(cls.zone)
        cls.context = vendor.server_context(cls.trusted.issue("names", names="DNS:*.vendor.example"))
        cls.good = cls.context
        cls.open_market([Case(name, one_request if name == "curt" else vendor.honest, state, reason, host=f"{name}.vendor.example", hurry=name in ("deaf", "mute", "silent",
            "wrong-number")) for name, (_, state, reason) in plans.items()])

    @classmethod
    def settings(cls, name, host, port, sources, kind="releva", hurry=False, more=""):
        if name in ("deaf", "mute", "curt"):
            {"deaf": cls.fill, "mute": cls.keep_silent, "curt": cls.hang_up}[name](port)
        return super().settings(name, host if name != "honest" else "honest.vendor.example", port, sources, kind, hurry, more)

    @classmethod
    def fill(cls, port):
        """A listener whose queue is full: whoever connects waits without an answer."""
        cls.listen(FULL, port, 0)
        for each in [socket.socket() for _ in range(3)]:
            cls.addClassCleanup(each.close)
            each.setblocking(False)
            each.connect_ex((FULL, port))

    @classmethod
    def keep_silent(cls, port):
        """Connections stand at once, and nobody begins the handshake."""
        cls.listen(MUTE, port, 64)

    @classmethod
    def listen(cls, host, port, waiting):
        listener = socket.socket()
        listener.bind((host, port))
        listener.listen(waiting)
        cls.addClassCleanup(listener.close)

    @classmethod
    def hang_up(cls, port):
        """Connections stand and are closed at once."""
        curt = socket.create_server((CURT, port))
        cls.hung_up = 0

        def close_all():
            try:
                while True:
                    curt.accept()[0].close()
                    cls.hung_up += 1
            except OSError:
                pass
        thread = threading.Thread(target=close_all)
        thread.start()
        cls.addClassCleanup(lambda: (curt.shutdown(socket.SHUT_RDWR), thread.join(), curt.close()))

    @classmethod
    def enter_namespace(cls):
        cls.bring_loopback_up()
        settings = os.path.join(cls.folder, "resolv.conf")
        with open(settings, "w", encoding="ascii") as out:
            out.write("nameserver 127.0.0.1\noptions timeout:2 attempts:2\n")
        subprocess.run(["mount", "--bind", settings, "/etc/resolv.conf"], check=True)
        cls.addClassCleanup(subprocess.run, ["umount", "/etc/resolv.conf"], check=True)

    @staticmethod
    def bring_loopback_up():
        """As `ip link set lo up` does; the flags are those of netdevice(7)."""
        read, write, up = 0x8913, 0x8914, 0x1
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            name, flags = struct.unpack("16sH", fcntl.ioctl(any_socket, read, struct.pack("16sH14x", b"lo", 0))[:18])
            fcntl.ioctl(any_socket, write, struct.pack("16sH14x", name, flags | up))

    def attack_and_heal(self):
        # What a name server says after it has become honest; a healthy vendor's name is asked for from the start.
        first = {name: self.post(case, 1) for name, case in self.cases.items()}
        for name, case in self.cases.items():
            with self.subTest(name):
                line = self.wait_for_state(case, first[name], case.state)
                if case.state == "retrying":
                    self.assertEqual(line["reason"], case.reason, line)
                else:
                    self.assertEqual(self.daemon.destination(name)["failed_attempts_total"], 0)
        for name in self.cases:
            self.zone[f"{name}.vendor.example"] = [self.address]
        began = time.monotonic()
        for name, case in self.cases.items():
            if name == "all-dead":
                continue  # an answer is kept for 30 s
            with self.subTest(name + ", healed"):
                self.wait_for_state(case, first[name], "delivered")
        return time.monotonic() - began

    def assert_the_address_that_answered_is_asked_first(self):
        case = self.cases["curt"]
        self.wait_for_state(case, self.post(case, 2), "delivered")
        self.assertEqual((case.vendor.connections, self.hung_up), (2, 1))

    def test_verdicts(self):
        self.zone["honest.vendor.example"] = [self.address]
        first = {name: socket.getaddrinfo(f"{name}.vendor.example", 443, type=socket.SOCK_STREAM)[0][4][0] for name in ("deaf", "mute", "curt", "dead",
            "dead-v6", "many-dead")}
        self.assertNotIn(self.address, first.values())  # so that trying only the first would fail
        healed = self.attack_and_heal()
        print(f"{len(self.cases)} names, all healed within {healed:.1f} s")
        self.assert_the_address_that_answered_is_asked_first()
        self.assert_honest_vendor_undisturbed()
        self.assertEqual({request.order.rsplit("-", 1)[0] for request in self.honest.requests}, set(self.cases))
        self.assert_all_balance()


def main():
    if os.environ.get(INSIDE):
        harness.main()
    apart = ["unshare", "--net", "--mount", "--propagation", "private"]
    # Root in a container is often not allowed to, either.
    if subprocess.run([*apart, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print("SKIPPED: namespaces of its own need root, and more than many containers allow")
        sys.exit(77)
    os.execvpe(apart[0], [*apart, sys.executable, "-B", os.path.abspath(__file__), *sys.argv[1:]], {**os.environ, INSIDE: "1"})


if __name__ == "__main__":
    main()
