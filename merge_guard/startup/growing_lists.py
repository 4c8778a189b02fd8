"""A list of literal strings that a program only ever adds to: what it certainly holds, in order.

For lists whose value at run time is not known because something from the environment is added at their end.
"""

from __future__ import annotations

from collections.abc import Sequence

from merge_guard.model import events as ev
from merge_guard.model.parts import parts

_ADDS = frozenset({"append", "extend"})


def literals(bodies: Sequence[tuple[ev.Stmt, ...]], name: str) -> list[str] | None:
    """The strings of the only assignment of the name in these modules' top levels; None where more is done with it.

    What else may happen: `name += …`, `name.append(…)`, `name.extend(…)`, and tests of what is in it.
    """
    found: list[list[str] | None] = []
    for body in bodies:
        for node in body:
            if isinstance(node, ev.Assign) and [_named(target) for target in node.targets] == [name]:
                found.append(_strings(node.value))
            elif not _only_adds(node, name):
                return None
    return found[0] if len(found) == 1 else None


def _named(node: object) -> str:
    return node.id if isinstance(node, ev.Name) else ""


def _strings(value: ev.Expr) -> list[str] | None:
    if not isinstance(value, ev.Sequence) or value.kind not in ("list", "tuple"):
        return None
    texts = [item.value for item in value.items if isinstance(item, ev.Constant) and isinstance(item.value, str)]
    return texts if len(texts) == len(value.items) else None


def _only_adds(node: object, name: str) -> bool:
    todo = [node]
    while todo:
        node = todo.pop()
        if _named(node) == name:
            return False
        if isinstance(node, ev.AugAssign) and _named(node.target) == name and node.op == "+":
            todo.append(node.value)
        elif isinstance(node, ev.Attribute) and _named(node.value) == name and node.attr in _ADDS:
            continue
        elif isinstance(node, ev.Compare) and node.op in ("in", "not in") and _named(node.right) == name:
            todo.append(node.left)
        elif isinstance(node, ev.FromImport):
            if any((asname or attr) == name for attr, asname, _, _ in node.names):
                continue  # the same list, by its name in another module
        else:
            todo += parts(node)
    return True
