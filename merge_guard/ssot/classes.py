"""Every class of a file, from the events of its top level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.module import Module


class FoundClass(NamedTuple):
    """A class that a file defines. `node` is None inside a function, where no events tell of it.

    `outer` are the classes around it. `fallback` where it stands in one arm of an `if` or `try` whose other arms bind
    its name too.
    """

    path: str
    name: str
    line: int
    node: ev.ClassDef | None = None
    outer: tuple[ev.ClassDef, ...] = ()
    type_checking: bool = False
    fallback: bool = False
    side: str = ""
    events: Module | None = None

    @property
    def qualname(self) -> str:
        return ".".join([*(cls.name for cls in self.outer), self.name])

    @property
    def is_top(self) -> bool:
        return self.node is not None and not self.outer


def classes_of(path: str, facts: FileFacts) -> Iterator[FoundClass]:
    """All classes; of a conflicted file those of every side, each once."""
    if facts.module is not None:
        yield from _of_module(path, facts.module, "")
        return
    sides = {side.role: list(_of_module(path, side.module, side.role)) for side in facts.sides if side.module}
    seen: dict[str, str] = {}
    for role, found in sides.items():
        for cls in found:
            if cls.qualname not in seen and role != "base":
                seen[cls.qualname] = role
                elsewhere = [other for other in sides if other not in ("base", role)]
                both = bool(elsewhere) and all(
                    any(other.qualname == cls.qualname for other in sides[name]) for name in elsewhere
                )
                yield cls._replace(side="" if both else role)


def _of_module(path: str, module: Module, side: str) -> Iterator[FoundClass]:
    yield from _in_suite(_File(path, side, module), module.body, (), False, frozenset())
    for name, line in module.inner_classes:
        yield FoundClass(path, name, line, side=side, events=module)


class _File(NamedTuple):
    path: str
    side: str
    events: Module


def _in_suite(
    file: _File, body: Sequence[ev.Stmt], outer: tuple[ev.ClassDef, ...], typing: bool, alternatives: frozenset[str]
) -> Iterator[FoundClass]:
    for node in body:
        kind: type = node.__class__
        if isinstance(node, ev.ClassDef):
            name = node.name
            path, side, events = file
            yield FoundClass(path, name, node.line, node, outer, typing, name in alternatives, side, events)
            yield from _in_suite(file, node.body, (*outer, node), typing, frozenset())
        elif kind in _COMPOUND:
            arms = list(_arms(node))
            for arm, is_typing in arms:
                others = _bound(other for other, _ in arms if other is not arm)
                yield from _in_suite(file, arm, outer, typing or is_typing, others)


_COMPOUND = frozenset({ev.If, ev.Try, ev.For, ev.While, ev.With, ev.Match})


def _arms(node: ev.Stmt) -> Iterator[tuple[Sequence[ev.Stmt], bool]]:
    """(suite, whether only type checkers read it)."""
    if isinstance(node, ev.If):
        yield node.body, is_type_checking(node.test)
        yield node.orelse, False
    elif isinstance(node, ev.Try):
        for suite in (node.body, node.orelse, node.final, *(handler.body for handler in node.handlers)):
            yield suite, False
    elif isinstance(node, (ev.For, ev.While)):
        yield node.body, False
        yield node.orelse, False
    elif isinstance(node, ev.With):
        yield node.body, False
    elif isinstance(node, ev.Match):
        for case in node.cases:
            yield case.body, False


def _bound(suites: Iterator[Sequence[ev.Stmt]]) -> frozenset[str]:
    from merge_guard.facts.bound_names import bound_names

    return frozenset(name for suite in suites for name in bound_names(suite))


def is_type_checking(test: ev.Expr) -> bool:
    name = test.id if isinstance(test, ev.Name) else test.attr if isinstance(test, ev.Attribute) else ""
    return name == "TYPE_CHECKING"


def flat(body: Sequence[ev.Stmt], typing: bool = False) -> Iterator[tuple[ev.Stmt, bool]]:
    """The statements of a top level, those of its branches too; and whether only type checkers read them."""
    for node in body:
        yield node, typing
        if node.__class__ in _COMPOUND:
            for arm, is_typing in _arms(node):
                yield from flat(arm, typing or is_typing)
