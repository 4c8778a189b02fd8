"""The words of import statements, found without parsing: a first look at what a file may import."""

from __future__ import annotations

import re

# What stands in parentheses or after a line that ends with a backslash belongs to the statement.
_STATEMENT = re.compile(rb"(?:^|[;:])[ \t]*(?:from|import)\b((?:[^\n\r\\;(]|\\\r?\n)*)(?:\(([^)]*)\))?", re.MULTILINE)
_WORD = re.compile(rb"[^\W\d]\w*")


def import_words(data: bytes) -> frozenset[str]:
    """Every word of every import statement; of text that looks like one, too."""
    words: set[bytes] = set()
    for match in _STATEMENT.finditer(data):
        words.update(_WORD.findall(match[1]))
        if match[2]:
            words.update(_WORD.findall(match[2]))
    return frozenset(word.decode("utf-8", "replace") for word in words)
