"""The four versions of one file, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from merge_guard.model.definitions import Definition
from merge_guard.model.merge import FileVersions, Merge
from merge_guard.model.uses import Uses

Name = tuple[str, ...]
"""A definition's scope and name."""
SIDES = ("ours", "theirs")


@dataclass(frozen=True, slots=True)
class Versions:
    """Base, ours, theirs and result of one Python file; None where the file is absent."""

    path: str
    blobs: FileVersions
    base: Uses | None
    ours: Uses | None
    theirs: Uses | None
    result: Uses | None

    def of(self, role: str) -> Uses | None:
        found: Uses | None = getattr(self, role)
        return found

    @property
    def is_judgeable(self) -> bool:
        """The result parses, and so does every version that exists: what cannot be read cannot be compared."""
        return self.result is not None and all(
            uses.parses if uses is not None else getattr(self.blobs, role) is None
            for role in ("base", *SIDES, "result")
            for uses in (self.of(role),)
        )


def versions_of(merge: Merge, path: str) -> Versions:
    blobs = merge.files[path]
    return Versions(
        path, blobs, merge.uses(blobs.base), merge.uses(blobs.ours), merge.uses(blobs.theirs), merge.uses(blobs.result)
    )


def put_together(merge: Merge) -> Iterator[Versions]:
    """The Python files that stand in the result as neither side has them."""
    for path, blobs in merge.files.items():
        if path.endswith((".py", ".pyw")) and blobs.is_mixed and blobs.result is not None:
            yield versions_of(merge, path)


def mixed(merge: Merge) -> Iterator[Versions]:
    """The files that somebody put together, as far as all versions of them can be read.

    A file that stands as one side has it was taken whole. One that both sides added counts too: its base is empty.
    """
    for file in put_together(merge):
        if file.ours is not None and file.theirs is not None and file.is_judgeable:
            yield file


def named(uses: Uses | None) -> Mapping[Name, tuple[Definition, ...]]:
    """The definitions of a version by scope and name; what functions define inside themselves is theirs."""
    found: dict[Name, list[Definition]] = {}
    for item in uses.definitions.items if uses is not None else ():
        if not item.in_function:
            found.setdefault((*item.scope, item.name), []).append(item)
    return {name: tuple(items) for name, items in found.items()}


@dataclass(frozen=True, slots=True)
class Sides:
    """The definitions of the four versions of one file, by name."""

    base: Mapping[Name, tuple[Definition, ...]] = field(default_factory=dict)
    ours: Mapping[Name, tuple[Definition, ...]] = field(default_factory=dict)
    theirs: Mapping[Name, tuple[Definition, ...]] = field(default_factory=dict)
    result: Mapping[Name, tuple[Definition, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: Versions) -> Sides:
        return cls(named(file.base), named(file.ours), named(file.theirs), named(file.result))

    def role(self, role: str) -> Mapping[Name, tuple[Definition, ...]]:
        found: Mapping[Name, tuple[Definition, ...]] = getattr(self, role)
        return found


def other(role: str) -> str:
    return "theirs" if role == "ours" else "ours"


def bodies(items: tuple[Definition, ...]) -> Counter[str]:
    return Counter(item.body for item in items)
