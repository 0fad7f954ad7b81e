"""A coroutine that is spawned takes its parameters by value: its caller is gone when it resumes.

Looks at every co_spawn(executor, f(…), …) and group.spawn(f(…)), also of an auto made = f(…), and at the declarations
of task<…> f(…), some_task<…> f(…) and auto f(…) -> task<…> in the same module. References, views and spans are refused
there. Usage: spawned.py ROOT
"""

import sys

import coroutines
import source

BORROWED = {"&", "&&", "string_view", "span", "string_ref", "cstring_view"}


def close_angle(tokens, i):
    """Index of the > that closes the < at i, or None."""
    depth = 0
    while i < len(tokens) and tokens[i].text not in (";", "{", "}"):
        depth += {"<": 1, ">": -1}.get(tokens[i].text, 0)
        if depth == 0:
            return i
        i += 1
    return None


def name_after(tokens, i):
    """Index of the function's name after the type task<…> whose < is at i, or None."""
    end = close_angle(tokens, i)
    if end is None:
        return None
    j = end + 1
    while j + 1 < len(tokens) and tokens[j + 1].text == "::":
        j += 2
    return j


def name_before(tokens, i, partner):
    """Index of the function's name if the type at i stands behind its arrow, or None."""
    j = i - 1
    while tokens[j].text == "::":
        j -= 2
    if tokens[j].text != "->":
        return None
    j -= 1
    while tokens[j].text in ("const", "noexcept", "&", "&&"):
        j -= 1
    return partner[j] - 1 if tokens[j].text == ")" and j in partner else None


def borrowing(tokens):
    """Names of the functions that return a task and borrow a parameter."""
    partner, found = coroutines.partners(tokens), set()
    for i, token in enumerate(tokens[:-1]):
        if not (token.text == "task" or token.text.endswith("_task")) or tokens[i + 1].text != "<":
            continue
        name = name_before(tokens, i, partner) or name_after(tokens, i + 1)
        if name is None or name + 1 >= len(tokens):
            continue
        if tokens[name + 1].text == "(" and name + 1 in partner:
            if any(t.text in BORROWED for t in tokens[name + 1 : partner[name + 1]]):
                found.add(tokens[name].text)
    return found


def argument(tokens, partner, open_, number):
    """(begin, end) of the argument with this number of the call whose bracket opens at open_."""
    begin = i = open_ + 1
    while i < partner[open_]:
        if tokens[i].text == ",":
            if number == 0:
                return begin, i
            number, begin = number - 1, i + 1
        i = partner.get(i, i) + 1 if tokens[i].text in coroutines.CLOSES else i + 1
    return (begin, i) if number == 0 else (i, i)


def called(tokens, partner, begin, end):
    """The function that gives the value of these tokens: of a.b().f(x) it is f. None: no call."""
    last = None
    for j in range(begin, end - 1):
        if tokens[j + 1].text == "(" and partner.get(j + 1) == end - 1:
            last = j
    return last


def made_by(tokens, partner, name, before):
    """The function in the last `auto name = f(…);` before this index."""
    for j in range(before, 2, -1):
        if [token.text for token in tokens[j - 3 : j]] == ["auto", name, "="]:
            end = j
            while end < len(tokens) and tokens[end].text != ";":
                end = partner.get(end, end) + 1 if tokens[end].text in coroutines.CLOSES else end + 1
            return called(tokens, partner, j, end)
    return None


def spawned(tokens):
    """(line, name) of each function whose coroutine is spawned on the spot."""
    partner, found = coroutines.partners(tokens), []
    for i, token in enumerate(tokens[:-1]):
        if token.text not in ("spawn", "co_spawn") or tokens[i + 1].text != "(" or i + 1 not in partner:
            continue
        begin, end = argument(tokens, partner, i + 1, 1 if token.text == "co_spawn" else 0)
        last = called(tokens, partner, begin, end)
        if last is not None and tokens[last].text == "move":
            last = made_by(tokens, partner, tokens[last + 2].text, i)
        if last is not None:
            found.append((token.line, tokens[last].text))
    return found


def faults(texts):
    """texts: path -> C++ text of one module."""
    tokens = {path: source.tokens(text) for path, text in texts.items()}
    borrowers = set().union(*(borrowing(t) for t in tokens.values()))
    return [
        f"{path}:{line}: {name} is spawned and borrows a parameter: take it by value"
        for path, list_ in tokens.items()
        for line, name in spawned(list_)
        if name in borrowers
    ]


def main(root):
    modules = {}
    paths = source.files(root, ["lib", "daemon"], source.CPP)
    for path in paths:
        modules.setdefault("/".join(path.split("/")[: 2 if path.startswith("lib/") else 1]), []).append(path)
    found = []
    for members in modules.values():
        found += faults({path: source.read(root, path) for path in members})
    return source.report("spawned", found, len(paths))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
