"""A conflicted file as each side would have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.facts.marker_blocks import DIFF, Block, find_blocks
from merge_guard.facts.marker_lines import MarkerLine, commented_marker_lines, marker_lines
from merge_guard.facts.text import read_text
from merge_guard.model.facts import BASE, OURS, THEIRS, Conflict, Section


def side_texts(data: bytes, conflicts: Sequence[Conflict]) -> dict[str, bytes]:
    """The file with one side chosen in each of `conflicts`, by role; "base" only where every block has one.

    Lines that are not chosen are empty, so that line numbers stay those of the file; after a line that ends in a
    backslash such a line is a backslash too, because an empty one would end the statement. Blocks inside a block are
    decided alike. In jj's and mergediff's diff sections the lines lose their first column. Mark, encoding and line
    ends are the file's.
    """
    text = read_text(data)
    if text is None or not conflicts:
        return {}
    wanted = {(conflict.start, conflict.end) for conflict in conflicts}
    narrowest = min(conflict.width for conflict in conflicts)
    content = text.content
    blocks = _chosen(marker_lines(content, narrowest), content, wanted)
    blocks += _chosen(commented_marker_lines(content), content, wanted)
    if not blocks:
        return {}
    outer = [block for block in blocks if (block.start, block.end) in wanted]
    roles = [OURS, THEIRS]
    if all(_has_base(block) for block in outer):
        roles.append(BASE)
    lines = content.splitlines(keepends=True)
    return {role: text.restore(b"".join(_resolved(lines, blocks, role))) for role in roles}


def _chosen(tokens: Iterator[MarkerLine], content: bytes, wanted: set[tuple[int, int]]) -> list[Block]:
    """The wanted blocks and all that lie in them, by their start."""
    blocks = find_blocks(tokens, content).blocks
    chosen: list[Block] = []
    limit = 0
    for block in blocks:
        if (block.start, block.end) in wanted and block.start > limit:
            limit = block.end
        if block.end <= limit:
            chosen.append(block)
    return chosen


def _has_base(block: Block) -> bool:
    return any(section.role in (BASE, DIFF) for section in block.sections())


def _resolved(lines: Sequence[bytes], blocks: Sequence[Block], role: str) -> Iterator[bytes]:
    kept = _plan(len(lines), blocks, role)
    continued = False
    for line, how in zip(lines, kept, strict=True):
        out: bytes | None = line
        if how != _KEEP:
            out = None if how == _DROP else _undiffed(line, role if how == _DIFF_OWN else BASE)
        if out is None:
            end = _line_end(line)
            out = b"\\" + end if continued and end else end
        yield out
        bare = out.rstrip(b"\r\n")
        continued = bare.endswith(b"\\") and not bare.lstrip().startswith(b"#")


_KEEP, _DROP, _DIFF_OWN, _DIFF_BASE = range(4)


def _plan(count: int, blocks: Sequence[Block], role: str) -> bytearray:
    """What becomes of each line. Outer blocks come first, so that what they drop stays dropped."""
    plan = bytearray(count)
    for block in blocks:
        if plan[block.start - 1] != _KEEP:
            continue
        chosen = _section(block, role)
        first, last = (chosen.first, max(chosen.last, chosen.first - 1)) if chosen else (block.end, block.end - 1)
        # What a block drops lies in what the blocks around it keep: no line is written twice.
        plan[block.start - 1 : first - 1] = bytes([_DROP]) * (first - block.start)
        plan[last : block.end] = bytes([_DROP]) * (block.end - last)
        if chosen is not None and chosen.role == DIFF:
            plan[first - 1 : last] = bytes([_DIFF_BASE if role == BASE else _DIFF_OWN]) * (last - first + 1)
    return plan


def _section(block: Block, role: str) -> Section | None:
    """The section that holds a role's text: the first side is ours, the last one theirs."""
    sections = block.sections()
    if role == BASE:
        plain = [section for section in sections if section.role == BASE]
        # The virtual base of a criss-cross merge is itself a conflict, often without a base.
        return next(iter(plain or [s for s in sections if s.role == DIFF] or sections), None)
    sides = [section for section in sections if section.role != BASE]
    return (sides[0] if role == OURS else sides[-1]) if sides else None


def _undiffed(line: bytes, role: str) -> bytes | None:
    """A line of a diff section in the version of a role, None where that version lacks it."""
    if not line.strip(b"\r\n"):
        return line
    sign, rest = line[:1], line[1:]
    if sign == b" " or sign == (b"-" if role == BASE else b"+"):
        return rest
    return None


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
