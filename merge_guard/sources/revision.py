"""What a commit holds."""

from __future__ import annotations

from contextlib import suppress

from merge_guard.errors import GitError, UsageError
from merge_guard.model.source import History, NoHistory, Snapshot
from merge_guard.sources.attributes import with_marker_sizes
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.history import CommitHistory, parents_of
from merge_guard.sources.listing import decoded, source_files, tree_listing
from merge_guard.sources.readers import GitReader
from merge_guard.sources.refs import resolve
from merge_guard.sources.repository import repository_at
from merge_guard.sources.unseen import ignored_by


def revision_snapshot(root: str, revision: str) -> Snapshot:
    """The tree of a commit, or a tree itself, without a checkout; `root` may be a bare repository.

    `revision` is spelled in any way of gitrevisions(7); raises `UsageError` where it names nothing. The history is the
    commit's parents; not known for a tree, and where a shallow clone ends.
    """
    repository = repository_at(root)
    if repository is None:
        raise UsageError(f"{root} is not a git repository: there is no revision {revision!r}")
    notices: list[str] = []
    history: History = NoHistory()
    merging = False
    removed: frozenset[str] = frozenset()
    with shadow_of(repository) as git:
        kind, name = resolve(git, repository, revision)
        entries = tree_listing(git, name)
        if kind == "commit" and name not in repository.shallow:
            parents = parents_of(git, name)
            merging = len(parents) > 1
            history = CommitHistory(repository, parents)
            with suppress(GitError):
                removed = _removed(git, parents, name)
    reader = GitReader(repository)
    files = sorted(source_files(entries, notices), key=lambda file: file.path)
    return Snapshot(
        ignored=ignored_by(files, reader),
        label=f"{kind} {name[:12]}",
        files=tuple(with_marker_sizes(files, reader, repository)),
        reader=reader,
        history=history,
        removed=removed,
        merging=merging,
        notices=tuple(notices),
    )


def _removed(git: ShadowGit, parents: tuple[str, ...], commit: str) -> frozenset[str]:
    """The Python files that the commit deletes; of a merge, those that its first parent has."""
    if not parents:
        return frozenset()
    deleted = git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", "--diff-filter=D", parents[0], commit)
    return frozenset(decoded(path) for path in deleted.split(b"\0") if path.endswith(b".py"))
