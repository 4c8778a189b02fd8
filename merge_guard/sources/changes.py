"""Which files a change touches: the judged snapshot against a commit."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from merge_guard.errors import UsageError
from merge_guard.model.gate import ChangeKind, Changes, FileChange
from merge_guard.model.source import FileKind, Snapshot, SourceFile, UnreadableError
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.listing import Entry, decoded, kind_of, tree_listing
from merge_guard.sources.readers import GitReader
from merge_guard.sources.refs import resolve
from merge_guard.sources.repository import Repository, repository_at

_MOST_PAIRS = 2_500
"""Deleted times added files up to which contents are compared; beyond, only equal contents make a rename."""
_LARGEST_COMPARED = 1_000_000
_ALIKE = 0.5
"""The share of common bytes from which git calls it a rename too (diffcore-rename, DEFAULT_RENAME_SCORE)."""


def changes_since(root: str, revision: str, snapshot: Snapshot, judged: str = "") -> Changes:
    """What the snapshot has otherwise than `revision`, or than its merge base with the judged commit.

    `judged` is the judged revision, "" for the index or the work tree, which belong to HEAD. Raises `UsageError`.
    """
    repository = repository_at(root)
    if repository is None:
        raise UsageError(f"{root} is not a git repository: there is no revision {revision!r}")
    notices: list[str] = []
    with shadow_of(repository) as git:
        base = _base(git, repository, revision, judged, notices)
        entries = {decoded(path): entry for path, entry in tree_listing(git, base).items()}
        object_format = git.object_format
    reader = GitReader(repository)
    try:
        files = _changed(entries, snapshot, object_format)
        renamed = _renames(files, entries, snapshot, object_format, reader)
    finally:
        reader.close()
    gone = {change.old for change in renamed}
    new = {change.path for change in renamed}
    kept = [c for c in files if not (c.path in gone and c.kind is ChangeKind.DELETED) and c.path not in new]
    return Changes(f"{revision} ({base[:12]})", tuple(sorted([*kept, *renamed], key=lambda c: c.path)), tuple(notices))


def _base(git: ShadowGit, repository: Repository, revision: str, judged: str, notices: list[str]) -> str:
    kind, name = resolve(git, repository, revision)
    head = resolve(git, repository, judged)[1] if judged else repository.head()
    if kind != "commit" or head is None:
        return name
    base = git.ask("merge-base", name, head)
    if base:
        return base.split("\n")[0]
    why = "the clone is shallow; fetch with --unshallow, or fetch-depth: 0" if repository.shallow else "none exists"
    notices.append(f"no common ancestor with {revision} is known ({why}): compared with {revision} itself")
    return name


def _changed(entries: Mapping[str, Entry], snapshot: Snapshot, object_format: str) -> list[FileChange]:
    changes = []
    present = set()
    for file in snapshot.files:
        if file.kind in (FileKind.DIRECTORY, FileKind.SPECIAL):
            continue
        present.add(file.path)
        entry = entries.get(file.path)
        if entry is None:
            changes.append(FileChange(file.path, ChangeKind.ADDED))
        elif not _is_same(file, entry, snapshot, object_format):
            changes.append(FileChange(file.path, ChangeKind.MODIFIED))
    changes += [FileChange(path, ChangeKind.DELETED) for path in entries if path not in present]
    return changes


def _is_same(file: SourceFile, entry: Entry, snapshot: Snapshot, object_format: str) -> bool:
    if file.kind is FileKind.ABSENT:
        return True  # a sparse checkout left it out, as it is
    if file.kind is not kind_of(entry.mode):
        return False
    if file.blob is not None or file.kind is FileKind.SUBMODULE:
        return file.blob in (None, entry.blob)
    content = _content(file, snapshot)
    if content is None:
        return False
    if blob_id(content, object_format) == entry.blob:
        return True
    # What git would convert when it is added: line ends.
    return b"\r\n" in content and blob_id(content.replace(b"\r\n", b"\n"), object_format) == entry.blob


def _content(file: SourceFile, snapshot: Snapshot) -> bytes | None:
    if file.kind is FileKind.LINK:
        return snapshot.reader.link(file).encode("utf-8", "surrogateescape")
    try:
        return snapshot.reader.read(file)
    except UnreadableError:
        return None


def blob_id(content: bytes, object_format: str) -> str:
    return hashlib.new(object_format, b"blob %d\0" % len(content) + content).hexdigest()


def _renames(
    changes: Iterable[FileChange],
    entries: Mapping[str, Entry],
    snapshot: Snapshot,
    object_format: str,
    reader: GitReader,
) -> list[FileChange]:
    """Deleted and added files that are the same or alike, the most alike first; each is taken once."""
    files = snapshot.by_path()
    deleted = [c.path for c in changes if c.kind is ChangeKind.DELETED and kind_of(entries[c.path].mode) is _REGULAR]
    added = [c.path for c in changes if c.kind is ChangeKind.ADDED and files[c.path].kind is _REGULAR]
    if not deleted or not added:
        return []
    compared = len(deleted) * len(added) <= _MOST_PAIRS
    new: dict[str, bytes] = {}
    ids: dict[str, str] = {}
    for path in added:
        content = _content(files[path], snapshot)
        if content:  # empty files are all the same: no rename
            ids[path] = files[path].blob or blob_id(content, object_format)
            if compared and len(content) <= _LARGEST_COMPARED:
                new[path] = content
    scored: list[tuple[float, bool, str, str]] = []
    for old in deleted:
        before = _old_content(entries[old].blob, reader) if compared else b""
        for path in ids:
            score = 1.0 if ids[path] == entries[old].blob else _likeness(before, new.get(path, b""))
            if score >= _ALIKE:
                scored.append((-score, _name(old) != _name(path), old, path))
    taken: set[str] = set()
    renamed = []
    for _, _, old, path in sorted(scored):
        if old not in taken and path not in taken:
            taken |= {old, path}
            renamed.append(FileChange(path, ChangeKind.RENAMED, old))
    return renamed


_REGULAR = FileKind.REGULAR


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _old_content(blob: str, reader: GitReader) -> bytes:
    try:
        content = reader.blob(blob)
    except UnreadableError:
        return b""
    return content if len(content) <= _LARGEST_COMPARED else b""


def _likeness(old: bytes, new: bytes) -> float:
    """The bytes in lines that both have, as a share of the larger one."""
    if not old or not new or min(len(old), len(new)) < _ALIKE * max(len(old), len(new)):
        return 0.0
    common = Counter(old.splitlines(keepends=True)) & Counter(new.splitlines(keepends=True))
    return sum(len(line) * number for line, number in common.items()) / max(len(old), len(new))
