"""A name server that says what a test wants, or nothing at all. UDP, one question a packet."""
import socket
import struct
import threading

A, CNAME, AAAA = 1, 5, 28
NXDOMAIN, SERVFAIL = 3, 2


def encode_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(kind, data, ttl=0):
    """An answer for the name that was asked for."""
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


class NameServer:
    """`zone`: name → addresses, or an error's number, or a function of (question, kind) that gives the whole packet or None."""

    def __init__(self, zone, address="127.0.0.1"):
        self.zone, self.asked = zone, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            packet, asker = self.socket.recvfrom(4096)
            name, end = self._name(packet)
            kind = struct.unpack(">H", packet[end:end + 2])[0]
            self.asked.append((name, kind))
            reply = self._reply(packet[:2], packet[12:end + 4], name, kind)
            if reply is not None:
                self.socket.sendto(reply, asker)

    @staticmethod
    def _name(packet):
        labels, at = [], 12
        while packet[at]:
            labels.append(packet[at + 1:at + 1 + packet[at]].decode())
            at += 1 + packet[at]
        return ".".join(labels).lower(), at + 1

    def _reply(self, number, question, name, kind):
        told = self.zone.get(name, NXDOMAIN)
        if callable(told):
            return told(number, question, kind)
        if isinstance(told, int):
            return number + struct.pack(">HHHHH", 0x8180 | told, 1, 0, 0, 0) + question
        records = [record(A, socket.inet_aton(each)) for each in told if ":" not in each] if kind == A else []
        if kind == AAAA:
            records = [record(AAAA, socket.inet_pton(socket.AF_INET6, each)) for each in told if ":" in each]
        return packet_of(number, question, records)


def packet_of(number, question, records):
    return number + struct.pack(">HHHHH", 0x8180, 1, len(records), 0, 0) + question + b"".join(records)
