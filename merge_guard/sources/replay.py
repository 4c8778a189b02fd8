"""Merges done again from git's objects alone: no work tree, no ref, and no object is written to the repository.

`git merge-tree --write-tree` runs in the shadow, whose own object directory takes what it writes and is gone with it.
Merge drivers that the repository configures are not known there, so they are not run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from merge_guard.errors import GitError, UsageError
from merge_guard.model.merge import FileVersions
from merge_guard.model.source import SourceFile
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.listing import Entry, decoded, kind_of, tree_listing
from merge_guard.sources.readers import GitReader
from merge_guard.sources.refs import resolve
from merge_guard.sources.repository import Repository, repository_at

_TREE = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_MOST_LISTINGS = 12
OLDEST = (2, 38)
"""The first git with `merge-tree --write-tree`."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What git makes of two commits: the `tree` of the result, conflict markers included, and the paths in conflict."""

    tree: str
    conflicts: frozenset[str]


class Replays:
    """Trees, merges and blobs of one repository, as long as the `replays_of` that made it."""

    def __init__(self, repository: Repository, git: ShadowGit) -> None:
        self.repository = repository
        self._git = git
        lent = replace(repository, objects=(*repository.objects, os.path.join(git.directory, "objects")))
        self.reader = GitReader(lent)
        self._listings: dict[str, dict[str, str]] = {}

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names; raises `UsageError`."""
        kind, name = resolve(self._git, self.repository, revision)
        if kind != "commit":
            raise UsageError(f"{revision!r} is a tree: a merge needs commits")
        return name

    def bases(self, ours: str, theirs: str) -> tuple[str, ...]:
        """All best common ancestors; raises `UsageError` where none is known."""
        answer = self._git.ask("merge-base", "--all", ours, theirs)
        if not answer:
            why = " (the clone is shallow: fetch the whole history)" if self.repository.shallow else ""
            raise UsageError(f"{ours[:12]} and {theirs[:12]} have no common ancestor{why}")
        return tuple(answer.split("\n"))

    def base_tree(self, bases: Sequence[str]) -> str:
        """The tree to compare with: the base's, or the virtual one that git merges several bases to."""
        tree = self.tree_of(bases[0])
        for base in bases[1:]:
            tree = self.merge(bases[0], base).tree
        return tree

    def tree_of(self, commit: str) -> str:
        answer = self._git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{tree}}")
        if not answer:
            raise GitError(f"the tree of {commit[:12]} is not there; it may not have been fetched")
        return answer

    def merge(self, ours: str, theirs: str) -> Replayed:
        """What `git merge theirs` on `ours` would give; raises `GitError`."""
        done = self._git.attempt("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
        tree, _, rest = done.stdout.partition(b"\0")
        # The exit status is 1 for a conflict and for a failure alike.
        if not _TREE.match(tree):
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise GitError(
                f"git merge-tree failed: {complaint[0]} (git {'.'.join(map(str, OLDEST))} or newer is needed)"
            )
        return Replayed(tree.decode("ascii"), frozenset(decoded(path) for path in rest.split(b"\0") if path))

    def listing(self, tree: str) -> Mapping[str, str]:
        """Path → blob id of the regular files of a tree or commit.

        After the first one it is made from another's, by what the two differ in: trees of one history mostly agree.
        """
        found = self._listings.pop(tree, None)
        if found is None and self._listings:
            known = next(reversed(self._listings))
            found = dict(self._listings[known])
            for path, (_, blob) in self.changed(known, tree).items():
                if blob is None:
                    found.pop(path, None)
                else:
                    found[path] = blob
        if found is None:
            found = {decoded(path): entry.blob for path, entry in self.entries(tree).items() if _is_file(entry)}
        self._listings[tree] = found
        if len(self._listings) > _MOST_LISTINGS:
            del self._listings[next(iter(self._listings))]
        return found

    def entries(self, tree: str) -> dict[bytes, Entry]:
        """All that a tree or commit holds, as git lists it."""
        return tree_listing(self._git, tree)

    def changed(self, old: str, new: str) -> dict[str, tuple[str | None, str | None]]:
        """Path → (blob before, blob after) of the regular files in which two trees differ."""
        fields = self._git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new).split(b"\0")
        changes = {}
        for about, path in zip(fields[::2], fields[1::2], strict=False):
            modes = about[1:].split(b" ")
            before, after = (
                blob.decode("ascii") if kind_of(int(mode, 8)).value == "regular" and int(mode, 8) else None
                for mode, blob in ((modes[0], modes[2]), (modes[1], modes[3]))
            )
            if before != after:
                changes[decoded(path)] = (before, after)
        return changes

    def versions(self, base: str, ours: str, theirs: str, result: str) -> dict[str, FileVersions]:
        """The paths in which any of three trees differs from the base, with their blobs in all four."""
        changes = [self.changed(base, tree) for tree in (ours, theirs, result)]
        files = {}
        for path in sorted(set().union(*changes)):
            before = next(change[path][0] for change in changes if path in change)
            after = [change[path][1] if path in change else before for change in changes]
            files[path] = FileVersions(path, before, *after)
        return files

    def read(self, blob: str) -> bytes:
        """The bytes of a blob, of the repository or of a merge made here; raises `UnreadableError`."""
        return self.reader.read(SourceFile("blob", blob=blob))

    def subject(self, commit: str) -> str:
        """The first line of a commit's message."""
        lines = self._git.run("cat-file", "commit", commit).partition(b"\n\n")[2].split(b"\n")
        return lines[0].decode("utf-8", "replace")

    def range(self, revisions: str) -> list[str]:
        """A range in git's spelling as arguments of `rev-list`; raises `UsageError`."""
        for dots in ("...", ".."):
            first, found, last = revisions.partition(dots)
            if found:
                one, two = (self.commit(name or "HEAD") for name in (first, last))
                return [f"{one}{dots}{two}"]
        return [self.commit(revisions)]

    def later(self, commit: str, tip: str, path: str) -> list[str]:
        """The commits after `commit`, on the way to `tip`, that change a path; the first one first."""
        arguments = ("--reverse", "--ancestry-path", "--topo-order", f"{commit}..{tip}", "--", path)
        return self._git.run("rev-list", *arguments).decode("ascii").split()

    def merges(self, revisions: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(commit, parents) of every commit of a range, the newest first."""
        answer = self._git.run("rev-list", "--parents", "--topo-order", *revisions).decode("ascii")
        for line in answer.splitlines():
            commit, *parents = line.split(" ")
            yield commit, tuple(parents)


def _is_file(entry: Entry) -> bool:
    return kind_of(entry.mode).value == "regular"


@contextmanager
def replays_of(root: str) -> Iterator[Replays]:
    """Raises `UsageError` where `root` is in no repository."""
    repository = repository_at(root)
    if repository is None:
        raise UsageError(f"{root} is not a git repository: there is nothing to merge")
    with shadow_of(repository) as git:
        replays = Replays(repository, git)
        try:
            yield replays
        finally:
            replays.reader.close()
