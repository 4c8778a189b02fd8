"""Which tree a request is about, and what its paths mean there."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from merge_guard.errors import ConfigError, UsageError
from merge_guard.model.request import Mode, Request
from merge_guard.model.source import FileKind, Snapshot, UnreadableError

if TYPE_CHECKING:
    pass


class Tree:
    """Small files of the snapshot by path, for configuration and metadata."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.files = snapshot.by_path()
        self.label = snapshot.label

    def content(self, path: str) -> bytes | None:
        """None for what cannot be read, too."""
        try:
            return self.read(path)
        except ConfigError:
            return None

    def read(self, path: str) -> bytes | None:
        file = self.files.get(path)
        if file is None or file.kind is not FileKind.REGULAR:
            return None
        try:
            return self._snapshot.reader.read(file)
        except UnreadableError as error:
            raise ConfigError(f"{path}: {error}") from None


def snapshot_of(request: Request) -> tuple[Snapshot, str]:
    from merge_guard.sources.discover import find_root

    begun = time.time_ns()
    root, kind = find_root(request.start)
    if request.start == "." and request.paths and os.path.exists(request.paths[0]):
        root_there, kind_there = find_root(request.paths[0])
        # A path in a repository speaks of that repository, a path in a plain folder of where the user stands.
        if kind_there != "folder" or _relative(root_there, root) is None:
            root, kind = root_there, kind_there
    if request.mode is Mode.REVISION:
        from merge_guard.sources.revision import revision_snapshot

        return revision_snapshot(root, request.revision), root
    if kind == "bare":
        raise UsageError(f"{root} is a bare repository, without a work tree: judge a commit with --rev")
    if request.mode is Mode.STAGED:
        from merge_guard.sources.index import index_snapshot

        return index_snapshot(root), root
    from merge_guard.sources.work_tree import work_tree_snapshot

    scripts = (os.path.join(request.start, text) for text in request.entry if text.endswith(".py"))
    return work_tree_snapshot(root, (request.start, *request.paths, *scripts), begun), root


def below_root(path: str, start: str, root: str, tree: Tree) -> str:
    """A path that the user wrote, relative to the root."""
    absolute = os.path.normpath(os.path.join(os.path.realpath(start), path))
    relative = _relative(absolute, root)
    if relative is None:
        relative = _relative(os.path.realpath(absolute), root)
    if relative is None:
        raise UsageError(f"{path}: outside {root}")
    is_there = not relative or relative in tree.files or any(p.startswith(f"{relative}/") for p in tree.files)
    if not is_there and not os.path.isdir(absolute):  # a folder in which nothing is judged has no findings
        raise UsageError(f"{path}: no such file or directory in what is judged")
    return relative


def meant(request: Request, root: str) -> tuple[object, ...]:
    """What of the meaning of the arguments depends on what lies on disk, listed or not."""
    paths = [os.path.join(os.path.realpath(request.start), path) for path in request.paths]
    scripts = [entry_below(text, request.start, root) for text in request.entry]
    return [(os.path.isdir(path), os.path.realpath(path)) for path in paths], scripts


def _relative(path: str, root: str) -> str | None:
    if path == root:
        return ""
    prefix = root if root.endswith(os.sep) else f"{root}{os.sep}"
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


def entry_below(text: str, start: str, root: str) -> str:
    """An entry that is a script's path is relative to where the user stands, or to the root."""
    if not text.endswith(".py"):
        return text
    absolute = os.path.normpath(os.path.join(os.path.realpath(start), text))
    relative = _relative(absolute, root)
    return relative if relative is not None and os.path.exists(absolute) else text
