"""The `Extractor` port with a memory: facts of bytes that were seen before are not extracted again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec

from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import Bodies, FileFacts
from merge_guard.model.ports import FactCache, Progress, Unanswered
from merge_guard.model.source import SourceFile, Stamp, Stamped, UnreadableError
from merge_guard.workers.extractor import LocalExtractor
from merge_guard.workers.work import Job, blob_id, decode_bodies, decode_definitions, decode_facts, encode, kind_of

_AT_ONCE = 2_000
"""New entries that are written together."""
_DAMAGED = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_Known = dict[str, tuple[Stamp, str]]
_STAMPS = msgspec.msgpack.Decoder(_Known)


class CachedExtractor:
    """Facts by git's blob id of the bytes, the kind of file, what they are asked for, and who extracted them.

    `place` names the tree whose files' time stamps are remembered: a file with the same stamp is not read again.
    `maker` changes with whatever facts depend on.
    """

    def __init__(self, inner: LocalExtractor, cache: FactCache, job: Job, place: str, maker: str) -> None:
        self._inner = inner
        self._cache = cache
        self._job = job
        self._place = f"stamps:{sha256(os.fsencode(place)).hexdigest()}"
        self._maker = maker
        self._names: dict[str, str] = {}
        """Path → blob id of its bytes, as far as they are known."""
        self._identified: tuple[dict[str, Stamp], _Known] | None = None

    def identify(self, files: Sequence[SourceFile]) -> None:
        """Find out the blob ids of the files' bytes, as far as that can be told without extracting anything."""
        self._identified = self._stamped(files)
        self._remember(*self._identified)

    @property
    def names(self) -> dict[str, str]:
        """Path → blob id of the bytes that were answered for, or would be."""
        return self._names

    def facts(
        self, files: Sequence[SourceFile], progress: Progress | None = None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        stamps, known = self._identified or self._stamped(files)
        self._identified = None
        keys = {file.path: self._key("facts", file) for file in files if file.path in self._names}
        found = self._cache.get(list(keys.values()))
        missing, damaged = [], []
        for done, file in enumerate(files, 1):
            encoded = found.get(keys.get(file.path, ""))
            facts = None
            if encoded is not None:
                try:
                    facts = decode_facts(encoded)
                except _DAMAGED:
                    damaged.append(keys[file.path])
            if facts is None:
                missing.append(file)
                continue
            if progress is not None and done % 1024 == 0:
                progress("reading", done, len(files))
            yield file, facts
        self._cache.drop(damaged)
        yield from self._extracted(missing, progress)
        self._remember(stamps, known)

    def bodies(self, file: SourceFile) -> tuple[FunctionBody, ...]:
        if file.path not in self._names:
            return self._inner.bodies(file)
        key = self._key("bodies", file)
        encoded = self._cache.get([key]).get(key)
        if encoded is not None:
            try:
                return decode_bodies(encoded).functions
            except _DAMAGED:
                self._cache.drop([key])
        functions = self._inner.bodies(file)
        if self._is_still(file):
            self._cache.put({key: encode(Bodies(functions))})
        return functions

    def definitions(
        self, files: Sequence[SourceFile], spans: Spans | None = None
    ) -> Iterator[tuple[SourceFile, Definitions | Unanswered]]:
        keys = {
            file.path: self._key("definitions", file, (spans or {}).get(file.path, ()))
            for file in files
            if file.path in self._names
        }
        found = self._cache.get(list(keys.values()))
        missing = []
        for file in files:
            encoded = found.get(keys.get(file.path, ""))
            try:
                if encoded is not None:
                    yield file, decode_definitions(encoded)
                    continue
            except _DAMAGED:
                self._cache.drop([keys[file.path]])
            missing.append(file)
        new: dict[str, bytes] = {}
        for file, definitions in self._inner.definitions(missing, spans):
            if file.path in keys and isinstance(definitions, Definitions) and self._is_still(file):
                new[keys[file.path]] = encode(definitions)
            yield file, definitions
        self._cache.put(new)

    def _is_still(self, file: SourceFile) -> bool:
        """Whether the bytes are those that were named: what was read again may have changed meanwhile."""
        try:
            return blob_id(self._job.reader.read(file)) == self._names[file.path] or file.blob is not None
        except UnreadableError:
            return False

    def _extracted(
        self, files: Sequence[SourceFile], progress: Progress | None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        new: dict[str, bytes] = {}
        for file, facts, name, encoded in self._inner.extracted(files, progress):
            if name and isinstance(facts, FileFacts) and not _is_chance(facts):
                self._names[file.path] = name
                new[self._key("facts", file)] = encoded or encode(facts)
                if len(new) >= _AT_ONCE:
                    self._cache.put(new)
                    new.clear()
            else:
                self._names.pop(file.path, None)
            yield file, facts
        self._cache.put(new)

    def _stamped(self, files: Sequence[SourceFile]) -> tuple[dict[str, Stamp], _Known]:
        """Find out what the files' bytes are called: from git, from their stamps, and else by reading them.

        Before anything is remembered reading them would be for nothing: they are named as they are extracted.
        """
        stamps: dict[str, Stamp] = {}
        known: _Known = {}
        reader = self._job.reader
        self._names = {file.path: file.blob for file in files if file.blob is not None}
        if not isinstance(reader, Stamped):
            return stamps, known
        encoded = self._cache.get([self._place]).get(self._place)
        if encoded is not None:
            try:
                known = _STAMPS.decode(encoded)
            except _DAMAGED:
                self._cache.drop([self._place])
        is_new = self._cache.is_empty
        for file in files:
            stamp = reader.stamp(file)
            before = known.get(_text(file.path))
            if stamp is not None:
                stamps[file.path] = stamp
                if before is not None and before[0] == stamp:
                    self._names[file.path] = before[1]
                    continue
            if not is_new:
                try:
                    self._names[file.path] = blob_id(reader.read(file))
                except UnreadableError:
                    continue
        return stamps, known

    def _remember(self, stamps: dict[str, Stamp], known: _Known) -> None:
        fresh = {_text(path): (stamp, self._names[path]) for path, stamp in stamps.items() if path in self._names}
        if fresh != known:
            self._cache.put({self._place: msgspec.msgpack.encode(fresh)})

    def _key(self, what: str, file: SourceFile, spans: Sequence[tuple[int, int]] = ()) -> str:
        kind = kind_of(file.path)
        if what == "bodies":
            return f"{self._names[file.path]}:bodies:{self._maker}"
        if what == "definitions":
            return f"{self._names[file.path]}:definitions {kind} {file.marker_size} {spans}:{self._maker}"
        about = (kind, file.marker_size, self._job.feature, self._job.text_only, file.path in self._job.thorough)
        return f"{self._names[file.path]}:{about}:{self._maker}"


def _is_chance(facts: FileFacts) -> bool:
    """Whether another run might say something else: a limit of this machine was met."""
    return facts.problem is not None and facts.problem.kind == "not-analysable"


def _text(path: str) -> str:
    """A path as msgpack can hold it: names that are not UTF-8 are escaped, and no other name looks like that."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("latin-1")
