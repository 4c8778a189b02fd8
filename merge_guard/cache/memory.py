"""Whole reports: where nothing that a judgement depends on has changed, it is not made again."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256

import msgspec

from merge_guard.cache import makers
from merge_guard.cache.store import Store
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.model.source import FileKind, Snapshot

_DECODER = msgspec.msgpack.Decoder(Report)
_ENVIRONMENT = ("PATH", "PYENV_ROOT", "HOME")
"""Where other Pythons are looked for, which may be asked to compile."""


class Memory:
    """The report of one request about one state of a tree. `files` stands for all files with their bytes."""

    def __init__(self, store: Store, request: Request, snapshot: Snapshot, files: str, root: str) -> None:
        self._store = store
        asked = replace(request, cache_dir=None, jobs=0)
        state = (
            makers.of_reports(),
            asked,
            root,
            os.getcwd(),
            files,
            snapshot.label,
            snapshot.unmerged,
            sorted(snapshot.changed) if snapshot.changed is not None else None,
            snapshot.merging,
            sorted(snapshot.vanished),
            sorted(snapshot.passed_over),
            snapshot.exclusions,
            snapshot.notices,
            getattr(snapshot.history, "parents", None),
            [os.environ.get(name) for name in _ENVIRONMENT],
        )
        self._key = f"report:{sha256(repr(state).encode('utf-8', 'surrogateescape')).hexdigest()}"

    def recall(self) -> Report | None:
        encoded = self._store.get([self._key]).get(self._key)
        if encoded is None:
            return None
        try:
            return _DECODER.decode(encoded)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, ValueError):
            self._store.drop([self._key])
            return None

    def keep(self, report: Report) -> None:
        try:
            encoded = msgspec.msgpack.encode(report)
        except (UnicodeEncodeError, TypeError, RecursionError):
            return  # a file name that is no Unicode: judged anew each time
        self._store.put({self._key: encoded})


def state_of(snapshot: Snapshot, names: dict[str, str]) -> str | None:
    """One text for all files, their kinds, attributes and bytes; None where the bytes of one are not known.

    `names` maps paths to blob ids.
    """
    digest = sha256()
    for file in snapshot.files:
        name = names.get(file.path, "")
        if not name:
            if file.kind is FileKind.REGULAR:
                return None
            if file.kind is FileKind.LINK:
                name = snapshot.reader.link(file)
        about = f"{file.path}\0{name}\0{file.kind.value}\0{file.mode}\0{file.tracked.value}\0{file.marker_size}\0\0"
        digest.update(about.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
