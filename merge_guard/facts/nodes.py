"""Small questions to nodes of the standard library's syntax tree."""

from __future__ import annotations

import ast

_NO_NODES = frozenset(
    (int, str, float, complex, bytes, bool, type(None), type(...), ast.Load, ast.Store, ast.Del, ast.alias)
)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes below a node, without aliases and contexts; several times quicker than `ast.iter_child_nodes`."""
    found: list[ast.AST] = []
    for value in vars(node).values():
        kind = value.__class__
        if kind is list:
            found += [item for item in value if item.__class__ not in _NO_NODES]
        elif kind not in _NO_NODES:
            found.append(value)
    return found


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.decorator_list:
        return min(node.lineno, node.decorator_list[0].lineno)
    return node.lineno
