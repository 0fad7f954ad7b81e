"""The #include lines and the CMake links of every module obey the table in lib/README.md. Usage: layers.py ROOT"""

import re
import sys
from typing import NamedTuple

import source

TABLE = "lib/README.md"


class Row(NamedTuple):
    level: int
    modules: frozenset  # whole modules that it may include; None means all
    names: frozenset  # single headers: "options.hpp" of any module, or "module/header.hpp"


def read_table(text):
    """module -> Row"""
    rows = {}
    for line in text.splitlines():
        match = re.match(r"\|\s*(\d+)\s*\|\s*`(\w+)`\s*\|[^|]*\|([^|]*)\|\s*$", line)
        if match:
            level, module, may = match.groups()
            allowed = re.findall(r"`([^`]+)`", may)
            modules = None if may.strip() == "all" else frozenset(a for a in allowed if "." not in a)
            rows[module] = Row(int(level), modules, frozenset(a for a in allowed if "." in a))
    return rows


def table_faults(rows):
    """The table itself: every name is a row, and nobody looks up."""
    found = []
    for module, row in rows.items():
        for other in row.modules or ():
            if other not in rows:
                found.append(f"{TABLE}: {module} may include {other}, which has no row")
            elif rows[other].level >= row.level:
                found.append(f"{TABLE}: {module} on level {row.level} looks sideways or up, at {other}")
    return found


def may_include(rows, module, included):
    row, name = rows[module], included.rsplit("/", 1)[-1]
    other = included.split("/", 1)[0]
    return row.modules is None or other == module or other in row.modules or included in row.names or name in row.names


def includes(text, brackets='""'):
    """(line, path) of each #include "…", or of those in other brackets, comments left out."""
    for token in source.tokens(text):
        match = re.match(rf"#\s*include\s*{brackets[0]}([^{brackets[1]}]+){brackets[1]}", token.text)
        if match:
            yield token.line, match.group(1)


def module_of(path):
    parts = path.split("/")
    return "daemon" if parts[0] == "daemon" else parts[1]


def vendor_of(path, vendors):
    """The vendor's folder that a path below lib/ lies in, or None."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "destinations" and parts[1] in vendors else None


def include_faults(rows, path, text, vendors):
    module, found = module_of(path), []
    if module not in rows:
        return [f"{path}: {module} has no row in {TABLE}"]
    for line, included in includes(text, "<>"):
        if "/" in included and included.split("/", 1)[0] in rows:
            found.append(f'{path}:{line}: write our own headers in quotes: "{included}"')
    for line, included in includes(text):
        if module == "daemon" and "/" not in included:
            continue  # its own headers: nobody else can include them, so they need no module in front
        if "/" not in included or included.startswith("."):
            found.append(f'{path}:{line}: write the module too: "{module}/{included.lstrip("./")}"')
            continue
        if included.split("/", 1)[0] not in rows:
            found.append(f"{path}:{line}: {included} belongs to no module; other people's headers go in <>")
        elif not may_include(rows, module, included):
            found.append(f"{path}:{line}: {module} may not include {included} (the table is in {TABLE})")
        mine = vendor_of(path.removeprefix("lib/"), vendors)
        theirs = vendor_of(included, vendors)
        if mine and theirs and mine != theirs:
            found.append(f"{path}:{line}: the vendor {mine} may not include the vendor {theirs}")
    return found


def links(text):
    """Our modules that a CMakeLists.txt names in LINK or PRIVATE_LINK of cartrelay_module, or links to one of them afterwards."""
    text = re.sub(r"#[^\n]*", "", text)
    found = set()
    for call in re.findall(r"cartrelay_module\s*\(([^)]*)\)", text):
        after_link = re.split(r"\b(?:PRIVATE_)?LINK\b", call)[1:]
        for part in after_link:
            found |= set(re.findall(r"\bcartrelay_(\w+)", re.split(r"\bSOURCES\b", part)[0]))
    for more in re.findall(r"target_link_libraries\s*\(\s*cartrelay_\w+([^)]*)\)", text):
        found |= set(re.findall(r"\bcartrelay_(\w+)", more))
    return found - {"options"}


def link_faults(rows, module, linked, included):
    """linked: modules named in CMake; included: paths that the module's sources include."""
    path, row, found = f"lib/{module}/CMakeLists.txt", rows[module], []
    single = {name.split("/")[0] for name in row.names if "/" in name}
    any_module = any("/" not in name for name in row.names)
    for other in sorted(linked):
        if other not in rows:
            found.append(f"{path}: links cartrelay_{other}, which has no row in {TABLE}")
        elif other not in row.modules and other not in single and not any_module:
            found.append(f"{path}: {module} may not link cartrelay_{other} (the table is in {TABLE})")
    for other in sorted({i.split("/")[0] for i in included if "/" in i} - {module} - linked):
        if other in row.modules:
            found.append(f"{path}: {module} includes {other}/… but does not link cartrelay_{other}")
    return found


def main(root):
    rows = read_table(source.read(root, TABLE))
    if not rows:
        return source.report("layers", [f"{TABLE}: no table found"], 0)
    paths = source.files(root, ["lib", "daemon"], source.CPP)
    vendors = {path.split("/")[2] for path in paths if path.startswith("lib/destinations/") and path.count("/") > 2}
    found, included = table_faults(rows), {}
    for path in paths:
        text = source.read(root, path)
        found += include_faults(rows, path, text, vendors)
        included.setdefault(module_of(path), []).extend(i for _, i in includes(text))
    linked = {}
    for path in source.files(root, ["lib"], ("CMakeLists.txt",)):
        if path.count("/") > 1 and module_of(path) in rows:
            linked.setdefault(module_of(path), set()).update(links(source.read(root, path)))
    for module, names in linked.items():
        found += link_faults(rows, module, names, included.get(module, []))
    return source.report("layers", found, len(paths))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
