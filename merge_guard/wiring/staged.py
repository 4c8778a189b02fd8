"""What a command wrote about an index, where that holds what it held but for the content of a few files."""

from __future__ import annotations

import os
import re

from merge_guard.cache import memory
from merge_guard.cache.answers import Answer
from merge_guard.cache.store import Store
from merge_guard.errors import MergeGuardError
from merge_guard.model.sighting import IndexSighting
from merge_guard.model.source import Snapshot, SourceFile
from merge_guard.sources.discover import find_root
from merge_guard.sources.history import CommitHistory
from merge_guard.sources.index import changes_in, look, records_in
from merge_guard.sources.listing import decoded, is_unsafe
from merge_guard.sources.readers import GitReader
from merge_guard.sources.repository import repository_at
from merge_guard.wiring.unmoved import few, former_digest, is_named, says_the_same
from merge_guard.workers.identities import Identities

_MOST = 30
"""Files with another content above which what is kept is brought to the state of now."""
_PIECE = 1 << 16
_REGULAR = re.compile(rb"(100644|100755) ([0-9a-f]+) 0\t(.+)", re.DOTALL)


def still_said(store: Store, answer: Answer, before: IndexSighting) -> bool:
    """Whether the answer holds for the index as it is; where that is not certain it has to be judged anew."""
    try:
        root, kind = find_root(".")
        repository = repository_at(root) if kind == "git" else None
        if repository is None or repository.root is None or os.fsencode(root) != answer.root:
            return False
        now = look(repository)
        if now == before:
            return True
        if not answer.question or (now.merging, now.attributes) != (before.merging, before.attributes):
            return False
        differing = _differing(before, now)
        if differing is None:
            return False
        bearing = memory.bearing_of(store, answer.question)
        if bearing is None or bearing.state != answer.state or not _changes_alike(before, now, bearing.report):
            return False
        files = [file for file, _ in differing]
        changed = frozenset(map(decoded, changes_in(now.changes)))
        reader, history = GitReader(repository), CommitHistory(repository, now.parents)
        snapshot = Snapshot("index", tuple(files), reader, history, changed=changed)
        if bearing.parents != now.parents and bearing.former_digest != former_digest(snapshot, bearing.former):
            return False
        identities = Identities(store, reader, root)
        identities.identify(files)
        extractor = few(store, reader, identities, bearing.feature, changed)
        return not differing or says_the_same(bearing, differing, extractor)
    except (MergeGuardError, OSError):
        return False  # the command will tell


def _differing(before: IndexSighting, now: IndexSighting) -> list[tuple[SourceFile, str]] | None:
    """The regular files to ask, with the blob ids that they had; None where more differs than what these hold.

    Where nothing but blob ids differs, every record has the place that it had. A file that has come into the change
    is asked too: of what is changed the compiler is asked.
    """
    old, new = before.listing, now.listing
    if len(old) != len(new) or before.visible != before.changes or now.visible != now.changes:
        return None
    found: dict[bytes, tuple[SourceFile, str]] = {}
    was, is_now = records_in(before.changes), records_in(now.changes)
    for path in is_now.keys() - was.keys():
        _, mode, _, blob, _ = is_now[path].decode().split(" ")
        if not mode.startswith("100") or is_unsafe(path):
            return None
        found[path] = SourceFile(decoded(path), blob=blob, mode=int(mode, 8)), blob
    for start in range(0, len(new), _PIECE):
        if old[start : start + _PIECE] == new[start : start + _PIECE]:
            continue
        first, last = new.rfind(b"\0", 0, start) + 1, new.find(b"\0", start + _PIECE) + 1 or len(new)
        for had, has in zip(old[first:last].split(b"\0"), new[first:last].split(b"\0")):
            if had == has:
                continue
            told, tells = _REGULAR.fullmatch(had), _REGULAR.fullmatch(has)
            if len(had) != len(has) or told is None or tells is None or told.group(1, 3) != tells.group(1, 3):
                return None
            if is_unsafe(tells[3]):
                return None
            file = SourceFile(decoded(tells[3]), blob=tells[2].decode(), mode=int(tells[1], 8))
            found[tells[3]] = file, told[2].decode()
            if len(found) > _MOST:
                return None
    return list(found.values())


def _changes_alike(before: IndexSighting, now: IndexSighting, report: bytes) -> bool:
    """Whether what is judged as a change is the same but for files that are there and that the report does not name."""
    was, is_now = changes_in(before.changes), changes_in(now.changes)
    return all(
        (was.get(path) or is_now[path]) in (b"A", b"M") and not is_unsafe(path) and not is_named(decoded(path), report)
        for path in was.keys() ^ is_now.keys()
    )
