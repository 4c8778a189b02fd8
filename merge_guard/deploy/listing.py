"""Sorted paths: what lies in a directory is looked up, without an index of all directories."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator


class Listing:
    """Paths of files that do not change any more; directories are given without a slash at the end, "" is the root."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = sorted(paths)

    def span(self, directory: str) -> tuple[int, int]:
        """Where the paths below a directory begin and end."""
        if not directory:
            return 0, len(self.paths)
        first = bisect_left(self.paths, f"{directory}/")
        return first, bisect_left(self.paths, f"{directory}0", first)  # "0" follows "/"

    def below(self, directory: str) -> list[str]:
        first, end = self.span(directory)
        return self.paths[first:end]

    def is_directory(self, path: str) -> bool:
        first, end = self.span(path)
        return first < end

    def entries(self, directory: str) -> Iterator[tuple[str, bool]]:
        """Names of the files and directories in a directory, in the order of their paths, with whether it is a file."""
        at, end = self.span(directory)
        start = len(directory) + 1 if directory else 0
        while at < end:
            path = self.paths[at]
            slash = path.find("/", start)
            if slash < 0:
                yield path[start:], True
                at += 1
            else:
                yield path[start:slash], False
                at = bisect_left(self.paths, f"{path[:slash]}0", at, end)

    def heads(self, directory: str, levels: int) -> Iterator[str]:
        """Paths cut `levels` names below a directory, and of files that lie higher, in order; some may come twice."""
        for name, is_file in self.entries(directory):
            path = f"{directory}/{name}" if directory else name
            if is_file or levels == 1:
                yield path
            else:
                yield from self.heads(path, levels - 1)
