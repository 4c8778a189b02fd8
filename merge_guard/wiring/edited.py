"""What a command wrote, where the tree stands as it was seen but for the content of a few files."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec import structs

from merge_guard.cache import memory
from merge_guard.cache.answers import Answer
from merge_guard.cache.store import Store
from merge_guard.model.sighting import BLOB, STAMP, Seen, place_of
from merge_guard.model.source import SourceFile
from merge_guard.sources.readers import WorkTreeReader
from merge_guard.wiring.unmoved import few, says_the_same
from merge_guard.workers.identities import Identities

_MOST = 100


def still_said(store: Store, answer: Answer, seen: Seen, numbers: Sequence[int], begun: int) -> Answer | None:
    """The answer for the tree as it is, None where it has to be judged anew. `numbers` are those of the changed files.

    The files have to say to the judgement what they said; `begun` is when the tree was looked at first.
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
    return _kept(store, answer, seen, bearing, list(zip(numbers, former, new)), stamps)


def _kept(
    store: Store,
    answer: Answer,
    seen: Seen,
    bearing: memory.Bearing,
    changes: Sequence[tuple[int, str, str]],
    stamps: bytes,
) -> Answer:
    """What is remembered of the tree and of the report is brought to the state of now, where that can be relied on."""
    names = bearing.names.split(" ")
    # Only regular files have names, and they stand in the same order.
    places = [place for place, name in enumerate(names) if name]
    if len(places) != len(seen.blobs) // BLOB:
        return answer
    all_stamps, blobs = bytearray(seen.stamps), bytearray(seen.blobs)
    for index, (number, old, new) in enumerate(changes):
        if names[places[number]] != old:
            return answer
        names[places[number]] = new
        all_stamps[number * STAMP : number * STAMP + STAMP] = stamps[index * STAMP : index * STAMP + STAMP]
        blobs[number * BLOB : number * BLOB + BLOB] = bytes.fromhex(new)
    now = Seen(seen.paths, bytes(all_stamps), bytes(blobs))
    if now == seen:
        return answer
    joined = " ".join(names)
    state = memory.state_of(bearing.frame, joined, bearing.changed, bearing.parents)
    digest = now.digest
    store.put({place_of(answer.root): now.packed(digest)})
    memory.keep_bearing(store, answer.question, structs.replace(bearing, state=state, names=joined))
    return answer._replace(tree=digest, state=state)
