"""Raw connections: bytes as they stand, no library in between that would mend them."""
import mmap
import re
import socket
import time

import harness


def is_sanitized(path):
    """Whether a program was built with a sanitizer, by what it links: so it is known however a test is started."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as image:
        return re.search(rb"__(asan|tsan)_", image) is not None


# Freed memory is kept there and everything is slow: what is measured means nothing.
SANITIZED = bool(harness.BINARY) and is_sanitized(harness.BINARY)


class Answer:
    """One answer of the daemon, read strictly: what is not a well-formed HTTP/1.1 answer with a length is a failure."""

    def __init__(self, head, body):
        lines = head.decode("ascii").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        if version != "HTTP/1.1":
            raise AssertionError(f"an answer that begins with {lines[0]!r}")
        self.status = int(status)
        self.headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            if name.lower() in self.headers:
                raise AssertionError(f"an answer with {name} twice")
            self.headers[name.lower()] = value
        self.body = body

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:200]!r}>"


class Line:
    """One connection. Reads fail after `patience` seconds instead of hanging."""

    def __init__(self, port, patience=10.0, receive_buffer=None, context=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patience)
        self.socket.connect(("127.0.0.1", port))
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.received = b""
        self.ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False: the daemon has closed."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.ended = not data
        self.received += data
        return bool(data)

    def answer(self):
        """The next answer, or None when the connection ends cleanly before it."""
        while b"\r\n\r\n" not in self.received:
            if not self._more():
                if self.received:
                    raise AssertionError(f"the connection ended within an answer: {self.received!r}")
                return None
        head, rest = self.received.split(b"\r\n\r\n", 1)
        length = 0
        for line in head.split(b"\r\n")[1:]:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":", 1)[1])
        while len(rest) < length:
            if not self._more():
                raise AssertionError("the connection ended within a body")
            rest = self.received.split(b"\r\n\r\n", 1)[1]
        self.received = rest[length:]
        return Answer(head, rest[:length])

    def answers(self):
        """Everything until the daemon closes, and how long that took."""
        began = time.monotonic()
        found = []
        while (one := self.answer()) is not None:
            found.append(one)
        return found, time.monotonic() - began

    def reset(self):
        """Closes with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()


def post(body, *fields, line="POST /v1/events HTTP/1.1", host="127.0.0.1", kind="application/json", length=True):
    """A request with these further header lines."""
    head = [line, f"Host: {host}"]
    if kind:
        head.append(f"Content-Type: {kind}")
    if length:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, *fields]).encode("latin-1") + b"\r\n\r\n" + body


def chunk(data, size=None, extension=b"", end=b"\r\n"):
    return (size if size is not None else b"%x" % len(data)) + extension + end + data + b"\r\n"


def chunked(*parts, fields=(), line="POST /v1/events HTTP/1.1"):
    return post(b"", "Transfer-Encoding: chunked", *fields, line=line, length=False) + b"".join(parts)
