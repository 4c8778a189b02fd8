"""What lies on disk."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from merge_guard.errors import GitError, UsageError
from merge_guard.model.source import FileKind, History, NoHistory, Snapshot, SourceFile, Tracked
from merge_guard.sources.attributes import with_marker_sizes
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.history import CommitHistory
from merge_guard.sources.ignore import exclusions_of, repository_rules
from merge_guard.sources.index import changes_of, removed_modules
from merge_guard.sources.listing import IndexListing, decoded, index_listing, kind_of, skipped_paths
from merge_guard.sources.readers import WorkTreeReader
from merge_guard.sources.repository import Repository, repository_at
from merge_guard.sources.unseen import ignored_by
from merge_guard.sources.walk import Walk
from merge_guard.sources.watching import sighting

_SUBMODULE = 0o160000


def work_tree_snapshot(root: str, starts: Sequence[str] = (), begun: int | None = None) -> Snapshot:
    """The files below `root`, as they are on disk; `root` is what `find_root` gives for `starts`, asked since `begun`.

    In a repository: what is tracked, and what is untracked and not ignored. A tracked file that is gone is left out,
    whatever the index claims of it (assume-unchanged). What a sparse checkout left out would be there in a deploy: it
    is in the list as absent, and a notice. Submodules are in the list, their files are not. Elsewhere: everything. In
    both, what tools generate (`walk.GENERATED`) and virtual environments are passed over, unless they hold tracked
    files.

    No blob ids: the index would have to be believed that the file did not change since. The history is HEAD and,
    during a merge, the heads that are merged.
    """
    begun = begun or time.time_ns()
    repository = repository_at(root)
    if repository is None:
        walk = Walk(root, (), (), None)
        files = [SourceFile(decoded(path), kind, mode=_mode(kind)) for path, kind, _ in walk]
        snapshot = _snapshot(root, None, files, walk.notices, IndexListing({}, {}), NoHistory())
        return replace(snapshot, sighting=sighting(begun, root, starts, None, None, walk))
    if repository.root is None:
        raise UsageError(f"{root} is a bare repository, without a work tree: judge a commit with --rev")
    skipped: frozenset[bytes] = frozenset()
    excluded = exclusions_of(repository)
    rules = repository_rules(excluded)
    with shadow_of(repository) as git:
        listing = index_listing(git, repository)
        modes = {path: entry.mode for path, entry in listing.entries.items()}
        modes.update((path, next(iter(stages.values())).mode) for path, stages in listing.stages.items())
        submodules = {path for path, mode in modes.items() if mode == _SUBMODULE}
        walk = Walk(root, modes, submodules, rules)
        files = list(_tracked_files(walk, modes, submodules))
        if len(files) < len(modes):
            skipped = skipped_paths(git)
        removed = _removed(git, repository)
    notices = list(walk.notices)
    present = {file.path for file in files} if skipped else set()
    absent = [SourceFile(name, FileKind.ABSENT) for name in map(decoded, skipped) if name not in present]
    if absent:
        files += absent
        notices.append(f"sparse checkout: {len(absent)} tracked files are not in the work tree")
    snapshot = _snapshot(root, repository, files, notices, listing, _history(repository, notices))
    vanished: frozenset[str] = frozenset()
    if any(file.tracked is Tracked.UNTRACKED for file in files):
        vanished = frozenset(map(decoded, modes)) - {file.path for file in files}
    here = {file.path for file in snapshot.files}
    gone = {decoded(path) for path in modes if path.endswith(b".py")} - here
    return replace(
        snapshot,
        removed=frozenset(gone | (removed - here)),
        ignored=ignored_by(snapshot.files, snapshot.reader, rules.files, fold_case=rules.fold_case),
        vanished=vanished,
        passed_over=frozenset(map(decoded, walk.ignored)),
        exclusions=(*(f"{file.name} {file.digest}" for file in rules.files), f"fold case: {rules.fold_case}"),
        sighting=sighting(begun, root, starts, repository, excluded, walk),
    )


def _removed(git: ShadowGit, repository: Repository) -> frozenset[str]:
    """The Python files that HEAD has and the index has not."""
    with suppress(GitError):
        head = repository.head()
        return removed_modules(changes_of(git, head)) if head else frozenset()
    return frozenset()


def _tracked_files(walk: Walk, modes: dict[bytes, int], submodules: set[bytes]) -> Iterator[SourceFile]:
    replaced = set()
    kinds = {mode: kind_of(mode) for mode in set(modes.values())}
    for path, kind, tracked in walk:
        name = path.decode("utf-8", "surrogateescape")
        if not tracked:
            yield SourceFile(name, kind, None, _mode(kind), Tracked.UNTRACKED)
            continue
        mode = modes.get(path, 0)
        if kinds.get(mode) is not kind:
            if path in submodules:
                replaced.add(path)
            mode = _mode(kind)
        yield SourceFile(name, kind, None, mode, Tracked.TRACKED)
    for path in submodules - replaced:
        yield SourceFile(decoded(path), FileKind.SUBMODULE, None, _SUBMODULE, Tracked.TRACKED)
    # What is tracked in a directory that cannot be listed is there as far as anybody knows: reading it will tell.
    for directory in walk.unlisted:
        for path, mode in modes.items():
            if path.startswith(directory) and path not in submodules:
                yield SourceFile(decoded(path), kind_of(mode), None, mode, Tracked.TRACKED)


def _mode(kind: FileKind) -> int:
    """The mode of what git does not know; whether it is executable is not asked."""
    return {FileKind.LINK: stat.S_IFLNK, FileKind.DIRECTORY: stat.S_IFDIR}.get(kind, 0o100644)


def _history(repository: Repository, notices: list[str]) -> History:
    try:
        head = repository.head()
    except GitError as error:
        notices.append(f"history not known: {error}")
        return NoHistory()
    return CommitHistory(repository, (*([head] if head else []), *repository.merge_heads()))


def _snapshot(
    root: str,
    repository: Repository | None,
    files: list[SourceFile],
    notices: list[str],
    listing: IndexListing,
    history: History,
) -> Snapshot:
    reader = WorkTreeReader(root)
    files.sort(key=lambda file: file.path)
    return Snapshot(
        label="work tree" if repository else "folder",
        files=tuple(with_marker_sizes(files, reader, repository)),
        reader=reader,
        history=history,
        unmerged=listing.unmerged(),
        merging=repository is not None and repository.merging,
        notices=tuple(notices),
    )
