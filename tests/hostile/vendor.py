"""A vendor that may do anything a peer can do to a TLS client. Each has a port of its own, and becomes honest when it is healed."""
import json
import re
import socket
import ssl
import threading

RST = b"\x01\0\0\0\0\0\0\0"


def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def old_context(certificate):
    """TLS 1.1 and nothing newer."""
    context = server_context(certificate)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


class Request:
    def __init__(self, head, body):
        self.head, self.body = head.decode("latin-1"), body
        self.line = self.head.split("\r\n", 1)[0]
        self.orders = [cart["orderId"] for cart in json.loads(body)["carts"]] if b'"carts"' in body else []

    @property
    def order(self):
        return self.orders[0]


def answer(request, status="202 Accepted", fields=(), body=None, length=True):
    """A whole answer that names the order it is for."""
    body = json.dumps({"for": request.order}).encode() if body is None else body
    lines = [f"HTTP/1.1 {status}", *fields, *([f"Content-Length: {len(body)}"] if length else [])]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Talk:
    """One accepted connection, from the side of the vendor."""

    def __init__(self, vendor, raw):
        self.vendor, self.raw, self.line = vendor, raw, raw
        self.received = b""
        self.served = 0

    def handshake(self):
        self.line = self.vendor.context.wrap_socket(self.raw, server_side=True)

    def _more(self):
        data = self.line.recv(65536)
        self.received += data
        return bool(data)

    def head(self):
        """Reads up to the end of a request's head; None: the client has closed."""
        while b"\r\n\r\n" not in self.received:
            if not self._more():
                return None
        return self.received.split(b"\r\n\r\n", 1)[0]

    def request(self):
        head = self.head()
        if head is None:
            return None
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        size = len(head) + 4 + (int(length.group(1)) if length else 0)
        while len(self.received) < size:
            if not self._more():
                return None
        got = Request(head, self.received[len(head) + 4:size])
        self.received = self.received[size:]
        self.served += 1
        self.vendor.note(got)
        return got

    def send(self, data):
        self.line.sendall(data)

    def cork(self, held):
        """While held, nothing leaves but full segments."""
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, held)

    def drip(self, data, pause=0.05):
        for at in range(len(data)):
            self.send(data[at:at + 1])
            if self.vendor.closing.wait(pause):
                break

    def flood(self, data, most=64 << 20):
        """Sends without end; returns how much went before the client closed."""
        sent = 0
        try:
            while sent < most and not self.vendor.closing.is_set():
                self.send(data)
                sent += len(data)
        except OSError:
            pass
        return sent

    def reset(self):
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
        self.line.close()

    def cut(self):
        """FIN without a TLS close_notify."""
        self.line.shutdown(socket.SHUT_RDWR)

    def end(self):
        """close_notify, then FIN."""
        self.line.unwrap()
        self.line.close()


def honest(talk):
    talk.handshake()
    while (request := talk.request()) is not None:
        talk.send(answer(request))


class Vendor:
    """Plays `play(talk)` on each connection until heal(), and from then on is honest under `good`."""

    def __init__(self, play, good, context=None, address="127.0.0.1"):
        self.play, self.good, self.context = play, good, context or good
        self.closing, self.healed = threading.Event(), threading.Event()
        self.lock = threading.Lock()
        self.requests, self.connections, self.failures = [], 0, []
        self.listening = socket.create_server((address, 0), backlog=64)
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.closing.is_set():
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
            line.settimeout(30)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line):
        talk = Talk(self, line)
        try:
            (honest if self.healed.is_set() else self.play)(talk)
        except OSError as gone:  # what the client does to us is judged by the test
            with self.lock:
                self.failures.append(str(gone))
        finally:
            talk.line.close()

    def note(self, request):
        with self.lock:
            self.requests.append(request)

    def heal(self):
        self.context = self.good
        self.healed.set()

    def close(self):
        self.closing.set()
        self.listening.close()
