#!/usr/bin/env python3
"""A listening socket that the service manager holds (sd_listen_fds(3)): who connects while no daemon runs is answered by the next one."""
import http.client
import socket
import sys

import events
import harness

# Becomes the program, with the descriptors that it is told as 3, 4, … as a service manager would start it.
HAND_OVER = """
import fcntl, os, sys
given = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 100) for each in sys.argv[1].split(",")]
for place, descriptor in enumerate(given, 3):
    os.dup2(descriptor, place)
os.environ.update(LISTEN_FDS=str(len(given)), LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Activation(harness.EndToEnd):
    def bound(self):
        made = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(made.close)
        return made

    def waiting_client(self, port):
        """Has sent its request: nobody accepts yet."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=harness.PATIENCE)
        self.addCleanup(line.close)
        line.request("GET", "/livez")
        return line

    def start(self, daemon, *sockets):
        numbers = [each.fileno() for each in sockets]
        daemon.start(wrapper=(sys.executable, "-c", HAND_OVER, ",".join(map(str, numbers))), inherits=numbers)

    def listening_on(self, port):
        daemon = harness.Daemon(self.folder, self.sandbox, kinds=("releva",))
        self.addCleanup(lambda: daemon.process and daemon.process.end())
        with open(daemon.config, encoding="utf-8") as text:
            settings = text.read()
        with open(daemon.config, "w", encoding="utf-8") as out:
            out.write(settings.replace("127.0.0.1:0", f"127.0.0.1:{port}", 1))
        return daemon

    def test_nobody_is_refused_between_two_lives(self):
        held = self.bound()
        port = held.getsockname()[1]
        daemon = self.listening_on(port)
        for _ in range(2):
            early = self.waiting_client(port)
            self.start(daemon, held)
            self.assertEqual(daemon.ingest.port, port)
            self.assertEqual(early.getresponse().status, 200)
            self.assertIn(daemon.post(events.cart(1))[0], (200, 202))
            self.assertEqual(daemon.stop(), 0, daemon.process.text())
        self.assertEqual(self.waiting_client(port).sock.getpeername(), ("127.0.0.1", port))

    def test_what_no_listener_names_is_closed_and_told(self):
        named, other = self.bound(), self.bound()
        daemon = self.listening_on(named.getsockname()[1])
        self.start(daemon, named, other)
        self.assertIn(f"handed over a socket on 127.0.0.1:{other.getsockname()[1]}, which no listener names", daemon.process.text())

    def test_one_that_does_not_listen_is_a_fault(self):
        with socket.socket() as deaf:
            daemon = self.listening_on(0)
            numbers = (deaf.fileno(),)
            process = harness.Process(["serve", "--config", daemon.config], self.folder + "/daemon.log",
                                      wrapper=(sys.executable, "-c", HAND_OVER, str(numbers[0])), inherits=numbers)
            self.addCleanup(process.end)
            self.assertEqual(process.wait(), 78)
            self.assertIn("descriptor 3 is no stream socket that listens", process.text())


if __name__ == "__main__":
    harness.main()
