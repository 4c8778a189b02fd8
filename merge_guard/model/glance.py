"""What a merge can know of a blob without having it parsed."""

from __future__ import annotations

from typing import Protocol


class Glances(Protocol):
    """First looks at blobs by id, None being an absent file: each errs on the side of saying too much."""

    def statements(self, blob: str | None) -> frozenset[tuple[str, ...]]:
        """The words of each import statement in order, `from` left out; dots stand for themselves."""
        ...

    def headers(self, blob: str | None) -> frozenset[tuple[str, bytes]]:
        """(name, parameters) of each function."""
        ...

    def called(self, blob: str | None) -> frozenset[str]:
        """Names that something in it calls."""
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
