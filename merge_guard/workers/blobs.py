"""What Python blobs define and use, by blob id: read once, kept between runs, extracted side by side where it pays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from merge_guard.facts import import_words as looking
from merge_guard.model.ports import FactCache, Unanswered
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.model.uses import Uses
from merge_guard.workers.work import Job, decode_uses, encode, looks_hostile, uses_of

_Seen = TypeVar("_Seen")
_MOST_RECENT = 64
_MOST_KNOWN = 30_000
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
        self._seen: dict[tuple[str, str], frozenset[Any]] = {}
        self._recent: dict[str, bytes] = {}
        self.unread: dict[str, str] = {}

    def __call__(self, blob: str | None) -> Uses | None:
        if blob is None:
            return None
        if blob not in self._known:
            self.prepare([blob])
        return self._known[blob]

    def forget(self) -> None:
        """Let go of everything, where it has become much: the files of an old merge are not asked for again."""
        if len(self._known) + len(self._seen) > _MOST_KNOWN:
            self._known.clear()
            self._seen.clear()

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

    def statements(self, blob: str | None) -> frozenset[looking.Statement]:
        """The words of each import statement, without parsing the file; so with the methods that follow."""
        return self._glance("statements", blob, looking.import_statements)

    def headers(self, blob: str | None) -> frozenset[tuple[str, bytes]]:
        return self._glance("headers", blob, looking.headers)

    def called(self, blob: str | None) -> frozenset[str]:
        return self._glance("called", blob, looking.called_words)

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
        """The bytes; the last ones read are at hand, for one question about a blob follows another."""
        if blob not in self._recent:
            try:
                self._recent[blob] = self._job.reader.read(SourceFile(f"{blob}.py", blob=blob))
            except UnreadableError as error:
                self.unread[blob] = str(error)
                self._recent[blob] = b""
            if len(self._recent) > _MOST_RECENT:
                del self._recent[next(iter(self._recent))]
        return self._recent[blob]

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
