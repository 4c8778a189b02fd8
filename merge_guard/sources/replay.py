"""Merges done again from git's objects alone: no work tree, no ref, and no object is written to the repository.

`git merge-tree --write-tree` runs in the shadow, whose own object directory takes what it writes and is gone with it.
Merge drivers that the repository configures are not known there, so they are not run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from merge_guard.errors import GitError, UsageError
from merge_guard.model.merge import FileVersions
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.listing import decoded, index_listing
from merge_guard.sources.readers import GitReader, WorkTreeReader
from merge_guard.sources.refs import resolve
from merge_guard.sources.repository import Repository, repository_at
from merge_guard.sources.trees import Trees, is_file

_TREE = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_NOBODY = "author nobody <> 0 +0000\ncommitter nobody <> 0 +0000"
OLDEST = (2, 38)
"""The first git with `merge-tree --write-tree`."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What git makes of two commits: the `tree` of the result, conflict markers included, and the paths in conflict."""

    tree: str
    conflicts: frozenset[str]


class Replays(Trees):
    """Trees, merges and blobs of one repository, as long as the `replays_of` that made it."""

    def __init__(self, repository: Repository, git: ShadowGit) -> None:
        lent = replace(repository, objects=(*repository.objects, os.path.join(git.directory, "objects")))
        super().__init__(git, GitReader(lent))
        self.repository = repository
        self._later: dict[tuple[str, str, str], list[str]] = {}

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names; raises `UsageError`."""
        kind, name = resolve(self._git, self.repository, revision)
        if kind != "commit":
            raise UsageError(f"{revision!r} is a tree: a merge needs commits")
        return name

    def bases(self, ours: str, theirs: str, *, unrelated: bool = False) -> tuple[str, ...]:
        """All best common ancestors; raises `UsageError` where none is known.

        `unrelated`: histories that share nothing have the empty tree in common.
        """
        answer = self._git.ask("merge-base", "--all", ours, theirs)
        if not answer:
            if unrelated and not self.repository.shallow:
                return ()
            why = " (the clone is shallow: fetch the whole history)" if self.repository.shallow else ""
            raise UsageError(f"{ours[:12]} and {theirs[:12]} have no common ancestor{why}")
        return tuple(answer.split("\n"))

    def base_tree(self, bases: Sequence[str]) -> str:
        """The tree to compare with: the base's, or the virtual one that git merges several bases to."""
        tree = self.tree_of(bases[0]) if bases else self._git.empty_object("tree")
        for base in bases[1:]:
            tree = self.merge(bases[0], base).tree
        return tree

    def merge(self, ours: str, theirs: str) -> Replayed:
        """What `git merge theirs` on `ours` would give; raises `GitError`."""
        options = ("--write-tree", "-z", "--name-only", "--no-messages", "--allow-unrelated-histories")
        done = self._git.attempt("merge-tree", *options, ours, theirs)
        tree, _, rest = done.stdout.partition(b"\0")
        # The exit status is 1 for a conflict and for a failure alike.
        if not _TREE.match(tree):
            complaint = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
            raise GitError(
                f"git merge-tree failed: {complaint[0]} (git {'.'.join(map(str, OLDEST))} or newer is needed)"
            )
        return Replayed(tree.decode("ascii"), frozenset(decoded(path) for path in rest.split(b"\0") if path))

    def fold(self, commits: Sequence[str]) -> str:
        """One commit, known only here, that merges all of these one after the other; raises `GitError`.

        That is how git makes an octopus merge, and why it makes none of what conflicts.
        """
        folded = commits[0]
        for theirs in commits[1:]:
            replayed = self.merge(folded, theirs)
            if replayed.conflicts:
                raise GitError("an octopus merge that git cannot make by itself")
            text = f"tree {replayed.tree}\nparent {folded}\nparent {theirs}\n{_NOBODY}\n\nmerge\n"
            written = self._git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode("ascii"))
            folded = written.decode("ascii").strip()
        return folded

    def index(self) -> tuple[dict[str, str], dict[str, str | None]]:
        """The regular files of the index that the next commit is made of, and of the paths that are unmerged.

        Of an unmerged path it is the blob that stands in the work tree now, None where that cannot be read.
        """
        listing = index_listing(self._git, self.repository)
        staged = {decoded(path): entry.blob for path, entry in listing.entries.items() if is_file(entry)}
        unmerged = {decoded(path): self._in_work_tree(path) for path in listing.stages}
        return staged, unmerged

    def _in_work_tree(self, path: bytes) -> str | None:
        root = self.repository.root
        if root is None:
            return None
        try:
            data = WorkTreeReader(root).read(SourceFile(decoded(path)))
        except UnreadableError:
            return None
        return self.keep(data)

    def keep(self, data: bytes) -> str:
        """The id of a blob with these bytes, written where nobody else sees it."""
        return self._git.run("hash-object", "-w", "--stdin", stdin=data).decode("ascii").strip()

    def versions(self, base: str, ours: str, theirs: str, result: str) -> tuple[dict[str, FileVersions], bool]:
        """The paths in which any of three trees differs from the base, with their blobs in all four.

        Second whether links or submodules differ, too.
        """
        changes = [self.changed(base, tree) for tree in (ours, theirs, result)]
        files = {}
        for path in sorted(set().union(*changes)):
            before = next(change[path][0] for change in changes if path in change)
            after = [change[path][1] if path in change else before for change in changes]
            files[path] = FileVersions(path, before, *after)
        return files, any(change.irregular for change in changes)

    def read(self, blob: str) -> bytes:
        """The bytes of a blob, of the repository or of a merge made here; raises `UnreadableError`."""
        return self.reader.read(SourceFile("blob", blob=blob))

    def subject(self, commit: str) -> str:
        """The first line of a commit's message."""
        return self._commit(commit).partition(b"\n\n")[2].partition(b"\n")[0].decode("utf-8", "replace")

    def _commit(self, name: str) -> bytes:
        try:
            return self.reader.object(name)[1]
        except UnreadableError as error:
            raise GitError(f"commit {name[:12]}: {error}") from None

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
        asked = (commit, tip, path)
        if asked not in self._later:
            arguments = ("--reverse", "--ancestry-path", "--topo-order", f"{commit}..{tip}", "--", path)
            self._later = {asked: self._git.run("rev-list", *arguments).decode("ascii").split()}
        return self._later[asked]

    def merges(self, revisions: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(commit, parents) of every commit of a range, the newest first."""
        answer = self._git.run("rev-list", "--parents", "--topo-order", *revisions).decode("ascii")
        for line in answer.splitlines():
            commit, *parents = line.split(" ")
            yield commit, tuple(parents)

    def cut_parents(self, commit: str) -> int:
        """How many parents a commit has that a shallow clone did not fetch."""
        if commit not in self.repository.shallow:
            return 0
        header = self._commit(commit).partition(b"\n\n")[0]
        return sum(line.startswith(b"parent ") for line in header.split(b"\n"))


@contextmanager
def replays_of(root: str, *, few: bool = False) -> Iterator[Replays]:
    """`few` merges will be made; raises `UsageError` where `root` is in no repository."""
    repository = repository_at(root)
    if repository is None:
        raise UsageError(f"{root} is not a git repository: there is nothing to merge")
    with shadow_of(repository, small=few) as git:
        replays = Replays(repository, git)
        try:
            yield replays
        finally:
            replays.close()
