"""A snapshot with some files other than they are: what a fix or a merge would leave, judged before it exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from merge_guard.model.source import FileKind, Reader, Snapshot, SourceFile


class OverlayReader:
    """Gives the bytes of `texts` for their paths, and asks the reader below for all others."""

    __slots__ = ("_below", "_texts")

    def __init__(self, below: Reader, texts: Mapping[str, bytes]) -> None:
        self._below = below
        self._texts = dict(texts)

    def __reduce__(self) -> tuple[type[OverlayReader], tuple[Reader, Mapping[str, bytes]]]:
        return OverlayReader, (self._below, self._texts)

    def read(self, file: SourceFile) -> bytes:
        data = self._texts.get(file.path)
        return self._below.read(file) if data is None else data

    def link(self, file: SourceFile) -> str:
        return "" if file.path in self._texts else self._below.link(file)


def overlay(snapshot: Snapshot, texts: Mapping[str, bytes | None]) -> Snapshot:
    """The snapshot with these contents: new files are added, and a content of None takes a file away.

    All else stays as it is, the history and what git says of unmerged paths too.
    """
    written = {path: data for path, data in texts.items() if data is not None}
    known = snapshot.by_path()
    files = [file for file in snapshot.files if file.path not in texts]
    files += [
        replace(known[path], kind=FileKind.REGULAR, blob=None) if path in known else SourceFile(path)
        for path in written
    ]
    return replace(snapshot, files=tuple(sorted(files)), reader=OverlayReader(snapshot.reader, written))
