"""Lower expressions of the standard library's syntax tree to start-up events."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from merge_guard.model import events as ev

OPAQUE = ev.Opaque(())
NONE = ev.Constant(None)
# A display longer than this is data, unless it is all strings (`__all__`, a list of plug-ins).
_LONG_DISPLAY = 500
_OPERATORS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


def lower(node: ast.expr) -> ev.Expr:
    """The event of one expression. Recursion depth follows the tree's: the caller sets the limit and catches."""
    lowerer = _LOWER.get(node.__class__)
    return lowerer(node) if lowerer else _generic(node)


def lower_optional(node: ast.expr | None) -> ev.Expr | None:
    return None if node is None else lower(node)


def is_inert(event: ev.Expr) -> bool:
    """Whether evaluating it can have no effect that start-up depends on."""
    return event is OPAQUE or event.__class__ is ev.Constant or (event.__class__ is ev.Opaque and not event.parts)


def opaque(parts: list[ev.Expr]) -> ev.Expr:
    live = tuple(part for part in parts if not is_inert(part))
    return ev.Opaque(live) if live else OPAQUE


def _generic(node: ast.AST) -> ev.Expr:
    parts: list[ev.Expr] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            parts.append(lower(child))
        elif isinstance(child, (ast.keyword, ast.comprehension)):
            parts.append(_generic(child))
    return opaque(parts)


def _name(node: ast.Name) -> ev.Expr:
    return ev.Name(node.id, node.lineno, node.col_offset + 1)


def _attribute(node: ast.Attribute) -> ev.Expr:
    line, column = _attribute_place(node)
    return ev.Attribute(lower(node.value), node.attr, line, column)


def _attribute_place(node: ast.Attribute) -> tuple[int, int]:
    """Where CPython says that an attribute is read: at the name, if that stands on a line below the owner's."""
    end = node.end_lineno or node.lineno
    if end == node.lineno:
        return node.lineno, node.col_offset + 1
    return end, max((node.end_col_offset or 0) - len(node.attr.encode()), 0) + 1


def _call(node: ast.Call) -> ev.Expr:
    line, column = node.lineno, node.col_offset + 1
    if isinstance(node.func, ast.Attribute):
        line, column = _attribute_place(node.func)
    return ev.Call(
        lower(node.func),
        tuple([lower(arg) for arg in node.args]),
        tuple([(keyword.arg, lower(keyword.value)) for keyword in node.keywords]),
        line,
        column,
    )


def _constant(node: ast.Constant) -> ev.Expr:
    value = node.value
    if isinstance(value, str):
        # Surrogates cannot be encoded; a megabyte of text decides nothing.
        if len(value) > 2000 or not value.isascii():
            return OPAQUE
        return ev.Constant(value)
    if value is None or isinstance(value, (bool, float)):
        return ev.Constant(value) if value == value and value not in (float("inf"), float("-inf")) else OPAQUE
    if isinstance(value, int):
        return ev.Constant(value) if -(2**63) <= value < 2**63 else OPAQUE
    return OPAQUE


def _display(kind: str) -> Callable[[Any], ev.Expr]:
    def build(node: ast.Tuple | ast.List | ast.Set) -> ev.Expr:
        items = [lower(item) for item in node.elts]
        if len(items) > _LONG_DISPLAY and not all(
            item.__class__ is ev.Constant and isinstance(item.value, str) for item in items
        ):
            return opaque(items)
        return ev.Sequence(kind, tuple(items))

    return build


def _dict(node: ast.Dict) -> ev.Expr:
    keys = [lower_optional(key) for key in node.keys]
    values = [lower(value) for value in node.values]
    if len(values) > _LONG_DISPLAY or (
        all(is_inert(value) for value in values)
        and all(key is not None and is_inert(key) for key in keys)
        and not _is_table(keys, values)
    ):
        return opaque([part for pair in zip(keys, values) for part in pair if part is not None])
    return ev.Mapping(tuple(keys), tuple(values))


def _is_table(keys: list[ev.Expr | None], values: list[ev.Expr]) -> bool:
    """Whether texts stand for constants: so packages write down where the names are that they load on demand."""
    named = all(key.__class__ is ev.Constant and isinstance(key.value, str) for key in keys)
    return named and all(value.__class__ is ev.Constant for value in values)


def _lambda(node: ast.Lambda) -> ev.Expr:
    args = node.args
    defaults = [lower(value) for value in args.defaults]
    defaults += [lower(value) for value in args.kw_defaults if value is not None]
    return ev.Lambda(node.lineno, node.col_offset + 1, tuple(defaults))


def _choice(node: ast.IfExp) -> ev.Expr:
    return ev.Choice(lower(node.test), lower(node.body), lower(node.orelse))


def _bool(node: ast.BoolOp) -> ev.Expr:
    return ev.Bool("and" if node.op.__class__ is ast.And else "or", tuple([lower(value) for value in node.values]))


def _compare(node: ast.Compare) -> ev.Expr:
    if len(node.ops) == 1:
        return ev.Compare(lower(node.left), _OPERATORS[node.ops[0].__class__], lower(node.comparators[0]))
    operands = [lower(node.left), *(lower(item) for item in node.comparators)]
    links = [
        ev.Compare(left, _OPERATORS[op.__class__], right) for left, op, right in zip(operands, node.ops, operands[1:])
    ]
    # `a < b < c` is `a < b and b < c`, with `b` evaluated once: a second time shows no difference here.
    return ev.Bool("and", tuple(links))


def _unary(node: ast.UnaryOp) -> ev.Expr:
    operand = lower(node.operand)
    if node.op.__class__ is ast.Not:
        return ev.Not(operand)
    if node.op.__class__ is ast.USub and isinstance(operand, ev.Constant) and type(operand.value) in (int, float):
        return ev.Constant(-operand.value)  # type: ignore[operator]  # the class was tested on the line above
    return opaque([operand])


def _binary(node: ast.BinOp) -> ev.Expr:
    if node.op.__class__ is not ast.Add:
        return opaque([lower(node.left), lower(node.right)])
    left, right = lower(node.left), lower(node.right)
    if isinstance(left, ev.Opaque) and isinstance(right, (ev.Opaque, ev.Constant)):
        return opaque([left, right])
    return ev.Add(left, right)


def _subscript(node: ast.Subscript) -> ev.Expr:
    return ev.Subscript(lower(node.value), lower(node.slice))


def _slice(node: ast.Slice) -> ev.Expr:
    parts = (node.lower, node.upper, node.step)
    return ev.Sequence("slice", tuple([NONE if part is None else lower(part) for part in parts]))


def _walrus(node: ast.NamedExpr) -> ev.Expr:
    return ev.Walrus(node.target.id, lower(node.value))


def _await(node: ast.Await) -> ev.Expr:
    return ev.Await(lower(node.value))


def _yield(node: ast.Yield | ast.YieldFrom) -> ev.Expr:
    return ev.Yield(lower_optional(node.value))


def _starred(node: ast.Starred) -> ev.Expr:
    return ev.Starred(lower(node.value))


def _joined(node: ast.JoinedStr) -> ev.Expr:
    """Plain `f"{a}.b"` stays computable, since module names are written so; anything fancier is opaque."""
    total: ev.Expr | None = None
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            if value.conversion != -1 or value.format_spec is not None:
                return _generic(node)
            part = lower(value.value)
        else:
            part = lower(value)
        total = part if total is None and isinstance(value, ast.Constant) else ev.Add(total or ev.Constant(""), part)
    return total or ev.Constant("")


def _formatted(node: ast.FormattedValue) -> ev.Expr:
    parts = [lower(node.value)]
    if node.format_spec is not None:
        parts.append(lower(node.format_spec))
    return opaque(parts)


def target_names(node: ast.AST) -> list[str]:
    """Names that a target binds, without those of attributes and subscripts."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, (ast.Tuple, ast.List)):
        return [name for item in node.elts for name in target_names(item)]
    if isinstance(node, ast.Starred):
        return target_names(node.value)
    return []


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> ev.Expr:
    names: list[str] = []
    parts: list[ev.Expr] = []
    for position, generator in enumerate(node.generators):
        names += target_names(generator.target)
        if position:
            parts.append(lower(generator.iter))
        parts += [lower(test) for test in generator.ifs]
    if isinstance(node, ast.DictComp):
        parts += [lower(node.key), lower(node.value)]
    else:
        parts.append(lower(node.elt))
    live = tuple(part for part in parts if not is_inert(part))
    lazy = isinstance(node, ast.GeneratorExp)
    kind = ""
    tests = len(node.generators[0].ifs)
    if len(node.generators) == 1 and not node.generators[0].is_async and len(live) == tests + 1:
        kind = {ast.ListComp: "list", ast.SetComp: "set"}.get(node.__class__, "")
    return ev.Comprehension(lower(node.generators[0].iter), tuple(names), live, lazy, kind)


_LOWER: dict[type, Callable[[Any], ev.Expr]] = {
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Constant: _constant,
    ast.Tuple: _display("tuple"),
    ast.List: _display("list"),
    ast.Set: _display("set"),
    ast.Dict: _dict,
    ast.Lambda: _lambda,
    ast.IfExp: _choice,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Starred: _starred,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
}
