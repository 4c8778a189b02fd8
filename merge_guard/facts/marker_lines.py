"""Marker lines: which files can hold one at all, and where they stand.

Git writes a marker at column 0: a run of one character, then a blank and a label or the end of the line
(`fill_conflict_hunk` in xdiff/xmerge.c); jj, hg, svn, Breezy and diff3 do the same.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from merge_guard.facts.text import count_lines

DEFAULT_WIDTH = 7
LABEL_LIMIT = 200
"""Labels are cut here, in characters: they are only shown."""


class MarkerLine(NamedTuple):
    """A line that has the shape of a marker. `start` and `end` are its offsets; `line` counts from 1."""

    char: str
    width: int
    label: bytes
    line: int
    start: int
    end: int

    @property
    def text(self) -> str:
        return (self.char * self.width + " " + self.label_text).rstrip()

    @property
    def label_text(self) -> str:
        return self.label[: 4 * LABEL_LIMIT].decode("utf-8", "replace")[:LABEL_LIMIT]


def may_hold_markers(data: bytes, marker_size: int) -> bool:
    """Whether a byte search finds anything worth reading the file for; the whole cost of a clean file."""
    width = min(DEFAULT_WIDTH, marker_size)
    if b"<" * width in data or b">" * width in data:
        return True
    bar, rule = b"|" * width, b"=" * width
    if b"\n" + bar in data or b"\n" + rule + b"\n" in data or data.endswith(rule):
        return True
    head = data[: width + len(BOM_UTF8)]
    if bar in head or rule in head:
        return True
    # A search for one byte is an order of magnitude cheaper than the searches that it spares files without `\r`.
    if b"\r" in data and (b"\r" + bar in data or b"\n" + rule + b"\r" in data or b"\r" + rule in data):
        return True
    return marker_size != DEFAULT_WIDTH and b"=" * marker_size in data


def may_hold_commented(content: bytes) -> bool:
    return b"# <<<<<<<" in content or b"#<<<<<<<" in content


@lru_cache(maxsize=8)
def _column_zero(width: int) -> re.Pattern[bytes]:
    runs = b"|".join(re.escape(char) + b"{%d,}" % width for char in (b"<", b">", b"=", b"|", b"+", b"-", b"%", b"\\"))
    return re.compile(rb"[\r\n](?P<run>" + runs + rb")(?![^ \t\r\n])(?P<label>[^\r\n]*)")


# What commenting a block out, or a formatter, makes of it. More blanks than one are a comment's own indentation.
_COMMENTED = re.compile(rb"[\r\n][ \t]*#[ ]?(?P<run><{7,}|>{7,}|={7,}|\|{7,})(?![^ \t\r\n])(?P<label>[^\r\n]*)")


def marker_lines(content: bytes, marker_size: int = DEFAULT_WIDTH) -> Iterator[MarkerLine]:
    """The marker-shaped lines at column 0, in order."""
    # A width of 1 would make a marker of every list item; git allows it, nobody sets it.
    return _lines(_column_zero(max(2, min(DEFAULT_WIDTH, marker_size))), content)


def commented_marker_lines(content: bytes) -> Iterator[MarkerLine]:
    """The marker-shaped lines behind a `#`, in order."""
    return _lines(_COMMENTED, content)


def _lines(pattern: re.Pattern[bytes], content: bytes) -> Iterator[MarkerLine]:
    # The line end before a marker is part of the pattern (a search for a set of characters is fast, a lookbehind is
    # not), hence one more at the start.
    padded = b"\n" + content
    line = counted = 0
    for match in pattern.finditer(padded):
        at = match.start() + 1
        line += count_lines(padded, counted, at)
        counted = at
        run = match["run"]
        yield MarkerLine(chr(run[0]), len(run), match["label"].strip(), line, at - 1, match.end() - 1)
