"""A judgement that is not made again where nothing that it depends on has changed.

Imports no more than recalling takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from msgspec import structs

from merge_guard.model.request import Request
from merge_guard.model.sighting import IndexSighting, Sighting
from merge_guard.model.source import FileKind, Snapshot
from merge_guard.wiring.trees import meant, snapshot_of

if TYPE_CHECKING:
    from merge_guard.cache.memory import Memory
    from merge_guard.cache.store import Store
    from merge_guard.model.ports import Progress
    from merge_guard.model.report import Report
    from merge_guard.wiring.asking import Asked
    from merge_guard.workers.identities import Identities


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Where the listing looked, and the digest of what is remembered of the files, which tell what was judged.

    `question` and `state` find what the report depends on; both are "" where an edit cannot be told from another one.
    """

    sighting: Sighting | IndexSighting
    tree: bytes
    question: str
    state: str


Witness = Callable[[Witnessed], None]


_USUAL_MARKERS = 7


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
        from merge_guard.cache.memory import Memory, is_known
        from merge_guard.workers.pythons import newer

        names = self.identities.names
        if not all(map(_is_override, self.request.config)) or not is_known(self.snapshot, names):
            return None
        return Memory(
            self.store, self.request, self.snapshot, names, self.root, (*meant(self.request, self.root), newer())
        )

    def tell(self, witness: Witness | None, memory: Memory) -> None:
        sighting = self.snapshot.sighting
        if witness is None or sighting is None:
            return
        if isinstance(sighting, IndexSighting):
            # What such arguments mean depends on what lies in the work tree.
            whole = not self.request.paths and not any(entry.endswith(".py") for entry in self.request.entry)
            digest: bytes | None = b""
        else:
            whole, digest = sighting.whole, self.identities.digest
        if whole and digest is not None:
            # Facts depend on the attribute, which is not seen where only the files are looked at.
            usual = all(file.marker_size == _USUAL_MARKERS for file in self.snapshot.files)
            question, state = (memory.question, memory.state) if usual else ("", "")
            witness(Witnessed(sighting, digest, question, state))


@contextmanager
def _shelf(request: Request) -> Iterator[Shelf]:
    from merge_guard.cache.store import Store
    from merge_guard.workers.identities import Identities

    snapshot, root = snapshot_of(request)
    with closing(Store(request.cache_dir or "")) as store:
        identities = Identities(store, snapshot.reader, root)
        files = [file for file in snapshot.files if file.kind is FileKind.REGULAR]
        identities.identify(files, snapshot.sighting.begun if isinstance(snapshot.sighting, Sighting) else None)
        yield Shelf(request, snapshot, root, store, identities)


def judge(request: Request, progress: Progress | None, witness: Witness | None) -> Report:
    """The report that is remembered, with the time that this took, or a new one, which is remembered then."""
    started = time.perf_counter()
    with _shelf(request) as shelf:
        memory = shelf.memory()
        known = (memory.recall() or _still_true(memory, shelf)) if memory is not None else None
        if known is not None and memory is not None:
            shelf.tell(witness, memory)
            seconds = round(time.perf_counter() - started, 3)
            return replace(known, summary=replace(known.summary, seconds=seconds), timings={"recalled": seconds})
        report, asked, feature = _judged(shelf, progress)
        # Asked for again: bytes that changed since were judged as they were when they were read.
        shelf.identities.doubt([*asked.texts, *asked.bodies, *asked.definitions])
        memory = shelf.memory()
        encoded = memory.keep(report) if memory is not None else None
        if memory is not None and encoded is not None:
            _keep_bearing(memory, shelf, asked, feature, encoded)
            shelf.tell(witness, memory)
        return report


def _judged(shelf: Shelf, progress: Progress | None) -> tuple[Report, Asked, tuple[int, int]]:
    from merge_guard.engine.judge import judge as run
    from merge_guard.wiring.asking import Asked, noting, noting_given
    from merge_guard.wiring.preparing import prepare

    asked = Asked()
    taken = noting(shelf.snapshot, asked), shelf.root
    with prepare(shelf.request, taken, shelf=(shelf.store, shelf.identities)) as prepared:
        return run(noting_given(prepared.given(), asked), progress)[0], asked, prepared.target.highest


def _still_true(memory: Memory, shelf: Shelf) -> Report | None:
    """The last report for this request, where what changed since says nothing else to it; it is remembered for this."""
    bearing = memory.bearing()
    if bearing is None:
        return None
    from merge_guard.cache.memory import joined_names
    from merge_guard.wiring.unmoved import holds

    if not holds(bearing, memory, shelf):
        return None
    report = memory.decoded(bearing.report)
    if report is None or joined_names(shelf.snapshot, shelf.identities.names) != memory.names:
        return None
    memory.keep(report)
    memory.keep_bearing(
        structs.replace(
            bearing,
            state=memory.state,
            names=memory.names,
            changed=shelf.snapshot.changed,
            parents=memory.parents,
        )
    )
    return report


def _keep_bearing(memory: Memory, shelf: Shelf, asked: Asked, feature: tuple[int, int], report: bytes) -> None:
    from merge_guard.cache.memory import Bearing
    from merge_guard.wiring.unmoved import former_digest

    memory.keep_bearing(
        Bearing(
            state=memory.state,
            frame=memory.frame,
            names=memory.names,
            changed=shelf.snapshot.changed,
            parents=memory.parents,
            texts=frozenset(asked.texts),
            bodies=frozenset(asked.bodies),
            definitions=frozenset(asked.definitions),
            former=frozenset(asked.former),
            former_digest=former_digest(shelf.snapshot, asked.former),
            feature=feature,
            report=report,
        )
    )


def _is_override(item: str) -> bool:
    from merge_guard import config

    return config.is_override(item)
