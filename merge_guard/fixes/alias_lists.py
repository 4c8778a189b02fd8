"""Taking names out of `from m import a, b, c` so that all other bytes stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from merge_guard.fixes.edits import Edit, RefusedError, line_end, line_start, next_line

_COMMA = re.compile(rb"(?:[ \t\f]|\\\r?\n)*,")

Spans = Sequence[tuple[int, int]]


def without(content: bytes, spans: Spans, gone: Collection[int], in_parentheses: bool) -> Iterator[Edit]:
    """Edits that remove the names at some indices, not all, with their commas; `spans` are (start, end) of each name.

    A name that has lines of its own goes with them, and with the comment behind it.
    """
    for first, last in _runs(content, spans, gone, in_parentheses):
        yield _removal(content, spans, first, last, in_parentheses, first - 1 in gone)


def _runs(content: bytes, spans: Spans, gone: Collection[int], in_parentheses: bool) -> Iterator[tuple[int, int]]:
    """Neighbours that go together: those on one line, or without parentheses all."""
    run: list[int] = []
    for index in sorted(gone):
        apart = in_parentheses and run and not _same_line(content, spans[run[-1]][1], spans[index][0])
        if run and (apart or index != run[-1] + 1):
            yield run[0], run[-1]
            run = []
        run.append(index)
    if run:
        yield run[0], run[-1]


def _removal(content: bytes, spans: Spans, first: int, last: int, in_parentheses: bool, follows_another: bool) -> Edit:
    """One run's; `follows_another` says that the name before it goes too, with its comma."""
    start, end = spans[first][0], spans[last][1]
    is_last = last == len(spans) - 1
    if not is_last and _same_line(content, end, spans[last + 1][0]):
        return Edit(start, spans[last + 1][0], b"")
    behind = _behind_comma(content, end, required=not is_last)
    opens_line = not content[line_start(content, start) : start].strip()
    rest = content[behind : line_end(content, behind)].strip()
    if in_parentheses and opens_line and (not rest or rest.startswith(b"#")):
        return Edit(line_start(content, start), next_line(content, behind), b"")
    if first and (is_last or _same_line(content, spans[first - 1][1], start)):
        before = spans[first - 1][1]
        if b"#" in content[before:start]:
            return Edit(start, behind, b"")
        if is_last:
            return Edit(start, behind, b"") if follows_another else Edit(before, end, b"")
        return Edit(_behind_comma(content, before, required=True), behind, b"")
    return Edit(start, behind if in_parentheses else spans[last + 1][0], b"")


def _behind_comma(content: bytes, end: int, required: bool) -> int:
    found = _COMMA.match(content, end)
    if found is None and required:
        raise RefusedError("a comment stands between a name and its comma")
    return end if found is None else found.end()


def _same_line(content: bytes, start: int, end: int) -> bool:
    between = content[start:end]
    return b"\n" not in between and b"\r" not in between
