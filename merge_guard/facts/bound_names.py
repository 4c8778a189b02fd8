"""Which names a suite of events binds, in any branch: the language reference's 4.2.1, over events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from merge_guard.model import events as ev


def bound_names(body: Sequence[ev.Stmt]) -> Iterator[str]:
    """Names in the order of their statements; `*` for a star import. A walrus counts only as a whole statement."""
    names: list[str] = []
    _collect(body, names)
    return iter(names)


def _collect(body: Sequence[Any], names: list[str]) -> None:
    for node in body:
        kind: type = node.__class__
        if kind is ev.Assign:
            for target in node.targets:
                if target.__class__ is ev.Name:
                    names.append(target.id)
                else:
                    names += target_names(target)
        elif kind is ev.Evaluate:
            if isinstance(node.value, ev.Walrus):
                names.append(node.value.name)
        elif kind is ev.FunctionDef or kind is ev.ClassDef or kind is ev.TypeAlias:
            names.append(node.name)
        elif kind is ev.If or kind is ev.While:
            _collect(node.body, names)
            _collect(node.orelse, names)
        elif kind is ev.FromImport:
            names += [asname or name for name, asname, _, _ in node.names]
        elif kind is ev.Import:
            names.append(node.asname or node.name.partition(".")[0])
        elif kind is ev.AugAssign:
            names += target_names(node.target)
        elif kind is ev.For:
            names += target_names(node.target)
            _collect(node.body, names)
            _collect(node.orelse, names)
        elif kind is ev.Try:
            for suite in (node.body, node.orelse, node.final):
                _collect(suite, names)
            for handler in node.handlers:
                if handler.name:
                    names.append(handler.name)
                _collect(handler.body, names)
        elif kind is ev.With:
            for _, name in node.items:
                if name is not None:
                    names += target_names(name)
            _collect(node.body, names)
        elif kind is ev.Match:
            for case in node.cases:
                names += case.names
                _collect(case.body, names)
        elif kind is ev.Delete:
            for target in node.targets:
                names += target_names(target)


def target_names(target: ev.Expr) -> Iterator[str]:
    """The names that an assignment target binds."""
    if isinstance(target, ev.Name):
        yield target.id
    elif isinstance(target, ev.Sequence):
        for item in target.items:
            yield from target_names(item)
    elif isinstance(target, ev.Starred):
        yield from target_names(target.value)
