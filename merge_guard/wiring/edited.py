"""What a command wrote, where the tree stands as it was seen but for the content of a few files."""

from __future__ import annotations

import os
from collections.abc import Sequence

from merge_guard.cache import memory
from merge_guard.cache.answers import Answer, Since
from merge_guard.cache.store import Store
from merge_guard.model.sighting import BLOB, Seen
from merge_guard.model.source import SourceFile
from merge_guard.sources.readers import WorkTreeReader
from merge_guard.wiring.unmoved import few, says_the_same
from merge_guard.workers.identities import Identities

_MOST = 100


def still_said(store: Store, answer: Answer, seen: Seen, numbers: Sequence[int], begun: int) -> Since | None:
    """The changed files, where the answer holds for the tree as it is; None where it has to be judged anew.

    `numbers` are those of the changed files, which have to say to the judgement what they said; `begun` is when the
    tree was looked at first.
    """
    if not answer.question or len(numbers) > _MOST:
        return None
    bearing = memory.bearing_of(store, answer.question)
    if bearing is None or bearing.state != answer.state:
        return None
    paths = seen.names()
    reader = WorkTreeReader(os.fsdecode(answer.root))
    files = [SourceFile(paths[number].decode("utf-8", "surrogateescape")) for number in numbers]
    stamps = reader.stamps(files, begun).tobytes()
    identities = Identities(store, reader, os.fsdecode(answer.root))
    identities.read(files)
    former = [seen.blobs[number * BLOB : number * BLOB + BLOB].hex() for number in numbers]
    if not all(file.path in identities.names for file in files):
        return None
    new = [identities.names[file.path] for file in files]
    differing = [(file, old) for file, old, name in zip(files, former, new) if old != name]
    if differing and not says_the_same(
        bearing, differing, few(store, reader, identities, bearing.feature, frozenset())
    ):
        return None
    if [identities.names.get(file.path) for file in files] != new:
        return None  # changed again while they were read
    return Since(tuple(numbers), stamps, bytes.fromhex("".join(new)))
