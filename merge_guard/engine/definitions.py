"""The definitions of files, each made once and only when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from merge_guard.model.definitions import Definitions
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
        files = (self._files.get(path) for path in dict.fromkeys(paths) if path not in self._known)
        wanted = [file for file in files if file is not None and file.kind is FileKind.REGULAR]
        for file, answer in self._extractor.definitions(wanted):
            if isinstance(answer, Unanswered):
                answer = Definitions(problem=SyntaxProblem("not-analysable", str(answer)))
            self._known[file.path] = answer
