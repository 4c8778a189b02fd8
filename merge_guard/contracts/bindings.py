"""What a name can stand for once a suite has run: the bindings that reach its end, branches taken apart.

The data flow is the one of the language reference ("Naming and binding"), without values: a condition that does not
say by itself what it comes to gives both its ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from merge_guard.facts.bound_names import bound_names, target_names
from merge_guard.model import events as ev


@dataclass(frozen=True, slots=True)
class Unbound:
    """Nothing has bound the name on this way."""


@dataclass(frozen=True, slots=True)
class Star:
    """A star import that may have bound the name; `otherwise` is what reaches past it."""

    node: ev.FromImport
    otherwise: tuple[Binding, ...]


Binding = Union[ev.Stmt, Star, Unbound]
UNBOUND = Unbound()


def reaching(body: Sequence[ev.Stmt], name: str, before: tuple[Binding, ...] = (UNBOUND,)) -> tuple[Binding, ...]:
    """The bindings of `name` that may stand at the end of the suite, each once."""
    alive = before
    for node in body:
        alive = _after(node, name, alive)
    return alive


def writes(body: Sequence[ev.Stmt], name: str) -> bool:
    """Whether the suite itself may bind a name that no star import carries: `__getattr__`, `__all__`, `__path__`."""
    alive = list(reaching(body, name))
    while alive:
        binding = alive.pop()
        if isinstance(binding, Star):
            alive += binding.otherwise
        elif not isinstance(binding, Unbound):
            return True
    return False


def _after(node: ev.Stmt, name: str, alive: tuple[Binding, ...]) -> tuple[Binding, ...]:
    if isinstance(node, ev.FromImport) and node.names and node.names[0][0] == "*":
        return (Star(node, alive),)
    if isinstance(node, (ev.Delete, ev.If, ev.Try, ev.For, ev.While, ev.With, ev.Match)):
        return _after_compound(node, name, alive)
    if name in bound_names((node,)):
        return (node,)
    return alive


def _after_compound(node: ev.Stmt, name: str, alive: tuple[Binding, ...]) -> tuple[Binding, ...]:
    if isinstance(node, ev.Delete):
        gone = any(isinstance(target, ev.Name) and target.id == name for target in node.targets)
        return (UNBOUND,) if gone else alive
    if isinstance(node, ev.If):
        verdict = _verdict(node.test)
        ways = [reaching(node.body, name, alive)] if verdict is not False else []
        ways += [reaching(node.orelse, name, alive)] if verdict is not True else []
        return _joined(ways)
    if isinstance(node, ev.Try):
        return _after_try(node, name, alive)
    if isinstance(node, (ev.For, ev.While)):
        if isinstance(node, ev.For) and name in target_names(node.target):
            alive = _joined([alive, (node,)])
        return reaching(node.orelse, name, _joined([alive, reaching(node.body, name, alive)]))
    if isinstance(node, ev.With):
        bound = any(target is not None and name in target_names(target) for _, target in node.items)
        return reaching(node.body, name, (node,) if bound else alive)
    if isinstance(node, ev.Match):
        ways = [reaching(case.body, name, (node,) if name in case.names else alive) for case in node.cases]
        return _joined(ways if any(case.always for case in node.cases) else [alive, *ways])
    return alive


def _after_try(node: ev.Try, name: str, alive: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """A handler counts only where the body binds nothing of the name: then it is what was meant to run too."""
    whole = reaching(node.orelse, name, reaching(node.body, name, alive))
    ways = [whole]
    if whole == alive:
        ways += [reaching(handler.body, name, alive) for handler in node.handlers]
    return reaching(node.final, name, _joined(ways))


def _joined(ways: Sequence[tuple[Binding, ...]]) -> tuple[Binding, ...]:
    both: list[Binding] = []
    for way in ways:
        both += [binding for binding in way if not any(binding is known for known in both)]
    return tuple(both)


def _verdict(test: ev.Expr) -> bool | None:
    """Of conditions that say the same for every deploy."""
    if isinstance(test, ev.Constant):
        return bool(test.value)
    if isinstance(test, ev.Not):
        inner = _verdict(test.value)
        return None if inner is None else not inner
    if isinstance(test, ev.Name):
        return False if test.id == "TYPE_CHECKING" else None
    if isinstance(test, ev.Attribute):
        return False if test.attr == "TYPE_CHECKING" else None
    if isinstance(test, ev.Compare) and isinstance(test.left, ev.Name) and test.left.id == "__name__":
        return False if test.op == "==" else None
    return None


def lists(body: Sequence[ev.Stmt], name: str) -> bool:
    """Whether `__all__` has the name, as far as it is written out."""
    return any(name in _texts(node) for node in body)


def _texts(node: ev.Stmt) -> frozenset[str]:
    """Every text in the value of an assignment to `__all__`; everything where it is computed."""
    if isinstance(node, ev.Assign) and any(isinstance(t, ev.Name) and t.id == "__all__" for t in node.targets):
        return _constants(node.value)
    if isinstance(node, ev.AugAssign) and isinstance(node.target, ev.Name) and node.target.id == "__all__":
        return _constants(node.value)
    return frozenset()


class _Everything(frozenset[str]):
    def __contains__(self, item: object) -> bool:
        return True


def _constants(node: ev.Expr) -> frozenset[str]:
    if isinstance(node, ev.Sequence) and all(isinstance(item, ev.Constant) for item in node.items):
        return frozenset(str(item.value) for item in node.items if isinstance(item, ev.Constant))
    return _Everything()
