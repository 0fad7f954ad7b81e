"""Runs the real program: a vendor sandbox and a daemon on ephemeral loopback ports, in a temporary folder, ended when the test ends.

Only the standard library. The binary is named by the environment variable CARTRELAY. Nothing here sleeps for a result: `eventually` asks for a
condition until it holds, and fails with what it saw last.
"""
import contextlib
import http.client
import http.server
import json
import os
import pty
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

BINARY = os.environ.get("CARTRELAY", "")
KINDS = ("releva", "reloadify", "elevate", "esputnik", "rokt")
SECRETS = {"releva": "sandbox-releva", "reloadify": "sandbox-reloadify", "esputnik": "sandbox-esputnik", "rokt": "sandbox-rokt"}
BASE_PATHS = {"releva": "/releva/api/v0/carts", "reloadify": "/reloadify", "elevate": "/elevate", "esputnik": "/esputnik", "rokt": "/rokt"}
OWN_SETTINGS = {"reloadify": 'language = "bg"\n', "rokt": 'tag_id = "tag-1"\n', "elevate": 'market = "BG"\n'}
PATIENCE = 60.0
# In front of a command: it ends with the thread that starts it, however that one ends.
MORTAL = ("setpriv", "--pdeathsig", "KILL")


def eventually(condition, what, patience=PATIENCE):
    """The first true value of condition(); an exception in it counts as not yet."""
    deadline = time.monotonic() + patience
    seen = None
    while time.monotonic() < deadline:
        try:
            seen = condition()
            if seen:
                return seen
        except (OSError, http.client.HTTPException, KeyError, ValueError) as failure:
            seen = failure
        time.sleep(0.02)
    raise AssertionError(f"waited {patience:.0f} s for {what}; last seen: {seen!r}")


class Process:
    """A child with its stderr in a file. `wrapper` is a command that becomes the program (prlimit, ip netns exec…), `inherits` are open descriptors."""

    def __init__(self, arguments, log_path, environment=None, wrapper=(), inherits=()):
        self.log_path = log_path
        self.log = open(log_path, "ab")
        self.child = subprocess.Popen([*MORTAL, *wrapper, BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                      env={**os.environ, **(environment or {})}, pass_fds=inherits)

    def text(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_for(self, pattern, what):
        def look():
            found = list(re.finditer(pattern, self.text()))
            if not found and self.child.poll() is not None:
                raise AssertionError(f"{what}: the process ended with {self.child.returncode}:\n{self.text()}")
            return found[-1] if found else None
        return eventually(look, what)

    def signal(self, number):
        self.child.send_signal(number)

    def wait(self, timeout=PATIENCE):
        code = self.child.wait(timeout)
        self.log.close()
        return code

    def end(self):
        if self.child.poll() is None:
            self.child.kill()
        self.wait()


def run(*arguments, given=None, typed=None, **settings):
    """The program until it ends: `given` is its standard input, `typed` what a person types on a terminal; without either nobody is there."""
    with contextlib.ExitStack() as ends:
        source = {"input": given} if given else {"stdin": subprocess.DEVNULL}
        if typed:
            ours, theirs = pty.openpty()
            ends.callback(os.close, ours)
            ends.callback(os.close, theirs)
            os.write(ours, typed.encode())
            source = {"stdin": theirs}
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.run([BINARY, *arguments], check=False, timeout=PATIENCE, **{**source, **output, **settings})


class Http:
    """Small blocking client for one origin."""

    def __init__(self, host, port, context=None):
        self.host, self.port, self.context = host, port, context

    def connection(self):
        if self.context:
            return http.client.HTTPSConnection(self.host, self.port, timeout=30, context=self.context)
        return http.client.HTTPConnection(self.host, self.port, timeout=30)

    def call(self, method, path, body=None, headers=None):
        with contextlib.closing(self.connection()) as line:
            data = json.dumps(body, ensure_ascii=False).encode() if isinstance(body, (dict, list)) else body
            given = dict(headers or {})
            if data is not None:
                given.setdefault("Content-Type", "application/json")
            line.request(method, path, data, given)
            answer = line.getresponse()
            text = answer.read().decode()
            try:
                content = json.loads(text) if text else None
            except ValueError:
                content = text
            return answer.status, content, answer.headers


class Stub:
    """An HTTP server: what `answer(target, body)` returns is status, body and header fields of its answer, or None to hang up. Ended by end()."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def respond(self):
                told = answer(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
                if told is None:
                    return
                status, body, fields = told
                content = body.encode()
                self.send_response(status)
                for name, value in {**fields, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = respond  # pylint: disable=invalid-name

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def end(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Sandbox:
    """The five vendors. `doors` may name another port in front of a kind's account."""

    def __init__(self, folder, options=()):
        self.ca = os.path.join(folder, "ca.pem")
        self.doors = {}
        self.process = Process(["sandbox", "--port", "0", "--ca-out", self.ca, *options], os.path.join(folder, "sandbox.log"))
        found = self.process.wait_for(r"https://127\.0\.0\.1:(\d+)", "the sandbox to listen")
        self.port = int(found.group(1))
        context = ssl.create_default_context(cafile=self.ca)
        self.http = Http("127.0.0.1", self.port, context)

    def url(self, kind):
        return f"https://127.0.0.1:{self.doors.get(kind, self.port)}{BASE_PATHS[kind]}"

    def account(self, vendor):
        """What the vendor holds and has counted."""
        accounts = self.http.call("GET", f"/_sandbox/state?vendor={vendor}")[1]["accounts"]
        return next(each for each in accounts if each["instance"] == "")

    def requests(self, vendor):
        return self.http.call("GET", f"/_sandbox/requests?vendor={vendor}")[1]["requests"]

    def fail(self, **fault):
        status, answer, _ = self.http.call("POST", "/_sandbox/faults", fault)
        assert status < 300, (status, answer)

    def heal(self):
        self.http.call("DELETE", "/_sandbox/faults")


class Daemon:
    """`cartrelay serve` with a configuration written from keyword arguments; may be started, killed and started again."""

    ingest_context = None  # for TLS, if `ingest` sets it up

    def __init__(self, folder, sandbox, kinds=KINDS, settings="", per_kind=None, ingest="", more=""):
        """`ingest` stands in [ingest] and `settings` in [queue], where it may open further tables; `more` ends the file."""
        self.ingest_settings, self.more = ingest, more
        self.folder = folder
        self.config = os.path.join(folder, "config.toml")
        self.sandbox = sandbox
        self.process = None
        self.starts = 0
        self.token = "t0ken-for-operators-0123456789abcdef"
        self.write_config(kinds, settings, per_kind or {})

    def write_config(self, kinds=KINDS, settings="", per_kind=None):
        for name, secret in {**SECRETS, "admin": self.token}.items():
            with open(os.path.join(self.folder, name + ".secret"), "w", encoding="utf-8") as out:
                out.write(secret + "\n")
        text = (f'[ingest]\nlisten = ["127.0.0.1:0"]\n{self.ingest_settings}\n[admin]\nlisten = ["127.0.0.1:0"]\n'
                f'tokens = [{{ file = "{self.folder}/admin.secret" }}]\n'
                f'[queue]\npath = "{self.folder}/queue"\nmin_free_disk = "1MiB"\n{settings}\n')
        for kind in kinds:
            text += (f'[[destinations]]\nname = "{kind}"\nkind = "{kind}"\nurl = "{self.sandbox.url(kind)}"\n'
                     f'ca_file = "{self.sandbox.ca}"\n')
            if kind in SECRETS:
                text += f'secret = {{ file = "{self.folder}/{kind}.secret" }}\n'
            text += OWN_SETTINGS.get(kind, "") + (per_kind or {}).get(kind, "")
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(text + self.more)

    def start(self, wrapper=(), inherits=()):
        self.starts += 1
        log = os.path.join(self.folder, f"daemon-{self.starts}.log")
        self.process = Process(["serve", "--config", self.config], log, wrapper=wrapper, inherits=inherits)
        found = self.process.wait_for(r"ingest listens on 127\.0\.0\.1:(\d+); admin on 127\.0\.0\.1:(\d+)", "the daemon to listen")
        self.ingest = Http("127.0.0.1", int(found.group(1)), self.ingest_context)
        self.admin = Http("127.0.0.1", int(found.group(2)))
        eventually(lambda: self.ingest.call("GET", "/readyz")[0] == 200, "the daemon to be ready")
        return self

    def keep_ports(self):
        """Before the first start: every start will listen on the same ports."""
        with open(self.config, encoding="utf-8") as text:
            settings = text.read()
        while ':0"]' in settings:
            settings = settings.replace(':0"]', f':{free_port()}"]', 1)
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(settings)

    def kill(self):
        self.process.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, timeout=PATIENCE):
        self.process.signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def reload(self):
        """SIGHUP; what the log says of it, its verdict last."""
        before = len(self.process.text())
        self.process.signal(signal.SIGHUP)
        return eventually(lambda: re.search(r"(?s)^.*(reloaded|reload refused).*\n", self.process.text()[before:]), "the reload's verdict").group()

    def post(self, event):
        return self.ingest.call("POST", "/v1/events", event)

    def status(self):
        return self.admin.call("GET", "/status")[1]

    def destination(self, name):
        return next(each for each in self.status()["destinations"] if each["name"] == name)

    def operate(self, method, path, body=None):
        return self.admin.call(method, path, body, {"Authorization": "Bearer " + self.token})

    def where(self):
        """How commands find it, and the operators' token."""
        return ["--url", f"http://127.0.0.1:{self.admin.port}", "--token-file", os.path.join(self.folder, "admin.secret")]

    def command(self, *arguments, **settings):
        """A command that asks this daemon; as run()."""
        return run(*arguments, *self.where(), **settings)

    def receipt(self, sequence):
        status, answer, _ = self.operate("GET", f"/v1/events/{sequence}")
        assert status == 200, (status, answer)
        return answer

    def state_at(self, sequence, destination):
        return next(each for each in self.receipt(sequence)["destinations"] if each["destination"] == destination)

    def wait_until_drained(self, patience=PATIENCE):
        eventually(lambda: all(each["backlog"] == 0 for each in self.status()["destinations"]), "an empty backlog", patience)


def balances(destination):
    ends = sum(destination[name] for name in ("delivered_total", "skipped_total", "superseded_total", "expired_total",
                                              "discarded_total", "dead_letters", "backlog"))
    return destination["routed_total"] == ends


class EndToEnd(unittest.TestCase):
    """A temporary folder and a sandbox for each test; `self.daemon(…)` starts daemons that end with the test."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cartrelay-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.sandbox = Sandbox(self.folder)
        self.addCleanup(self.sandbox.process.end)

    def daemon(self, kinds=KINDS, settings="", per_kind=None):
        made = Daemon(self.folder, self.sandbox, kinds, settings, per_kind)
        self.addCleanup(lambda: made.process and made.process.end())
        return made.start()

    def write(self, name, content):
        """A file in the folder; its path."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(content)
        return path

    def full_disk(self, size):
        """The queue's folder as a small file system without room: the file that fills it."""
        folder = os.path.join(self.folder, "queue")
        os.mkdir(folder)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", folder], check=False)
        path = os.path.join(folder, "filler")
        with contextlib.suppress(OSError), open(path, "wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))
        return path

    def assert_ledger(self, daemon):
        for each in daemon.status()["destinations"]:
            self.assertTrue(balances(each), each)


def can_trace():
    """strace is here and may look into a process: containers often forbid it."""
    return bool(shutil.which("strace")) and subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL,
                                                           check=False).returncode == 0


def opened_for_writing(pipe):
    """The writing end of a named pipe, once somebody reads it."""
    return eventually(lambda: os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), "somebody to read the pipe")


def free_port():
    """One that the kernel hands out to nobody, so that a test beside this one does not get it before it is used."""
    while True:
        with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
            port = random.randrange(16384, 32768)
            probe.bind(("127.0.0.1", port))
            return port


def main():
    if not BINARY:
        raise SystemExit("CARTRELAY has to name the binary")
    unittest.main(verbosity=2)
