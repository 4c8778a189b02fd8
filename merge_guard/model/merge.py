"""A merge as a value: the versions of every file that it touches, and what git made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from merge_guard.model.glance import Glances
from merge_guard.model.uses import Uses


@dataclass(frozen=True, slots=True)
class FileVersions:
    """One path in the four trees, by blob id; None where it is absent. `replayed` is what git alone makes of it."""

    path: str
    base: str | None
    ours: str | None
    theirs: str | None
    result: str | None
    replayed: str | None = None

    @property
    def is_mixed(self) -> bool:
        """The result is neither side's version, so somebody (git or a person) put it together."""
        return self.result not in (self.ours, self.theirs)

    @property
    def is_both(self) -> bool:
        """Both sides changed it, in different ways."""
        return self.ours != self.base and self.theirs != self.base and self.ours != self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """Two sides, what they have in common, and a result.

    `files` are the paths in which any version differs from the base. `conflicts` are the paths that git cannot merge by
    itself. `labels` name base, ours, theirs and result for people. `paths` are the paths of each tree ("base", "ours",
    "theirs", "result") with their blob ids, for what lies outside `files`.

    `uses` reads a version by its blob id. That is slow where a merge touches thousands of files, so `glances` tells
    what can be seen without parsing.
    """

    files: Mapping[str, FileVersions]
    conflicts: frozenset[str]
    labels: Mapping[str, str]
    uses: Callable[[str | None], Uses | None]
    glances: Glances
    paths: Mapping[str, Mapping[str, str]]
    is_replay: bool = True
    """The result is git's own; else somebody's resolution, to be compared with it."""
    notices: tuple[str, ...] = field(default=())
    irregular: bool = False
    """Links or submodules differ, too, or became files."""

    @property
    def open_conflicts(self) -> frozenset[str]:
        """The conflicts that still stand in the result."""
        return self.conflicts if self.is_replay else frozenset()

    def version(self, path: str, role: str) -> Uses | None:
        """What the file at `path` is in one of the trees; None where it is absent or no Python."""
        blob = self.paths[role].get(path)
        return self.uses(blob) if blob is not None and path.endswith((".py", ".pyw")) else None
