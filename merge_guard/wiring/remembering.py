"""A judgement that is not made again where nothing that it depends on has changed.

Imports no more than recalling takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from merge_guard.model.request import Request
from merge_guard.model.source import FileKind, Snapshot
from merge_guard.wiring.trees import snapshot_of

if TYPE_CHECKING:
    from merge_guard.cache.memory import Memory
    from merge_guard.cache.store import Store
    from merge_guard.model.ports import Progress
    from merge_guard.model.report import Report
    from merge_guard.model.sighting import Sighting
    from merge_guard.workers.identities import Identities

Witness = Callable[["Sighting", bytes], None]
"""Told where the listing looked and the digest of what is remembered of the files, if that tells what was judged."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is kept between runs of the files of one snapshot."""

    request: Request
    snapshot: Snapshot
    root: str
    store: Store
    identities: Identities

    def memory(self) -> Memory | None:
        """The memory for this very judgement; None where what it depends on is not known."""
        from merge_guard.cache.memory import Memory, state_of

        if not all(map(_is_override, self.request.config)):
            return None
        files = state_of(self.snapshot, self.identities.names)
        return Memory(self.store, self.request, self.snapshot, files, self.root) if files is not None else None

    def tell(self, witness: Witness | None) -> None:
        sighting, digest = self.snapshot.sighting, self.identities.digest
        if witness is not None and sighting is not None and sighting.whole and digest is not None:
            witness(sighting, digest)


@contextmanager
def _shelf(request: Request) -> Iterator[Shelf]:
    from merge_guard.cache.store import Store
    from merge_guard.workers.identities import Identities

    snapshot, root = snapshot_of(request)
    with closing(Store(request.cache_dir or "")) as store:
        identities = Identities(store, snapshot.reader, root)
        files = [file for file in snapshot.files if file.kind is FileKind.REGULAR]
        identities.identify(files, snapshot.sighting.begun if snapshot.sighting is not None else None)
        yield Shelf(request, snapshot, root, store, identities)


def judge(request: Request, progress: Progress | None, witness: Witness | None) -> Report:
    """The report that is remembered, with the time that this took, or a new one, which is remembered then."""
    started = time.perf_counter()
    with _shelf(request) as shelf:
        memory = shelf.memory()
        known = memory.recall() if memory is not None else None
        if known is not None:
            shelf.tell(witness)
            seconds = round(time.perf_counter() - started, 3)
            return replace(known, summary=replace(known.summary, seconds=seconds), timings={"recalled": seconds})
        from merge_guard.engine.judge import judge as run
        from merge_guard.wiring.preparing import prepare

        with prepare(request, (shelf.snapshot, shelf.root), shelf=(shelf.store, shelf.identities)) as prepared:
            report = run(prepared.given(), progress)[0]
        # Asked for again: bytes that changed since were judged as they were when they were read.
        memory = shelf.memory()
        if memory is not None:
            memory.keep(report)
            shelf.tell(witness)
        return report


def _is_override(item: str) -> bool:
    from merge_guard import config

    return config.is_override(item)
