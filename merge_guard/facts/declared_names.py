"""Whether `global` and `nonlocal` statements might clash with other uses of their names.

The compiler refuses a declaration that follows a use in the same scope (parameters are uses), an annotation of the
name, and a `nonlocal` without a binding in a function around it. Where the bytes of the function do not show that all
is well, the compiler is asked. Source: `symtable_visit_stmt` and `analyze_name` in CPython's `Python/symtable.c`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence, Set

from merge_guard.facts.scopes import FUNCTION, Scope

Declaration = tuple[ast.Global | ast.Nonlocal, Scope]


def may_clash(declarations: Sequence[Declaration], annotated: Set[str], data: bytes) -> bool:
    """Whether the compiler has to be asked. `annotated` are the names that the file annotates, wherever that is."""
    if not declarations:
        return False
    if b"\r" in data.replace(b"\r\n", b""):
        return True  # lines would be counted wrongly
    lines = data.split(b"\n")
    global_names = {name for node, _ in declarations if isinstance(node, ast.Global) for name in node.names}
    bound: dict[Scope, frozenset[str]] = {}
    for node, scope in declarations:
        if scope.kind < FUNCTION or scope.reordered or not annotated.isdisjoint(node.names):
            return True
        if any(name.startswith("__") for name in node.names):
            return True  # such names are changed in classes
        if _is_used_before(node, scope, lines):
            return True
        if isinstance(node, ast.Nonlocal):
            if not global_names.isdisjoint(node.names):
                return True
            if not all(_is_bound_around(name, scope, bound) for name in node.names):
                return True
    return False


def _is_used_before(node: ast.Global | ast.Nonlocal, scope: Scope, lines: Sequence[bytes]) -> bool:
    """Whether a declared name stands anywhere between the head of the function and the declaration."""
    assert scope.node is not None
    above = lines[scope.node.lineno - 1 : node.lineno - 1]
    text = b"\n".join([*above, lines[node.lineno - 1][: node.col_offset]])
    if not text.isascii():
        return True  # identifiers are equal by their compatibility form
    return any(re.search(rb"\b" + name.encode() + rb"\b", text) is not None for name in node.names)


def _is_bound_around(name: str, scope: Scope, bound: dict[Scope, frozenset[str]]) -> bool:
    outer = scope.outer
    while outer is not None:
        if outer.kind >= FUNCTION:
            if outer not in bound:
                bound[outer] = frozenset(_certainly_bound(outer))
            if name in bound[outer]:
                return True
        outer = outer.outer
    return False


def _certainly_bound(scope: Scope) -> Iterator[str]:
    """Names that parameters and plain statements of a function bind in any branch: not all, but no others."""
    function = scope.node
    assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
    args = function.args
    for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
        if arg is not None:
            yield arg.arg
    stack: list[ast.stmt] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _names(target)
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
            yield from _names(node.target)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    yield from _names(item.optional_vars)
        for suite in ("body", "orelse", "finalbody"):
            stack.extend(getattr(node, suite, ()))
        for handler in getattr(node, "handlers", ()):
            stack.extend(handler.body)


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            if isinstance(item, ast.Name):
                yield item.id
