r"""Which classes may be copies of each other, told from their text alone: quick, and never by comparing all pairs.

A method's sketch is its text without comments, docstring, white space, quotes and brackets. Copies have equal sketches
but for their annotations; what has equal sketches is compared properly afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, islice, pairwise
from operator import eq
from typing import NamedTuple

from merge_guard.model import events as ev
from merge_guard.ssot.classes import FoundClass

FEWEST_METHODS = 3
_HEAD_END = re.compile(rb"\)\s*(?:->[^\n]*?)?:[ \t]*(?:#[^\n]*)?\r?\n|\)\s*(?:->[^\n]*?)?:")
_DOCSTRING = re.compile(
    rb"""\s*[rRuU]?(?:"{3}.*?"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')[ \t]*(?:#[^\n]*)?(?=\r?\n)""", re.DOTALL
)
_LONGEST_HEAD = 4_000
_COMMENT = re.compile(rb"#[^\n]*")
_NOISE = b" \t\r\n\\()'\","
_SHORTEST = 24
"""Bytes of a sketch that says anything: `return self._name` is in every second class."""
_MOST_TOGETHER = 40
"""Classes with one sketch, or one method, that are compared with each other; of more only neighbours are paired."""


class Sketch(NamedTuple):
    """A class with the sketches of its methods; equal numbers mean equal sketches."""

    found: FoundClass
    methods: tuple[tuple[str, int, bool], ...]
    """(name, sketch, whether it is long enough to tell)."""


def methods_of(found: FoundClass) -> list[ev.FunctionDef]:
    return [item for item in found.node.body if isinstance(item, ev.FunctionDef)] if found.node else []


def worth_reading(classes: Iterable[FoundClass]) -> list[FoundClass]:
    """Classes that have as many methods in common with one other class, by name and parameters, as make a copy.

    What many classes have counts as common with any of them.
    """
    wanted: list[tuple[FoundClass, list[list[int]]]] = []
    having: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for found in classes:
        methods = methods_of(found)
        if len(methods) >= FEWEST_METHODS:
            alike = [having[shape] for shape in {_shape(method) for method in methods}]
            for others in alike:
                others.append(len(wanted))
            wanted.append((found, alike))
    return [found for index, (found, alike) in enumerate(wanted) if _has_partner(index, alike)]


def _has_partner(index: int, having: Sequence[Sequence[int]]) -> bool:
    """`having` are the classes that have each of the methods of the class with this index, which is one of them."""
    missing = FEWEST_METHODS - sum(len(alike) > _MOST_TOGETHER for alike in having)
    rare = [alike for alike in having if 1 < len(alike) <= _MOST_TOGETHER]
    if missing <= 0 or len(rare) < missing:
        return missing <= 0
    others = sorted(chain.from_iterable(rare))
    own = bisect_left(others, index)
    del others[own : own + len(rare)]
    return any(map(eq, others, islice(others, missing - 1, None)))


def _shape(method: ev.FunctionDef) -> tuple[object, ...]:
    return method.name, method.is_async, *[parameter.name for parameter in method.parameters]


def sketched(classes: Iterable[FoundClass], read: Callable[[str], bytes]) -> Iterator[Sketch]:
    path, lines = "", []
    for found in classes:
        if found.path != path:
            path, lines = found.path, read(found.path).split(b"\n")
        methods = []
        for method in methods_of(found):
            text = _normal(b"\n".join(lines[method.line - 1 : method.end_line]))
            methods.append((method.name, hash(text), len(text) >= _SHORTEST))
        yield Sketch(found, tuple(methods))


def _normal(text: bytes) -> bytes:
    head = _HEAD_END.search(text, 0, _LONGEST_HEAD)
    body = text[head.end() :] if head else text
    docstring = _DOCSTRING.match(body)
    if docstring:
        body = body[docstring.end() :]
    if b"#" in body:
        body = _COMMENT.sub(b"", body)
    return body.translate(None, _NOISE)


def likely_pairs(sketches: Sequence[Sketch]) -> list[tuple[int, int]]:
    """Indices of classes that are worth a comparison: equal in every method, or in at least two that tell."""
    whole: dict[object, list[int]] = defaultdict(list)
    telling: dict[int, list[int]] = defaultdict(list)
    for index, sketch in enumerate(sketches):
        whole[tuple(sorted(method[:2] for method in sketch.methods))].append(index)
        for number in {number for _, number, tells in sketch.methods if tells}:
            telling[number].append(index)
    pairs = {pair for alike in whole.values() for pair in pairwise(alike)}
    shared: Counter[tuple[int, int]] = Counter()
    for alike in telling.values():
        if len(alike) > 1:
            shared.update(combinations(alike, 2) if len(alike) <= _MOST_TOGETHER else pairwise(alike))
    pairs.update(pair for pair, count in shared.items() if count > 1)
    return sorted(pairs)
