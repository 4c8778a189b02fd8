"""Why a canonical cannot be what the configuration says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from merge_guard.contracts.definitions import ClassSymbol, FunctionSymbol, Missing, ModuleSymbol, Symbol
from merge_guard.model.config import Group
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.ssot import Problem
from merge_guard.ssot.classes import classes_of
from merge_guard.ssot.seconds import single_names


def canonical_problems(
    group: Group,
    groups: Sequence[Group],
    symbols: Sequence[Symbol],
    facts: Callable[[str], FileFacts | None],
    stated: Place,
) -> Iterator[Problem]:
    """`symbols` are what the canonical of `group` leads to; `stated` is where the configuration names it."""
    text = group.canonical
    classes = {symbol.place: symbol for symbol in symbols if isinstance(symbol, ClassSymbol)}
    for symbol in symbols:
        if isinstance(symbol, Missing):
            yield Problem(f"canonical {text} does not exist: {symbol.what}", symbol.place or stated)
        elif isinstance(symbol, ModuleSymbol):
            problem = f"{symbol.path} does not parse: {symbol.problem}" if symbol.problem else "it is a module"
            yield Problem(f"canonical {text} cannot be found: {problem}", symbol.place if symbol.path else stated)
        elif isinstance(symbol, FunctionSymbol):
            yield Problem(f"canonical {text} is a function, not a class", symbol.place)
    if len(classes) > 1:
        others = tuple((place, "one of them") for place in classes)
        yield Problem(f"canonical {text} is {len(classes)} classes, by branch", next(iter(classes)), others)
    for cls in classes.values():
        found = facts(cls.module.path)
        if found is not None and found.sides:
            what = f"canonical {text} stands in a file with an unresolved conflict"
            line = found.conflicts[0].start if found.conflicts else 1
            yield Problem(what, Place(cls.module.path, line), tuple(_classes(cls.module.path, found)))
    for other in groups:
        if other.canonical not in (None, text) and other.name > group.name:
            for name in sorted(set(single_names(group)) & set(single_names(other)))[:1]:
                both = f"{text} and {other.canonical}"
                yield Problem(f"groups {group.name} and {other.name} disagree on {name}: {both}", stated)


def unread_problem(path: str, facts: FileFacts) -> Problem:
    """A file of a group that cannot be read as it stands is never skipped."""
    if facts.conflicts:
        what = f"{path} holds a class of the group and an unresolved conflict"
        return Problem(what, Place(path, facts.conflicts[0].start), tuple(_classes(path, facts)))
    problem = facts.problem
    message, line = (problem.message, problem.line) if problem else ("", 1)
    return Problem(f"{path} seems to define a class of the group and cannot be read: {message}", Place(path, line))


def _classes(path: str, facts: FileFacts) -> Iterator[tuple[Place, str]]:
    for cls in classes_of(path, facts):
        side = f" of {cls.side}" if cls.side else " of both sides"
        yield Place(path, cls.line), f"class {cls.qualname}{side}"
