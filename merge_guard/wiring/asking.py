"""What a judgement asks for beyond the facts of all files, noted on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from merge_guard.engine.given import Given
from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import FileFacts
from merge_guard.model.ports import Extractor, MapFn, Progress, Unanswered
from merge_guard.model.source import History, Reader, Snapshot, SourceFile


@dataclass(slots=True)
class Asked:
    """Paths whose bytes, function bodies, definitions and former versions were asked for."""

    texts: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    definitions: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)

    def add(self, other: Asked) -> None:
        self.texts |= other.texts
        self.bodies |= other.bodies
        self.definitions |= other.definitions
        self.former |= other.former


def noting(snapshot: Snapshot, asked: Asked) -> Snapshot:
    """The snapshot, whose reader and history note what is asked of them."""
    return replace(snapshot, reader=_Reader(snapshot.reader, asked), history=_History(snapshot.history, asked))


def noting_given(given: Given, asked: Asked) -> Given:
    return replace(given, extractor=_Extractor(given.extractor, asked), spread=_spread(given.spread, asked))


def unnoted(reader: Reader) -> Reader:
    """The reader behind one that notes: what is read to make facts of it is in the facts."""
    return reader.inner if isinstance(reader, _Reader) else reader


class _Reader:
    def __init__(self, inner: Reader, asked: Asked) -> None:
        self.inner = inner
        self._asked = asked

    def __reduce__(self) -> tuple[Any, ...]:
        return _itself, (self.inner,)

    def read(self, file: SourceFile) -> bytes:
        self._asked.texts.add(file.path)
        return self.inner.read(file)

    def link(self, file: SourceFile) -> str:
        return self.inner.link(file)


def _itself(reader: Reader) -> Reader:
    return reader


class _History:
    def __init__(self, inner: History, asked: Asked) -> None:
        self._inner = inner
        self._asked = asked

    def parent_versions(self, path: str) -> Sequence[bytes | None] | None:
        self._asked.former.add(path)
        return self._inner.parent_versions(path)


class _Extractor:
    def __init__(self, inner: Extractor, asked: Asked) -> None:
        self._inner = inner
        self._asked = asked

    def facts(
        self, files: Sequence[SourceFile], progress: Progress | None = None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        return self._inner.facts(files, progress)

    def bodies(self, file: SourceFile) -> tuple[FunctionBody, ...]:
        self._asked.bodies.add(file.path)
        return self._inner.bodies(file)

    def name(self, file: SourceFile) -> str:
        self._asked.bodies.add(file.path)
        return self._inner.name(file)

    def definitions(
        self, files: Sequence[SourceFile], spans: Spans | None = None
    ) -> Iterator[tuple[SourceFile, Definitions | Unanswered]]:
        self._asked.definitions.update(file.path for file in files)
        return self._inner.definitions(files, spans)


def _spread(spread: MapFn, asked: Asked) -> MapFn:
    """What other processes ask for comes back with their results."""

    def noted(function: Callable[[Any], Any], items: Sequence[Any], /) -> list[Any]:
        def run(item: Any) -> tuple[Any, Asked]:
            return function(item), asked

        answers = spread(run, items)
        for _, there in answers:
            asked.add(there)
        return [answer for answer, _ in answers]

    return noted
