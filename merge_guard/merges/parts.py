"""What a side added to a definition and the result does not have: handlers, decorators, routes, parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from merge_guard.merges.versions import SIDES, Name, Sides, mixed, other
from merge_guard.model.definitions import Definition
from merge_guard.model.merge import Merge


@dataclass(frozen=True, slots=True)
class LostPart:
    """`kind` is "handler", "decorator", "route" or "parameter", `part` its text."""

    path: str
    name: Name
    side: str
    kind: str
    part: str
    line: int

    @property
    def qualname(self) -> str:
        return ".".join(self.name)


def lost_parts(merge: Merge) -> Iterator[LostPart]:
    """Parts that a side has, that no side took away, and that the result lacks."""
    for file in mixed(merge):
        sides = Sides.of(file)
        for name, now in sides.result.items():
            if len(now) != 1:
                continue
            for side in SIDES:
                mine, its = sides.role(side).get(name, ()), sides.role(other(side)).get(name, ())
                before = sides.base.get(name, ())
                if len(mine) != 1 or len(before) > 1 or len(its) > 1:
                    continue
                for kind in ("handler", "decorator", "route", "parameter"):
                    missing = _parts(kind, mine) - _parts(kind, now)
                    # What the other side took away was meant to go.
                    missing -= _parts(kind, before) - _parts(kind, its)
                    if side == "theirs":
                        missing -= _parts(kind, its)
                    if kind == "parameter" and _parts(kind, now) - (
                        _parts(kind, before) | _parts(kind, mine) | _parts(kind, its)
                    ):
                        continue  # nobody knew one that is there now: somebody wrote others
                    for part in sorted(missing):
                        if kind == "decorator" and _named(part, now) >= _named(part, mine):
                            continue  # the same decorator with other arguments
                        if kind != "decorator" or not _is_route(part):
                            yield LostPart(file.path, name, side, kind, part, now[0].line)


def _parts(kind: str, items: tuple[Definition, ...]) -> Counter[str]:
    if not items:
        return Counter()
    (item,) = items
    if kind == "handler":
        return Counter(dict.fromkeys(item.handlers, 1))
    if kind == "decorator":
        return Counter(item.decorators)
    if kind == "route":
        return Counter(f"{verb} {path}" for verb, path in item.routes)
    return Counter(parameter.name for parameter in item.parameters)


def _named(decorator: str, items: tuple[Definition, ...]) -> int:
    """How many decorators have the name of this one."""
    name = decorator.partition("(")[0]
    return sum(other.partition("(")[0] == name for item in items for other in item.decorators)


def _is_route(decorator: str) -> bool:
    return "route(" in decorator or any(f".{verb}(" in decorator for verb in ("get", "post", "put", "delete", "patch"))
