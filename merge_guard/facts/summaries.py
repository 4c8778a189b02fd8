"""What is asked of every module, told beforehand: which names its top level binds, and what it imports for certain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev

_SUITES = ("body", "orelse", "final")
_BRANCHED = (ev.If, ev.For, ev.While, ev.With, ev.Try)


class Summary(TypedDict):
    """Fields of `Module`."""

    imports: tuple[str, ...]
    defined: tuple[str, ...]
    bound: tuple[str, ...]
    stored: tuple[str, ...]


def summary(body: Sequence[ev.Stmt]) -> Summary:
    defined = dict.fromkeys(_definitions(body))
    assigned = [target for node in body if isinstance(node, ev.Assign) for target in node.targets]
    return Summary(
        imports=tuple(_words(node) for node in body if isinstance(node, (ev.Import, ev.FromImport))),
        defined=tuple(defined),
        bound=tuple(name for name in dict.fromkeys(bound_names(body)) if name not in defined),
        stored=tuple(dict.fromkeys(target.attr for target in assigned if isinstance(target, ev.Attribute))),
    )


def _words(node: ev.Import | ev.FromImport) -> str:
    if isinstance(node, ev.Import):
        return node.name
    return f"{'.' * node.level}{node.module}:{','.join([name for name, _, _, _ in node.names])}"


def statements(body: Sequence[Any]) -> list[Any]:
    """Those of a top level, in any branch."""
    found = list(body)
    for node in body:
        if isinstance(node, _BRANCHED):
            for suite in _SUITES:
                found += statements(getattr(node, suite, ()))
            for handler in getattr(node, "handlers", ()):
                found += statements(handler.body)
    return found


def _definitions(body: Sequence[Any]) -> list[str]:
    names: list[str] = []
    for node in statements(body):
        if isinstance(node, (ev.FunctionDef, ev.ClassDef, ev.TypeAlias)):
            names.append(node.name)
        elif isinstance(node, ev.Assign):
            names += [target.id for target in node.targets if isinstance(target, ev.Name)]
    return names
