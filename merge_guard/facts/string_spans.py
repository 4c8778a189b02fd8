"""Strings in which a conflict may be quoted, and those in which it was rather made."""

from __future__ import annotations

import ast

_MARKS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


def string_spans(tree: ast.Module, data: bytes) -> list[tuple[int, int]]:
    """First and last line of each string constant over several lines that may quote a conflict.

    An indented docstring whose text keeps to the indentation, with markers at column 0 in it, was merged, not written:
    nobody quotes a conflict so. It is left out, and what stands in it counts.
    """
    merged = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and node.col_offset > 0
        and _is_merged(node, data)
    }
    return [
        (node.lineno, node.end_lineno)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        and node.end_lineno is not None
        and node.end_lineno > node.lineno
        and id(node) not in merged
    ]


def _is_merged(node: ast.Expr, data: bytes) -> bool:
    lines = data.splitlines()[node.lineno : node.end_lineno]
    marks = [line for line in lines if line.startswith(_MARKS)]
    text = [line for line in lines if line.strip() and line not in marks]
    indentation = b" " * node.col_offset
    return len(marks) >= 3 and bool(text) and all(line.startswith((indentation, b"\t")) for line in text)
