"""Whether a file defines a name twice in one suite, which few do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.model import events as ev


def defines_twice(body: Sequence[ev.Stmt]) -> bool:
    """Of the suite itself, the branches in it, and the bodies of its classes."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, (ev.FunctionDef, ev.ClassDef)):
            if node.name in names:
                return True
            names.add(node.name)
            if isinstance(node, ev.ClassDef) and defines_twice(node.body):
                return True
        elif any(map(defines_twice, branches(node))):
            return True
    return False


def branches(node: ev.Stmt) -> Iterator[Sequence[ev.Stmt]]:
    """The suites of a statement that are branches of the scope that it stands in."""
    if isinstance(node, (ev.If, ev.For, ev.While)):
        yield from (node.body, node.orelse)
    elif isinstance(node, ev.Try):
        yield from (node.body, node.orelse, node.final, *(handler.body for handler in node.handlers))
    elif isinstance(node, ev.With):
        yield node.body
    elif isinstance(node, ev.Match):
        yield from (case.body for case in node.cases)
