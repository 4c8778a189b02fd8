"""Marker lines put together: which of them make a conflict, and which are left over.

One pass with a stack for each width: git writes wider markers for the virtual base of a criss-cross merge, and for
renames, so that a block's own separator is never an inner one's. Each line is pushed and popped at most once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from merge_guard.facts.marker_lines import MarkerLine
from merge_guard.facts.marker_strays import is_python_stray, is_stray, may_be_title
from merge_guard.model.facts import BASE, OURS, THEIRS, Section

DIFF = "diff"
LIMIT = 10_000
"""The most blocks, leftovers and open blocks of one width kept for a file: hostile files are bounded in memory too."""


class Block(NamedTuple):
    """A complete conflict. `marks` are jj's and mergediff's section markers, empty for git's form."""

    opener: MarkerLine
    bar: MarkerLine | None
    rule: MarkerLine | None
    marks: tuple[MarkerLine, ...]
    closer: MarkerLine

    @property
    def start(self) -> int:
        return self.opener.line

    @property
    def end(self) -> int:
        return self.closer.line

    @property
    def mergediff(self) -> bool:
        """Mercurial's `mergediff`: its sections are divided by a `=======` with a label."""
        return any(mark.char == "=" for mark in self.marks)

    def sections(self) -> tuple[Section, ...]:
        return tuple(self._marked() if self.marks else self._plain())

    def _plain(self) -> Iterator[Section]:
        assert self.rule is not None
        yield Section(OURS, self.opener.label_text, self.start + 1, (self.bar or self.rule).line - 1)
        if self.bar is not None:
            yield Section(BASE, self.bar.label_text, self.bar.line + 1, self.rule.line - 1)
        yield Section(THEIRS, self.closer.label_text, self.rule.line + 1, self.end - 1)

    def _marked(self) -> Iterator[Section]:
        """The first side is ours, every later one theirs; what a diff section leads to is a side too."""
        heads = list(self._heads())
        taken = False
        for (role, label, first), last in zip(heads, [head[2] for head in heads[1:]] + [None], strict=True):
            content = first + (2 if role == DIFF and "\n" in label else 1)
            end = (self.end if last is None else last) - 1
            if role not in (BASE, DIFF):
                role = THEIRS if taken else OURS
            taken = taken or role != BASE
            yield Section(role, label.replace("\n", " "), content, end)

    def _heads(self) -> Iterator[tuple[str, str, int]]:
        """(role, label, line) of each section; a label of two lines stands on two marker lines."""
        marks = self.marks
        index = 0
        while index < len(marks):
            mark = marks[index]
            after = marks[index + 1] if index + 1 < len(marks) else None
            adjacent = after is not None and after.line == mark.line + 1
            if after is not None and adjacent and (
                (mark.char == "%" and after.char == "\\") or (self.mergediff and mark.char == "-" and after.char == "+")
            ):  # fmt: skip
                yield DIFF, f"{mark.label_text}\n{' '.join(after.label_text.split())}", mark.line
                index += 2
                continue
            if mark.char != "\\":
                yield {"%": DIFF, "-": BASE}.get(mark.char, ""), mark.label_text, mark.line
            index += 1


class Found(NamedTuple):
    """Complete blocks, nested ones among them, and the markers that belong to none."""

    blocks: list[Block]
    strays: list[MarkerLine]


class _Open:
    __slots__ = ("bar", "late_bar", "marks", "opener", "rule", "sure")

    def __init__(self, opener: MarkerLine) -> None:
        self.opener = opener
        self.bar: MarkerLine | None = None
        self.rule: MarkerLine | None = None
        self.late_bar: MarkerLine | None = None
        self.marks: list[MarkerLine] = []
        self.sure = False
        """The rule is no heading's underline."""

    @property
    def complete(self) -> bool:
        return self.rule is not None or sum(mark.char != "\\" for mark in self.marks[:4]) > 1

    def take(self, token: MarkerLine, content: bytes) -> bool:
        """Put a marker line into its place; False where it is nothing but content."""
        if self.marks:
            marks_section = token.char in "%+-\\" or (token.char == "=" and bool(token.label))
            if marks_section and len(self.marks) < LIMIT:
                self.marks.append(token)
            return marks_section
        if self._opens_sections(token):
            self.marks.append(token)
            return True
        if token.char == "|":
            return self._take_bar(token)
        if token.char == "=" and not token.label:
            return self._take_rule(token, content)
        return False

    def _opens_sections(self, token: MarkerLine) -> bool:
        """jj and mergediff start their first section right below the opener, and label it."""
        if self.rule or self.bar or token.line != self.opener.line + 1 or not token.label:
            return False
        return token.char in "%+-" or (token.char == "=" and not self.opener.label)

    def _take_bar(self, token: MarkerLine) -> bool:
        if self.rule is None and self.bar is None:
            self.bar = token
            return True
        if self.bar is None and self.late_bar is None:
            self.late_bar = token
        return False

    def _take_rule(self, token: MarkerLine, content: bytes) -> bool:
        """Take the first `=======`, unless it may underline a heading of ours and a later one cannot."""
        if self.rule is None:
            self.rule, self.sure = token, not may_be_title(content, token)
            return True
        if self.sure:
            return False
        if self.late_bar is not None:
            # Base markers precede the separator: what was taken for it is text of ours.
            self.bar, self.late_bar = self.late_bar, None
        elif may_be_title(content, token):
            return False
        self.rule, self.sure = token, True
        return True


class _Width:
    """The blocks of one marker width."""

    def __init__(self) -> None:
        self.open: deque[_Open] = deque()
        self.complete = 0

    def close(self, token: MarkerLine, found: Found) -> None:
        while True:
            top = self.open.pop()
            if top.complete:
                break
            self.abandon(top, found)
        self.complete -= 1
        found.blocks.append(Block(top.opener, top.bar, top.rule, tuple(top.marks), token))

    def abandon(self, entry: _Open, found: Found) -> None:
        for token in (entry.opener, entry.bar, entry.rule, *entry.marks):
            if token is not None:
                _keep(found.strays, token)

    def push(self, token: MarkerLine, found: Found) -> None:
        if len(self.open) >= LIMIT:
            oldest = self.open.popleft()
            self.complete -= oldest.complete
            self.abandon(oldest, found)
        self.open.append(_Open(token))

    def take(self, token: MarkerLine, content: bytes) -> bool:
        if not self.open:
            return False
        top = self.open[-1]
        before = top.complete
        taken = top.take(token, content)
        self.complete += top.complete - before
        return taken


def _keep(strays: list[MarkerLine], token: MarkerLine) -> None:
    if len(strays) < LIMIT:
        strays.append(token)


def find_blocks(tokens: Iterable[MarkerLine], content: bytes, stray_width: int = 0, *, python: bool = False) -> Found:
    """Complete blocks by their start (outer before inner), and the markers of `stray_width` outside all of them."""
    is_residue = is_python_stray if python else is_stray
    found = Found([], [])
    widths: dict[int, _Width] = {}
    for token in tokens:
        state = widths.get(token.width)
        if token.char == "<":
            if state is None:
                state = widths[token.width] = _Width()
            state.push(token, found)
        elif token.char == ">" and state is not None and state.complete:
            state.close(token, found)
            if len(found.blocks) >= LIMIT:
                break
        elif state is not None and state.take(token, content):
            pass
        elif token.width == stray_width and token.char in ">=|" and is_residue(content, token):
            _keep(found.strays, token)
    for state in widths.values():
        for entry in state.open:
            state.abandon(entry, found)
    blocks = sorted(found.blocks, key=lambda block: (block.start, -block.end))
    strays = (token for token in found.strays if token.width == stray_width and token.char in "<|=>")
    return Found(blocks, _outside(strays, outermost(blocks)))


def outermost(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that no earlier one holds or overlaps; `blocks` in the order of `find_blocks`."""
    outer: list[Block] = []
    for block in blocks:
        if not outer or block.start > outer[-1].end:
            outer.append(block)
    return outer


def _outside(tokens: Iterable[MarkerLine], blocks: list[Block]) -> list[MarkerLine]:
    kept: list[MarkerLine] = []
    index = 0
    for token in sorted(tokens, key=lambda token: token.line):
        while index < len(blocks) and blocks[index].end < token.line:
            index += 1
        if index == len(blocks) or token.line < blocks[index].start:
            kept.append(token)
    return kept
