"""What a merge can know of a blob without having it parsed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

Statement = tuple[str, ...]
"""The words of one import statement in order, `from` left out; dots stand for themselves."""


class Header(NamedTuple):
    """A function's name and parameters; `inner` ones stand in a class, a function or a branch."""

    name: str
    parameters: bytes
    inner: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a text has otherwise than an older one."""

    statements: frozenset[Statement] = frozenset()
    """Import statements that the older one does not have."""
    headers: frozenset[Header] = frozenset()
    """Of functions: those that only one of the two has."""
    calls: frozenset[str] = frozenset()
    """Names that are called where something is new."""


class Glances(Protocol):
    """First looks at blobs by id, None being an absent file: each errs on the side of saying too much."""

    def compare(self, pairs: Iterable[tuple[str | None, str | None]]) -> None:
        """Say which changes will be asked for: the blobs are read together, each once."""
        ...

    def change(self, blob: str | None, base: str | None) -> Change:
        """What a blob brings that its base does not have."""
        ...

    def statements(self, blob: str | None) -> frozenset[Statement]:
        """All import statements."""
        ...

    def classes(self, blob: str | None) -> frozenset[str]:
        """The names of its classes."""
        ...

    def holds(self, blob: str | None, word: str) -> bool:
        """Whether the text stands anywhere in it."""
        ...

    def binds_at_top(self, blob: str | None, word: str) -> bool:
        """Whether a definition or assignment at the beginning of a line certainly binds the name."""
        ...
