"""Lower statements of the standard library's syntax tree to start-up events."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from merge_guard.facts.expressions import OPAQUE, is_inert, lower, lower_optional, opaque, target_names
from merge_guard.model import events as ev

Stmts = tuple[ev.Stmt, ...]


def lower_block(nodes: Iterable[ast.stmt]) -> Stmts:
    """The events of a suite, in order. Function bodies are not entered."""
    out: list[ev.Stmt] = []
    for node in nodes:
        _LOWER.get(node.__class__, _nothing)(node, out)
    return tuple(out)


def _nothing(node: ast.stmt, out: list[ev.Stmt]) -> None:
    """`pass`, and statements of a newer Python that this module does not know."""


def _expression(node: ast.Expr, out: list[ev.Stmt]) -> None:
    value = lower(node.value)
    # An operation on constants does nothing, but for one that raises.
    if not is_inert(value) or node.value.__class__ is ast.BinOp:
        out.append(ev.Evaluate(value, node.lineno))


def _assign(node: ast.Assign, out: list[ev.Stmt]) -> None:
    targets = tuple([lower(target) for target in node.targets])
    out.append(ev.Assign(targets, lower(node.value), node.lineno))


def _annotated(node: ast.AnnAssign, out: list[ev.Stmt]) -> None:
    # CPython evaluates the value, then stores, then the annotation (of a simple name) or the target's parts.
    if node.value is not None:
        out.append(ev.Assign((lower(node.target),), lower(node.value), node.lineno))
    annotation = lower(node.annotation)
    if not is_inert(annotation):
        out.append(ev.Annotate(annotation, node.lineno))


def _augmented(node: ast.AugAssign, out: list[ev.Stmt]) -> None:
    operator = "+" if node.op.__class__ is ast.Add else "?"
    out.append(ev.AugAssign(lower(node.target), operator, lower(node.value), node.lineno))


def _import(node: ast.Import, out: list[ev.Stmt]) -> None:
    lazy = bool(getattr(node, "is_lazy", False))
    for alias in node.names:
        out.append(
            ev.Import(alias.name, alias.asname, node.lineno, alias.col_offset + 1, node.end_lineno or node.lineno, lazy)
        )


def _from(node: ast.ImportFrom, out: list[ev.Stmt]) -> None:
    names = tuple([(alias.name, alias.asname, alias.lineno, alias.col_offset + 1) for alias in node.names])
    lazy = bool(getattr(node, "is_lazy", False))
    end = node.end_lineno or node.lineno
    out.append(ev.FromImport(node.module or "", node.level, names, node.lineno, node.col_offset + 1, end, lazy))


def _if(node: ast.If, out: list[ev.Stmt]) -> None:
    # A long elif chain is walked, not recursed into, while it is read; it is folded from its end.
    links = [node]
    while len(links[-1].orelse) == 1 and isinstance(links[-1].orelse[0], ast.If):
        links.append(links[-1].orelse[0])
    if len(links) > _LONGEST_ELIF:
        raise RecursionError
    orelse = lower_block(links[-1].orelse)
    for link in reversed(links):
        orelse = (ev.If(lower(link.test), lower_block(link.body), orelse, link.lineno),)
    out.extend(orelse)


_LONGEST_ELIF = 900  # deeper, the encoded form could not be read back


def _try(node: ast.Try, out: list[ev.Stmt]) -> None:
    handlers = tuple(
        [
            ev.Handler(lower_optional(handler.type), handler.name, lower_block(handler.body), handler.lineno)
            for handler in node.handlers
        ]
    )
    out.append(
        ev.Try(lower_block(node.body), handlers, lower_block(node.orelse), lower_block(node.finalbody), node.lineno)
    )


def _for(node: ast.For | ast.AsyncFor, out: list[ev.Stmt]) -> None:
    out.append(
        ev.For(lower(node.target), lower(node.iter), lower_block(node.body), lower_block(node.orelse), node.lineno)
    )


def _while(node: ast.While, out: list[ev.Stmt]) -> None:
    out.append(ev.While(lower(node.test), lower_block(node.body), lower_block(node.orelse), node.lineno))


def _with(node: ast.With | ast.AsyncWith, out: list[ev.Stmt]) -> None:
    items = tuple([(lower(item.context_expr), lower_optional(item.optional_vars)) for item in node.items])
    out.append(ev.With(items, lower_block(node.body), node.lineno))


def parameters(args: ast.arguments) -> tuple[ev.Parameter, ...]:
    first_default = len(args.posonlyargs) + len(args.args) - len(args.defaults)
    if not (args.posonlyargs or args.vararg or args.kwonlyargs or args.kwarg):
        return tuple([ev.Parameter(arg.arg, "any", index >= first_default) for index, arg in enumerate(args.args)])
    out = [
        ev.Parameter(arg.arg, "pos" if index < len(args.posonlyargs) else "any", index >= first_default)
        for index, arg in enumerate([*args.posonlyargs, *args.args])
    ]
    if args.vararg:
        out.append(ev.Parameter(args.vararg.arg, "var", False))
    for arg, default in zip(args.kwonlyargs, args.kw_defaults):
        out.append(ev.Parameter(arg.arg, "kw", default is not None))
    if args.kwarg:
        out.append(ev.Parameter(args.kwarg.arg, "kwvar", False))
    return tuple(out)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, out: list[ev.Stmt]) -> None:
    args = node.args
    generic = bool(getattr(node, "type_params", None))
    defaults: list[ev.Expr] = []
    if args.defaults or args.kw_defaults:
        defaults = [lower(value) for value in (*args.defaults, *args.kw_defaults) if value is not None]
    out.append(
        ev.FunctionDef(
            node.name,
            node.lineno,
            node.col_offset + 1,
            node.end_lineno or node.lineno,
            tuple([lower(decorator) for decorator in node.decorator_list]) if node.decorator_list else (),
            parameters(args),
            tuple(defaults),
            () if generic else _annotations(node),
            node.__class__ is ast.AsyncFunctionDef,
            generic,
        )
    )


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[ev.Expr, ...]:
    """What is evaluated of the annotations of a signature, in order."""
    args = node.args
    every: list[ast.arg | None] = args.args  # type: ignore[assignment]  # only read
    if args.posonlyargs or args.vararg or args.kwonlyargs or args.kwarg:
        every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    found = [arg.annotation for arg in every if arg is not None and arg.annotation is not None]
    if node.returns is not None:
        found.append(node.returns)
    return tuple([item for item in [lower(annotation) for annotation in found] if not is_inert(item)]) if found else ()


def _class(node: ast.ClassDef, out: list[ev.Stmt]) -> None:
    out.append(
        ev.ClassDef(
            node.name,
            node.lineno,
            node.col_offset + 1,
            node.end_lineno or node.lineno,
            tuple([lower(decorator) for decorator in node.decorator_list]),
            tuple([lower(base) for base in node.bases]),
            tuple([(keyword.arg, lower(keyword.value)) for keyword in node.keywords]),
            lower_block(node.body),
            tuple(parameter.name for parameter in getattr(node, "type_params", ())),
        )
    )


def _return(node: ast.Return, out: list[ev.Stmt]) -> None:
    out.append(ev.Return(lower_optional(node.value), node.lineno))


def _raise(node: ast.Raise, out: list[ev.Stmt]) -> None:
    out.append(ev.Raise(lower_optional(node.exc), node.lineno, node.col_offset + 1))


def _delete(node: ast.Delete, out: list[ev.Stmt]) -> None:
    out.append(ev.Delete(tuple([lower(target) for target in node.targets]), node.lineno))


def _global(node: ast.Global, out: list[ev.Stmt]) -> None:
    out.append(ev.Global(tuple(node.names)))


def _nonlocal(node: ast.Nonlocal, out: list[ev.Stmt]) -> None:
    out.append(ev.Nonlocal(tuple(node.names)))


def _break(node: ast.Break, out: list[ev.Stmt]) -> None:
    out.append(ev.Break())


def _continue(node: ast.Continue, out: list[ev.Stmt]) -> None:
    out.append(ev.Continue())


def _assert(node: ast.Assert, out: list[ev.Stmt]) -> None:
    out.append(ev.Assert(lower(node.test), node.lineno))


def _pattern(node: ast.pattern, values: list[ev.Expr], names: list[str]) -> None:
    for child in ast.walk(node):
        if isinstance(child, ast.MatchValue):
            values.append(lower(child.value))
        elif isinstance(child, ast.MatchClass):
            values.append(lower(child.cls))
        elif isinstance(child, ast.MatchMapping):
            values.extend(lower(key) for key in child.keys)
            if child.rest:
                names.append(child.rest)
        elif isinstance(child, (ast.MatchAs, ast.MatchStar)) and child.name:
            names.append(child.name)


def _match(node: ast.Match, out: list[ev.Stmt]) -> None:
    cases = []
    for case in node.cases:
        values: list[ev.Expr] = []
        names: list[str] = []
        _pattern(case.pattern, values, names)
        always = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
        cases.append(ev.Case(tuple(values), tuple(names), lower_optional(case.guard), lower_block(case.body), always))
    out.append(ev.Match(lower(node.subject), tuple(cases), node.lineno))


def _type_alias(node: Any, out: list[ev.Stmt]) -> None:
    out.append(ev.TypeAlias(node.name.id, node.lineno))


_LOWER: dict[type, Callable[[Any, list[ev.Stmt]], None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Import: _import,
    ast.ImportFrom: _from,
    ast.If: _if,
    ast.Try: _try,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Delete: _delete,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Assert: _assert,
    ast.Match: _match,
}
for _newer, _lowerer in (("TryStar", _try), ("TypeAlias", _type_alias)):
    if hasattr(ast, _newer):
        _LOWER[getattr(ast, _newer)] = _lowerer

__all__ = ["OPAQUE", "lower_block", "opaque", "parameters", "target_names"]
