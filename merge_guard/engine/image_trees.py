"""Trees of images, put together where a start-up looks: it sees few of an image's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from merge_guard.model.source import FileKind, SourceFile
from merge_guard.startup.directories import Children, Directories, DirectoriesOnDemand
from merge_guard.startup.resolve import SourceTree

if TYPE_CHECKING:
    from merge_guard.deploy.contents import Contents
    from merge_guard.deploy.left_out import LeftOut


class ImageTrees:
    """Images that hold the same have the same trees."""

    def __init__(self, files: Mapping[str, SourceFile], link: Callable[[SourceFile], str]) -> None:
        """`files` are those of the repository, and `link` gives what a symbolic link among them holds."""
        self._files = files
        self._link = link
        self._links = frozenset(path for path, file in files.items() if file.kind is FileKind.LINK)
        self._made: dict[tuple[int, frozenset[str]], tuple[Contents, Directories, SourceTree]] = {}

    def of(self, contents: Contents, left: LeftOut, opened: frozenset[str]) -> tuple[Directories, SourceTree]:
        """What ships, and what would lie there besides; `opened` are paths in which a command may have put anything."""
        unknown = frozenset(path for path in opened if path in contents.files or path in left)
        key = id(contents), unknown
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = contents, self._shipped(contents, unknown), self._left(left, unknown)
        return made[1:]

    def _file(self, path: str, source: str, unknown: frozenset[str]) -> SourceFile | None:
        known = self._files.get(source)
        if known is None:
            return None
        # What a command changed is there, and nobody knows what it holds.
        kind = FileKind.ABSENT if path in unknown else known.kind
        if path == source and kind is known.kind:
            return known
        return SourceFile(path, kind, known.blob, known.mode, known.tracked, known.marker_size)

    def _shipped(self, contents: Contents, unknown: frozenset[str]) -> Directories:
        shipped, listing = contents.shipped, contents.listing

        def look(directory: str) -> Children | None:
            start = f"{directory}/" if directory else ""
            found: Children = {}
            for name, is_file in listing.entries(directory):
                if is_file:
                    found[name] = self._file(start + name, shipped[start + name].source, unknown)
                else:
                    found.setdefault(name, None)
            return found or None

        links = [path for path, file in shipped.items() if file.source in self._links] if self._links else []
        made = [self._file(path, shipped[path].source, unknown) for path in links]
        return DirectoriesOnDemand(
            look,
            lambda: shipped,
            [file for file in made if file is not None and file.kind is FileKind.LINK],
            lambda file: self._link(self._files[shipped[file.path].source]),
        )

    def _left(self, left: LeftOut, unknown: frozenset[str]) -> SourceTree:
        def look(directory: str) -> Children | None:
            start = f"{directory}/" if directory else ""
            found: Children = {}
            for name, source in left.names(directory).items():
                found[name] = self._file(start + name, source, unknown) if source is not None else None
            return found or None

        return SourceTree(DirectoriesOnDemand(look, lambda: left))
