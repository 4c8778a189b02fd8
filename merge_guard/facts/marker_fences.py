"""Fenced text: where a document shows something literally, conflict markers perhaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from merge_guard.facts.text import count_lines, lines_before, lines_from


class Span(NamedTuple):
    """Lines of a fenced block or a string constant, inclusive."""

    first: int
    last: int

    def holds(self, first: int, last: int) -> bool:
        return self.first <= first and last <= self.last


class Excursion(NamedTuple):
    """A conflict block: its lines, and the last line of its first section."""

    first: int
    last: int
    first_section_end: int


# Markdown (CommonMark 4.5; in lists and quotes too), AsciiDoc listings, HTML, Texinfo, LaTeX, Org.
_FENCE = re.compile(
    rb"[\r\n][ \t>]*(?:[-*+][ \t]+)?(?:"
    rb"(?P<ticks>`{3,}|~{3,})(?P<info>[^\r\n]*)"
    rb"|(?P<listing>-{4,}|\.{4,})[ \t]*(?=[\r\n]|\Z)"
    rb"|(?P<open>(?i:<pre\b(?![^\r\n]*</pre)|@(?:small)?example\b|@verbatim\b"
    rb"|\\begin\{(?:verbatim|lstlisting|minted)\}|#\+begin_))"
    rb"|(?P<close>(?i:</pre>|@end\b|\\end\{|#\+end_))"
    rb")"
)


def fenced_spans(content: bytes, conflicts: Sequence[Excursion]) -> list[Span]:
    """The closed fences of a document, in order; a fence that never ends is none.

    A conflict that begins outside a fence is read as its first section: both sides usually open, or close, the same
    fence, and reading both would turn text and fences around from there on.
    """
    padded = b"\n" + content
    spans: list[Span] = []
    opened: tuple[bytes, int] | None = None
    ignore_from = ignore_to = 0
    pending = 0
    line = counted = 0
    for match in _FENCE.finditer(padded):
        at = match.start() + 1
        line += count_lines(padded, counted, at)
        counted = at
        while pending < len(conflicts) and conflicts[pending].first < line:
            if opened is None:
                ignore_from, ignore_to = conflicts[pending].first_section_end + 1, conflicts[pending].last
            pending += 1
        if ignore_from <= line <= ignore_to:
            continue
        if opened is None:
            delimiter = _opening(match, content)
            opened = (delimiter, line) if delimiter else None
        elif _closes(match, opened[0], content):
            spans.append(Span(opened[1], line))
            opened = None
    return spans


def _opening(match: re.Match[bytes], content: bytes) -> bytes:
    """The delimiter to look for, b"" where the line opens nothing."""
    if ticks := match["ticks"]:
        return b"" if ticks[:1] == b"`" and b"`" in match["info"] else ticks
    if listing := match["listing"]:
        # The same line underlines a heading or divides a page; a listing has text right below it and none above.
        above = next(lines_before(content, match.start()), b"").strip()
        titled = not above or above[:1] in (b"[", b".")
        below = next(islice(lines_from(content, match.end("listing") - 1), 1, 2), b"").strip()
        return listing if titled and below else b""
    return b"/" if match["open"] else b""


def _closes(match: re.Match[bytes], delimiter: bytes, content: bytes) -> bool:
    if delimiter == b"/":
        return match["close"] is not None
    if ticks := match["ticks"]:
        return ticks[:1] == delimiter[:1] and len(ticks) >= len(delimiter) and not match["info"].strip()
    return match["listing"] == delimiter and bool(next(lines_before(content, match.start()), b"").strip())
