#!/usr/bin/env python3
"""The systemd unit: systemd understands all of it, it is as closed as is promised, and it hands over the credentials that the example names.

usage: unit_test.py BINARY. Ends with 77 (skipped) where there is no systemd-analyze; what needs none is tested first.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNIT = (ROOT / "systemd/cartrelay.service").read_text(encoding="utf-8")
# systemd-analyze counts in tenths: 1.2, where an ordinary service has 9.6.
MOST_EXPOSED = 12


def credentials_agree():
    named = set(re.findall(r'credential = "([^"]+)"', (ROOT / "config/cartrelay.toml").read_text(encoding="utf-8"))) - {"name"}
    for setting in ("LoadCredential", "SetCredential"):
        given = set(re.findall(rf"^{setting}=([^:]+):", UNIT, re.MULTILINE))
        assert given == named, f"{setting}= names {sorted(given)}, config/cartrelay.toml {sorted(named)}"


def sockets_agree():
    """What no listener of the example names would be closed unused."""
    ingest = (ROOT / "config/cartrelay.toml").read_text(encoding="utf-8").split("[ingest]")[1].split("[admin]")[0]
    for address in re.findall(r"^ListenStream=(.+)$", (ROOT / "systemd/cartrelay.socket").read_text(encoding="utf-8"), re.MULTILINE):
        assert f'"{address}"' in ingest, f"config/cartrelay.toml does not listen on {address}"


def analyze(unit, *arguments):
    done = subprocess.run(["systemd-analyze", *arguments, unit], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    credentials_agree()
    sockets_agree()
    if not shutil.which("systemd-analyze"):
        print("skipped: systemd-analyze is not installed (package systemd)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "cartrelay.service"
        path.write_text(UNIT.replace("/usr/bin/cartrelay", sys.argv[1]), encoding="utf-8")
        for arguments in (("verify", "--recursive-errors=no"), ("security", "--offline=yes", f"--threshold={MOST_EXPOSED}")):
            code, told = analyze(str(path), *arguments)
            print(told[-300:])
            assert code == 0, f"systemd-analyze {arguments[0]}: {told}"
        # With its socket, which is named for the service that it starts.
        shutil.copy(ROOT / "systemd/cartrelay.socket", folder)
        code, told = analyze(str(path.with_suffix(".socket")), "verify", "--recursive-errors=no")
        assert code == 0, f"systemd-analyze verify: {told}"
        # Both would notice: a setting that nobody knows, and a door left open.
        path.write_text(UNIT.replace("/usr/bin/cartrelay", sys.argv[1]) + "Nonsense=yes\n", encoding="utf-8")
        assert analyze(str(path), "verify", "--recursive-errors=no")[0] != 0
        open_door = re.sub(r"^(SystemCallFilter|ProtectSystem|PrivateUsers)=.*$", "", UNIT, flags=re.MULTILINE)
        path.write_text(open_door.replace("/usr/bin/cartrelay", sys.argv[1]), encoding="utf-8")
        assert analyze(str(path), "security", "--offline=yes", f"--threshold={MOST_EXPOSED}")[0] != 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
