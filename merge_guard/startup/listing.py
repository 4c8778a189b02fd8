"""What `__all__` lists, seen without running the module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev


def listing(module: ev.Module) -> list[tuple[str, int]] | None:
    """The names that `__all__` lists, each with the line of its statement; None where that is computed or not known.

    Understood are displays, sums of them, `+=`, `append` and `extend`, at the top level and nowhere else.
    """
    listed: list[tuple[str, int]] | None = None
    for node in module.body:
        if not any(map(_binds_all, _flat((node,)))):
            continue
        values, adds = _listed_by(node)
        if values is None or (adds and listed is None):
            return None
        names = [(name, getattr(node, "line", 1)) for name in values]
        listed = [*(listed or ()), *names] if adds else names
    return listed


def listing_line(module: ev.Module, name: str) -> int:
    """The line of the statement that puts a name into `__all__`; of the last that binds `__all__`, if none says so."""
    last = 1
    for node in _flat(module.body):
        if _binds_all(node):
            last = getattr(node, "line", last)
            values, _ = _listed_by(node)
            if values is not None and name in values:
                return last
    return last


def _binds_all(node: ev.Stmt) -> bool:
    if isinstance(node, ev.Evaluate):
        call = node.value
        return isinstance(call, ev.Call) and isinstance(call.func, ev.Attribute) and _is_all(call.func.value)
    return "__all__" in bound_names((node,))


def _is_all(node: ev.Expr) -> bool:
    return isinstance(node, ev.Name) and node.id == "__all__"


def _listed_by(node: ev.Stmt) -> tuple[list[str] | None, bool]:
    """(what a statement lists, or None, whether it adds to what was listed before)."""
    if isinstance(node, ev.Assign) and all(map(_is_all, node.targets)):
        return _display(node.value), False
    if isinstance(node, ev.AugAssign) and node.op == "+":
        return _display(node.value), True
    if isinstance(node, ev.Evaluate) and isinstance(node.value, ev.Call) and len(node.value.args) == 1:
        func = node.value.func
        if isinstance(func, ev.Attribute) and func.attr == "extend":
            return _display(node.value.args[0]), True
        if isinstance(func, ev.Attribute) and func.attr == "append":
            return _display(ev.Sequence("list", node.value.args)), True
    return None, False


def _display(node: ev.Expr) -> list[str] | None:
    if isinstance(node, ev.Add):
        left, right = _display(node.left), _display(node.right)
        return None if left is None or right is None else left + right
    if not isinstance(node, ev.Sequence):
        return None
    names = [item.value for item in node.items if isinstance(item, ev.Constant) and isinstance(item.value, str)]
    return names if len(names) == len(node.items) else None


def _flat(body: Sequence[ev.Stmt]) -> Iterator[ev.Stmt]:
    for node in body:
        yield node
        if isinstance(node, ev.If):
            yield from _flat(node.body)
            yield from _flat(node.orelse)
        elif isinstance(node, (ev.For, ev.While, ev.With)):
            yield from _flat(node.body)
        elif isinstance(node, ev.Try):
            for suite in (node.body, node.orelse, node.final, *(handler.body for handler in node.handlers)):
                yield from _flat(suite)
