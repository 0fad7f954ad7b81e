"""Small promises about every file that no compiler keeps: length, leftovers, headers, registration, links of the
documents. Usage: tidiness.py ROOT"""

import os
import re
import sys

import source

LONGEST = 400
FOLDERS = [".ci", "config", "daemon", "docs", "lib", "systemd", "tests"]
# Inputs of which every byte counts.
SAMPLES = ("tests/fuzz/samples/", "tests/fuzz/corpus/", "tests/fuzz/regressions/", "tests/fuzz/control/")
PYTHON_TEST = "_test.py"
CODE = (".cpp", ".hpp", ".py", ".sh", ".cmake", "CMakeLists.txt", "/dev", "/run")
# Written in pieces, so that this file does not find itself.
LEFTOVERS = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")
PERSONAL = re.compile(r"(?<![\w.}$-])/(home|Users|root|wo" r"rk)/\w")


def text_faults(path, text):
    """Faults of one text file, whatever its language."""
    found, lines = [], text.split("\n")
    if ("/" + path).endswith(CODE) and len(lines) - 1 > LONGEST:
        found.append(f"{path}: {len(lines) - 1} lines, and {LONGEST} is the most: it holds more than one concept")
    for number, line in enumerate(lines, 1):
        if LEFTOVERS.search(line):
            found.append(f"{path}:{number}: a leftover mark: finish it, or write down why it is so")
        if PERSONAL.search(line):
            found.append(f"{path}:{number}: a path of somebody's machine")
        if line.endswith((" ", "\t")) and not path.endswith(".md"):
            found.append(f"{path}:{number}: space at the end of the line")
    if text and not text.endswith("\n"):
        found.append(f"{path}: no newline at the end")
    return found


def header_faults(path, text):
    found, tokens = [], source.tokens(text)
    if not tokens or tokens[0].text != "#pragma once":
        found.append(f"{path}: begins with something else than #pragma once")
    for at, (before, token) in enumerate(zip(tokens, tokens[1:])):
        if (before.text, token.text) != ("using", "namespace"):
            continue
        # The literals of the standard library ("250ms") only come this way, and tests may share them.
        if path.startswith("tests/") and any(each.text.endswith("_literals") for each in tokens[at:at + 6]):
            continue
        found.append(f"{path}:{token.line}: using namespace in a header")
    return found


def memory_faults(path, text):
    """A text that is asked for its capacity is to give its memory back: assigning an empty one keeps it."""
    found = []
    all_of_it = source.tokens(text)
    names = [token.text for token in all_of_it]
    asked = {names[at - 2] for at, name in enumerate(names) if name == "capacity" and names[at - 1:at] == ["."]}
    for at, token in enumerate(all_of_it):
        if token.text in asked and names[at + 1:at + 4] == ["=", "{", "}"]:
            found.append(f"{path}:{token.line}: {token.text} keeps its memory so: base::release() gives it back")
    return found


def own_header_faults(path, text, headers):
    """x.cpp includes its x.hpp first: so the build itself proves that the header stands alone."""
    own = path.removesuffix(".cpp") + ".hpp"
    if own not in headers:
        return []
    first = next((t.text for t in source.tokens(text) if re.match(r"#\s*include\b", t.text)), "")
    wanted = own.removeprefix("lib/")
    names = {wanted, own.removeprefix("tests/")}
    if path.startswith("daemon/"):
        names.add(os.path.basename(own))
    if any(first.endswith(f'"{name}"') for name in names):
        return []
    return [f'{path}: its first include must be its own header, "{wanted}"']


def spellings(path):
    """What a CMakeLists.txt may say and mean this source: Python tests may be named by their stems, or by a pattern."""
    yield [path]
    if path.endswith(PYTHON_TEST):
        yield [path.removesuffix(PYTHON_TEST), "${name}" + PYTHON_TEST]
        yield ["*" + PYTHON_TEST]


def names(text, part):
    """Whether it stands there by itself, or behind the folder that a variable holds."""
    return re.search(rf"((?<![\w/.-])|(?<=\}}/)){re.escape(part)}(?![\w/.-])", text)


def unregistered(lists, sources):
    """Sources that no CMakeLists.txt names: they would be neither built nor run, and nobody would notice.

    lists: path of a CMakeLists.txt -> its text. A source counts as named in the nearest list at or above it.
    """
    found, lists = [], {path: re.sub(r"#[^\n]*", "", text) for path, text in lists.items()}
    for path in sources:
        folder = os.path.dirname(path)
        while folder and f"{folder}/CMakeLists.txt" not in lists:
            folder = os.path.dirname(folder)
        text = lists.get(f"{folder}/CMakeLists.txt", "")
        ways = spellings(os.path.relpath(path, folder or "."))
        if not any(all(names(text, part) for part in way) for way in ways):
            found.append(f"{path}: no CMakeLists.txt names it, so nothing builds or runs it")
    return found


def link_faults(path, text, exists):
    """Relative links of a Markdown file lead to something."""
    found = []
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        target = target.split("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            if not exists(os.path.normpath(os.path.join(os.path.dirname(path), target))):
                found.append(f"{path}: the link to {target} leads nowhere")
    return found


def main(root):
    def exists(path):
        return os.path.exists(os.path.join(root, path))

    at_root = [n for n in os.listdir(root) if os.path.isfile(os.path.join(root, n)) and n != "CMakeUserPresets.json"]
    paths = sorted(at_root) + source.files(root, FOLDERS, ("",))
    found, texts = [], {}
    for path in paths:
        if path.startswith(SAMPLES):
            continue
        try:
            texts[path] = source.read(root, path)
        except UnicodeDecodeError:
            continue  # a sample that is binary on purpose
        found += text_faults(path, texts[path])
    headers = {path for path in texts if path.endswith(".hpp")}
    for path, text in texts.items():
        if path.endswith(source.CPP):
            found += memory_faults(path, text)
        if path in headers:
            found += header_faults(path, text)
        elif path.endswith(".cpp"):
            found += own_header_faults(path, text, headers)
        elif path.endswith(".md"):
            found += link_faults(path, text, exists)
    lists = {path: text for path, text in texts.items() if path.endswith("CMakeLists.txt")}
    found += unregistered(lists, [path for path in texts if path.endswith((".cpp", PYTHON_TEST))])
    for module in sorted({path.split("/")[1] for path in texts if path.startswith("lib/") and path.count("/") > 1}):
        if f"lib/{module}/README.md" not in texts:
            found.append(f"lib/{module}: the module has no README.md")
    return source.report("tidiness", found, len(texts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
