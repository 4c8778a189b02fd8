"""The definitions of files, each made once and only when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.facts import SyntaxProblem
from merge_guard.model.ports import Extractor, Unanswered
from merge_guard.model.source import FileKind, SourceFile


class DefinitionShelf:
    """`shelf(path)` gives a file's definitions; `fetch` makes those of many files at once, side by side."""

    def __init__(self, extractor: Extractor, files: Mapping[str, SourceFile]) -> None:
        self._extractor = extractor
        self._files = files
        self._known: dict[str, Definitions] = {}

    def __call__(self, path: str) -> Definitions:
        self.fetch([path])
        return self._known.get(path) or Definitions()

    def fetch(self, paths: Iterable[str]) -> None:
        self._known.update(self._made(path for path in dict.fromkeys(paths) if path not in self._known))

    def classes(self, spans: Spans) -> dict[str, Definitions]:
        """What files define in these lines, and maybe elsewhere: cheaper than all that they define."""
        made = {path: self._known[path] for path in spans if path in self._known}
        return {**made, **dict(self._made((path for path in spans if path not in made), spans))}

    def _made(self, paths: Iterable[str], spans: Spans | None = None) -> Iterator[tuple[str, Definitions]]:
        files = (self._files.get(path) for path in paths)
        wanted = [file for file in files if file is not None and file.kind is FileKind.REGULAR]
        for file, answer in self._extractor.definitions(wanted, spans):
            if isinstance(answer, Unanswered):
                answer = Definitions(problem=SyntaxProblem("not-analysable", str(answer)))
            yield file.path, answer
