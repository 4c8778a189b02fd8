"""One walk over a directory tree that looks at names and kinds, and opens no file but `.gitignore`."""

from __future__ import annotations

import os
from array import array
from collections.abc import Collection, Iterator
from typing import NamedTuple

from merge_guard.model.sighting import LISTING
from merge_guard.model.source import FileKind
from merge_guard.sources.bounded import reason
from merge_guard.sources.ignore import IgnoreRules
from merge_guard.sources.listing import decoded
from merge_guard.sources.repository import git_directory
from merge_guard.sources.stamps import WIDTH, listing, stamp

NEVER = frozenset((b".git", b".hg", b".svn", b".jj"))
"""Where version control keeps its own things."""

GENERATED = frozenset((
    b"__pycache__", b".tox", b".nox", b".mypy_cache", b".ruff_cache", b".pytest_cache", b"node_modules",
))  # fmt: skip
"""Directories that tools fill. Virtual environments are told by their `pyvenv.cfg`."""


_MOST_IGNORED = 10_000


class Found(NamedTuple):
    path: bytes
    kind: FileKind
    tracked: bool


class _Level:
    """A directory on the way: its rules, and whether it is ignored itself, which is asked only where it matters."""

    __slots__ = ("_above", "_ignored", "_path", "depth", "rules")

    def __init__(self, path: bytes, depth: int, rules: IgnoreRules | None, above: _Level | None) -> None:
        self.rules = rules
        self.depth = depth
        self._path = path
        self._above = above
        self._ignored: bool | None = None if above is not None and rules is not None else False

    def ignores(self, path: bytes, is_directory: bool) -> bool:
        """Whether an untracked path in this directory is ignored."""
        return self.rules is not None and (self._is_ignored() or self.rules.ignores(path, is_directory))

    def _is_ignored(self) -> bool:
        if self._ignored is None:
            assert self._above is not None
            self._ignored = self._above.ignores(self._path, True)
        return self._ignored


class Walk:
    """A walk below `root`. `tracked` are the paths that git knows, `kept` those among them that are submodules.

    Directories that hold nothing tracked are passed over where they are generated, ignored or a repository of their
    own; of the last, and of what cannot be listed, `notices` tells. `unlisted` are the directories that cannot be,
    `ignored` the modules and packages that are there and passed over. `looked` are the directories that were looked
    into, with their `stamps` from before that and their `listings`; `beyond` is what was looked at in nested
    repositories, and `hidden` are the `.gitignore` files that count and are ignored themselves.
    """

    def __init__(
        self, root: str, tracked: Collection[bytes], submodules: Collection[bytes], rules: IgnoreRules | None
    ) -> None:
        self.notices: list[str] = []
        self.unlisted: list[bytes] = []
        self.ignored: list[bytes] = []
        self.looked: list[bytes] = []
        self.stamps = array("q")
        self.listings: list[bytes] = []
        self.beyond: list[bytes] = []
        self.hidden: list[bytes] = []
        self._root = os.fsencode(root).rstrip(b"/")
        self._tracked = tracked
        self._submodules = submodules
        self._occupied = _directories_of(tracked)
        self._rules = rules

    def __iter__(self) -> Iterator[Found]:
        tracked_paths, occupied_paths = self._tracked, self._occupied
        waiting = [(b"", _Level(b"", 0, self._rules, None))]
        while waiting:
            prefix, level = waiting.pop()
            entries = self._listed(prefix)
            if level.rules is not None and any(entry.name == b".gitignore" for entry in entries):
                level.rules = level.rules.within(self._root + b"/" + prefix, level.depth)
            for entry in entries:
                path = prefix + entry.name
                if entry.name in NEVER:
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    tracked = path in tracked_paths
                    if tracked or not level.ignores(path, False):
                        yield Found(path, _kind(entry), tracked)
                    elif path.endswith(b".py") and len(self.ignored) < _MOST_IGNORED:
                        self.ignored.append(path)
                    elif entry.name == b".gitignore":
                        self.hidden.append(entry.path)
                elif path not in self._submodules:
                    occupied = path in occupied_paths
                    if not occupied and level.ignores(path, True):
                        self._look(path)
                        if len(self.ignored) < _MOST_IGNORED and os.path.lexists(entry.path + b"/__init__.py"):
                            self.ignored.append(path)
                        continue
                    if not occupied and self._foreign(entry):
                        continue
                    if path.endswith((b".py", b".pyw")):
                        yield Found(path, FileKind.DIRECTORY, occupied)
                    waiting.append((path + b"/", _Level(path, level.depth + 1, level.rules, level)))

    def _listed(self, prefix: bytes) -> list[os.DirEntry[bytes]]:
        self._look(prefix)
        try:
            with os.scandir(self._root + b"/" + prefix) as listed:
                entries = list(listed)
                self.listings[-1] = listing(entries)
                return entries
        except OSError as error:
            why = reason(error)
            self.unlisted.append(prefix)
            self.notices.append(f"directory not listed, {why}: {decoded(prefix) or '.'!r}")
            return []

    def _look(self, path: bytes) -> None:
        self.looked.append(path)
        self.listings.append(bytes(LISTING))
        self.stamps.extend(stamp(self._root + b"/" + path))

    def _foreign(self, entry: os.DirEntry[bytes]) -> bool:
        """A directory without tracked files that is no source of this project."""
        if entry.name in GENERATED:
            return True
        self._look(entry.path[len(self._root) + 1 :])
        if os.path.lexists(entry.path + b"/pyvenv.cfg"):
            return True
        if self._rules is not None and os.path.lexists(entry.path + b"/.git"):
            self.beyond.append(entry.path + b"/.git")
            if git_directory(os.fsdecode(entry.path)) is not None:
                self.notices.append(f"nested repository not entered: {decoded(entry.path[len(self._root) + 1 :])!r}")
                return True
        # It is entered, and what is listed then tells the same.
        del self.looked[-1], self.listings[-1], self.stamps[-WIDTH:]
        return False


def _kind(entry: os.DirEntry[bytes]) -> FileKind:
    if entry.is_symlink():
        return FileKind.LINK
    return FileKind.REGULAR if entry.is_file(follow_symlinks=False) else FileKind.SPECIAL


def _directories_of(paths: Collection[bytes]) -> frozenset[bytes]:
    directories: set[bytes] = set()
    for path in paths:
        directory = path[: path.rfind(b"/")] if b"/" in path else b""
        while directory and directory not in directories:
            directories.add(directory)
            directory = directory[: directory.rfind(b"/")] if b"/" in directory else b""
    return frozenset(directories)
