"""The trees of one repository: what they hold, and what they differ in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from merge_guard.errors import GitError
from merge_guard.model.source import UnreadableError
from merge_guard.sources.differences import ABSENT, Difference, Differences
from merge_guard.sources.git import ShadowGit
from merge_guard.sources.listing import Entry, decoded, kind_of, tree_listing
from merge_guard.sources.readers import GitReader

_REGULAR = b"100"
"""How the modes of regular files begin."""
_MOST_LISTINGS = 12
_MOST_DIFFERENCES = 64
"""Pairs of trees whose differences are kept."""


class Changes(dict[str, tuple["str | None", "str | None"]]):
    """Path → (blob before, blob after) of the regular files in which two trees differ."""

    irregular = False
    """Links or submodules are among what differs, or what was one of them."""


class Trees:
    """Trees by their ids or by those of commits; what was asked last is kept."""

    def __init__(self, git: ShadowGit, reader: GitReader) -> None:
        self.reader = reader
        self._git = git
        self._differences = Differences(git)
        self._known_differences: dict[tuple[str, str], list[Difference]] = {}
        self._entries: dict[str, dict[bytes, Entry]] = {}
        self._listings: dict[str, dict[str, str]] = {}
        self._trees: dict[str, str] = {}
        self._given: dict[str, Mapping[str, str]] = {}

    def close(self) -> None:
        self.reader.close()
        self._differences.close()

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

    def given(self, name: str, listing: Mapping[str, str]) -> str:
        """A tree that nobody wrote, under a name that the other methods take for one."""
        self._given[name] = listing
        return name

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
            found = {decoded(path): entry.blob for path, entry in self.entries(tree).items() if is_file(entry)}
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


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _kept(recent: dict[_Key, _Value], key: _Key, value: _Value, most: int = _MOST_LISTINGS) -> _Value:
    """Remember a value as the last one used."""
    recent[key] = value
    if len(recent) > most:
        del recent[next(iter(recent))]
    return value


def is_file(entry: Entry) -> bool:
    return kind_of(entry.mode).value == "regular"
