"""What the parents of the judged state hold."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from merge_guard.errors import GitError
from merge_guard.model.source import FileKind, UnreadableError
from merge_guard.sources.git import ShadowGit, shadow_of
from merge_guard.sources.listing import Entry, encoded, kind_of, tree_listing
from merge_guard.sources.readers import GitReader
from merge_guard.sources.repository import Repository

_AT_ONCE = 200


class CommitHistory:
    """The versions in the given parent commits. No parent at all is the state of a first commit.

    The parents' trees are listed on the first question. A parent that is not there (a shallow or partial clone) makes
    the history unknown, as a whole.
    """

    def __init__(self, repository: Repository, parents: tuple[str, ...]) -> None:
        self.parents = parents
        self._repository = repository
        self._reader = GitReader(repository)
        self._trees: list[dict[bytes, Entry]] | None = None
        self._known = True

    def __reduce__(self) -> tuple[Any, ...]:
        return CommitHistory, (self._repository, self.parents)

    def parent_versions(self, path: str) -> Sequence[bytes | None] | None:
        trees = self._listed()
        if trees is None:
            return None
        versions: list[bytes | None] = []
        for tree in trees:
            entry = tree.get(encoded(path))
            if entry is None or kind_of(entry.mode) is not FileKind.REGULAR:
                versions.append(None)
                continue
            try:
                versions.append(self._reader.blob(entry.blob))
            except UnreadableError:
                return None
        return versions

    def held(self, paths: Sequence[str]) -> str:
        """A digest of the blobs that each parent has at the paths; what cannot be told is equal to nothing."""
        try:
            with shadow_of(self._repository) as git:
                trees = [
                    b"".join(
                        git.run("ls-tree", "-r", "-z", "--full-tree", parent, "--", *paths[start : start + _AT_ONCE])
                        for start in range(0, len(paths), _AT_ONCE)
                    )
                    for parent in self.parents
                ]
        except GitError:
            return os.urandom(16).hex()
        return sha256(b"\0\0".join([b"%d" % len(trees), *trees])).hexdigest()

    def close(self) -> None:
        self._reader.close()

    def _listed(self) -> list[dict[bytes, Entry]] | None:
        if self._trees is None and self._known:
            try:
                with shadow_of(self._repository) as git:
                    self._trees = [tree_listing(git, parent) for parent in self.parents]
            except GitError:
                self._known = False
        return self._trees


def parents_of(git: ShadowGit, commit: str) -> tuple[str, ...]:
    """The parents that the commit itself names, whether or not they were fetched."""
    parents: list[str] = []
    for line in git.run("cat-file", "commit", commit).split(b"\n"):
        if not line:
            break
        if line.startswith(b"parent "):
            parents.append(line[7:].decode("ascii"))
    return tuple(parents)
