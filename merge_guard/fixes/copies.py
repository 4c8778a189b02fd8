"""A class that is a copy of another, turned into an import of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from merge_guard.fixes.edits import Edit, line_end, next_line
from merge_guard.fixes.task import Copied, Note


def without_copies(content: bytes, copied: Sequence[Copied]) -> tuple[list[Edit], list[Note]]:
    """Edits that put an import in the place of each class, under its name: who imports it still can."""
    tree = ast.parse(content.decode("utf-8"))
    classes = {node.lineno: node for node in tree.body if isinstance(node, ast.ClassDef)}
    starts = [0]
    while (following := next_line(content, starts[-1])) > starts[-1]:
        starts.append(following)
    edits: list[Edit] = []
    notes: list[Note] = []
    for item in copied:
        node = classes.pop(item.line, None)
        if node is None or node.name != item.name:
            continue
        if node.decorator_list or node.col_offset:
            notes.append(Note(item.line, f"{item.name}: decorated, or not on a line of its own", refused=True))
            continue
        end = line_end(content, starts[(node.end_lineno or node.lineno) - 1])
        text = f"from {item.module} import {item.original} as {item.name}"
        edits.append(Edit(starts[node.lineno - 1], end, text.encode("utf-8")))
        notes.append(Note(item.line, f"{item.name} is now an import of {item.module}:{item.original}"))
    return edits, notes
