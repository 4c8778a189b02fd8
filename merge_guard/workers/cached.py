"""The `Extractor` port with a memory: facts of bytes that were seen before are not extracted again."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache

import msgspec

from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import Bodies, FileFacts
from merge_guard.model.ports import FactCache, Progress, Unanswered
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.workers.extractor import LocalExtractor
from merge_guard.workers.identities import Identities
from merge_guard.workers.work import Job, blob_id, decode_bodies, decode_definitions, decode_facts, encode, kind_of

_AT_ONCE = 2_000
"""New entries that are written together."""
_DAMAGED = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)


class CachedExtractor:
    """Facts by git's blob id of the bytes, the kind of file, what they are asked for, and who extracted them.

    `identities` name the bytes; `maker` changes with whatever facts depend on.
    """

    def __init__(self, inner: LocalExtractor, cache: FactCache, job: Job, identities: Identities, maker: str) -> None:
        self._inner = inner
        self._cache = cache
        self._job = job
        self._identities = identities
        self._maker = maker
        self._names = identities.names
        self._about = lru_cache(maxsize=None)(self._about_facts)

    def facts(
        self, files: Sequence[SourceFile], progress: Progress | None = None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        self._identities.require(files)
        missing = yield from self._answered(files, progress)
        if missing:
            self._identities.remember()

    def answers(self, files: Sequence[SourceFile]) -> dict[SourceFile, FileFacts | Unanswered]:
        """The facts of a few of the files that were identified."""
        return dict(self._answered(files, None))

    def _answered(
        self, files: Sequence[SourceFile], progress: Progress | None
    ) -> Generator[tuple[SourceFile, FileFacts | Unanswered], None, bool]:
        keys = {file.path: self._key("facts", file) for file in files if file.path in self._names}
        found = self._cache.get(list(dict.fromkeys(keys.values())))
        missing, damaged = [], []
        # Copies share their facts: a tree holds many, and all that is no Python and has no marker says the same.
        decoded: dict[bytes, FileFacts] = {}
        for done, file in enumerate(files, 1):
            encoded = found.get(keys.get(file.path, ""))
            facts = None
            if encoded is not None:
                try:
                    facts = decoded.get(encoded)
                    if facts is None:
                        facts = decoded[encoded] = decode_facts(encoded)
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
        return bool(missing)

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
        else:
            del self._names[file.path]
        return functions

    def name(self, file: SourceFile) -> str:
        return self._names.get(file.path, "")

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

    def known_facts(self, file: SourceFile, name: str) -> FileFacts | None:
        """The facts that are kept of other bytes at a path, by their blob id, if these compile for all that is known.

        Such are the same whether or not the compiler was asked.
        """
        for thorough in (True, False):
            key = self._facts_key(file, name, thorough)
            encoded = self._cache.get([key]).get(key)
            try:
                facts = decode_facts(encoded) if encoded is not None else None
            except _DAMAGED:
                facts = None
            if facts is not None:
                return facts if facts.problem is None else None
        return None

    def known_bodies(self, file: SourceFile, name: str) -> tuple[FunctionBody, ...] | None:
        key = self._key("bodies", file, name=name)
        encoded = self._cache.get([key]).get(key)
        try:
            return decode_bodies(encoded).functions if encoded is not None else None
        except _DAMAGED:
            return None

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

    def _key(self, what: str, file: SourceFile, spans: Sequence[tuple[int, int]] = (), name: str = "") -> str:
        name = name or self._names[file.path]
        if what == "bodies":
            return f"{name}:bodies:{self._maker}"
        if what == "definitions":
            return f"{name}:definitions {kind_of(file.path)} {file.marker_size} {spans}:{self._maker}"
        return self._facts_key(file, name, file.path in self._job.thorough)

    def _facts_key(self, file: SourceFile, name: str, thorough: bool) -> str:
        return name + self._about(kind_of(file.path), file.marker_size, thorough)

    def _about_facts(self, kind: str, marker_size: int, thorough: bool) -> str:
        about = (kind, marker_size, self._job.feature, self._job.text_only, thorough)
        return f":{about}:{self._maker}"


def _is_chance(facts: FileFacts) -> bool:
    """Whether another run might say something else: a limit of this machine was met."""
    return facts.problem is not None and facts.problem.kind == "not-analysable"
