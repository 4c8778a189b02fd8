"""What `__all__` lists, seen without running the module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev
from merge_guard.model.module import Module


def listing(module: Module) -> list[tuple[str, int]] | None:
    """The names that `__all__` lists, each with the line of its statement; None where that is computed or not known.

    Understood are displays, sums of them, `+=`, `append` and `extend`, at the top level and nowhere else.
    """
    if "__all__" not in module.defined and "__all__" not in module.bound:
        return None
    listed: list[tuple[str, int]] | None = None
    for node in module.body:
        if isinstance(node, _COMPOUND):
            if any(map(_binds_all, _simple((node,)))):
                return None
            continue
        if not _binds_all(node):
            continue
        values, adds = _listed_by(node)
        if values is None or (adds and listed is None):
            return None
        if not adds or listed is None:
            listed = []
        listed += [(name, getattr(node, "line", 1)) for name in values]
    return listed


def listing_lines(module: Module) -> tuple[dict[str, int], int]:
    """(the line of the statement that puts each name into `__all__`, that of the last one that binds `__all__`)."""
    lines: dict[str, int] = {}
    last = 1
    for node in _simple(module.body):
        if _binds_all(node):
            last = getattr(node, "line", last)
            for name in _listed_by(node)[0] or ():
                lines.setdefault(name, last)
    return lines, last


_COMPOUND = (ev.If, ev.For, ev.While, ev.With, ev.Try, ev.Match)


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


def _simple(body: Sequence[ev.Stmt]) -> Iterator[ev.Stmt]:
    """The simple statements of suites and of the suites in them, in order."""
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        suites: tuple[Sequence[ev.Stmt], ...] = ()
        if isinstance(node, (ev.If, ev.For, ev.While)):
            suites = node.body, node.orelse
        elif isinstance(node, ev.With):
            suites = (node.body,)
        elif isinstance(node, ev.Try):
            suites = (node.body, *(handler.body for handler in node.handlers), node.orelse, node.final)
        elif isinstance(node, ev.Match):
            suites = tuple(case.body for case in node.cases)
        else:
            yield node
        for suite in reversed(suites):
            stack.extend(reversed(suite))
