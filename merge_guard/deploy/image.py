"""What an image holds and starts, as far as its Dockerfile tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of the image: where it comes from, and why it is not there after all ("" where it is)."""

    source: str
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """What `ENTRYPOINT` and `CMD` come to: words, or the text of a shell; `line` is the one that says it."""

    command: str | tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Packages:
    """What the image installs beside the project: normalised distribution names, and requirement files.

    `complete` is False where something is installed that has no name here.
    """

    names: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Image:
    """One built stage. Paths inside are relative to `/`; `files` maps them to what was brought there.

    `open` are directories and files in which a command may have put anything. `installed` are directories that an
    installed first-party project puts on `sys.path`.
    """

    dockerfile: str
    context: str = ""
    base: str = ""
    python: tuple[int, int] | None = None
    files: Mapping[str, Brought] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    workdir: str = ""
    env: Mapping[str, str | None] = field(default_factory=dict)
    started: Started | None = None
    installed: tuple[str, ...] = ()
    packages: Packages = Packages()

    def is_open(self, path: str) -> bool:
        """Whether anything may lie at a path: it, or a directory above it, is open."""
        while path:
            if path in self.open:
                return True
            path = path.rpartition("/")[0]
        return "" in self.open
