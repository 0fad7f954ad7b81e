"""The dashboard's script can be read by a browser: its pieces one behind the other, as assets.cmake puts them.
Usage: script.py ROOT. Ends with 77 (skipped) where there is no node (Debian's nodejs)."""

import re
import shutil
import subprocess
import sys

import source

SKIPPED = 77


def pieces(recipe):
    """The files that assets.cmake makes one script of."""
    return re.search(r"^read_bytes\(script (.+)\)$", recipe, re.MULTILINE)[1].split()


def faults(texts):
    """What node says of these pieces as one script; nothing is run."""
    done = subprocess.run(["node", "--check", "-"], input="".join(texts), capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    said = [line for line in done.stderr.splitlines() if line and not line.startswith(("    at ", "Node.js v"))]
    return ["lib/admin/dashboard, as one script: " + "\n  ".join(said)]


def main(root):
    if not shutil.which("node"):
        print("script: skipped, node is not installed (package nodejs)")
        return SKIPPED
    names = pieces(source.read(root, "lib/admin/assets.cmake"))
    return source.report("script", faults([source.read(root, "lib/admin/dashboard/" + name) for name in names]), len(names))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
