"""What git lists, as entries: paths are bytes here, for that is what they are."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from merge_guard.errors import GitError
from merge_guard.model.source import FileKind, SourceFile, Tracked, Unmerged
from merge_guard.sources.bounded import reason
from merge_guard.sources.git import ShadowGit
from merge_guard.sources.repository import Repository

# A forged tree or index can name what no checkout would write: "..", an empty name, an absolute path.
_UNSAFE = re.compile(rb"(?:\A|/)\.{0,2}(?:/|\Z)")
# The same, to look for in all paths at once, each between NULs.
_SUSPECT = (b"//", b"/./", b"/../", b"\0/", b"\0./", b"\0../", b"/\0", b"/.\0", b"/..\0", b"\0.\0", b"\0..\0", b"\0\0")
_PYTHON_DIRECTORY = re.compile(rb"\.pyw?/")


class Entry(NamedTuple):
    mode: int
    blob: str


class IndexListing(NamedTuple):
    """`stages` are the unmerged paths: path → stage → entry; `entries` are all others."""

    entries: dict[bytes, Entry]
    stages: dict[bytes, dict[int, Entry]]

    def unmerged(self) -> tuple[Unmerged, ...]:
        return tuple(
            Unmerged(decoded(path), frozenset(stages))
            for path, stages in sorted(self.stages.items())
            if not is_unsafe(path)
        )


STAGED = ("ls-files", "--stage", "-z")


def index_listing(git: ShadowGit, repository: Repository) -> IndexListing:
    """All entries of the index; a split index is read together with its shared part."""
    if not has_index(repository):
        return IndexListing({}, {})
    require_whole(repository.index, git.object_format)
    lend_shared_index(git, repository)
    return entries_of(git.run(*STAGED))


def has_index(repository: Repository) -> bool:
    """Whether there is one; raises `GitError` where it cannot be one."""
    if not os.path.lexists(repository.index):
        return False
    if not os.path.isfile(repository.index):
        raise GitError(f"{repository.index} is not a regular file")
    return True


def entries_of(listing: bytes) -> IndexListing:
    """What `STAGED` gave."""
    entries: dict[bytes, Entry] = {}
    stages: dict[bytes, dict[int, Entry]] = {}
    modes: dict[bytes, int] = {}
    for record in listing.split(b"\0")[:-1]:
        about, _, path = record.partition(b"\t")
        written = about[:6]
        mode = modes.get(written) or modes.setdefault(written, int(written, 8))
        entry = Entry(mode, about[7:-2].decode("ascii"))
        if about.endswith(b"0"):
            entries[path] = entry
        else:
            stages.setdefault(path, {})[int(about[-1:])] = entry
    return IndexListing(entries, stages)


def tree_listing(git: ShadowGit, tree: str) -> dict[bytes, Entry]:
    """All files below a tree, of any depth."""
    entries: dict[bytes, Entry] = {}
    modes: dict[bytes, int] = {}
    for record in git.run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0")[:-1]:
        about, _, path = record.partition(b"\t")
        written, _, blob = about.split(b" ")
        mode = modes.get(written) or modes.setdefault(written, int(written, 8))
        entries[path] = Entry(mode, blob.decode("ascii"))
    return entries


def skipped_paths(git: ShadowGit) -> frozenset[bytes]:
    """Paths whose skip-worktree bit is set: a sparse checkout leaves them out of the work tree."""
    records = git.run("ls-files", "-t", "-z").split(b"\0")
    return frozenset(record[2:] for record in records if record.startswith(b"S "))


def source_files(entries: Mapping[bytes, Entry], notices: list[str]) -> Iterator[SourceFile]:
    """Files that stand in git: with blob ids, all tracked. Paths that point out of the root become notices."""
    joined = b"\0" + b"\0".join(entries) + b"\0"
    suspect = bool(entries) and any(piece in joined for piece in _SUSPECT)
    kinds = {mode: kind_of(mode) for mode in {entry.mode for entry in entries.values()}}
    for path, (mode, blob) in entries.items():
        if suspect and is_unsafe(path):
            notices.append(f"left out, not a path inside the root: {decoded(path)!r}")
            continue
        yield SourceFile(path.decode("utf-8", "surrogateescape"), kinds[mode], blob, mode, Tracked.TRACKED)
    if b".py/" not in joined and b".pyw/" not in joined:
        return
    for name in python_named_directories(entries):
        yield SourceFile(decoded(name), FileKind.DIRECTORY, None, stat.S_IFDIR, Tracked.TRACKED)


def python_named_directories(paths: Iterable[bytes]) -> frozenset[bytes]:
    """Directories called `x.py`, of which git knows only what is in them."""
    return frozenset(path[: found.end() - 1] for path in paths for found in _PYTHON_DIRECTORY.finditer(path))


def kind_of(mode: int) -> FileKind:
    """Git knows three kinds: files, symbolic links, and submodules (mode 160000)."""
    if stat.S_ISREG(mode):
        return FileKind.REGULAR
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.SUBMODULE


def is_unsafe(path: bytes) -> bool:
    """Whether the path may point out of the root."""
    return _UNSAFE.search(path) is not None


def decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def require_whole(path: str, object_format: str) -> None:
    """Raise `GitError` for a damaged index.

    Git reads a truncated index as if it were shorter, and only `git fsck` compares its checksum (read-cache.c).

    A checksum of zeros is not one (`index.skipHash`).
    """
    digest = hashlib.new(object_format)
    stated = b""
    try:
        with open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                data = stated + chunk
                digest.update(data[: -digest.digest_size])
                stated = data[-digest.digest_size :]
    except OSError as error:
        raise GitError(f"{path}: {reason(error)}") from None
    if stated != digest.digest() and stated.strip(b"\0"):
        raise GitError(f"{path} is damaged: its checksum does not match; `git reset` makes a new one")


def lend_shared_index(git: ShadowGit, repository: Repository) -> bool:
    """Whether there was any. Copied, not linked: git renews the time stamp of a shared index that it reads."""
    names = [name for name in os.listdir(repository.git_dir) if name.startswith("sharedindex.")]
    for name in names:
        path = os.path.join(repository.git_dir, name)
        if os.path.isfile(path):
            shutil.copyfile(path, os.path.join(git.directory, name))
    return bool(names)
