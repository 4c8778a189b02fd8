"""Conflict residue in the bytes of one file: conflict blocks, stray markers, edit blocks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from merge_guard.facts.marker_blocks import Block, find_blocks, outermost
from merge_guard.facts.marker_digests import block_digest, stray_digest
from merge_guard.facts.marker_edits import edit_markers, may_hold_dashed_edits, may_hold_edits
from merge_guard.facts.marker_fences import Excursion, Span, fenced_spans
from merge_guard.facts.marker_labels import family
from merge_guard.facts.marker_lines import (
    DEFAULT_WIDTH,
    MarkerLine,
    commented_marker_lines,
    marker_lines,
    may_hold_commented,
    may_hold_markers,
)
from merge_guard.facts.marker_strays import follows_comment, is_stray
from merge_guard.facts.marker_strings import string_spans
from merge_guard.facts.notebook import may_hold_notebook_conflicts, notebook_conflicts
from merge_guard.facts.text import is_binary, is_wide, read_text
from merge_guard.model.facts import Conflict, EditMarker, Stray

KINDS = ("python", "notebook", "text")


class TextFacts(Struct, frozen=True, array_like=True):
    """What the text rules (MG101 to MG103, MG106) need of a file."""

    conflicts: tuple[Conflict, ...] = ()
    strays: tuple[Stray, ...] = ()
    edits: tuple[EditMarker, ...] = ()


NOTHING = TextFacts()


def scan(
    data: bytes,
    *,
    kind: str,
    marker_size: int = DEFAULT_WIDTH,
    strings: Sequence[tuple[int, int]] | None = None,
) -> TextFacts:
    """Find what a merge or a coding assistant left behind; linear in the size of `data`.

    `kind` is "python", "notebook" or "text"; `marker_size` git's attribute of the path. `strings` are the lines (first,
    last) of each string constant of more than one line, for Python that parses, in any order; None where it does not
    parse or was not tried.
    """
    if kind not in KINDS:
        raise ValueError(f"not a kind of text: {kind!r}")
    size = marker_size if marker_size > 0 else DEFAULT_WIDTH
    if not is_wide(data) and (is_binary(data) or not _may_hold_anything(data, kind, size)):
        return NOTHING
    text = read_text(data)
    if text is None:
        return NOTHING
    return _judge(text.content, kind, size, strings)


def digest_conflicts(data: bytes, kind: str, marker_size: int = DEFAULT_WIDTH) -> frozenset[str]:
    """The digests of every conflict of a version of a file, and of its marker lines alone, each by itself."""
    digests = (conflict.digest for conflict in scan(data, kind=kind, marker_size=marker_size).conflicts)
    return frozenset(part for digest in digests for part in digest.split("-"))


def stands_in(conflict: Conflict, parent_data: bytes, kind: str, marker_size: int = DEFAULT_WIDTH) -> bool:
    """Whether a parent's version holds the conflict already: as it is, or as an example whose text was edited since."""
    return not digest_conflicts(parent_data, kind, marker_size).isdisjoint(conflict.digest.split("-"))


def _may_hold_anything(data: bytes, kind: str, size: int) -> bool:
    return (
        may_hold_markers(data, size)
        or may_hold_dashed_edits(data)
        or (kind == "notebook" and may_hold_notebook_conflicts(data))
    )


def _judge(content: bytes, kind: str, size: int, strings: Sequence[tuple[int, int]] | None) -> TextFacts:
    found = find_blocks(marker_lines(content, size), content, size, python=kind == "python")
    blocks = found.blocks
    edits = edit_markers(content) if may_hold_edits(content) else []
    spans = _literal_spans(content, kind, strings, blocks) if blocks or found.strays or edits else []
    held = _Spans(spans)
    edited = _Spans([Span(edit.line, edit.end_line) for edit in edits])

    outer = [block for block in outermost(blocks) if not edited.hold(block.start, block.end)]
    documented, trusted = _documented(outer, held, parsed=kind != "python" or strings is not None)
    starts = [block.start for block in blocks]
    conflicts = [
        # Files have the attribute because they hold lines of the usual width that are no markers.
        _conflict(content, block, starts, example or block.opener.width == DEFAULT_WIDTH != size)
        for block, example in zip(outer, documented, strict=True)
    ]
    strays = tuple(
        Stray(token.line, token.char * token.width, token.text, stray_digest(content, token))
        for token in found.strays
        if not edited.hold(token.line, token.line) and _counts(content, token, kind, held, strings is not None, trusted)
    )
    if kind == "python" and may_hold_commented(content):
        conflicts += _commented(content, held, conflicts)
    if kind == "notebook":
        conflicts += notebook_conflicts(content)
    residue = tuple(edit for edit in edits if not held.hold(edit.line, edit.end_line))
    return TextFacts(tuple(sorted(conflicts, key=lambda conflict: conflict.start)), strays, residue)


def _literal_spans(
    content: bytes, kind: str, strings: Sequence[tuple[int, int]] | None, blocks: Sequence[Block]
) -> list[Span]:
    if kind == "python":
        return string_spans(content) if strings is None else sorted(Span(first, last) for first, last in strings)
    if kind == "notebook":
        return []
    return fenced_spans(
        content, [Excursion(block.start, block.end, block.sections()[0].last) for block in outermost(blocks)]
    )


class _Spans:
    """Spans in the order of their first lines, asked which of them holds given lines; inner ones do not count."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans: list[Span] = []
        for span in spans:
            if not self._spans or span.last > self._spans[-1].last:
                self._spans.append(span)
        self._firsts = [span.first for span in self._spans]

    def hold(self, first: int, last: int) -> bool:
        index = bisect_right(self._firsts, first) - 1
        return index >= 0 and self._spans[index].holds(first, last)


def _documented(blocks: Sequence[Block], held: _Spans, *, parsed: bool) -> tuple[list[bool], bool]:
    """Which blocks are examples, and whether the spans can be trusted up to the end of the file.

    In a file that does not parse a real conflict unbalances quotes: what looks like a string after it need not be one.
    """
    examples: list[bool] = []
    trusted = True
    for block in blocks:
        examples.append(trusted and held.hold(block.start, block.end))
        trusted = parsed or (trusted and examples[-1])
    # One merge wrote all that ends in one label: if it left a block outside, the others are no examples either.
    merged = {block.closer.label for block, example in zip(blocks, examples, strict=True) if not example} - {b""}
    return [
        example and block.closer.label not in merged for block, example in zip(blocks, examples, strict=True)
    ], trusted


def _counts(content: bytes, token: MarkerLine, kind: str, held: _Spans, parses: bool, trusted: bool) -> bool:
    """Whether a stray marker counts, seen from where it stands."""
    inside = held.hold(token.line, token.line)
    if kind != "python":
        # An example that shows one marker alone.
        return not inside
    if token.char != "=":
        return True
    if parses or inside:
        return False
    return trusted or is_stray(content, token)


def _commented(content: bytes, held: _Spans, known: Sequence[Conflict]) -> list[Conflict]:
    """Blocks whose markers stand behind `#`; one that goes on a comment is that comment's example."""
    blocks = find_blocks(commented_marker_lines(content), content).blocks
    starts = [block.start for block in blocks]
    taken = _Spans([Span(conflict.start, conflict.end) for conflict in known])
    return [
        _conflict(content, block, starts, held.hold(block.start, block.end) or follows_comment(content, block.opener))
        for block in outermost(blocks)
        if not taken.hold(block.start, block.end)
    ]


def _conflict(content: bytes, block: Block, starts: Sequence[int], documented: bool) -> Conflict:
    return Conflict(
        family=family(block),
        start=block.start,
        end=block.end,
        width=block.opener.width,
        sections=block.sections(),
        documented=documented,
        nested=bisect_right(starts, block.end) - bisect_right(starts, block.start),
        digest=block_digest(content, block),
    )
