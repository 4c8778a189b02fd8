"""Comments that silence a finding on their line: only coded ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from merge_guard.model.facts import Suppression

# A bare `# noqa` is not taken: on an import it means "unused", not "may be missing".
COMMENT = re.compile(
    rb"#[ \t]*(?:(?i:noqa)[ \t]*:[ \t]*(?P<noqa>[A-Za-z]+\d+(?:[ \t,]+[A-Za-z]+\d+)*)"
    rb"|merge-guard:[ \t]*ignore\[(?P<codes>[^\]\n]{1,200})\][ \t]*(?P<reason>[^\n\r#]{0,300}))"
)
_CODE = re.compile(rb"MG\d{1,3}\b")


def suppressions(data: bytes, tree: ast.Module | None = None) -> tuple[Suppression, ...]:
    """The suppressions of a file, by line; codes of other tools are left out, and with the tree what strings hold."""
    if b"MG" not in data:
        return ()
    found = []
    strings: list[tuple[tuple[int, int], tuple[int, int]]] | None = None
    for match in COMMENT.finditer(data):
        codes = tuple(code.decode() for code in _CODE.findall(match["noqa"] or match["codes"] or b""))
        if not codes:
            continue
        if tree is not None and strings is None:
            strings = list(spans_of_strings(tree))
        line = data.count(b"\n", 0, match.start()) + 1
        at = (line, match.start() - data.rfind(b"\n", 0, match.start()) - 1)
        if not any(start <= at < end for start, end in strings or ()):
            reason = (match["reason"] or b"").decode("utf-8", "replace").strip()
            found.append(Suppression(line, codes, reason))
    return tuple(found)


def spans_of_strings(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Start and end, each (line, byte in the line), of every string; a `#` in it begins no comment."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))):
            end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
            yield (node.lineno, node.col_offset), end
