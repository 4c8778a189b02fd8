"""Classes that are copies of others, or nearly: pairs from an index, compared by their definitions."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from merge_guard.model.definitions import CLASS, ClassReader, Definition, Definitions
from merge_guard.model.ssot import Inventory, Likeness, Member, Role
from merge_guard.ssot.classes import FoundClass
from merge_guard.ssot.sketches import likely_pairs, methods_of, sketched

_JACCARD = 0.8
_FEWEST_SHARED = 4
_FEWEST_METHODS = 3
_FEWEST_LONG = 3
_LONG = 5
"""Statements of a body that does not come about twice by chance."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A class as it is compared. `methods` maps a name to what it does; `long` are the bodies of some length."""

    bases: tuple[str, ...]
    body: str
    methods: Mapping[str, tuple[object, ...]]
    long: frozenset[tuple[object, ...]]


def shape_of(definitions: Definitions | None, line: int) -> Shape | None:
    """The class that begins at a line."""
    items = definitions.items if definitions is not None else ()
    cls = next((item for item in items if item.kind == CLASS and item.line == line), None)
    if cls is None:
        return None
    scope = (*cls.scope, cls.name)
    own = [
        item
        for item in items
        if item.scope == scope and item.kind != CLASS and cls.first_line <= item.line <= cls.end_line
    ]
    bases = tuple(sorted(base.partition("[")[0].rpartition(".")[2] for base in cls.bases))
    return Shape(
        bases,
        cls.body,
        {item.name: _deed(item) for item in own},
        frozenset(_deed(item) for item in own if item.statements >= _LONG),
    )


def _deed(item: Definition) -> tuple[object, ...]:
    return item.kind, tuple((p.name, p.kind) for p in item.parameters), item.body


def in_groups(
    inventories: Iterable[Inventory],
    classes: Mapping[tuple[str, int], FoundClass],
    read: Callable[[str], bytes],
    definitions: ClassReader,
) -> Iterator[Likeness]:
    """Copies among the classes of one group that have no exemption and are not reported as second ones.

    `classes` are those of the members, by file and line.
    """
    for found in inventories:
        reported = {item.other.symbol for item in found.ambiguities}
        members = [m for m in found.members if m.counts and m.symbol not in reported and not m.side]
        members = [m for m in members if m.role is not Role.SECOND and (m.place.path, m.place.line) in classes]
        own = [classes[member.place.path, member.place.line] for member in members]
        names = {index: frozenset(method.name for method in methods_of(cls)) for index, cls in enumerate(own)}
        pairs = sorted({*_similar(names), *likely_pairs(list(sketched(own, read)))})
        yield from _families(members, _shapes(members, pairs, definitions), pairs, found.group.name, in_group=True)


def among(members: Sequence[Member], pairs: Sequence[tuple[int, int]], definitions: ClassReader) -> Iterator[Likeness]:
    """Copies among likely pairs of any classes."""
    shapes = _shapes(members, pairs, definitions)
    bodies = {members[index].place: shape.body for index, shape in shapes.items()}
    for like in _families(members, shapes, pairs, "", in_group=False):
        yield replace(like, second=replace(like.second, body=bodies[like.second.place]))


def _shapes(members: Sequence[Member], pairs: Sequence[tuple[int, int]], definitions: ClassReader) -> dict[int, Shape]:
    concerned = sorted({index for pair in pairs for index in pair})
    spans: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for index in concerned:
        place = members[index].place
        spans[place.path].add((place.line, place.end_line or place.line))
    made = definitions({path: tuple(sorted(lines)) for path, lines in spans.items()})
    shapes = ((index, shape_of(made.get(members[index].place.path), members[index].place.line)) for index in concerned)
    return {index: shape for index, shape in shapes if shape is not None}


def _families(
    members: Sequence[Member],
    shapes: Mapping[int, Shape],
    pairs: Sequence[tuple[int, int]],
    group: str,
    *,
    in_group: bool,
) -> Iterator[Likeness]:
    """Each class that is like an earlier one once: as a clone if it is one, else with the one that it is most like."""
    best: dict[int, Likeness] = {}
    order = {index: rank for rank, index in enumerate(sorted(shapes, key=lambda i: _order(members[i])))}
    for pair in pairs:
        if pair[0] not in shapes or pair[1] not in shapes:
            continue
        one, other = sorted(pair, key=order.__getitem__)
        like = _compared(members[one], members[other], shapes[one], shapes[other], group, in_group)
        if like is not None and (other not in best or _closeness(like) > _closeness(best[other])):
            best[other] = like
    yield from best.values()


def _order(member: Member) -> tuple[object, ...]:
    return member.role is not Role.CANONICAL, member.place.path, member.place.line


def _closeness(like: Likeness) -> tuple[object, ...]:
    return like.is_clone, like.identical, like.methods


def _compared(one: Member, other: Member, first: Shape, second: Shape, group: str, in_group: bool) -> Likeness | None:
    shared = first.methods.keys() & second.methods.keys()
    identical = sum(first.methods[name] == second.methods[name] for name in shared)
    if first.bases == second.bases and first.body == second.body and len(first.methods) >= _FEWEST_METHODS:
        if one.place.path != other.place.path:
            return Likeness(one, other, True, len(shared), identical, group)
        return None
    union = len(first.methods.keys() | second.methods.keys())
    is_near = len(shared) >= _FEWEST_SHARED and len(shared) >= _JACCARD * union
    # Outside a group equal names are no evidence: classes of one interface have them all.
    if is_near and not in_group:
        is_near = identical * 2 >= len(shared) and len(first.long & second.long) > 0
    if is_near or len(first.long & second.long) >= _FEWEST_LONG:
        return Likeness(one, other, False, len(shared), identical, group)
    return None


def _similar(sets: Mapping[int, frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of sets with a Jaccard index of 0.8 or more: sets that are that alike share one of their rarest elements.

    Equal sets are compared once. Source: prefix filtering, in Chaudhuri, Ganti, Kaushik, "A primitive operator for
    similarity joins in data cleaning".
    """
    frequency: dict[str, int] = defaultdict(int)
    equal: dict[frozenset[str], list[int]] = defaultdict(list)
    for index, elements in sets.items():
        equal[elements].append(index)
        for element in elements:
            frequency[element] += 1
    for alike in equal.values():
        yield from itertools.pairwise(alike)
    waiting: dict[str, list[int]] = defaultdict(list)
    for elements, alike in equal.items():
        if len(elements) < _FEWEST_SHARED:
            continue
        rare = sorted(elements, key=lambda element: (frequency[element], element))
        seen: set[int] = set()
        for element in rare[: len(rare) - math.ceil(_JACCARD * len(rare)) + 1]:
            for other in waiting[element]:
                if other not in seen:
                    seen.add(other)
                    if len(elements & sets[other]) >= _JACCARD * len(elements | sets[other]):
                        yield other, alike[0]
            waiting[element].append(alike[0])
