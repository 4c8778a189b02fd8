"""Definitions that a merge lost, brought back or set back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from merge_guard.merges.versions import SIDES, Name, Sides, Versions, mixed, named, other
from merge_guard.model.definitions import Definition
from merge_guard.model.merge import FileVersions, Merge


@dataclass(frozen=True, slots=True)
class Damage:
    """One definition that is otherwise than both sides meant it. `side` is the side whose intent got lost.

    `place` is the definition in the version that `role` names, `line` where in the result it belongs.
    """

    path: str
    name: Name
    side: str
    definition: Definition
    line: int
    detail: str = ""
    is_needed: bool = False

    @property
    def qualname(self) -> str:
        return ".".join(self.name)


def lost(merge: Merge) -> Iterator[Damage]:
    """Definitions that a side has, that no side deleted, and that the result binds nowhere."""
    elsewhere: _Elsewhere | None = None
    for file in mixed(merge):
        sides = Sides.of(file)
        result = file.result
        assert result is not None
        for side in SIDES:
            for name, items in sides.role(side).items():
                if name in sides.result or (name[:-1] and name[:-1] not in sides.result):
                    continue
                gone = other(side)
                if name in sides.base and name not in sides.role(gone):
                    continue  # the other side deleted it
                if side == "theirs" and name in sides.ours:
                    continue  # told of ours already
                if len(name) == 1 and (name[0] in result.bound or _is_opened(file, side)):
                    continue  # became an import, an assignment, or what nobody can tell
                if _is_renamed(items, sides, side):
                    continue
                elsewhere = elsewhere or _Elsewhere(merge)
                if elsewhere.has(name, items):
                    continue
                needed = len(name) == 1 and any(read.name == name[0] for read in result.reads)
                yield Damage(file.path, name, side, items[0], _line(name, file, sides), is_needed=needed)


def _is_opened(file: Versions, side: str) -> bool:
    """Whether the result may bind names that nobody sees, where the side that binds this one for all to see did not."""
    mine = file.of(side)
    return file.result is not None and file.result.is_open and not (mine is not None and mine.is_open)


def resurrected(merge: Merge) -> Iterator[Damage]:
    """Definitions that one side deleted, the other left as they were, and the result has."""
    for file in mixed(merge):
        sides = Sides.of(file)
        for side in SIDES:
            kept = sides.role(other(side))
            for name, items in sides.result.items():
                before = sides.base.get(name, ())
                if not before or name in sides.role(side) or name not in kept:
                    continue
                if name[:-1] and name[:-1] not in sides.role(side):
                    continue  # the class around it was deleted: that is told
                if _texts(kept[name]) == _texts(before) and not _is_moved(name, items, side, file, merge):
                    yield Damage(file.path, name, side, items[0], items[0].line)


def reverted(merge: Merge) -> Iterator[Damage]:
    """Definitions that one side changed and the other did not, and that stand in the result as they were before."""
    for file in mixed(merge):
        sides = Sides.of(file)
        for side in SIDES:
            for name, items in sides.role(side).items():
                before, kept, now = sides.base.get(name), sides.role(other(side)).get(name), sides.result.get(name)
                if not before or not kept or not now or not len(items) == len(before) == len(kept) == len(now) == 1:
                    continue
                if _texts(items) != _texts(before) == _texts(kept) == _texts(now) and not _holds_change(
                    name, sides, side
                ):
                    yield Damage(file.path, name, side, items[0], now[0].line)


def _holds_change(name: Name, sides: Sides, side: str) -> bool:
    """Of a class it is told only if no definition inside it tells the same."""
    changed = sides.role(side)
    return any(
        inner[: len(name)] == name
        and len(inner) > len(name)
        and _texts(changed.get(inner, ())) != _texts(sides.base.get(inner, ()))
        for inner in {*changed, *sides.base}
    )


def _texts(items: tuple[Definition, ...]) -> list[tuple[object, ...]]:
    return [(item.body, item.parameters, item.decorators, item.bases, item.keywords) for item in items]


def _is_renamed(items: tuple[Definition, ...], sides: Sides, side: str) -> bool:
    """The same body stands under another name that the side which has it did not know."""
    role = sides.role(side)
    known = {item.body for name, found in sides.result.items() if name not in role for item in found}
    return all(item.statements > 0 and item.body in known for item in items)


def _is_moved(name: Name, items: tuple[Definition, ...], side: str, file: Versions, merge: Merge) -> bool:
    """The side that deleted it has it in another class of the file: no deletion was meant."""
    return any(
        found[-1] == name[-1] and found != name and found not in named(file.base) for found in named(file.of(side))
    )


def _line(name: Name, file: Versions, sides: Sides) -> int:
    """Where in the result it would stand: in its class, else at the top."""
    around = sides.result.get(name[:-1], ())
    return around[0].line if around else 1


class _Elsewhere:
    """What the changed files of the result define that they did not define before."""

    def __init__(self, merge: Merge) -> None:
        self._merge = merge
        self._changed = [
            file
            for path, file in merge.files.items()
            if path.endswith((".py", ".pyw")) and file.result is not None and file.result != file.base
        ]

    def has(self, name: Name, items: tuple[Definition, ...]) -> bool:
        """Moved to another place or file: a new definition of the same name, or the same body under it.

        Names such as `__init__` are in every class: those move with their class.
        """
        return any(self._defines(file, name, items) for file in self._changed if self._holds(file, name[-1]))

    def _holds(self, file: FileVersions, word: str) -> bool:
        return self._merge.glances.holds(file.result, word)

    def _defines(self, file: FileVersions, name: Name, items: tuple[Definition, ...]) -> bool:
        now = self._merge.uses(file.result)
        earlier = [self._merge.uses(blob) for blob in (file.base, file.ours, file.theirs)]
        known = {item.qualname for uses in earlier if uses is not None for item in uses.definitions.items}
        *scope, last = name
        is_common = last.startswith("__")

        def is_moved(item: Definition) -> bool:
            if item.qualname in known:
                # It stood there before, so nothing came here, unless the two were one from the start.
                return item.body == items[0].body and item.statements > 1 and item.scope[-1:] == tuple(scope[-1:])
            # Nobody had it there, so the merge itself put it there.
            return not is_common or item.scope[-1:] == tuple(scope[-1:])

        return now is not None and any(item.name == last and is_moved(item) for item in now.definitions.items)
