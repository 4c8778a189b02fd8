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
from typing import TypeVar

from merge_guard.errors import GitError, UsageError
from merge_guard.model.merge import FileVersions
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.sources.differences import ABSENT, Difference, Differences
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.listing import Entry, decoded, index_listing, kind_of, tree_listing
from merge_guard.sources.readers import GitReader, WorkTreeReader
from merge_guard.sources.refs import resolve
from merge_guard.sources.repository import Repository, repository_at

_TREE = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_REGULAR = b"100"
"""How the modes of regular files begin."""
_MOST_LISTINGS = 12
_MOST_DIFFERENCES = 64
"""Pairs of trees whose differences are kept."""
_NOBODY = "author nobody <> 0 +0000\ncommitter nobody <> 0 +0000"
OLDEST = (2, 38)
"""The first git with `merge-tree --write-tree`."""


class Changes(dict[str, tuple["str | None", "str | None"]]):
    """Path → (blob before, blob after) of the regular files in which two trees differ."""

    irregular = False
    """Links or submodules are among what differs, or what was one of them."""


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
        self._differences = Differences(git)
        self._known_differences: dict[tuple[str, str], list[Difference]] = {}
        self._entries: dict[str, dict[bytes, Entry]] = {}
        self._listings: dict[str, dict[str, str]] = {}
        self._trees: dict[str, str] = {}
        self._given: dict[str, Mapping[str, str]] = {}
        self._later: dict[tuple[str, str, str], list[str]] = {}

    def close(self) -> None:
        self.reader.close()
        self._differences.close()

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

    def tree_of(self, name: str) -> str:
        """The tree of a commit; a tree is its own. Raises `GitError` for what is not there."""
        found = self._trees.get(name)
        if found is None:
            try:
                kind, content = self.reader.object(name)
            except UnreadableError:
                kind, content = b"missing", b""
            if name == self._git.empty_object("tree") or kind == b"tree":
                found = name
            elif kind == b"commit" and content.startswith(b"tree "):
                found = content[5 : content.index(b"\n")].decode("ascii")
            else:
                raise GitError(f"the tree of {name[:12]} is not there; it may not have been fetched")
            self._trees[name] = found
        return found

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

    def given(self, name: str, listing: Mapping[str, str]) -> str:
        """A tree that nobody wrote, under a name that the other methods take for one."""
        self._given[name] = listing
        return name

    def index(self) -> tuple[dict[str, str], dict[str, str | None]]:
        """The regular files of the index that the next commit is made of, and of the paths that are unmerged.

        Of an unmerged path it is the blob that stands in the work tree now, None where that cannot be read.
        """
        listing = index_listing(self._git, self.repository)
        staged = {decoded(path): entry.blob for path, entry in listing.entries.items() if _is_file(entry)}
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

    def listing(self, tree: str) -> Mapping[str, str]:
        """Path → blob id of the regular files of a tree or commit.

        After the first one it is made from another's, by what the two differ in: trees of one history mostly agree.
        """
        if tree in self._given:
            return self._given[tree]
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
        return _kept(self._listings, tree, found)

    def entries(self, tree: str) -> dict[bytes, Entry]:
        """All that a tree or commit holds, as git lists it; made from another's, too."""
        found = self._entries.pop(tree, None)
        if found is None and self._entries:
            known = next(reversed(self._entries))
            found = dict(self._entries[known])
            for _, mode, _, blob, path in self._between(known, tree):
                if mode == ABSENT:
                    found.pop(path, None)
                else:
                    found[path] = Entry(int(mode, 8), blob.decode("ascii"))
        if found is None:
            found = tree_listing(self._git, tree)
        return _kept(self._entries, tree, found)

    def changed(self, old: str, new: str) -> Changes:
        """The regular files in which two trees or commits differ."""
        changes = Changes()
        if not self._given.keys().isdisjoint((old, new)):
            before, after = self.listing(old), self.listing(new)
            paths = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
            changes.update((path, (before.get(path), after.get(path))) for path in paths)
            changes.irregular = True  # what else differs is not known
            return changes
        for was_mode, now_mode, was, now, path in self._between(old, new):
            old_blob = was.decode("ascii") if was_mode.startswith(_REGULAR) else None
            new_blob = now.decode("ascii") if now_mode.startswith(_REGULAR) else None
            if (old_blob is None and was_mode != ABSENT) or (new_blob is None and now_mode != ABSENT):
                changes.irregular = True
            if old_blob != new_blob:
                changes[path.decode("utf-8", "surrogateescape")] = (old_blob, new_blob)
        return changes

    def _between(self, old: str, new: str) -> list[Difference]:
        pair = self.tree_of(old), self.tree_of(new)
        found = self._known_differences.pop(pair, None)
        if found is None:
            found = self._differences.between(*pair) if pair[0] != pair[1] else []
        return _kept(self._known_differences, pair, found, _MOST_DIFFERENCES)

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


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _kept(recent: dict[_Key, _Value], key: _Key, value: _Value, most: int = _MOST_LISTINGS) -> _Value:
    """Remember a value as the last one used."""
    recent[key] = value
    if len(recent) > most:
        del recent[next(iter(recent))]
    return value


def _is_file(entry: Entry) -> bool:
    return kind_of(entry.mode).value == "regular"


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
