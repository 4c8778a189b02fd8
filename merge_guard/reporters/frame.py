"""A code frame: some source lines around a place, clipped to a width, with a mark under the place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from merge_guard.model.finding import Place
from merge_guard.reporters.sanitise import visible

CONTEXT = 2
TAB = 4
LONGEST_LINE = 20_000
ELLIPSIS = "..."
_NAME = re.compile(r"\w+(?:\.\w+)*|[^\s\w]+")


class Role(Enum):
    CONTEXT = "context"
    PLACE = "place"
    MARK = "mark"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class FrameLine:
    """One line of a frame: `gutter` is the line number, right-aligned, or blank."""

    gutter: str
    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class _Cell:
    """One source character as it is shown, and how many columns it takes."""

    text: str
    width: int


def code_frame(place: Place, lines: Mapping[int, str], width: int) -> list[FrameLine]:
    """The frame, `width` columns for the source text; empty where the line of the place is not known."""
    if place.line not in lines:
        return []
    source = lines[place.line]
    first, last = _marked(source, place.column)
    cells = _cells(source)
    shift = _shift(cells, first, last, width)
    shown = _shown(place, lines)
    digits = len(str(shown[-1]))
    frame: list[FrameLine] = []
    previous = shown[0] - 1
    for number in shown:
        if number != previous + 1:
            frame.append(FrameLine(ELLIPSIS[:digits].rjust(digits), "", Role.GAP))
        previous = number
        role = Role.PLACE if number == place.line else Role.CONTEXT
        frame.append(FrameLine(f"{number:>{digits}}", _clipped(_cells(lines[number]), shift, width), role))
        if role is Role.PLACE:
            start = _columns(cells[:first]) - shift
            length = max(1, min(_columns(cells[first:last]), width - start))
            frame.append(FrameLine(" " * digits, " " * start + "^" * length, Role.MARK))
    return frame


def _shown(place: Place, lines: Mapping[int, str]) -> list[int]:
    near = [n for n in range(place.line - CONTEXT, place.line + CONTEXT + 1) if n in lines]
    # Lines that lead up to the place or follow it directly; blank ones at the rim tell nothing.
    while near[0] < place.line and not lines[near[0]].strip():
        near.pop(0)
    while near[-1] > place.line and not lines[near[-1]].strip():
        near.pop()
    end = place.end_line
    return [*near, end] if end is not None and end > near[-1] and end in lines else near


def _marked(source: str, column: int) -> tuple[int, int]:
    """What to underline, as indices: the whole statement from its first column, else the name at the column."""
    text = source.rstrip()
    first = min(max(column - 1, 0), len(text))
    if not text[:first].strip():
        return first + len(text[first:]) - len(text[first:].lstrip()), len(text)
    match = _NAME.match(text, first)
    return first, match.end() if match else first + 1


def _cells(source: str) -> list[_Cell]:
    return list(_each_cell(source.rstrip()[:LONGEST_LINE]))


def _each_cell(source: str) -> Iterator[_Cell]:
    column = 0
    for char in source:
        if char == "\t":
            text = " " * (TAB - column % TAB)
        else:
            text = visible(char)
        width = len(text) if len(text) > 1 or char.isascii() else _glyph_width(char)
        column += width
        yield _Cell(text, width)


def _glyph_width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _columns(cells: list[_Cell]) -> int:
    return sum(cell.width for cell in cells)


def _shift(cells: list[_Cell], first: int, last: int, width: int) -> int:
    """How many columns to leave out on the left, so that what is marked can be seen."""
    if _columns(cells) <= width:
        return 0
    start = _columns(cells[:first])
    end = start + min(_columns(cells[first:last]), width // 2)
    return 0 if end <= width - len(ELLIPSIS) else max(0, end - width * 2 // 3)


def _clipped(cells: list[_Cell], shift: int, width: int) -> str:
    """The columns from `shift` on, `width` of them, with dots where something is missing."""
    total = _columns(cells)
    if total <= shift:
        return "" if not shift or not total else ELLIPSIS
    left = shift + len(ELLIPSIS) if shift else 0
    right = shift + width if total <= shift + width else shift + width - len(ELLIPSIS)
    parts = [ELLIPSIS] if shift else []
    column = 0
    for cell in cells:
        if column >= left and column + cell.width <= right:
            parts.append(cell.text)
        elif column < left < column + cell.width or column < right < column + cell.width:
            parts.append(" " * (min(column + cell.width, right) - max(column, left)))
        column += cell.width
        if column >= right:
            break
    return "".join(parts) + (ELLIPSIS if total > right else "")
