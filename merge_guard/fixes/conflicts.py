"""Conflicts that decide themselves: sides that say the same, and imports of both sides that do not disagree."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from merge_guard.facts.markers import scan
from merge_guard.facts.text import read_text
from merge_guard.fixes.edits import RefusedError
from merge_guard.fixes.import_blocks import union
from merge_guard.fixes.task import Note
from merge_guard.model.facts import BASE, OURS, THEIRS, Conflict

Lines = Sequence[bytes]


class _Resolved(NamedTuple):
    """The lines in the place of a block; `other` is what choosing the other side would give, for the comparison."""

    lines: Lines
    other: Lines
    what: str


def resolve_conflicts(data: bytes, kind: str, marker_size: int) -> tuple[bytes | None, list[Note]]:
    """The file with its trivial conflicts decided, None where there is none; raises `RefusedError`.

    `kind` is that of `scan`. Of a Python file the result parses if no conflict is left, and whitespace counts only as
    far as the syntax tree shows it; of other files every byte counts but those of line ends.
    """
    text = read_text(data)
    if text is None:
        return None, []
    lines = text.content.splitlines(keepends=True)
    chosen: list[tuple[Conflict, _Resolved]] = []
    for conflict in scan(data, kind=kind, marker_size=marker_size).conflicts:
        resolved = None if conflict.documented else _resolution(lines, conflict, kind)
        if resolved is not None:
            chosen.append((conflict, resolved))
    if not chosen:
        return None, []
    made = _joined(lines, chosen, other=False)
    if kind == "python":
        _check(made, _joined(lines, chosen, other=True), marker_size)
    return text.restore(made), [Note(conflict.start, resolved.what) for conflict, resolved in chosen]


def _resolution(lines: Lines, conflict: Conflict, kind: str) -> _Resolved | None:
    sides = {section.role: lines[section.first - 1 : section.last] for section in conflict.sections}
    if conflict.family != "git" or conflict.nested or not {OURS, THEIRS} <= set(sides) <= {OURS, THEIRS, BASE}:
        return None
    ours, theirs = sides[OURS], sides[THEIRS]
    if [line.rstrip(b"\r\n") for line in ours] == [line.rstrip(b"\r\n") for line in theirs]:
        # Sides that differ in line ends only: those of the file around them.
        usual = _line_end(lines[conflict.start - 2]) if conflict.start > 1 else b""
        better = theirs if theirs and _line_end(theirs[0]) == usual else ours
        return _Resolved(better, better, "conflict of two equal sides resolved")
    if kind != "python":
        return None
    if [b"".join(line.split()) for line in ours] == [b"".join(line.split()) for line in theirs]:
        return _Resolved(ours, theirs, "conflict of whitespace resolved")
    both = union(ours, theirs, sides.get(BASE))
    return None if both is None else _Resolved(both, both, "conflict of imports resolved: both sides are kept")


def _joined(lines: Lines, chosen: Sequence[tuple[Conflict, _Resolved]], *, other: bool) -> bytes:
    out: list[bytes] = []
    at = 0
    for conflict, resolved in chosen:
        out += [*lines[at : conflict.start - 1], *(resolved.other if other else resolved.lines)]
        at = conflict.end
    return b"".join([*out, *lines[at:]])


def _check(made: bytes, other: bytes, marker_size: int) -> None:
    """Both choices mean the same, and are Python where no conflict is left."""
    if scan(made, kind="python", marker_size=marker_size).conflicts:
        if made != other:
            raise RefusedError("what its conflicts of whitespace mean is known when the others are resolved")
        return
    try:
        if ast.dump(ast.parse(made)) != ast.dump(ast.parse(other)):
            raise RefusedError("the sides of a conflict differ in whitespace that has a meaning")
    except (SyntaxError, ValueError):
        raise RefusedError("with its conflicts resolved it does not parse") from None


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
