"""What a file may import, define and call, found without parsing: a first look at the thousands of files of a merge."""

from __future__ import annotations

import re

from merge_guard.model.glance import Change, Header, Statement

# What stands in parentheses or after a line that ends with a backslash belongs to the statement.
_STATEMENT = re.compile(rb"(?:^|[;:])[ \t]*(?:from|import)\b((?:[^\n\r\\;(]|\\\r?\n)*)(?:\(([^)]*)\))?", re.MULTILINE)
_IMPORT = re.compile(rb"import(?!\w)")
_BEGIN = re.compile(rb"(?:^|[;:])[ \t]*(?:from|import)\b", re.MULTILINE)
_COMMENT = re.compile(rb"#[^\r\n]*")
_WORD = re.compile(rb"[^\W\d]\w*|\.+")
_HEADER = re.compile(rb"def[ \t]+(\w+)[ \t]*\(")
_PART = re.compile(rb"[()\[\]{}]|#[^\r\n]*|\"[^\"\r\n]*\"|'[^'\r\n]*'|[^()\[\]{}#\"'\s]+|[\"']")
_CLASS = re.compile(rb"\bclass[ \t]+(\w+)")
_WORDS_AND_OPENINGS = bytes(
    code if code >= 128 or code == ord("(") or chr(code).isalnum() or code == ord("_") else ord(" ")
    for code in range(256)
)
_LONGEST = 4000
"""Bytes of a function's header that are compared, and of a statement that is looked at."""


def import_statements(data: bytes, start: int = 0, end: int | None = None) -> frozenset[Statement]:
    """Every import statement, of text that looks like one too; those that begin between two positions."""
    found = set()
    end = len(data) if end is None else end
    done = start
    for word in _IMPORT.finditer(data, start):
        position = word.start()
        if position < done:
            continue  # in the statement before
        line = _logical_line(data, position)
        begin = _BEGIN.search(data, max(line, done), word.end())
        if begin is None:
            continue
        if begin.start() >= end:
            break
        match = _STATEMENT.match(data, begin.start())
        if match is None or match.end() <= position:
            continue
        done = match.end()
        words = _WORD.findall(match[1])
        if match[2]:
            words += _WORD.findall(_COMMENT.sub(b"", match[2]))
        found.add(tuple([item.decode("utf-8", "replace") for item in words]))
    return frozenset(found)


def _logical_line(data: bytes, position: int) -> int:
    """Where the line begins, and those before it that end with a backslash."""
    start = data.rfind(b"\n", 0, position) + 1
    while data.endswith((b"\\\n", b"\\\r\n"), 0, start):
        start = data.rfind(b"\n", 0, start - 1) + 1
    return start


def headers(data: bytes, start: int = 0, end: int | None = None) -> frozenset[Header]:
    """Every function's header, white space and comments aside; cut where it is very long."""
    found = set()
    for match in _HEADER.finditer(data, start, len(data) if end is None else end):
        before = data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        if before.strip() in (b"", b"async"):
            name, (parameters, _) = match[1].decode("utf-8", "replace"), _parameters(data, match.end())
            found.add(Header(name, parameters, before[:1].isspace()))
    return frozenset(found)


def _parameters(data: bytes, start: int) -> tuple[bytes, int]:
    """What stands before the parenthesis that closes, and where that is."""
    depth, parts, end = 1, [], start
    for part in _PART.finditer(data, start, start + _LONGEST):
        text, end = part[0], part.end()
        if text[:1] == b"#":
            continue
        if text in b"([{":
            depth += 1
        elif text in b")]}":
            depth -= 1
            if not depth:
                break
        parts.append(text)
    return b"".join(parts), end


def change(old: bytes, new: bytes) -> Change:
    """What a text has otherwise than an older one: looked for only where the two differ."""
    start, old_end, new_end = _differing(old, new)
    statement, header = _statement_around(new, start), _header_around(new, start)
    new_statements = import_statements(new, statement, new_end)
    return Change(
        new_statements - import_statements(old, statement, old_end) if new_statements else new_statements,
        headers(old, header, old_end) ^ headers(new, header, new_end),
        # Calls go over several lines.
        called_words(new[max(0, start - _LONGEST) : new_end]),
    )


def _statement_around(data: bytes, position: int) -> int:
    """The position, or where the import statement begins that it stands in."""
    position = _logical_line(data, position)
    before = data.rfind(b"import", max(0, position - _LONGEST), position)
    opened = data.find(b"(", before, position) if before >= 0 else -1
    if opened >= 0 and data.find(b")", opened, position) < 0:
        return _logical_line(data, before)
    return position


def _header_around(data: bytes, position: int) -> int:
    """The position, or where the header begins that it stands in."""
    word = data.rfind(b"def", max(0, position - _LONGEST), position)
    match = _HEADER.match(data, word) if word >= 0 else None
    return word if match is not None and _parameters(data, match.end())[1] > position else position


def called_words(data: bytes) -> frozenset[str]:
    """Every word with an opening parenthesis behind it."""
    pieces = data.translate(_WORDS_AND_OPENINGS).split(b"(")
    words = {piece.rstrip(b" ").rpartition(b" ")[2] for piece in pieces[:-1]}
    return frozenset(word.decode("utf-8", "replace") for word in words)


def _differing(old: bytes, new: bytes) -> tuple[int, int, int]:
    """(where two texts begin to differ, where the old one ends to, where the new one does), in whole lines."""
    first = _common(old, new, min(len(old), len(new)), False)
    start = new.rfind(b"\n", 0, first) + 1
    last = _common(old, new, min(len(old), len(new)) - first, True)
    return start, _line_end(old, len(old) - last), _line_end(new, len(new) - last)


def _line_end(data: bytes, position: int) -> int:
    return data.find(b"\n", position) + 1 or len(data)


def _common(one: bytes, two: bytes, most: int, at_end: bool) -> int:
    """How many bytes two texts have in common at their beginnings, or at their ends."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if at_end:
            same = one[len(one) - middle : len(one) - low] == two[len(two) - middle : len(two) - low]
        else:
            same = one[low:middle] == two[low:middle]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def binds_at_top(data: bytes, word: str) -> bool:
    """A definition or a plain assignment of the name begins a line."""
    name = re.escape(word.encode("utf-8", "replace"))
    return (
        re.search(rb"^(?:(?:async[ \t]+)?def|class)[ \t]+" + name + rb"\b|^" + name + rb"[ \t]*=[^=]", data, re.M)
        is not None
    )


def class_words(data: bytes) -> frozenset[str]:
    """The names of the classes."""
    return frozenset(word.decode("utf-8", "replace") for word in set(_CLASS.findall(data)))
