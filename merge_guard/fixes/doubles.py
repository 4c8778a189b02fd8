"""The second of two equal definitions of one suite, removed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from merge_guard.fixes.edits import Edit, next_line
from merge_guard.fixes.task import Doubled, Note

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HARMLESS = frozenset({"property", "staticmethod", "classmethod"})
_COMMENT = re.compile(rb"#[^\r\n]*")


def without_doubles(content: bytes, doubled: Sequence[Doubled], unsafe: bool) -> tuple[list[Edit], list[Note]]:
    """Edits for the pairs whose syntax trees are equal, docstrings and annotations too.

    It is safe where running the definition does nothing but bind the name: no decorators, no bases, no calls.
    """
    tree = ast.parse(content.decode("utf-8"))
    suites = {node.lineno: (node, suite) for suite in _suites(tree) for node in suite if isinstance(node, _Definition)}
    edits: list[Edit] = []
    notes: list[Note] = []
    for item in doubled:
        first, second = suites.get(item.first), suites.get(item.second)
        if first is None or second is None or first[1] is not second[1]:
            continue
        why = _refusal(content, first[0], second[0], unsafe)
        if why:
            notes.append(Note(item.second, f"{item.name}: {why}", refused=True))
            continue
        edits.append(_removal(content, second[0]))
        notes.append(Note(item.second, f"second definition of {item.name} removed"))
    return edits, notes


def _suites(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            suite = getattr(node, name, None)
            if isinstance(suite, list):
                yield suite


def _refusal(content: bytes, first: ast.stmt, second: ast.stmt, unsafe: bool) -> str:
    if ast.dump(first) != ast.dump(second):
        return "the two definitions differ"
    here, there = _comments(content, second), _comments(content, first)
    if not here <= there:
        return "the second has comments that the first has not"
    if not unsafe and not _is_inert(second):
        return "defining it may do more than bind its name (--unsafe removes it)"
    return ""


def _comments(content: bytes, node: ast.stmt) -> set[bytes]:
    lines = content.splitlines()[node.lineno - 1 : node.end_lineno]
    return {match[0].rstrip() for line in lines for match in _COMMENT.finditer(line)}


def _is_inert(node: ast.stmt) -> bool:
    """Whether running the statement only binds a name, and to the same whenever it runs."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = node.args
        defaults = [*arguments.defaults, *(item for item in arguments.kw_defaults if item is not None)]
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        annotations = [item.annotation for item in every if item is not None and item.annotation is not None]
        return (
            all(isinstance(item, ast.Name) and item.id in _HARMLESS for item in node.decorator_list)
            and all(isinstance(item, ast.Constant) for item in defaults)
            and not any(
                isinstance(part, ast.Call) for item in [*annotations, node.returns] if item for part in ast.walk(item)
            )
        )
    if isinstance(node, ast.ClassDef):
        return not (node.decorator_list or node.bases or node.keywords) and all(map(_is_inert, node.body))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Constant) and all(isinstance(target, ast.Name) for target in node.targets)
    if isinstance(node, ast.AnnAssign):
        parts = [part for part in ast.walk(node.annotation) if isinstance(part, ast.Call)]
        return not parts and (node.value is None or isinstance(node.value, ast.Constant))
    return isinstance(node, ast.Pass)


def _removal(content: bytes, node: ast.stmt) -> Edit:
    """The lines of the definition and the blank ones above it."""
    first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])
    starts = [0]
    while (following := next_line(content, starts[-1])) > starts[-1]:
        starts.append(following)
    end = next_line(content, starts[(node.end_lineno or node.lineno) - 1])
    while first > 1 and not content[starts[first - 2] : starts[first - 1]].strip():
        first -= 1
    return Edit(starts[first - 1], end, b"")
