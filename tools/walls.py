#!/usr/bin/python3
"""Holds the #include lines of cli/ against the table of docs/architecture.md: tools/walls.py [ROOT].

Rows of the table are rooms (cli/plan) and single files (cli/main.cpp), which count before their room. "libraries" names headers
(arpa/inet.h), folders of headers (asio) and the word `system`, which the paragraph behind the table spells out; what else the
standard library has is everybody's. Rooms that CMakeLists.txt links are held against the same rows. Prints file:line:column of
each stray line; exit 1 where there is one. Types of one name in two files, which the linker would take for one, are told as well.
"""
import difflib
import os
import re
import sys

TABLE = "docs/architecture.md"
INCLUDE = re.compile(r'\s*(?:#|%:)\s*(?:include|include_next|import)\b\s*(?:["<](?P<header>[^">]*)[">])?')
TYPE = re.compile(r"^(?:(?:struct|class|enum class|enum) (?P<name>\w+)(?: final)?(?: : [^;{]*)? ?\{|using (?P<alias>\w+) =)", re.M)
UNNAMED = re.compile(r"^namespace \{$.*?^\}  // namespace$", re.M | re.S)  # as clang-format ends it
SOURCE = re.compile(r"\.(c|cc|cpp|cxx|h|hh|hpp|hxx|inc|inl|ipp)$")


class Mistake(Exception):
    pass


class Row:
    def __init__(self, path, rooms, libraries):
        self.path, self.rooms, self.libraries = path, rooms, libraries


class Table:
    def __init__(self, text):
        """Throws Mistake where the table does not hold by itself."""
        found = list(rows_of(text))
        told = re.search(r"^`system` is\b(.*?)(?:\n\s*\n|\Z)", text, re.M | re.S)
        self.system = re.findall(r"`([^`]+)`", told.group(1)) if told else []
        self.rooms = {path[4:] for _, path, _, _ in found if path.startswith("cli/") and "." not in path}
        self.rows = {one[1]: self.row(*one) for one in found}
        for line, path, _, _ in found:
            if path[4:] in self.reached(path[4:]):
                raise Mistake(f"{TABLE}:{line}: what {path} may include leads back to it")

    def row(self, line, path, may, libraries):
        own = {path.split("/")[1]} & self.rooms
        named = self.rooms if may == "all" else set() if may == "nothing of ours" else set(words(may))
        for name in sorted(named - self.rooms):
            raise Mistake(f'{TABLE}:{line}: "{name}" is no room of the table{nearest(name, self.rooms)}')
        headers = [] if libraries == "none" else words(libraries)
        return Row(path, own | named, [h for name in headers for h in (self.system if name == "system" else [name])])

    def reached(self, room, seen=()):
        """Every room that the table leads to from this one, by one step or more."""
        row = self.rows.get("cli/" + room)
        out = set(seen)
        for other in (row.rooms - {room} if row else ()):
            if other not in out:
                out |= self.reached(other, out | {other})
        return out

    def row_of(self, path):
        return self.rows.get(path) or self.rows.get("/".join(path.split("/")[:2]))


def rows_of(text):
    """(line, path, rooms, libraries) of each row, as it stands."""
    lines = [[c.strip() for c in line.strip().strip("|").split("|")] for line in text.split("\n")]
    head = next((n for n, line in enumerate(lines) if line[0] == "room"), None)
    if head is None or not {"may include", "libraries"} <= set(lines[head]):
        raise Mistake(f"{TABLE}:{(head or 0) + 1}: there is no table with the columns room, may include, libraries")
    for n in range(head + 2, len(lines)):
        if len(lines[n]) != len(lines[head]):
            return
        row = dict(zip(lines[head], lines[n]))
        yield n + 1, row["room"].strip("`"), row["may include"], row["libraries"]


def words(text):
    return [w.strip(" `") for w in text.split(",") if w.strip(" `")]


def nearest(name, known):
    near = difflib.get_close_matches(name, sorted(known), 1)
    return f', did you mean "{near[0]}"?' if near else ""


def listed(names):
    return ", ".join(sorted(names)) or "none"


def is_among(header, names):
    return any(header == name or header.startswith(name + "/") for name in names)


def why_not(path, header, table):
    """Why the file may not include this header; empty: it may."""
    row = table.row_of(path)
    if row is None:
        room = os.path.dirname(path)
        return f'"{room}" is no room of {TABLE}{nearest(room, table.rows)}'
    parts = header.split("/")
    if parts[0] in ("", ".") or ".." in parts:
        return f'"{header}" is no way to name a header: "ROOM/FILE.hpp" is'
    if parts[0] in table.rooms:
        kind, allowed, good = "rooms", row.rooms, parts[0] in row.rooms
    else:
        kind, allowed = "libraries", row.libraries
        standard = "." not in header and len(parts) == 1
        good = is_among(header, allowed) or (standard and not is_among(header, table.system))
    return "" if good else f'{row.path} may not include "{header}"; of {kind} it may: {listed(allowed)}'


def without_comments(text):
    """The text with blanks for its comments and raw strings; lines and columns stay."""
    form = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(found):
        return re.sub(r"[^\n]", " ", found.group()) if found.group()[:2] in ("//", "/*", 'R"') else found.group()

    return form.sub(blank, text)


def strays_of(path, text, table):
    """The stray lines of one file."""
    for number, line in enumerate(without_comments(text).split("\n"), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        header = found.group("header")
        why = why_not(path, header, table) if header else "cannot tell which header is included: write its name"
        if why:
            yield f"{path}:{number}:{(found.start('header') if header else found.end()) + 1}: {why}"


def stray_links(text, table):
    """What CMakeLists.txt links to a room that may not include it."""
    for found in re.finditer(r"^room\((\w+)([^)]*)\)", text, re.M):
        at, room = f"CMakeLists.txt:{text.count(chr(10), 0, found.start()) + 1}", found.group(1)
        if room not in table.rooms:
            yield f'{at}: "{room}" is no room of {TABLE}{nearest(room, table.rooms)}'
            continue
        allowed = table.rows["cli/" + room].rooms
        for name in found.group(2).split():
            if name in table.rooms - allowed:
                yield f'{at}: cli/{room} may not link "{name}"; of rooms it may: {listed(allowed)}'


def twins(files):
    """Types of one name in two files: to the linker they are one, and it takes the code of either."""
    first = {}
    for path, text in files.items():
        outer = without_comments(UNNAMED.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text))
        for found in TYPE.finditer(outer):
            name = found.group("name") or found.group("alias")
            start = found.start("name" if found.group("name") else "alias")
            at = f"{path}:{outer.count(chr(10), 0, start) + 1}:{start - outer.rfind(chr(10), 0, start)}"
            known = first.setdefault(name, at)
            if known != at:
                yield f'{at}: "{name}" is the name of a type in {known}, too: give one of them another'


def files_of(root):
    for directory, _, names in os.walk(os.path.join(root, "cli")):
        yield from (os.path.relpath(os.path.join(directory, n), root) for n in names if SOURCE.search(n))


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read()


def main(root):
    try:
        table = Table(read(root, TABLE))
    except Mistake as e:
        print(e)
        return 1
    files = sorted(files_of(root))
    texts = {path: read(root, path) for path in files}
    strays = [stray for path, text in texts.items() for stray in strays_of(path, text, table)]
    strays += twins(texts)
    strays += stray_links(read(root, "CMakeLists.txt"), table)
    print("\n".join(strays) if strays else f"walls: {len(files)} files keep to the table of {TABLE}")
    return 1 if strays else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
