"""The files that a build is given."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING

from merge_guard.deploy.image import Brought
from merge_guard.deploy.listing import Listing

if TYPE_CHECKING:
    from merge_guard.deploy.dockerignore import Ignore

# What nothing imports and nothing here reads: whether it ships is not asked.
_ASSETS = (
    ".md", ".rst",
    ".json", ".xml", ".csv", ".log", ".html", ".css", ".scss", ".js", ".jsx", ".ts", ".tsx", ".map", ".svg",
    ".png", ".jpg", ".gif", ".ico", ".woff", ".woff2", ".ttf", ".po", ".mo", ".pdf", ".ipynb", ".yml", ".yaml", ".vue",
)  # fmt: skip
_MOST_COPIES = 200_000
"""Files of all copies that are kept."""


class ContextTree(Mapping[str, Brought]):
    """A directory of the repository by the paths in it, less what `ignore` keeps out.

    Of a path nothing is decided before it is asked for: most builds copy little of their context.
    """

    def __init__(
        self, withheld: Mapping[str, str], listing: Listing, directory: str = "", ignore: Ignore | None = None
    ) -> None:
        """`withheld` maps paths of the repository to why git would not bring one, "" where it does."""
        self._withheld = withheld
        self._listing = listing
        self._directory = directory
        self._prefix = f"{directory}/" if directory else ""
        self._ignore = ignore
        self._known: dict[str, Brought] = {}
        self._copies: dict[Hashable, Mapping[str, Brought]] = {}
        self._room = _MOST_COPIES

    def of_directory(self, directory: str, ignore: Ignore | None = None) -> ContextTree:
        """What a build in a directory of the repository, which this is, is given."""
        return ContextTree(self._withheld, self._listing, directory, ignore)

    def __getitem__(self, path: str) -> Brought:
        found = self._known.get(path)
        if found is None:
            source = self._prefix + path
            withheld, ignore = self._withheld[source], self._ignore
            if ignore is not None and not path.endswith(_ASSETS):
                pattern = ignore.excluded(path)
                if pattern is not None:
                    withheld = f"{ignore.name} line {pattern.line}"
            found = self._known[path] = Brought(source, withheld)
        return found

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._prefix + path in self._withheld

    def __iter__(self) -> Iterator[str]:
        return iter(self.below(""))

    def __len__(self) -> int:
        first, end = self._listing.span(self._directory)
        return end - first

    def below(self, directory: str) -> list[str]:
        there = self._listing.below(self._there(directory))
        return [path[len(self._prefix) :] for path in there] if self._prefix else there

    def is_directory(self, path: str) -> bool:
        return self._listing.is_directory(self._there(path))

    def heads(self, directory: str, levels: int) -> Iterator[str]:
        return (path[len(self._prefix) :] for path in self._listing.heads(self._there(directory), levels))

    def copied(self, rule: Hashable, copy: Callable[[], Mapping[str, Brought]]) -> Mapping[str, Brought]:
        """What a rule copies of the tree: many images of a repository copy the same."""
        found = self._copies.get(rule)
        if found is None:
            found = copy()
            if len(found) <= self._room:
                self._room -= len(found)
                self._copies[rule] = found
        return found

    def _there(self, directory: str) -> str:
        return self._prefix + directory if directory else self._directory
