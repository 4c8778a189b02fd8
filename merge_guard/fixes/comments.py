"""Suppression comments that silence nothing, removed."""

from __future__ import annotations

import ast
import re

from merge_guard.facts.suppressions import COMMENT, spans_of_strings
from merge_guard.fixes.edits import Edit, line_end, next_line
from merge_guard.fixes.task import Note, Unused

_CODE = re.compile(rb"[A-Za-z]+\d+")


def without_suppressions(content: bytes, unused: tuple[Unused, ...]) -> tuple[list[Edit], list[Note]]:
    """Edits that take the codes out of their comments, and the comments away in which none is left."""
    wanted = {item.line: item.codes for item in unused}
    strings = list(spans_of_strings(ast.parse(content.decode("utf-8"))))
    edits: list[Edit] = []
    notes: list[Note] = []
    line = 1
    start = 0
    while start < len(content) and wanted:
        end = line_end(content, start)
        if line in wanted:
            codes = {code.encode("ascii") for code in wanted.pop(line)}
            made = []
            for match in COMMENT.finditer(content, start, end):
                at = (line, match.start() - start)
                if not any(first <= at < last for first, last in strings):
                    made += _edits(content, match, codes, end)
            edits += made
            notes += [Note(line, "unused suppression removed")] * bool(made)
        start = next_line(content, start)
        line += 1
    return edits, notes


def _edits(content: bytes, match: re.Match[bytes], unused: set[bytes], end: int) -> list[Edit]:
    group = "noqa" if match["noqa"] is not None else "codes"
    tokens = list(_CODE.finditer(content, match.start(group), match.end(group)))
    kept = [token for token in tokens if token[0] not in unused]
    if len(kept) == len(tokens):
        return []
    if kept:
        text = b", ".join(token[0] for token in kept)
        return [Edit(tokens[0].start(), tokens[-1].end(), text)]
    rest = content[match.end() : end]
    if rest.strip() and not rest.lstrip().startswith(b"#"):
        # What is said behind the codes stays, as a comment of its own.
        return [Edit(match.start(), match.end() + len(rest) - len(rest.lstrip()), b"# ")]
    if rest.strip():
        return [Edit(match.start(), match.end() + len(rest) - len(rest.lstrip()), b"")]
    begin = max(content.rfind(b"\n", 0, match.start()), content.rfind(b"\r", 0, match.start())) + 1
    before = content[begin : match.start()].rstrip()
    if not before:
        return [Edit(begin, next_line(content, end), b"")]
    return [Edit(begin + len(before), end, b"")]
