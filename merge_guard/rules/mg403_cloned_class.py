"""MG403."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.events import ClassDef
from merge_guard.model.finding import Finding, Fix, Related, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.model.ssot import Likeness


@rule(code="MG403", name="cloned-class", message="{symbol} is a copy of {first}: {methods} methods, all the same")
def cloned_class(project: Project) -> Iterator[Finding]:
    """A class is a copy of one in another module: the same bases, the same fields and at least three equal methods.

    Comments, formatting, docstrings, annotations of functions and the class's own name do not count. An error between
    classes of one group. Elsewhere it is off, because a healthy project holds copies on purpose; select this very code
    (`--extend-select MG403`) to have them as warnings.

    Bad:

        # app/__init__.py
        # app/one.py
        class Queue:
            def put(self, item): self.items.append(item)
            def get(self): return self.items.pop()
            def size(self): return len(self.items)
        # app/two.py
        class FastQueue:
            def put(self, item):
                # at the end
                self.items.append(item)
            def get(self): return self.items.pop()
            def size(self) -> int: return len(self.items)

    Good:

        # app/__init__.py
        # app/one.py
        class Queue:
            def put(self, item): self.items.append(item)
            def get(self): return self.items.pop()
            def size(self): return len(self.items)
        # app/two.py
        from app.one import Queue as FastQueue

    Not compared are Protocols, abstract classes, Enums, exceptions, TypedDicts, NamedTuples, test doubles, classes in
    tests, in vendored and generated files, in backups and examples, nested classes, and classes of a group that are
    exempt, adapters or reported as a second definition.
    """
    for like in project.likenesses:
        if like.is_clone:
            yield cloned_class.finding(
                key=f"{like.first.symbol}:{like.second.symbol}",
                baseline_key=like.second.identity,
                severity=Severity.ERROR if like.group else Severity.WARNING,
                message={"symbol": like.second.symbol, "first": like.first.symbol, "methods": like.methods},
                place=like.second.place,
                related=(Related(like.first.place, f"{like.first.symbol} is here"),),
                fix=Fix(False, f"import {like.first.symbol} under its name instead")
                if _can_go(like, project)
                else None,
            )


def _can_go(like: Likeness, project: Project) -> bool:
    """Whether an import can stand in the place of the second class."""
    module = project.facts[like.second.place.path].module
    here = [node for node in module.body if isinstance(node, ClassDef)] if module is not None else []
    return any(node.line == like.second.place.line and not node.decorators for node in here)
