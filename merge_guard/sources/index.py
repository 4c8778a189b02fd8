"""What the next commit would hold."""

from __future__ import annotations

import os
from collections.abc import Mapping

from merge_guard.errors import UsageError
from merge_guard.model.sighting import IndexSighting
from merge_guard.model.source import Snapshot
from merge_guard.sources.attributes import with_marker_sizes
from merge_guard.sources.bounded import read_optional
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.history import CommitHistory
from merge_guard.sources.listing import (
    STAGED,
    decoded,
    entries_of,
    has_index,
    lend_shared_index,
    require_whole,
    source_files,
)
from merge_guard.sources.readers import GitReader
from merge_guard.sources.repository import Repository, repository_at
from merge_guard.sources.stamps import stamp
from merge_guard.sources.unseen import ignored_by

_PATIENCE = 3
"""How often it is looked again at an index that is replaced meanwhile."""


def index_snapshot(root: str) -> Snapshot:
    """The index of the repository whose work tree is `root`, or the one that GIT_INDEX_FILE names.

    An unmerged path is in `unmerged`; judged of it is our version (stage 2), else theirs, else the base. What was only
    announced (`git add --intent-to-add`) is not in the next commit, and so not here. `changed` is what differs from
    HEAD, deletions included; before the first commit everything does. The history is HEAD and, during a merge, the
    heads that are merged. Needs the trees of HEAD: raises `GitError` where they were not fetched.
    """
    repository = repository_at(root)
    if repository is None:
        raise UsageError(f"{root} is not a git repository: nothing is staged")
    if repository.root is None:
        raise UsageError(f"{root} is a bare repository, without an index: judge a commit with --rev")
    seen = look(repository)
    notices: list[str] = []
    listing = entries_of(seen.listing)
    changes = changes_in(seen.changes)
    entries = listing.entries
    for path in _announced(changes, seen):
        entries.pop(path, None)
    for path, stages in listing.stages.items():
        entries[path] = next(stages[stage] for stage in (2, 3, 1) if stage in stages)
    reader = GitReader(repository)
    files = sorted(source_files(entries, notices), key=lambda file: file.path)
    return Snapshot(
        ignored=ignored_by(files, reader),
        label="index",
        files=tuple(with_marker_sizes(files, reader, repository)),
        reader=reader,
        history=CommitHistory(repository, seen.parents),
        unmerged=listing.unmerged(),
        changed=frozenset(map(decoded, changes)),
        removed=removed_modules(changes),
        merging=seen.merging,
        notices=tuple(notices),
        sighting=seen,
    )


def removed_modules(changes: Mapping[bytes, bytes]) -> frozenset[str]:
    """The Python files among changed paths that are deleted."""
    return frozenset(decoded(path) for path, status in changes.items() if status == b"D" and path.endswith(b".py"))


def look(repository: Repository) -> IndexSighting:
    """What git says of the index, seen whole: if it is replaced meanwhile, of the new one."""
    for _ in range(_PATIENCE):
        before = stamp(os.fsencode(repository.index))
        seen = _look(repository)
        if stamp(os.fsencode(repository.index)) == before:
            break
    return seen


def _look(repository: Repository) -> IndexSighting:
    head = repository.head()
    own = read_optional(os.path.join(repository.common_dir, "info", "attributes")) or b""
    parents = (*([head] if head else []), *repository.merge_heads())
    merging = repository.merging
    with shadow_of(repository, small=True) as git:
        compared = head or git.empty_object("tree")
        invisible, visible = (_compare(compared, ita) for ita in ("invisible", "visible"))
        if not has_index(repository):
            changes = git.run(*invisible)
            return IndexSighting(b"", changes, changes, parents, merging, own)
        shared = lend_shared_index(git, repository)
        commands = [STAGED, invisible, *([visible] if shared or _may_announce(repository.index) else [])]
        said = git.together(commands, lambda: require_whole(repository.index, git.object_format))
    return IndexSighting(said[0], said[1], said[-1], parents, merging, own)


def _may_announce(index: str) -> bool:
    """Whether it can hold entries of `--intent-to-add`: their flag is not in version 2 (gitformat-index(5))."""
    try:
        with open(index, "rb") as file:
            return file.read(8) != b"DIRC\0\0\0\2"
    except OSError:
        return True


def changes_of(git: ShadowGit, tree: str) -> dict[bytes, bytes]:
    """Path → status letter of what the index has otherwise than the tree."""
    return changes_in(git.run(*_compare(tree, "invisible")))


def _compare(tree: str, ita: str) -> tuple[str, ...]:
    arguments = ("--cached", "--raw", "-z", "--no-renames", "--ignore-submodules=dirty", f"--ita-{ita}-in-index")
    return ("diff-index", *arguments, tree, "--")


def changes_in(said: bytes) -> dict[bytes, bytes]:
    """Path → status letter, of what git says raw."""
    return {path: about[-1:] for path, about in records_in(said).items()}


def records_in(said: bytes) -> dict[bytes, bytes]:
    """Path → modes, blob ids and status letter between blanks, of what git says raw (diff-index(1))."""
    fields = said.split(b"\0")
    return {path: about for about, path in zip(fields[::2], fields[1::2], strict=False)}


def _announced(changes: dict[bytes, bytes], seen: IndexSighting) -> set[bytes]:
    """Entries of `--intent-to-add`: they look like empty files, and only a comparison tells them apart."""
    if seen.visible == seen.changes:
        return set()
    visible = changes_in(seen.visible)
    return {path for path, status in visible.items() if changes.get(path, b"D") == b"D" != status}
