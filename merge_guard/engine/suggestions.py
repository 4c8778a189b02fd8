"""What somebody may have meant who asks for a module or a name that is not there: found in the tree, never guessed.

Nothing is indexed before the first question, and only so many questions are answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from merge_guard.deploy.roots import is_incidental
from merge_guard.engine.likeness import most_like
from merge_guard.facts.summaries import statements
from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts, once_a_module
from merge_guard.model.module import Module
from merge_guard.model.outcome import Cause, Failure, Outcome
from merge_guard.startup.exports import static_names

_MOST_CANDIDATES = 3
_MOST_QUESTIONS = 200
_MOST_NAMES = 5_000
"""Of one module or package that are compared by likeness."""
_LIKE_A_NAME, _LIKE_A_MODULE = 0.6, 0.75
_LONGEST = 200


@dataclass(slots=True)
class _Asked:
    number: int = 0


@dataclass(frozen=True)
class Suggestions:
    """Ask it with a failure for one line of help, "" where nothing fits.

    `name_of` gives a file's dotted name, "" where it has none; `renamed` maps old paths to new ones in a change.
    """

    facts: Mapping[str, FileFacts]
    name_of: Callable[[str], str]
    outcomes: Sequence[Outcome] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    _asked: _Asked = field(default_factory=_Asked)

    def __call__(self, failure: Failure) -> str:
        self._asked.number += 1
        if self._asked.number > _MOST_QUESTIONS or len(failure.subject) > _LONGEST:
            return ""
        if failure.cause is Cause.MISSING_NAME:
            return self._name(failure.subject, failure.source, failure.place.path)
        if failure.cause is Cause.MISSING_MODULE:
            return self._module(failure.subject, failure.place.path, self._wanted(failure))
        if failure.cause is Cause.ENTRY_NOT_FOUND:
            if failure.detail == "attribute":
                return self._name(failure.subject, failure.source, failure.place.path)
            return self._script(failure) if failure.subject.endswith(".py") else self._module(failure.subject, "", ())
        return ""

    # --- names --------------------------------------------------------------------------------------------------
    def _name(self, name: str, source: str, importer: str) -> str:
        if name.startswith("__"):
            return ""
        path = self._paths.get(source, "")
        bound = sorted(self._bound(path))[:_MOST_NAMES]
        for known in bound:
            if known.casefold() == name.casefold():
                return f"did you mean {known!r}?"
        elsewhere = self._named(other for other in self._defining(name) if self._may_mean(other, importer, path))
        if 0 < len(elsewhere) <= _MOST_CANDIDATES:
            return f"{name!r} is defined in {_any_of(elsewhere)}"
        close = most_like(name, bound, _LIKE_A_NAME)
        return f"did you mean {close!r}?" if close else ""

    # --- modules ------------------------------------------------------------------------------------------------
    def _module(self, dotted: str, importer: str, wanted: Sequence[str]) -> str:
        tail = dotted.replace(".", "/")
        for old, new in self.renamed.items():
            if f"/{old}".endswith((f"/{tail}.py", f"/{tail}/__init__.py")) and new in self.facts:
                return f"it was renamed to {self.name_of(new)!r}"
        if wanted:
            holders = set.intersection(*(set(self._defining(name)) for name in wanted))
            found = self._named(path for path in holders if self._may_mean(path, importer))
            if len(found) == 1:
                return f"{_listed(wanted)} {'is' if len(wanted) == 1 else 'are'} defined in {found[0]!r}"
        stem = dotted.rpartition(".")[2]
        same = self._named(path for path in self._stems.get(stem, ()) if self._may_mean(path, importer))
        same = [name for name in same if name != dotted]
        if 0 < len(same) <= _MOST_CANDIDATES:
            return f"did you mean {_any_of(same, 'or')}?"
        close = self._sibling(dotted)
        if close and most_like(stem, [close.rpartition(".")[2]], _LIKE_A_MODULE):
            return f"did you mean {close!r}?"
        return ""

    def _script(self, failure: Failure) -> str:
        name = failure.subject.rpartition("/")[2]
        same = sorted(path for path in self.facts if path.rpartition("/")[2] == name)
        return f"did you mean {_any_of(same, 'or')}?" if 0 < len(same) <= _MOST_CANDIDATES else ""

    def _wanted(self, failure: Failure) -> tuple[str, ...]:
        """What the failing statement takes from the module, where that stands at a top level."""
        facts = self.facts.get(failure.place.path)
        if facts is None or facts.module is None:
            return ()
        for node in statements(facts.module.body):
            if isinstance(node, ev.FromImport) and node.line == failure.place.line:
                last = failure.subject.rpartition(".")[2]
                # `from pkg import gone` lacks a module of that name; `from pkg.gone import x` wants x of it.
                names = tuple(name for name, _, _, _ in node.names if name != "*")
                return names if node.module.rpartition(".")[2] == last else ()
        return ()

    def _may_mean(self, path: str, importer: str, source: str = "") -> bool:
        """Not the importing file itself, and what tests and examples define is meant by their like only."""
        return path not in (importer, source) and (not is_incidental(path) or is_incidental(importer))

    def _defining(self, name: str) -> list[str]:
        """The files that define a name, rather than import it."""
        return [path for files in self._definers.get(name, ()) for path in files]

    def _named(self, paths: Iterator[str]) -> list[str]:
        return sorted({name for path in paths if (name := self.name_of(path))})

    # --- made when first asked ----------------------------------------------------------------------------------
    @cached_property
    def _paths(self) -> Mapping[str, str]:
        paths = {name: path for path, name in self._names_of_paths.items()}
        for outcome in self.outcomes:
            paths.update(outcome.loaded)
        return paths

    @cached_property
    def _names_of_paths(self) -> Mapping[str, str]:
        named = {path: self.name_of(path) for path, facts in self.facts.items() if facts.python}
        return {path: name for path, name in named.items() if name}

    @cached_property
    def _siblings(self) -> Mapping[str, Sequence[str]]:
        """Package → its modules, in order."""
        siblings: dict[str, list[str]] = {}
        for name in sorted(set(self._names_of_paths.values())):
            siblings.setdefault(name.rpartition(".")[0], []).append(name)
        return siblings

    @cached_property
    def _sibling(self) -> Callable[[str], str]:
        """The module that a dotted name is like, of those in its package; one is asked for in many files."""

        def sibling(dotted: str) -> str:
            siblings = self._siblings.get(dotted.rpartition(".")[0], ())
            return most_like(dotted, siblings[:_MOST_NAMES], _LIKE_A_MODULE)

        return cache(sibling)

    @cached_property
    def _stems(self) -> Mapping[str, Sequence[str]]:
        stems: dict[str, list[str]] = {}
        for path, name in self._names_of_paths.items():
            stems.setdefault(name.rpartition(".")[2], []).append(path)
        return stems

    @cached_property
    def _definers(self) -> Mapping[str, Sequence[Sequence[str]]]:
        """Name → the modules that define it, rather than import it, each as its files: copies have one module."""
        definers: dict[str, list[list[str]]] = {}

        def told(module: Module) -> list[str]:
            """The files of a module, to be filled; their list stands under each name that it defines."""
            files: list[str] = []
            for name in module.defined:
                definers.setdefault(name, []).append(files)
            return files

        files_of = once_a_module(told)
        for path, facts in self.facts.items():
            if facts.module is not None:
                files_of(facts.module).append(path)
        return definers

    def _bound(self, path: str) -> frozenset[str]:
        facts = self.facts.get(path)
        return static_names(facts.module) if facts is not None and facts.module is not None else frozenset()


def _listed(names: Sequence[str]) -> str:
    return _any_of(names) if len(names) <= _MOST_CANDIDATES else f"all {len(names)} names"


def _any_of(names: Sequence[str], word: str = "and") -> str:
    shown = [repr(name) for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"
