"""What Python blobs define and use, by blob id: read once, kept between runs, extracted side by side where it pays."""

from __future__ import annotations

import os
from collections.abc import Iterable

import msgspec

from merge_guard.facts.import_words import import_words
from merge_guard.model.ports import FactCache, Unanswered
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.model.uses import Uses
from merge_guard.workers.work import Job, decode_uses, encode, looks_hostile, uses_of

_FEW = 60
"""Blobs up to which starting workers costs more than it saves."""


class BlobUses:
    """A function from blob ids to `Uses`; None for what cannot be read or analysed, with the reason in `unread`."""

    def __init__(self, job: Job, jobs: int, cache: FactCache | None, maker: str) -> None:
        self._job = job
        self._jobs = jobs or os.cpu_count() or 1
        self._cache = cache
        self._maker = maker
        self._known: dict[str, Uses | None] = {}
        self._words: dict[str, frozenset[str]] = {}
        self.unread: dict[str, str] = {}

    def __call__(self, blob: str | None) -> Uses | None:
        if blob is None:
            return None
        if blob not in self._known:
            self.prepare([blob])
        return self._known[blob]

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
        fresh: dict[str, bytes] = {}
        for blob, uses, encoded in self._extracted(missing):
            self._known[blob] = uses
            if uses is not None:
                fresh[self._key(blob)] = encoded or encode(uses)
        if self._cache is not None and fresh:
            self._cache.put(fresh)

    def import_words(self, blob: str | None) -> frozenset[str]:
        """The words of its import statements, without parsing it."""
        if blob is None:
            return frozenset()
        if blob not in self._words:
            self._words[blob] = import_words(self._data(blob))
        return self._words[blob]

    def holds(self, blob: str | None, word: str) -> bool:
        return blob is not None and word.encode("utf-8", "surrogateescape") in self._data(blob)

    def _data(self, blob: str) -> bytes:
        try:
            return self._job.reader.read(SourceFile(f"{blob}.py", blob=blob))
        except UnreadableError:
            return b""

    def _key(self, blob: str) -> str:
        return f"{blob}:uses:{self._maker}"

    def _extracted(self, files: list[SourceFile]) -> Iterable[tuple[str, Uses | None, bytes | None]]:
        risky = files
        if self._jobs < 2 or len(files) <= _FEW:
            risky = []
            for file in files:
                if self._is_risky(file):
                    risky.append(file)
                    continue
                uses = uses_of(self._job, file)
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
            return looks_hostile(self._job.reader.read(file))
        except UnreadableError:
            return False
