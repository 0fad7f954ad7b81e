#!/usr/bin/env python3
"""Writes the bill of materials of a built binary as CycloneDX 1.4 JSON: .ci/sbom.py BINARY > sbom.json

Two kinds of components: the Debian packages whose shared libraries the binary loads, and those of packages.txt
that it was built with (header-only libraries end up inside the binary, so they count as required too).
"""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def packages_loaded(binary):
    """Debian packages that own the libraries that the loader finds for the binary."""
    found = set()
    for library in re.findall(r"(/\S+) \(0x", output("ldd", binary)):
        # With merged /usr the loader says /lib/…, while dpkg may know the file under /usr/lib/….
        for name in (library, os.path.realpath(library), "/usr" + library):
            answer = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
            if answer.returncode == 0:
                found.add(answer.stdout.split(": ")[0].split(",")[0])
                break
        else:
            raise SystemExit(f"sbom: no package owns {library}")
    return found


def packages_to_build():
    with open(os.path.join(ROOT, "packages.txt"), encoding="utf-8") as file:
        rows = [line.split("#")[0].split() for line in file]
    return {row[0] for row in rows if len(row) == 1}


def component(package, loaded):
    name, version, source, source_version = output(
        "dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}\t${source:Version}", package
    ).split("\t")
    in_binary = loaded or (re.match("lib|zlib", name) and not re.match("libg(test|mock)-dev", name))
    return {
        "type": "library" if in_binary else "application",
        "name": name,
        "version": version,
        "purl": f"pkg:deb/debian/{name}@{version}?distro=debian-12",
        "scope": "required" if in_binary else "excluded",
        "properties": [{"name": "debian:source", "value": f"{source} {source_version}"}],
    }


def main(binary):
    with open(os.path.join(ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
        version = re.search(r"project\(cartrelay VERSION ([0-9.]+)", file.read()).group(1)
    loaded = packages_loaded(binary)
    parts = [component(p, True) for p in sorted(loaded)]
    parts += [component(p, False) for p in sorted(packages_to_build() - {p.split(":")[0] for p in loaded})]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.4",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "cartrelay", "version": version}},
        "components": parts,
    }
    json.dump(document, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
