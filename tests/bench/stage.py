"""What a measurement needs: daemons, a sandbox, peers and the load driver, all on loopback, in one folder on a real disk."""
import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness  # noqa: E402  (the folder has to be known first)
import procfs  # noqa: E402

# As harness.MORTAL, with the signal upon which servers of several processes end as a whole.
MORTAL = ("setpriv", "--pdeathsig", "TERM")
POSTGRES_FOLDERS = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"]


def free_port():
    return harness.free_port()


def file_system(path):
    return subprocess.run(["stat", "-f", "-c", "%T", path], capture_output=True, text=True, check=True).stdout.strip()


class Peer:
    """A server that somebody else wrote."""

    def __init__(self, name, port, child):
        self.name, self.port, self.child = name, port, child

    def end(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


class Stage:
    """Everything started here ends with it, and its folder goes."""

    def __init__(self, parent, driver):
        os.makedirs(parent, exist_ok=True)
        self.folder = tempfile.mkdtemp(prefix="bench-", dir=parent)
        self.driver = driver
        self.started = contextlib.ExitStack()
        self.started.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.runs = self.folders = 0

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.started.close()

    def subfolder(self, name):
        """A fresh one; a name may come again."""
        self.folders += 1
        path = os.path.join(self.folder, f"{name}-{self.folders}")
        os.makedirs(path)
        return path

    # ---- ours

    def sandbox(self):
        made = harness.Sandbox(self.subfolder("sandbox"))
        self.started.callback(made.process.end)
        return made

    def daemon(self, name, sandbox, kinds=harness.KINDS, per_kind=None, settings=""):
        folder = self.subfolder(name)
        made = harness.Daemon(folder, sandbox, kinds, f'max_size = "60GiB"\n{settings}', per_kind)
        self.started.callback(lambda: made.process and made.process.end())
        return made.start()

    def end(self, daemon):
        """Ends a daemon before its time, and gives its disk back."""
        daemon.process.end()
        shutil.rmtree(os.path.join(daemon.folder, "queue"), ignore_errors=True)

    # ---- load

    def load(self, what, port=0, **options):
        """Runs the driver and returns what it says. Options as on its command line, `_` for `-`; True is a flag."""
        self.runs += 1
        command = [self.driver, what]
        options.setdefault("run", f"r{self.runs}")
        if port:
            options["port"] = port
        for name, value in options.items():
            flag = "--" + name.replace("_", "-")
            command += [flag] if value is True else [flag, str(value)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
        said = json.loads(done.stdout)
        refused = {status: count for status, count in said["answers"].items() if int(status) >= 300}
        if refused:
            raise RuntimeError(f"{' '.join(command)}: refused: {refused}")
        return said

    def load_daemon(self, daemon, **options):
        """load() with `cpu_us`, the daemon's processor time per event."""
        pid = daemon.process.child.pid
        before = procfs.cpu_seconds(pid)
        said = self.load("http", daemon.ingest.port, **options)
        said["cpu_us"] = (procfs.cpu_seconds(pid) - before) * 1e6 / max(1, said["events"])
        return said

    # ---- peers

    def _start(self, name, port, command, folder):
        with open(os.path.join(folder, "log"), "wb") as log:
            child = subprocess.Popen([*MORTAL, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
        peer = Peer(name, port, child)
        self.started.callback(peer.end)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and child.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return peer
            time.sleep(0.05)
        with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as log:
            raise RuntimeError(f"{name} does not listen: {log.read()}")

    def nginx(self):
        """Answers 202 to a POST; nginx reads a body that it has no use for before it answers."""
        folder, port = self.subfolder("nginx"), free_port()
        with open(os.path.join(folder, "conf"), "w", encoding="utf-8") as conf:
            conf.write(f"daemon off; worker_processes auto; pid {folder}/pid; error_log {folder}/error;\n"
                       "events { worker_connections 2048; }\n"
                       f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/p;\n"
                       f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
                       f'server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 202 "{{}}"; }} }} }}\n')
        return self._start("nginx", port, ["nginx", "-e", f"{folder}/error", "-c", f"{folder}/conf"], folder)

    def redis(self):
        """Syncs its append-only file before it answers, and does nothing else for durability."""
        folder, port = self.subfolder("redis"), free_port()
        settings = {"port": port, "bind": "127.0.0.1", "dir": folder, "appendonly": "yes", "appendfsync": "always", "save": "",
                    "auto-aof-rewrite-percentage": 0, "daemonize": "no"}
        command = ["redis-server"]
        for name, value in settings.items():
            command += ["--" + name, str(value)]
        return self._start("redis", port, command, folder)

    def forget(self, redis):
        """Empties a redis, so that its memory does not grow from run to run."""
        with socket.create_connection(("127.0.0.1", redis.port), 10) as line:
            line.sendall(b"FLUSHALL\r\n")
            line.recv(64)

    def postgres(self):
        """A fresh cluster with the defaults of Debian: fsync and synchronous_commit on."""
        folder, port = self.subfolder("postgres"), free_port()
        programs = next(each for each in POSTGRES_FOLDERS if os.path.isdir(each))
        prefix, user = [], pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:  # it refuses to run as root
            # Who becomes another user is no longer told of the end that was asked for before.
            user, prefix = "postgres", [*MORTAL, "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            os.chmod(self.folder, 0o755)
            shutil.chown(folder, "postgres", "postgres")
        data = os.path.join(folder, "data")
        quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": folder}
        subprocess.run([*prefix, f"{programs}/initdb", "-D", data, "-A", "trust", "-U", user, "-E", "UTF8", "--locale=C"], **quiet)
        peer = self._start("postgres", port, [*prefix, f"{programs}/postgres", "-D", data, "-p", str(port), "-k", folder,
                                              "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300"], folder)
        psql = [f"{programs}/psql", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", user]
        harness.eventually(lambda: subprocess.run([*psql, "-d", "postgres", "-c", "CREATE DATABASE bench"], check=False,
                                                  capture_output=True).returncode == 0, "PostgreSQL to be ready")
        subprocess.run([*psql, "-d", "bench", "-c", "CREATE TABLE events (id text PRIMARY KEY, body jsonb NOT NULL)"], **quiet)
        peer.user = user
        return peer
