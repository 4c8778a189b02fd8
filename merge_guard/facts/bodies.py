"""The second tier: what each function of a file does when it is called."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from merge_guard.facts.bound_names import bound_names
from merge_guard.facts.expressions import lower
from merge_guard.facts.nodes import children
from merge_guard.facts.statements import lower_block, parameters
from merge_guard.model import events as ev

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def function_bodies(tree: ast.Module, data: bytes) -> tuple[ev.FunctionBody, ...]:
    """Every function and lambda of the file, nested ones included, keyed by the place of its `def` or `lambda`.

    `data` tells which searches below the statements can be spared.
    """
    functions: list[_Function] = list(_functions(tree.body))
    if b"lambda" in data:
        functions += _lambdas(tree)
    lines = _telling_lines(data)
    return tuple([_body(node, _holds(node, lines)) for node in functions])


def _lambdas(tree: ast.Module) -> list[ast.Lambda]:
    found = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Lambda):
            found.append(node)
        stack += children(node)
    return found


def _telling_lines(data: bytes) -> list[int] | None:
    """The lines that mention `yield` or `:=`, in order; None where lines end in a way that is not counted."""
    if b"yield" not in data and b":=" not in data:
        return []
    if b"\r" in data.replace(b"\r\n", b""):
        return None
    return [number for number, line in enumerate(data.split(b"\n"), 1) if b"yield" in line or b":=" in line]


def _holds(node: _Function, lines: list[int] | None) -> bool:
    if lines is None:
        return True
    index = bisect_left(lines, node.lineno)
    return index < len(lines) and lines[index] <= (node.end_lineno or node.lineno)


def _functions(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
        for suite in ("body", "orelse", "finalbody"):
            stack.extend(getattr(node, suite, ()))
        for handler in getattr(node, "handlers", ()):
            stack.extend(handler.body)
        for case in getattr(node, "cases", ()):
            stack.extend(case.body)


def _body(node: _Function, is_looked_into: bool) -> ev.FunctionBody:
    if isinstance(node, ast.Lambda):
        stmts: tuple[ev.Stmt, ...] = (ev.Return(lower(node.body), node.lineno),)
        inner: list[ast.AST] = [node.body]
    else:
        stmts = lower_block(node.body)
        inner = list(node.body)
    arguments = parameters(node.args)
    bound = {parameter.name for parameter in arguments}
    bound.update(bound_names(stmts))
    generator = False
    if is_looked_into:
        generator, walrus = _inside(inner)
        bound.update(walrus)
    outer = {name for stmt in _flat(stmts) if isinstance(stmt, (ev.Global, ev.Nonlocal)) for name in stmt.names}
    return ev.FunctionBody(node.lineno, node.col_offset + 1, stmts, tuple(sorted(bound - outer)), generator, arguments)


def _inside(inner: list[ast.AST]) -> tuple[bool, set[str]]:
    """(whether the function yields, names that assignment expressions bind), nested functions left out."""
    generator = False
    names = set()
    while inner:
        child = inner.pop()
        if isinstance(child, _SCOPES):
            continue
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            generator = True
        elif isinstance(child, ast.NamedExpr):
            names.add(child.target.id)
        inner += children(child)
    return generator, names


def _flat(body: Sequence[ev.Stmt]) -> Iterator[ev.Stmt]:
    for node in body:
        yield node
        if isinstance(node, (ev.If, ev.For, ev.While)):
            yield from _flat(node.body)
            yield from _flat(node.orelse)
        elif isinstance(node, ev.Try):
            for suite in (node.body, node.orelse, node.final, *(handler.body for handler in node.handlers)):
                yield from _flat(suite)
        elif isinstance(node, ev.With):
            yield from _flat(node.body)
        elif isinstance(node, ev.Match):
            for case in node.cases:
                yield from _flat(case.body)
