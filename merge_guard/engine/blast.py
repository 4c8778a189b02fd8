"""What a module that cannot be imported takes down with it, read off the import graph of one start-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from merge_guard.model.finding import HopKind
from merge_guard.model.outcome import EXCEPTIONS, THROUGH, Failure, Outcome, Passage
from merge_guard.startup.edges import ENTRY


@dataclass(frozen=True, slots=True)
class ImportGraph:
    """Imported path → importing path → what gets out of the import there. A submodule imports its package."""

    importers: Mapping[str, Mapping[str, Passage]]

    def stopped_by(self, path: str, exception: str = "SyntaxError") -> frozenset[str]:
        """The paths whose import fails if that of `path` raises the exception, itself included.

        `ENTRY` is among them where the start-up as a whole fails.
        """
        seen = {path: 1 << _number(exception)}
        todo = [path]
        while todo:
            here = todo.pop()
            raised = seen[here]
            for importer, passage in self.importers.get(here, {}).items():
                known = seen.get(importer, 0)
                passed = known | _through(raised, passage)
                if passed != known:
                    seen[importer] = passed
                    todo.append(importer)
        return frozenset(seen)


def import_graph(outcome: Outcome) -> ImportGraph:
    importers: dict[str, dict[str, Passage]] = {}
    for importer, imported in outcome.edges.items():
        for path, passage in imported.items():
            if any(passage):
                importers.setdefault(path, {})[importer] = passage
    for name, path in outcome.loaded.items():
        package = outcome.loaded.get(name.rpartition(".")[0])
        if package is not None and package != path:
            importers.setdefault(package, {})[path] = THROUGH
    return ImportGraph(importers)


def failing_module(failure: Failure) -> str:
    """The path of the module whose import a failure stops: the one whose top level runs, through all calls."""
    chain = failure.chain
    if not chain:
        return failure.place.path
    index = len(chain) - 1
    # A class body is a frame of its own in the file in which it stands.
    while index and (chain[index - 1].kind is HopKind.CALL or chain[index - 1].path == chain[index].path):
        index -= 1
    return chain[index].path


def stopped_modules(outcome: Outcome, failures: Iterable[Failure]) -> frozenset[str]:
    """The paths of a start-up's closure that cannot be imported while these failures stand."""
    graph = import_graph(outcome)
    stopped: set[str] = set()
    for failure in failures:
        stopped |= graph.stopped_by(failing_module(failure), failure.exception)
    return frozenset(stopped - {ENTRY})


def _number(exception: str) -> int:
    return EXCEPTIONS.index(exception) if exception in EXCEPTIONS else len(EXCEPTIONS) - 1


def _through(raised: int, passage: Passage) -> int:
    passed = 0
    for index, mask in enumerate(passage):
        if raised >> index & 1:
            passed |= mask
    return passed


def passed_on(exception: int, passage: Passage) -> Iterator[int]:
    """The numbers of the exceptions that come out where the exception of that number comes in."""
    mask = passage[exception]
    return (index for index in range(len(EXCEPTIONS)) if mask >> index & 1)


def most_imported_first(outcome: Outcome, stopped: frozenset[str], graph: ImportGraph) -> dict[str, int]:
    """The paths of a set, with how many of its other members import them, those first that most do."""
    counts = {path: len(stopped & graph.importers.get(path, {}).keys()) for path in stopped}
    names = {path: name for name, path in outcome.loaded.items()}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], names.get(item[0], item[0]))))
