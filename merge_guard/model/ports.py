"""What the engine is handed: the seams between it and the outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import FileFacts, SyntaxProblem
from merge_guard.model.source import SourceFile

Progress = Callable[[str, int, int], None]
"""(what is being done, done, of how many)."""


class MapFn(Protocol):
    """`map` over a few large pieces of work: in order, one after the other or side by side."""

    def __call__(self, function: Callable[[Any], Any], items: Sequence[Any], /) -> list[Any]: ...


class Unanswered(str):
    """Why a file has no facts, in words fit for a report."""


class Compiler(Protocol):
    """Other Pythons that can be asked to compile."""

    def compile_with(
        self, questions: Sequence[tuple[tuple[int, int], Sequence[bytes]]]
    ) -> list[list[SyntaxProblem | None] | None]:
        """For each (version, sources), what that version says of each source; None where it cannot be asked."""
        ...


class Extractor(Protocol):
    """Turns files into facts, in this process or in workers that may be killed."""

    def facts(
        self, files: Sequence[SourceFile], progress: Progress | None = None
    ) -> Iterator[tuple[SourceFile, FileFacts | Unanswered]]:
        """Facts of each file, in any order."""
        ...

    def bodies(self, file: SourceFile) -> tuple[FunctionBody, ...]:
        """The function bodies of a file that parses; empty where they cannot be had."""
        ...

    def name(self, file: SourceFile) -> str:
        """What the bytes are called of which bodies are given; "" where that is not known."""
        ...

    def definitions(
        self, files: Sequence[SourceFile], spans: Spans | None = None
    ) -> Iterator[tuple[SourceFile, Definitions | Unanswered]]:
        """What each file defines, in any order; of a path in `spans` only what these lines do, or more."""
        ...


class FactCache(Protocol):
    """Encoded facts by key, kept between runs. Nothing depends on its keeping anything."""

    @property
    def is_empty(self) -> bool: ...

    def get(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The values that are there."""
        ...

    def put(self, entries: Mapping[str, bytes]) -> None: ...

    def drop(self, keys: Sequence[str]) -> None:
        """Forget entries that turned out to be damaged."""
        ...

    def close(self) -> None: ...
