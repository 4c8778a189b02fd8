"""The `Extractor` port over another one, for judgements of trees that are much alike: facts are decoded once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import FileFacts
from merge_guard.model.ports import Extractor, Progress, Unanswered
from merge_guard.model.source import SourceFile
from merge_guard.workers.work import Job, kind_of

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """What several judgements know together, by blob ids and by what else facts depend on."""

    facts: dict[_Key, FileFacts] = field(default_factory=dict)
    bodies: dict[_Key, tuple[FunctionBody, ...]] = field(default_factory=dict)

    def over(self, inner: Extractor, job: Job) -> Extractor:
        return _SharingExtractor(self, inner, job)


class _SharingExtractor:
    def __init__(self, shared: SharedFacts, inner: Extractor, job: Job) -> None:
        self._shared = shared
        self._inner = inner
        self._job = job

    def facts(
        self, files: Sequence[SourceFile], progress: Progress | None = None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        known = self._shared.facts
        missing = []
        for file in files:
            found = known.get(self._key(file)) if file.blob is not None else None
            if found is None:
                missing.append(file)
            else:
                yield file, found
        if not missing:
            return
        for file, facts in self._inner.facts(missing, progress):
            if file.blob is not None and isinstance(facts, FileFacts):
                known[self._key(file)] = facts
            yield file, facts

    def bodies(self, file: SourceFile) -> tuple[FunctionBody, ...]:
        if file.blob is None:
            return self._inner.bodies(file)
        key = self._key(file)
        found = self._shared.bodies.get(key)
        if found is None:
            found = self._shared.bodies[key] = self._inner.bodies(file)
        return found

    def name(self, file: SourceFile) -> str:
        return self._inner.name(file)

    def definitions(
        self, files: Sequence[SourceFile], spans: Spans | None = None
    ) -> Iterator[tuple[SourceFile, Definitions | Unanswered]]:
        return self._inner.definitions(files, spans)

    def _key(self, file: SourceFile) -> _Key:
        job = self._job
        return file.blob, kind_of(file.path), file.marker_size, job.feature, job.text_only, file.path in job.thorough
