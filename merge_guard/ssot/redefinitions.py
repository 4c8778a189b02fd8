"""Definitions that replace an earlier one of their suite before anybody could use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Union

from merge_guard.facts.bound_names import bound_names
from merge_guard.facts.doubled_names import branches
from merge_guard.model import events as ev
from merge_guard.model.module import Module
from merge_guard.model.parts import all_parts

_Node = Union[ev.FunctionDef, ev.ClassDef]
_REGISTERS = frozenset({"__init_subclass__", "__class_getitem__"})


class Redefinition(NamedTuple):
    scope: tuple[str, ...]
    first: _Node
    second: _Node


def redefinitions(module: Module, line_text: Callable[[int], str]) -> Iterator[Redefinition]:
    """Pairs of one kind and name in one suite, undecorated, with no mention of the name between them.

    Mentioned is what the text between them holds, strings and comments included: a function between them may well use
    the name when it is called.
    """
    return unmentioned(doubles(module), line_text)


def unmentioned(pairs: Iterable[Redefinition], line_text: Callable[[int], str]) -> Iterator[Redefinition]:
    """Those of the pairs between which the name does not stand."""
    for pair in pairs:
        word = re.compile(rf"\b{re.escape(pair.second.name)}\b")
        if not any(word.search(line_text(number)) for number in range(pair.first.end_line + 1, pair.second.line)):
            yield pair


def doubles(module: Module) -> Iterator[Redefinition]:
    """What two definitions say of each other, without the text between them."""
    if not module.redefines:
        return
    for scope, suite in _suites(module.body, ()):
        for first, second in _pairs(suite):
            if isinstance(second, ev.ClassDef) and (second.keywords or _bases(second) & _registering(module.body)):
                continue
            if second.name not in _names(second) and set(second.name) != {"_"}:
                yield Redefinition(scope, first, second)


def is_repeated(first: _Node, second: _Node, line_text: Callable[[int], str]) -> bool:
    """Whether the second is the text of the first again."""
    if first.decorators or first.end_line - first.line != second.end_line - second.line:
        return False
    lines = zip(range(first.line, first.end_line + 1), range(second.line, second.end_line + 1))
    return all(line_text(here) == line_text(there) for here, there in lines)


def only_binds(node: ev.Stmt) -> bool:
    """Whether running a definition does nothing but bind its name, and to the same whenever it runs."""
    if isinstance(node, ev.FunctionDef):
        inner = [part for annotation in node.annotations for part in (annotation, *all_parts(annotation))]
        calls = any(isinstance(part, ev.Call) for part in inner)
        return not node.decorators and not calls and all(isinstance(item, ev.Constant) for item in node.defaults)
    if isinstance(node, ev.ClassDef):
        return not (node.decorators or node.bases or node.keywords) and all(map(only_binds, node.body))
    if isinstance(node, ev.Assign):
        return isinstance(node.value, ev.Constant) and all(isinstance(item, ev.Name) for item in node.targets)
    return isinstance(node, ev.Evaluate) and isinstance(node.value, ev.Constant)


def _suites(body: Sequence[ev.Stmt], scope: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Sequence[ev.Stmt]]]:
    """Every suite that is a scope's own or a branch in it; only those that define something twice matter."""
    yield scope, body
    for node in body:
        if isinstance(node, ev.ClassDef):
            yield from _suites(node.body, (*scope, node.name))
        for suite in branches(node):
            yield from _suites(suite, scope)


def _pairs(suite: Sequence[ev.Stmt]) -> Iterator[tuple[_Node, _Node]]:
    names = [node.name for node in suite if isinstance(node, (ev.FunctionDef, ev.ClassDef))]
    if len(set(names)) == len(names):
        return
    last: dict[str, _Node] = {}
    for node in suite:
        if isinstance(node, (ev.FunctionDef, ev.ClassDef)):
            earlier = last.pop(node.name, None)
            if node.decorators:
                continue
            if earlier is not None and earlier.__class__ is node.__class__:
                yield earlier, node
            last[node.name] = node
        else:
            for name in bound_names((node,)):
                last.pop(name, None)


def _registering(body: Sequence[ev.Stmt]) -> frozenset[str]:
    """Classes of the module that learn of their subclasses."""
    return frozenset(
        node.name
        for node in body
        if isinstance(node, ev.ClassDef) and (node.keywords or not _REGISTERS.isdisjoint(bound_names(node.body)))
    )


def _bases(node: ev.ClassDef) -> frozenset[str]:
    return frozenset(base.id for base in node.bases if isinstance(base, ev.Name))


def _names(node: object) -> frozenset[str]:
    """Every name that is evaluated when the definition is."""
    return frozenset(part.id for part in all_parts(node) if isinstance(part, ev.Name))
