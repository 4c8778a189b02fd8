"""What an image holds, looked at as a whole; images that hold the same share it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from merge_guard.deploy.copying import below
from merge_guard.deploy.image import Brought
from merge_guard.deploy.listing import Listing
from merge_guard.deploy.stages import INSTALLED

_MOST_PAIRS = 60


class Contents:
    """The files of an image, which do not change any more."""

    def __init__(self, files: Mapping[str, Brought]) -> None:
        self.files = files

    @cached_property
    def withheld(self) -> Mapping[str, Brought]:
        """What a `COPY` names and the build is not given."""
        return {path: file for path, file in self.files.items() if file.withheld}

    @cached_property
    def shipped(self) -> Mapping[str, Brought]:
        if not self.withheld:
            return self.files
        return {path: file for path, file in self.files.items() if not file.withheld}

    @cached_property
    def listing(self) -> Listing:
        """Of what ships."""
        return Listing(self.shipped)

    @cached_property
    def layout(self) -> tuple[tuple[str, str], ...]:
        """(directory of the image, directory of the repository) pairs between which files keep their names below.

        The pair that stands for the most files comes first.
        """
        directories: Counter[tuple[str, str]] = Counter()
        for path, file in self.shipped.items():
            if path.endswith(".py"):
                inside, _, name = path.rpartition("/")
                outside, _, source = file.source.rpartition("/")
                if name == source:
                    directories[inside, outside] += 1
        counts: Counter[tuple[str, str]] = Counter()
        for (inside, outside), count in directories.items():
            if not below(INSTALLED, inside):
                counts[_above(inside, outside)] += count
        return tuple(sorted(counts, key=lambda pair: (-counts[pair], pair)))[:_MOST_PAIRS]


def _above(inside: str, outside: str) -> tuple[str, str]:
    """Two directories without the names at their ends that they have in common."""
    here, there = inside.split("/"), outside.split("/")
    while here and there and here[-1] == there[-1]:
        here.pop()
        there.pop()
    return "/".join(here), "/".join(there)
