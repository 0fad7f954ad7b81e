"""What the lints share: the files of the project, and C++ text as tokens without comments, strings and spaces."""

import os
import re
import sys
from typing import NamedTuple

CPP = (".cpp", ".hpp")
SKIPPED_FOLDERS = {"build", ".git", "__pycache__"}


def files(root, folders, suffixes):
    """Paths relative to root, sorted, of the files below folders whose names end in one of suffixes."""
    found = []
    for folder in folders:
        for where, subfolders, names in os.walk(os.path.join(root, folder)):
            subfolders[:] = [name for name in subfolders if name not in SKIPPED_FOLDERS]
            found += [os.path.relpath(os.path.join(where, n), root) for n in names if n.endswith(suffixes)]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


class Token(NamedTuple):
    text: str
    line: int


# Alternatives in the order in which they must be tried: a quote inside a comment is no string, and so on.
_LEXEMES = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
      | (?P<string>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
      | (?P<character>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
      | (?P<directive>^[ \t]*\#(?:\\\n|[^\n])*)
      | (?P<number>\.?[0-9](?:[eEpP][+-]|'[0-9a-zA-Z]|[0-9a-zA-Z_.])*)
      | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<sign>::|->|\+\+|--|<<=|<=>|<<|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\.\.\.|[^\s\w])
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def tokens(text):
    """Strings and characters become one token each, '""'. A directive is one token beginning with '#'."""
    result, line, position = [], 1, 0
    for match in _LEXEMES.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        kind = match.lastgroup if match.lastgroup != "mark" else "raw"
        if kind in ("raw", "string", "character"):
            result.append(Token('""', line))
        elif kind == "directive":
            result.append(Token(match.group().strip(), line))
        elif kind != "comment":
            result.append(Token(match.group(), line))
    return result


def report(name, faults, looked_at):
    """Prints the faults, or what was looked at, and returns the exit code. Looking at nothing is a fault too."""
    for fault in faults:
        print(fault, file=sys.stderr)
    if not looked_at:
        print(f"{name}: found nothing to look at: wrong folder?", file=sys.stderr)
    print(f"{name}: {looked_at} files, {len(faults)} faults")
    return 0 if looked_at and not faults else 1
