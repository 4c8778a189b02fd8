"""The `Extractor` port over the pool: small jobs in this process, large or risky ones in workers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import FileFacts
from merge_guard.model.ports import Progress, Unanswered
from merge_guard.model.source import SourceFile, UnreadableError
from merge_guard.workers.work import (
    LARGEST_RECENT,
    Job,
    bodies_of,
    decode_bodies,
    decode_definitions,
    decode_facts,
    definitions_of,
    facts_of,
    kind_of,
    looks_hostile,
    text_facts,
    together,
)

# Starting workers costs more than this many files take.
_FEW = 80

_MOST_RECENT = 200
"""Answers that are compared with the next ones: files with the same bytes share their facts."""
_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


class Extracted(NamedTuple):
    """`name` is git's blob id of the bytes, where the job asks for it; `encoded` the facts as a worker sent them."""

    file: SourceFile
    facts: FileFacts | Unanswered
    name: str = ""
    encoded: bytes | None = None


class LocalExtractor:
    """Facts from the standard library's parser, with up to `jobs` worker processes (0: one a processor)."""

    def __init__(self, job: Job, jobs: int = 0) -> None:
        self._job = job
        self._jobs = jobs or os.cpu_count() or 1

    def facts(
        self, files: Sequence[SourceFile], progress: Progress | None = None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        return ((extracted.file, extracted.facts) for extracted in self.extracted(files, progress))

    def extracted(self, files: Sequence[SourceFile], progress: Progress | None = None) -> Iterator[Extracted]:
        """The facts of each file with what a cache has to know of them."""
        python = [file for file in files if kind_of(file.path) == "python"]
        others = [file for file in files if kind_of(file.path) != "python"]
        if self._jobs > 1 and len(python) > _FEW:
            # Text files are quick and harmless; they go along to spread the reading.
            answers = self._in_workers([*together(python), *together(others)], self._jobs)
        else:
            answers = self._here([*together(python), *together(others)])
        for done, answer in enumerate(answers, 1):
            if progress is not None and done % 64 == 0:
                progress("reading", done, len(files))
            yield answer

    def _here(self, files: Sequence[SourceFile]) -> Iterator[Extracted]:
        risky = []
        recent: dict[tuple[object, ...], tuple[FileFacts, str]] = {}
        for file in files:
            kind = kind_of(file.path)
            try:
                data = self._job.reader.read(file)
            except UnreadableError as error:
                yield Extracted(file, Unanswered(str(error)))
                continue
            key = (data, kind, file.marker_size, file.path in self._job.thorough)
            known = recent.pop(key, None)
            if known is None and not self._job.text_only and kind == "python" and looks_hostile(data):
                risky.append(file)
                continue
            answer = known or facts_of(self._job, file, data)
            if len(data) <= LARGEST_RECENT:
                _keep(recent, key, answer)
            yield Extracted(file, *answer)
        if risky:
            yield from self._in_workers(risky, 1)

    def _is_risky(self, file: SourceFile) -> bool:
        try:
            return looks_hostile(self._job.reader.read(file))
        except UnreadableError:
            return False

    def _in_workers(self, files: Sequence[SourceFile], jobs: int) -> Iterator[Extracted]:
        from merge_guard.workers.pool import run

        recent: dict[bytes, FileFacts] = {}
        for file, encoded, about in run(self._job, files, jobs):
            if encoded is not None:
                facts = recent.pop(encoded, None) or decode_facts(encoded)
                _keep(recent, encoded, facts)
                yield Extracted(file, facts, about, encoded)
            elif kind_of(file.path) == "python":
                yield Extracted(file, self._without_parser(file, about))
            else:
                yield Extracted(file, Unanswered(about))

    def _without_parser(self, file: SourceFile, reason: str) -> FileFacts | Unanswered:
        """A file that the parser must not see again: the text rules still work on it."""
        try:
            return text_facts(self._job.reader.read(file), file, reason)
        except UnreadableError as error:
            return Unanswered(str(error))

    def bodies(self, file: SourceFile) -> tuple[FunctionBody, ...]:
        if self._is_risky(file):
            from merge_guard.workers.pool import run

            for _, encoded, _ in run(self._job, [file], 1, "bodies"):
                return decode_bodies(encoded).functions if encoded is not None else ()
        return bodies_of(self._job, file).functions

    def name(self, file: SourceFile) -> str:
        return ""

    def definitions(
        self, files: Sequence[SourceFile], spans: Spans | None = None
    ) -> Iterator[tuple[SourceFile, Definitions | Unanswered]]:
        wanted = spans or {}
        many = self._jobs > 1 and len(files) > _FEW
        risky = [file for file in files if many or self._is_risky(file)]
        named = {file.path for file in risky}
        yield from (
            (file, definitions_of(self._job, file, wanted.get(file.path, ())))
            for file in files
            if file.path not in named
        )
        if risky:
            from merge_guard.workers.pool import run

            job = (self._job, {path: wanted[path] for path in named if path in wanted})
            for file, encoded, reason in run(job, together(risky), self._jobs, "definitions"):
                yield file, decode_definitions(encoded) if encoded is not None else Unanswered(reason)


def _keep(recent: dict[_Key, _Answer], key: _Key, answer: _Answer) -> None:
    recent[key] = answer
    if len(recent) > _MOST_RECENT:
        del recent[next(iter(recent))]
