"""Whole reports: where nothing that a judgement depends on has changed, it is not made again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from merge_guard.cache import makers
from merge_guard.cache.store import Store
from merge_guard.model.request import Request
from merge_guard.model.source import FileKind, Snapshot

if TYPE_CHECKING:
    from merge_guard.model.report import Report

_ENVIRONMENT = ("PATH", "PYENV_ROOT", "HOME")
"""Where other Pythons are looked for, which may be asked to compile."""
_DAMAGED = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError)


class Bearing(msgspec.Struct, frozen=True):
    """What one report depends on, apart from its question, so that it may be seen to hold for another state.

    `state` says for which state of the tree it is known to hold. `frame` is the digest of all about the snapshot but
    bytes, what is judged as a change, and parents. `names` are the blob ids of all files in order, "" for what has
    none, between blanks. `texts`, `bodies` and `definitions` are the paths of which more was asked than facts, `former`
    those whose versions in the parents were, with the digest of these. `feature` is the Python that facts are made for.
    `report` is encoded.
    """

    state: str
    frame: str
    names: str
    changed: frozenset[str] | None
    parents: tuple[str, ...] | None
    texts: frozenset[str]
    bodies: frozenset[str]
    definitions: frozenset[str]
    former: frozenset[str]
    former_digest: str
    feature: tuple[int, int]
    report: bytes


_BEARINGS = msgspec.msgpack.Decoder(Bearing)


class Memory:
    """The report of one request about one state of a tree, and what the last report for this request depended on.

    `names` maps paths to the blob ids of their bytes, as far as they have any; `meant` is what the arguments mean.
    """

    def __init__(
        self,
        store: Store,
        request: Request,
        snapshot: Snapshot,
        names: Mapping[str, str],
        root: str,
        meant: tuple[object, ...] = (),
    ) -> None:
        self._store = store
        asked = (
            makers.of_reports(),
            replace(request, cache_dir=None, jobs=0),
            root,
            meant,
            os.getcwd(),
            [os.environ.get(name) for name in _ENVIRONMENT],
        )
        self.frame = _digest(
            asked,
            _files(snapshot),
            snapshot.label,
            snapshot.unmerged,
            snapshot.merging,
            sorted(snapshot.vanished),
            sorted(snapshot.passed_over),
            sorted(snapshot.removed),
            snapshot.exclusions,
            snapshot.notices,
            snapshot.changed is None,
        )
        self.names = joined_names(snapshot, names)
        self.parents: tuple[str, ...] | None = getattr(snapshot.history, "parents", None)
        self.state = state_of(self.frame, self.names, snapshot.changed, self.parents)
        self.question = f"bearing:{_digest(asked)}"
        """Under which key the bearing of the last report for this request is kept."""

    def recall(self) -> Report | None:
        return self.decoded(self._store.get([self.state]).get(self.state), self.state)

    def decoded(self, encoded: bytes | None, key: str = "") -> Report | None:
        try:
            return _decoder().decode(encoded) if encoded is not None else None
        except _DAMAGED:
            self._store.drop([key or self.question])
            return None

    def keep(self, report: Report) -> bytes | None:
        """The report as it is kept, None where it cannot be."""
        try:
            encoded = msgspec.msgpack.encode(report)
        except (UnicodeEncodeError, TypeError, RecursionError):
            return None  # a file name that is no Unicode: judged anew each time
        self._store.put({self.state: encoded})
        return encoded

    def bearing(self) -> Bearing | None:
        return bearing_of(self._store, self.question)

    def keep_bearing(self, bearing: Bearing) -> None:
        keep_bearing(self._store, self.question, bearing)


@cache
def _decoder() -> msgspec.msgpack.Decoder[Report]:
    """Made when a report is wanted: an answer that holds needs none."""
    from merge_guard.model.report import Report

    return msgspec.msgpack.Decoder(Report)


def bearing_of(store: Store, question: str) -> Bearing | None:
    encoded = store.get([question]).get(question)
    try:
        return _BEARINGS.decode(encoded) if encoded is not None else None
    except _DAMAGED:
        store.drop([question])
        return None


def keep_bearing(store: Store, question: str, bearing: Bearing) -> None:
    try:
        store.put({question: msgspec.msgpack.encode(bearing)})
    except (UnicodeEncodeError, RecursionError):
        return


def state_of(frame: str, names: str, changed: frozenset[str] | None, parents: tuple[str, ...] | None) -> str:
    """Under which key the report of a state is kept."""
    return f"report:{_digest(frame, names, sorted(changed) if changed is not None else None, parents)}"


def joined_names(snapshot: Snapshot, names: Mapping[str, str]) -> str:
    return " ".join([names.get(file.path, "") for file in snapshot.files])


def is_known(snapshot: Snapshot, names: Mapping[str, str]) -> bool:
    """Whether the bytes of every file are known by name."""
    return all(file.kind is not FileKind.REGULAR or file.path in names for file in snapshot.files)


def _files(snapshot: Snapshot) -> str:
    """One text for all files but for their bytes."""
    # Values of enumerations are read where they are kept: the public way is a method call, four for every file.
    texts = [
        f"{file.path}\0{snapshot.reader.link(file) if file.kind is FileKind.LINK else ''}\0{file.kind._value_}\0"
        f"{file.mode}\0{file.tracked._value_}\0{file.marker_size}"
        for file in snapshot.files
    ]
    return sha256("\0\0".join(texts).encode("utf-8", "surrogateescape")).hexdigest()


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()
