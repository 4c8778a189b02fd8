"""What the next commit would hold."""

from __future__ import annotations

from collections.abc import Mapping

from merge_guard.errors import UsageError
from merge_guard.model.source import Snapshot
from merge_guard.sources.attributes import with_marker_sizes
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.history import CommitHistory
from merge_guard.sources.listing import IndexListing, decoded, index_listing, source_files
from merge_guard.sources.readers import GitReader
from merge_guard.sources.repository import repository_at
from merge_guard.sources.unseen import ignored_by


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
    head = repository.head()
    notices: list[str] = []
    with shadow_of(repository) as git:
        listing = index_listing(git, repository)
        compared = head or git.empty_object("tree")
        changes = changes_of(git, compared)
        entries = dict(listing.entries)
        for path in _announced(git, compared, listing, changes):
            del entries[path]
    for path, stages in listing.stages.items():
        entries[path] = next(stages[stage] for stage in (2, 3, 1) if stage in stages)
    reader = GitReader(repository)
    files = sorted(source_files(entries, notices), key=lambda file: file.path)
    return Snapshot(
        ignored=ignored_by(files, reader),
        label="index",
        files=tuple(with_marker_sizes(files, reader, repository)),
        reader=reader,
        history=CommitHistory(repository, (*([head] if head else []), *repository.merge_heads())),
        unmerged=listing.unmerged(),
        changed=frozenset(map(decoded, changes)),
        removed=removed_modules(changes),
        merging=repository.merging,
        notices=tuple(notices),
    )


def removed_modules(changes: Mapping[bytes, bytes]) -> frozenset[str]:
    """The Python files among changed paths that are deleted."""
    return frozenset(decoded(path) for path, status in changes.items() if status == b"D" and path.endswith(b".py"))


def changes_of(git: ShadowGit, tree: str, ita: str = "invisible") -> dict[bytes, bytes]:
    """Path → status letter of what the index has otherwise than the tree."""
    arguments = ("--cached", "--raw", "-z", "--no-renames", "--ignore-submodules=dirty", f"--ita-{ita}-in-index")
    fields = git.run("diff-index", *arguments, tree, "--").split(b"\0")
    return {path: about[-1:] for about, path in zip(fields[::2], fields[1::2], strict=False)}


def _announced(git: ShadowGit, tree: str, listing: IndexListing, changes: dict[bytes, bytes]) -> set[bytes]:
    """Entries of `--intent-to-add`: they look like empty files, and only a comparison tells them apart."""
    empty = git.empty_object("blob")
    suspects = {path for path, entry in listing.entries.items() if entry.blob == empty}
    if not suspects:
        return set()
    visible = changes_of(git, tree, ita="visible")
    return {path for path, status in visible.items() if path in suspects and changes.get(path, b"D") == b"D" != status}
