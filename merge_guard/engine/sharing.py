"""Start-ups that cannot differ are simulated once: images of one repository often hold the same files.

A run notes what it asks of its tree, of facts and of bodies, with the answers. Where another start-up of the same
module, under the same terms, would get the same answers to all of these, it comes to the same end. Why a file does not
ship may be said in other words: nothing in a run depends on these.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from merge_guard.engine.kept_runs import Answers, Asked, KeptRuns, Name, Question
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Hop, Place
from merge_guard.model.outcome import Cause, EntryPoint, Failure, Outcome
from merge_guard.model.source import FileKind, SourceFile
from merge_guard.startup.frames import Bodies, Terms
from merge_guard.startup.resolve import Found, SourceTree
from merge_guard.startup.simulate import Facts, simulate

FunctionBodies = Callable[[str], Bodies]


class AskedTree(SourceTree):
    """A tree that notes in `answers` what it is asked."""

    def __init__(self, tree: SourceTree) -> None:
        super().__init__(())
        self._tree = tree
        self.answers: dict[Question, object] = {}

    def _find(self, search: tuple[str, ...], name: str) -> Found | None:
        found = self.answers["find", (search, name)] = self._tree.find(search, name)
        return found

    def _has_top_level(self, name: str) -> bool:
        found = self.answers["has_top_level", (name,)] = self._tree.has_top_level(name)
        return found

    def may_be_installed(self, name: str) -> bool:
        answer = self.answers["may_be_installed", (name,)] = self._tree.may_be_installed(name)
        return answer

    def withheld_file(self, path: str) -> str:
        reason = self.answers["withheld_file", (path,)] = self._tree.withheld_file(path)
        return reason

    def is_directory(self, path: str) -> bool:
        answer = self.answers["is_directory", (path,)] = self._tree.is_directory(path)
        return answer

    def file(self, path: str) -> SourceFile | None:
        file = self._tree.file(path)
        self.answers["file", (path,)] = _kind(file)
        return file

    def names(self, directory: str) -> Iterable[str]:
        names = self.answers["names", (directory,)] = tuple(self._tree.names(directory))
        return names

    def candidates(self, directory: str, name: str) -> Iterator[Found]:
        found = self.answers["candidates", (directory, name)] = tuple(self._tree.candidates(directory, name))
        return iter(found)

    def submodules(self, search: tuple[str, ...]) -> set[str]:
        names = self.answers["submodules", (search,)] = self._tree.submodules(search)
        return names


@dataclass(frozen=True, slots=True)
class Setting:
    """All that one simulation is made from."""

    entry: EntryPoint
    tree: SourceTree
    terms: Terms
    facts: Facts
    bodies: FunctionBodies
    name: Name = lambda path: ""
    """What the bytes of a file are called."""

    def answers(self) -> Answers:
        return Answers(self.facts, self.name, partial(_ask, self.tree), self.terms.provided)


@dataclass(frozen=True, slots=True)
class _Run:
    """A simulation that was made, with the answers that it got."""

    entry: EntryPoint
    terms: Terms
    outcome: Outcome
    answers: Mapping[Question, object]
    facts: Mapping[str, FileFacts | None]
    bodies: Mapping[str, Bodies]

    def outcome_for(self, setting: Setting) -> Outcome | None:
        """The outcome of a start-up in another setting, None where it may be another one."""
        if kind_of(self.entry, self.terms) != kind_of(setting.entry, setting.terms):
            return None
        if any(setting.facts(path) is not known for path, known in self.facts.items()):
            return None
        if not all(_are_the_same(setting.bodies(path), known) for path, known in self.bodies.items()):
            return None
        reasons: dict[str, str] = {}
        for question, known in self.answers.items():
            answer = _ask(setting.tree, question)
            if answer != known and not _differ_in_reason(known, answer, reasons):
                return None
        return _declared_as(self.outcome, setting.entry, reasons)


@dataclass(slots=True)
class Simulations:
    """Outcomes, each simulated once for all start-ups that come to it."""

    kept: KeptRuns | None = None
    made: int = 0
    _runs: list[_Run] = field(default_factory=list)
    _effects: dict[int, Any] = field(default_factory=dict)

    def outcome(self, setting: Setting) -> Outcome:
        for run in self._runs:
            outcome = run.outcome_for(setting)
            if outcome is not None:
                return outcome
        if self.kept is not None:
            outcome = self.kept.find(setting.entry, setting.terms, setting.answers())
            if outcome is not None:
                return outcome
        facts: dict[str, FileFacts | None] = {}
        bodies: dict[str, Bodies] = {}

        def noted_facts(path: str) -> FileFacts | None:
            found = facts[path] = setting.facts(path)
            return found

        def noted_bodies(path: str) -> Bodies:
            found = bodies[path] = setting.bodies(path)
            return found

        modules: set[str] = set()

        def noted_provided(module: str) -> bool | None:
            modules.add(module)
            return setting.terms.provided(module)

        asked = AskedTree(setting.tree)
        terms = replace(setting.terms, provided=noted_provided)
        outcome = simulate(setting.entry, asked, terms, noted_facts, noted_bodies, self._effects)
        self.made += 1
        self._runs.append(_Run(setting.entry, setting.terms, outcome, asked.answers, facts, bodies))
        if self.kept is not None:
            noted = Asked(tuple(facts), tuple(bodies), tuple(asked.answers), tuple(sorted(modules)))
            self.kept.keep(setting.entry, setting.terms, setting.answers(), noted, outcome)
        return outcome


def kind_of(entry: EntryPoint, terms: Terms) -> Hashable:
    """What is equal for start-ups that are the same in equal trees: all but where they are declared."""
    place = entry.place
    if place is not None and not place.path.endswith(".py"):
        place = Place("")
    return replace(entry, name="", origin="", service="", declared=True, place=place), terms


def _ask(tree: SourceTree, question: Question) -> object:
    method, arguments = question
    answer = getattr(tree, method)(*arguments)
    if method == "file":
        return _kind(answer)
    return tuple(answer) if method in ("names", "candidates") else answer


def _kind(file: SourceFile | None) -> FileKind | None:
    return None if file is None else file.kind


def _are_the_same(one: Bodies, other: Bodies) -> bool:
    return one is other or (not one and not other)


def _differ_in_reason(known: object, answer: object, reasons: dict[str, str]) -> bool:
    """Whether all that differs is why a file does not ship, and one reason always stands for the same other one."""
    if not (isinstance(known, Found) and isinstance(answer, Found) and known.withheld and answer.withheld):
        return False
    same = replace(answer, withheld=known.withheld) == known
    return same and reasons.setdefault(known.withheld, answer.withheld) == answer.withheld


def _declared_as(outcome: Outcome, entry: EntryPoint, reasons: Mapping[str, str]) -> Outcome:
    """The outcome for a start-up that is declared elsewhere."""
    old, new = outcome.entry.place, entry.place
    if old == new and not reasons:
        return replace(outcome, entry=entry)

    def situated(place: Place) -> Place:
        return new if place == old and new is not None else place

    def told(failure: Failure) -> Failure:
        is_reason = failure.cause is Cause.NOT_SHIPPED
        return replace(
            failure,
            place=situated(failure.place),
            importer=situated(failure.importer) if failure.importer else None,
            detail=reasons.get(failure.detail, failure.detail) if is_reason else failure.detail,
            chain=tuple(_hop(hop, old, new) for hop in failure.chain),
        )

    return replace(
        outcome,
        entry=entry,
        failures=tuple(map(told, outcome.failures)),
        remarks=tuple(map(told, outcome.remarks)),
    )


def _hop(hop: Hop, old: Place | None, new: Place | None) -> Hop:
    if old is None or new is None or (hop.path, hop.line) != (old.path, old.line):
        return hop
    return replace(hop, path=new.path, line=new.line)
