"""What is judged: the files of a work tree, an index or a commit."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from merge_guard.model.sighting import IndexSighting, Sighting


class FileKind(Enum):
    """What stands at a path. Only regular files are read."""

    REGULAR = "regular"
    LINK = "link"
    SUBMODULE = "submodule"
    SPECIAL = "special"  # a FIFO, socket or device: never opened
    ABSENT = "absent"  # tracked, but a sparse checkout left it out: it would be there in a deploy
    DIRECTORY = "directory"  # a directory that bears a Python file's name, such as `x.py/`


class Tracked(Enum):
    """How git knows the file; `UNKNOWN` where there is no repository."""

    TRACKED = "tracked"
    UNTRACKED = "untracked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """One file of a snapshot. Paths are relative to the root, with `/`; undecodable bytes are surrogate-escaped."""

    path: str
    kind: FileKind = field(default=FileKind.REGULAR, compare=False)
    blob: str | None = field(default=None, compare=False)
    """Git's blob id of these very bytes, where it is known without reading them."""
    mode: int = field(default=0o100644, compare=False)
    tracked: Tracked = field(default=Tracked.UNKNOWN, compare=False)
    marker_size: int = field(default=7, compare=False)
    """The `conflict-marker-size` attribute of the path."""

    def __post_init__(self) -> None:
        if self.path.startswith("/") or not self.path:
            raise ValueError(f"not a repository path: {self.path!r}")

    @property
    def is_python(self) -> bool:
        return self.path.endswith((".py", ".pyw"))


class UnreadableError(Exception):
    """The bytes of a file cannot be had: it vanished, is forbidden, or its git object is missing."""


class Reader(Protocol):
    """Gives bytes. Picklable, so that worker processes read for themselves; opens its resources on first use."""

    def read(self, file: SourceFile) -> bytes:
        """All bytes of the file; raises `UnreadableError` with a reason fit for a report."""
        ...

    def link(self, file: SourceFile) -> str:
        """What a symbolic link holds, "" where that cannot be had."""
        ...


@runtime_checkable
class Stamped(Protocol):
    """A reader of files that can change between two runs, and that tells cheaply when one did not."""

    def stamps(self, files: Sequence[SourceFile], begun: int) -> array[int]:
        """Four numbers a file: size, times of the last change of content and of inode in nanoseconds, inode number.

        Zeros for a file that cannot be looked at, or that was changed too shortly before the moment `begun`, in
        nanoseconds since 1970, for its times to tell a further change.
        """
        ...


class History(Protocol):
    """What the parents of the judged state hold at a path."""

    def parent_versions(self, path: str) -> Sequence[bytes | None] | None:
        """One entry a parent (None: absent there); None as a whole where history is not known."""
        ...


class NoHistory:
    """The history of a folder that is no repository."""

    def parent_versions(self, path: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A path with index stages 1 to 3: which of base (1), ours (2) and theirs (3) exist."""

    path: str
    stages: frozenset[int]


def _never_ignored(path: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files that one judgement is about.

    `label` says what it is for people: "work tree", "index", "commit 1a2b3c".
    `changed` are the paths that differ from the parents where the mode is about a change (`--staged`), else None.
    """

    label: str
    files: tuple[SourceFile, ...]
    reader: Reader
    history: History = field(default_factory=NoHistory)
    unmerged: tuple[Unmerged, ...] = ()
    changed: frozenset[str] | None = None
    removed: frozenset[str] = frozenset()
    """Python files of the state before (HEAD, the commit's parents, the compared revision) that are not there now."""
    merging: bool = False
    """A merge, rebase, cherry-pick or revert is in progress, or the judged commit has several parents."""
    notices: tuple[str, ...] = ()
    """What could not be listed and why, one line each."""
    ignored: Callable[[str], str] = field(default=_never_ignored, compare=False)
    """The rule by which git ignores a path that is not tracked, such as ".gitignore line 3", "" for none."""
    vanished: frozenset[str] = frozenset()
    """Tracked paths that the work tree does not have under that very name."""
    passed_over: frozenset[str] = frozenset()
    """Modules and directories of packages that git ignores and that are there; nothing of them is read."""
    exclusions: tuple[str, ...] = ()
    """Names and digests of the ignore files outside the tree, on which `ignored` depends too, and of how they match."""
    sighting: Sighting | IndexSighting | None = field(default=None, compare=False)
    """Where the listing looked, of a work tree or an index."""

    def by_path(self) -> Mapping[str, SourceFile]:
        return MappingProxyType({file.path: file for file in self.files})


def replace_files(snapshot: Snapshot, files: Iterable[SourceFile]) -> Snapshot:
    """The same snapshot with other files, sorted by path."""
    return replace(snapshot, files=tuple(sorted(files)))
