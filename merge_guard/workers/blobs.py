"""What Python blobs define and use, by blob id: read once, kept between runs, extracted side by side where it pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar, runtime_checkable

import msgspec

from merge_guard.facts import import_words as looking
from merge_guard.model.glance import Change, Statement
from merge_guard.model.ports import FactCache, Unanswered
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.model.uses import Uses
from merge_guard.workers.work import Job, decode_uses, encode, looks_hostile, uses_of

_Seen = TypeVar("_Seen")
_Key = TypeVar("_Key")
_MOST_HELD = 48_000_000
"""Bytes of blobs that are at hand."""
_AT_ONCE = 64
_MOST_KNOWN = 1_000
_MOST_SEEN = 20_000
_NONE = Change()
_FEW = 60
"""Blobs up to which starting workers costs more than it saves."""


@runtime_checkable
class _Batched(Protocol):
    """A reader that reads several blobs at once, and leaves out what it cannot read."""

    def blobs(self, names: Sequence[str]) -> Mapping[str, bytes]: ...


def _shorten(known: dict[_Key, Any], most: int) -> None:
    for key in list(known)[: max(0, len(known) - most)]:
        del known[key]


class BlobUses:
    """A function from blob ids to `Uses`; None for what cannot be read or analysed, with the reason in `unread`."""

    def __init__(self, job: Job, jobs: int, cache: FactCache | None, maker: str) -> None:
        self._job = job
        self._jobs = jobs or os.cpu_count() or 1
        self._cache = cache
        self._maker = maker
        self._known: dict[str, Uses | None] = {}
        self._seen: dict[tuple[str, str], frozenset[Any]] = {}
        self._changes: dict[tuple[str, str | None], Change] = {}
        self._recent: dict[str, bytes] = {}
        self._held = 0
        """Bytes in `_recent`."""
        self.unread: dict[str, str] = {}

    def __call__(self, blob: str | None) -> Uses | None:
        if blob is None:
            return None
        if blob not in self._known:
            self.prepare([blob])
        return self._known[blob]

    def forget(self) -> None:
        """Let go of what was learnt first, where it has become much: the files of an old merge are not asked for."""
        _shorten(self._known, _MOST_KNOWN)
        _shorten(self._seen, _MOST_SEEN)
        _shorten(self._changes, _MOST_SEEN)

    def prepare(self, blobs: Iterable[str]) -> None:
        """Make sure of all of these at once."""
        wanted = [blob for blob in dict.fromkeys(blobs) if blob not in self._known]
        if self._cache is not None:
            for key, kept in self._cache.get([self._key(blob) for blob in wanted]).items():
                try:
                    self._known[key.partition(":")[0]] = decode_uses(kept)
                except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                    self._cache.drop([key])
        missing = [SourceFile(f"{blob}.py", blob=blob) for blob in wanted if blob not in self._known]
        if len(missing) > 1:
            self.fetch(file.blob for file in missing)
        fresh: dict[str, bytes] = {}
        for blob, uses, encoded in self._extracted(missing):
            self._known[blob] = uses
            if uses is not None:
                fresh[self._key(blob)] = encoded or encode(uses)
        if self._cache is not None and fresh:
            self._cache.put(fresh)

    def fetch(self, blobs: Iterable[str | None]) -> None:
        """Read blobs together, as far as that is possible and they are few enough to be kept."""
        reader = self._job.reader
        wanted = [blob for blob in dict.fromkeys(blobs) if blob is not None and blob not in self._recent]
        if isinstance(reader, _Batched):
            for start in range(0, len(wanted), _AT_ONCE):
                for blob, data in reader.blobs(wanted[start : start + _AT_ONCE]).items():
                    self._keep(blob, data)

    def compare(self, pairs: Iterable[tuple[str | None, str | None]]) -> None:
        """Look at what blobs bring that their bases do not have."""
        wanted = [pair for pair in dict.fromkeys(pairs) if pair[0] is not None and pair not in self._changes]
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            self.fetch(blob for pair in some for blob in pair)
            for blob, base in some:
                self.change(blob, base)

    def change(self, blob: str | None, base: str | None) -> Change:
        if blob is None:
            return _NONE
        found = self._changes.get((blob, base))
        if found is None:
            old = self._data(base) if base is not None else b""
            found = self._changes[blob, base] = looking.change(old, self._data(blob))
        return found

    def statements(self, blob: str | None) -> frozenset[Statement]:
        """Without parsing the file; so with the methods that follow."""
        return self._glance("statements", blob, looking.import_statements)

    def classes(self, blob: str | None) -> frozenset[str]:
        return self._glance("classes", blob, looking.class_words)

    def holds(self, blob: str | None, word: str) -> bool:
        return blob is not None and word.encode("utf-8", "surrogateescape") in self._data(blob)

    def binds_at_top(self, blob: str | None, word: str) -> bool:
        return blob is not None and looking.binds_at_top(self._data(blob), word)

    def _glance(self, kind: str, blob: str | None, look: Callable[[bytes], frozenset[_Seen]]) -> frozenset[_Seen]:
        if blob is None:
            return frozenset()
        key = kind, blob
        if key not in self._seen:
            self._seen[key] = look(self._data(blob))
        return self._seen[key]

    def _data(self, blob: str) -> bytes:
        try:
            return self.read(SourceFile(f"{blob}.py", blob=blob))
        except UnreadableError as error:
            self.unread[blob] = str(error)
            self._keep(blob, b"")
            return b""

    def read(self, file: SourceFile) -> bytes:
        """The bytes; those that were read last are at hand, for one question about a blob follows another."""
        assert file.blob is not None
        data = self._recent.get(file.blob)
        if not data:
            data = self._job.reader.read(file)
            self._keep(file.blob, data)
        return data

    def link(self, file: SourceFile) -> str:
        return self._job.reader.link(file)

    def _keep(self, blob: str, data: bytes) -> None:
        self._recent[blob] = data
        self._held += len(data)
        while self._held > _MOST_HELD and len(self._recent) > 1:
            self._held -= len(self._recent.pop(next(iter(self._recent))))

    def _key(self, blob: str) -> str:
        return f"{blob}:uses:{self._maker}"

    def _extracted(self, files: list[SourceFile]) -> Iterable[tuple[str, Uses | None, bytes | None]]:
        risky = files
        here = replace(self._job, reader=self)
        if self._jobs < 2 or len(files) <= _FEW:
            risky = []
            for file in files:
                if self._is_risky(file):
                    risky.append(file)
                    continue
                uses = uses_of(here, file)
                yield self._answer(file, uses)
        if risky:
            from merge_guard.workers.pool import run

            for file, encoded, about in run(self._job, risky, self._jobs, "uses"):
                if encoded is None:
                    yield self._answer(file, Unanswered(about))
                else:
                    yield file.blob or "", decode_uses(encoded), encoded

    def _answer(self, file: SourceFile, uses: Uses | Unanswered) -> tuple[str, Uses | None, None]:
        if isinstance(uses, Uses):
            return file.blob or "", uses, None
        self.unread[file.blob or ""] = str(uses)
        return file.blob or "", None, None

    def _is_risky(self, file: SourceFile) -> bool:
        try:
            return looks_hostile(self.read(file))
        except UnreadableError:
            return False
