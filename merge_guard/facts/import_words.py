"""What a file may import, define and call, found without parsing: a first look at the thousands of files of a merge."""

from __future__ import annotations

import re

# What stands in parentheses or after a line that ends with a backslash belongs to the statement.
_STATEMENT = re.compile(rb"(?:^|[;:])[ \t]*(?:from|import)\b((?:[^\n\r\\;(]|\\\r?\n)*)(?:\(([^)]*)\))?", re.MULTILINE)
_COMMENT = re.compile(rb"#[^\r\n]*")
_WORD = re.compile(rb"[^\W\d]\w*|\.+")
_HEADER = re.compile(rb"\bdef[ \t]+(\w+)[ \t]*\(")
_PART = re.compile(rb"[()\[\]{}]|#[^\r\n]*|\"[^\"\r\n]*\"|'[^'\r\n]*'|[^()\[\]{}#\"'\s]+|[\"']")
_CLASS = re.compile(rb"\bclass[ \t]+(\w+)")
_CALL = re.compile(rb"(\w+)[ \t]*\(")
_LONGEST = 4000
"""Bytes of a function's header that are compared."""

Statement = tuple[str, ...]
"""The words of one import statement in order, `from` left out; dots stand for themselves."""


def import_statements(data: bytes) -> frozenset[Statement]:
    """Every import statement; of text that looks like one, too."""
    found = set()
    for match in _STATEMENT.finditer(data):
        words = _WORD.findall(match[1])
        if match[2]:
            words += _WORD.findall(_COMMENT.sub(b"", match[2]))
        found.add(tuple([word.decode("utf-8", "replace") for word in words]))
    return frozenset(found)


def headers(data: bytes) -> frozenset[tuple[str, bytes]]:
    """(name, parameters) of every function, white space and comments aside; cut where the header is very long."""
    found = set()
    for match in _HEADER.finditer(data):
        depth, parts = 1, []
        for part in _PART.finditer(data, match.end(), match.end() + _LONGEST):
            text = part[0]
            if text[:1] == b"#":
                continue
            if text in b"([{":
                depth += 1
            elif text in b")]}":
                depth -= 1
                if not depth:
                    break
            parts.append(text)
        found.add((match[1].decode("utf-8", "replace"), b"".join(parts)))
    return frozenset(found)


def called_words(data: bytes) -> frozenset[str]:
    """Every word with an opening parenthesis behind it."""
    return frozenset(word.decode("utf-8", "replace") for word in set(_CALL.findall(data)))


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
