"""Which modules a start-up depends on, and how much hangs on each, for all modules of one import graph at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from merge_guard.engine.blast import ImportGraph, passed_on
from merge_guard.model.outcome import Outcome
from merge_guard.startup.edges import ENTRY

State = tuple[str, int]
"""A path whose import fails, and the number of the exception."""


def stopped_by_each(graph: ImportGraph, paths: Sequence[str], exception: int = 0) -> dict[str, tuple[int, bool]]:
    """For each path: how many paths cannot be imported if it raises, itself included, and whether the entry point too.

    One pass over the strongly connected components (Tarjan 1972) instead of a search from each path.
    """
    numbers = {path: number for number, path in enumerate(paths)}
    reached: dict[State, int] = {}
    for component in _components([(path, exception) for path in paths], graph):
        members = 0
        for state in component:
            members |= _bit(numbers, state[0])
            for after in _after(graph, state):
                members |= reached.get(after, 0)
        for state in component:
            reached[state] = members
    entry = 1 << len(paths)
    found = {path: reached[path, exception] for path in paths}
    return {path: ((bits & ~entry).bit_count(), bool(bits & entry)) for path, bits in found.items()}


def _bit(numbers: Mapping[str, int], path: str) -> int:
    return 1 << numbers.get(path, len(numbers))


def _after(graph: ImportGraph, state: State) -> Iterable[State]:
    path, exception = state
    for importer, passage in graph.importers.get(path, {}).items():
        for number in passed_on(exception, passage):
            yield importer, number


def _components(starts: Sequence[State], graph: ImportGraph) -> Iterable[list[State]]:
    """Each after all that can be reached from it; without recursion."""
    order: dict[State, int] = {}
    low: dict[State, int] = {}
    stack: list[State] = []
    standing: dict[State, int] = {}
    for start in starts:
        if start in order:
            continue
        work = [(start, iter(_after(graph, start)))]
        order[start] = low[start] = len(order)
        standing[start] = len(stack)
        stack.append(start)
        while work:
            state, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    below = work[-1][0]
                    low[below] = min(low[below], low[state])
                if low[state] == order[state]:
                    component = stack[standing[state] :]
                    del stack[standing[state] :]
                    for member in component:
                        del standing[member]
                    yield component
            elif following not in order:
                order[following] = low[following] = len(order)
                standing[following] = len(stack)
                stack.append(following)
                work.append((following, iter(_after(graph, following))))
            elif following in standing:
                low[state] = min(low[state], order[following])


def immediate_dominators(outcome: Outcome) -> dict[str, str]:
    """Path → the last path through which every way from the entry point leads to it (Cooper, Harvey, Kennedy 2001).

    Guarded imports are ways too; modules that load on some paths only are not in it.
    """
    successors = _successors(outcome)
    order = _postorder(successors)
    number = {path: position for position, path in enumerate(order)}
    predecessors: dict[str, list[str]] = {}
    for path in order:
        for after in successors.get(path, ()):
            predecessors.setdefault(after, []).append(path)
    dominator = {ENTRY: ENTRY}
    changed = True
    while changed:
        changed = False
        for path in reversed(order):
            if path == ENTRY:
                continue
            known = [before for before in predecessors[path] if before in dominator]
            best = known[0]
            for other in known[1:]:
                while best != other:
                    while number[best] < number[other]:
                        best = dominator[best]
                    while number[other] < number[best]:
                        other = dominator[other]
            if dominator.get(path) != best:
                dominator[path] = best
                changed = True
    del dominator[ENTRY]
    return dominator


def _successors(outcome: Outcome) -> dict[str, list[str]]:
    successors = {path: list(imported) for path, imported in outcome.edges.items()}
    for name, path in outcome.loaded.items():
        package = outcome.loaded.get(name.rpartition(".")[0])
        if package is not None and package != path:
            successors.setdefault(path, []).append(package)
    return successors


def _postorder(successors: Mapping[str, Sequence[str]]) -> list[str]:
    order: list[str] = []
    seen = {ENTRY}
    work = [(ENTRY, iter(successors.get(ENTRY, ())))]
    while work:
        path, rest = work[-1]
        after = next((found for found in rest if found not in seen), None)
        if after is None:
            work.pop()
            order.append(path)
        else:
            seen.add(after)
            work.append((after, iter(successors.get(after, ()))))
    return order


def carried_by_each(dominator: Mapping[str, str]) -> dict[str, list[str]]:
    """Path → all that it dominates, itself left out."""
    carried: dict[str, list[str]] = {}
    for path in dominator:
        above = dominator[path]
        while above != ENTRY:
            carried.setdefault(above, []).append(path)
            above = dominator[above]
    return carried
