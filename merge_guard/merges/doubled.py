"""What stands in a result more often than in either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from merge_guard.merges.versions import SIDES, Name, Sides, mixed
from merge_guard.model.definitions import Definition
from merge_guard.model.merge import Merge
from merge_guard.model.uses import Entry, Uses

_PLAIN = frozenset({"staticmethod", "classmethod", "property", "abstractmethod", "abc.abstractmethod", "override"})


@dataclass(frozen=True, slots=True)
class Doubled:
    path: str
    name: Name
    first: Definition
    second: Definition

    @property
    def qualname(self) -> str:
        return ".".join(self.name)


def doubled_definitions(merge: Merge) -> Iterator[Doubled]:
    """Definitions of one name in one block, more of them than either side has; decorated ones are registrations.

    Of a class that stands twice its methods do, too: that is told once.
    """
    for file in mixed(merge):
        sides = Sides.of(file)
        for name, items in sides.result.items():
            if len(items) < 2 or _is_in_doubled(name[:-1], sides):
                continue
            most = max(_most_in_a_block(sides.role(side).get(name, ())) for side in SIDES)
            for block in _blocks(items).values():
                if len(block) > max(most, 1) and all(map(_is_plain, block)) and set(name[-1]) != {"_"}:
                    yield Doubled(file.path, name, block[0], block[-1])


def _is_in_doubled(scope: Name, sides: Sides) -> bool:
    """Whether what is around it stands there more often than on either side."""
    return any(
        len(sides.result.get(scope[:end], ())) > max(1, *(len(sides.role(side).get(scope[:end], ())) for side in SIDES))
        for end in range(1, len(scope) + 1)
    )


def _blocks(items: tuple[Definition, ...]) -> dict[tuple[object, ...], list[Definition]]:
    """By the branches that they stand in: alternatives of one `if` or `try` are not copies."""
    blocks: dict[tuple[object, ...], list[Definition]] = {}
    for item in items:
        blocks.setdefault(item.branch, []).append(item)
    return blocks


def _most_in_a_block(items: tuple[Definition, ...]) -> int:
    return max(map(len, _blocks(items).values()), default=0)


def _is_plain(item: Definition) -> bool:
    return all(decorator in _PLAIN for decorator in item.decorators)


def doubled_entries(merge: Merge) -> Iterator[tuple[str, Entry, Entry]]:
    """(path, first, second) of entries that should be there once; of a definition that stands twice, that is told."""
    for file in mixed(merge):
        assert file.result is not None
        sides = Sides.of(file)
        counts = {side: _counts(file.of(side)) for side in SIDES}
        seen: dict[tuple[str, str, str], list[Entry]] = {}
        for entry in file.result.entries:
            seen.setdefault((entry.kind, entry.owner, entry.key), []).append(entry)
        for key, entries in seen.items():
            scope = tuple(entries[0].owner.split("."))
            if len(entries) > max(1, *(counts[side][key] for side in SIDES)) and not _is_in_doubled(scope, sides):
                yield file.path, entries[0], entries[-1]


def _counts(uses: Uses | None) -> Counter[tuple[str, str, str]]:
    return Counter((entry.kind, entry.owner, entry.key) for entry in uses.entries) if uses is not None else Counter()
