#!/usr/bin/env python3
"""Many slow clients in a process of their own, so that they cost the test's own measurements nothing.

Usage: slow_clients.py PORT COUNT. Opens COUNT connections, says "open" when all stand, and sends on each one byte of a header per second until the
daemon ends it. Prints as JSON [status or null, seconds from the first byte to the end] for each.
"""
import json
import selectors
import socket
import sys
import time

HEAD = b"POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Slow: "


class Slow:
    def __init__(self, port, first):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.began, self.due, self.sent = None, first, 0
        self.received, self.took = b"", None

    def send_byte(self, now):
        try:
            self.socket.send(HEAD[self.sent:self.sent + 1] or b"x")
        except OSError:
            pass  # the end is noticed by reading
        self.began = self.began or now
        self.sent += 1
        self.due += 1.0

    def read(self, now):
        """True: the daemon has ended it."""
        try:
            data = self.socket.recv(4096)
        except ConnectionResetError:
            data = b""
        self.received += data
        if not data:
            self.took = now - self.began
        return not data

    def result(self):
        return [int(self.received[9:12]) if self.received else None, self.took]


def main():
    port, count = int(sys.argv[1]), int(sys.argv[2])
    start = time.monotonic() + 0.5
    clients = [Slow(port, start + number / count) for number in range(count)]
    watch = selectors.DefaultSelector()
    for client in clients:
        watch.register(client.socket, selectors.EVENT_READ, client)
    print("open", flush=True)
    open_ones = set(clients)
    while open_ones and time.monotonic() < start + 60:
        for key, _ in watch.select(0.05):
            if key.data.read(time.monotonic()):
                watch.unregister(key.data.socket)
                open_ones.discard(key.data)
        now = time.monotonic()
        for client in open_ones:
            if client.due <= now:
                client.send_byte(now)
    print(json.dumps([client.result() for client in clients]))


main()
