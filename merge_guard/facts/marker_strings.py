"""Where the multi-line strings of a Python file are that does not parse."""

from __future__ import annotations

import re

from merge_guard.facts.marker_fences import Span
from merge_guard.facts.text import count_lines

_NEXT = re.compile(rb"""#[^\r\n]*|\"\"\"|'''|"|'""")
_INSIDE = {
    b'"""': re.compile(rb'\\(?:\r\n|.)|"""', re.DOTALL),
    b"'''": re.compile(rb"\\(?:\r\n|.)|'''", re.DOTALL),
    b'"': re.compile(rb'\\(?:\r\n|.)|"|[\r\n]', re.DOTALL),
    b"'": re.compile(rb"\\(?:\r\n|.)|'|[\r\n]", re.DOTALL),
}


def string_spans(content: bytes) -> list[Span]:
    """The string constants of more than one line, as far as quotes alone tell.

    Strings of the single-quoted forms end with their line, so that an apostrophe in a conflict's text or label does
    not reach further. A triple quote that nothing closes makes no span.
    """
    spans: list[Span] = []
    position = counted = 0
    line = 1
    while match := _NEXT.search(content, position):
        position = match.end()
        quote = match[0]
        if quote not in _INSIDE:
            continue
        start = match.start()
        closed = False
        inside = _INSIDE[quote]
        while not closed and (end := inside.search(content, position)):
            position = end.end()
            closed = not end[0].startswith(b"\\")
        if not closed:
            break
        if len(quote) == 3:
            first = line + count_lines(content, counted, start)
            line = first + count_lines(content, start, position)
            counted = start = position
            if line > first:
                spans.append(Span(first, line))
    return spans
