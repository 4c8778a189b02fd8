"""Whether a report holds although some files changed: what they say to the judgement is what they said (early cut-off).

A judgement depends on the facts of all files, and beyond these on what it asked for (`Asked`). A changed file with
equal facts, of which nothing else was asked, leaves the report as it is. If the report does not name the file at all,
its lines may have moved, and it does not matter whether it belongs to the judged change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from merge_guard.cache import makers
from merge_guard.cache.memory import Bearing, Memory
from merge_guard.model.facts import FileFacts
from merge_guard.model.source import FileKind, Snapshot, SourceFile

if TYPE_CHECKING:
    from merge_guard.cache.store import Store
    from merge_guard.model.source import Reader
    from merge_guard.wiring.remembering import Shelf
    from merge_guard.workers.cached import CachedExtractor
    from merge_guard.workers.identities import Identities

_MOST = 100
"""Changed files above which all is judged anew."""
_LISTED = (".gitignore", ".gitattributes")
"""What the listing reads."""


def holds(bearing: Bearing, memory: Memory, shelf: Shelf) -> bool:
    """Whether the report of the bearing is the one that a judgement of the shelf's snapshot would come to."""
    if bearing.frame != memory.frame:
        return False
    snapshot = shelf.snapshot
    before = bearing.names.split(" ")
    now = memory.names.split(" ")
    if len(before) != len(now) or len(now) != len(snapshot.files):
        return False
    pairs = zip(snapshot.files, before, now)
    differing = [(file, old) for file, old, new in pairs if old != new] if before != now else []
    if len(differing) > _MOST or not all(old and file.kind is FileKind.REGULAR for file, old in differing):
        return False
    here = {file.path for file in snapshot.files} if bearing.changed != snapshot.changed else frozenset()
    swapped = (bearing.changed or frozenset()) ^ (snapshot.changed or frozenset())
    named = bearing.report
    # What is found outside the paths that were asked for is not in the report, and counts in the verdict all the same.
    if swapped and shelf.request.paths:
        return False
    if any(path not in here or is_named(path, named) for path in swapped):
        return False
    if bearing.parents != memory.parents and bearing.former_digest != former_digest(snapshot, bearing.former):
        return False
    return not differing or says_the_same(bearing, differing, extractor_of(shelf, bearing.feature))


def says_the_same(bearing: Bearing, differing: list[tuple[SourceFile, str]], extractor: CachedExtractor) -> bool:
    """Whether files, given with the blob ids that they had, say to the judgement what they said."""
    from merge_guard.model.renumbering import moved

    if any(
        file.path in bearing.texts or file.path in bearing.definitions or file.path.rpartition("/")[2] in _LISTED
        for file, _ in differing
    ):
        return False
    found = extractor.answers([file for file, _ in differing])
    for file, name in differing:
        facts, known = found.get(file), extractor.known_facts(file, name)
        if not isinstance(facts, FileFacts) or known is None or _wants_bytes(facts):
            return False
        if file.path in bearing.bodies:
            if facts != known or extractor.bodies(file) != extractor.known_bodies(file, name):
                return False
        elif facts != known and (is_named(file.path, bearing.report) or not moved(known, facts)):
            return False
    return True


def _wants_bytes(facts: FileFacts) -> bool:
    """Whether more is in question than facts tell, such as whether a conflict is new."""
    return bool(facts.conflicts or facts.strays or facts.edits or facts.problem is not None)


def is_named(path: str, report: bytes) -> bool:
    """Whether the report may name the path; it is looked for in all texts."""
    return path.encode("utf-8", "surrogateescape") in report


def extractor_of(shelf: Shelf, feature: tuple[int, int]) -> CachedExtractor:
    snapshot = shelf.snapshot
    return few(shelf.store, snapshot.reader, shelf.identities, feature, snapshot.changed or frozenset())


def few(
    store: Store, reader: Reader, identities: Identities, feature: tuple[int, int], thorough: frozenset[str]
) -> CachedExtractor:
    """Facts of a few files, made in this process."""
    from merge_guard.workers.cached import CachedExtractor
    from merge_guard.workers.extractor import LocalExtractor
    from merge_guard.workers.work import Job

    job = Job(reader, feature, False, thorough, identify=True)
    return CachedExtractor(LocalExtractor(job, 1), store, job, identities, makers.of_facts())


def former_digest(snapshot: Snapshot, paths: Iterable[str]) -> str:
    """A digest of what the parents hold at the paths; one of its own each time where that is not known."""
    wanted = sorted(paths)
    held = getattr(snapshot.history, "held", None)
    if not wanted:
        return ""
    return held(wanted) if held is not None else "unknown"
