"""Whether two files say the same on other lines: what an edit leaves of all that it does not touch."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from msgspec import Struct

from merge_guard.model.events import FromImport
from merge_guard.model.facts import FileFacts
from merge_guard.model.module import Module

_LINES = frozenset({"line", "end_line"})
_INSIDE = {(FromImport, "names"): 2, (Module, "lazy_imports"): 3, (Module, "inner_classes"): 1}
"""Where lines stand in tuples, by the field that holds these."""


def moved(old: FileFacts, new: FileFacts) -> bool:
    """Whether the facts are equal but for their lines, which are in the same order.

    Nothing that start-up does, and no rule, asks how far two lines are from each other; conflicts and what cannot be
    parsed are not compared at all.
    """
    if any((facts.conflicts, facts.strays, facts.edits, facts.problem, facts.sides) != ((), (), (), None, ())
           for facts in (old, new)):  # fmt: skip
        return False
    lines: dict[int, int] = {}
    return _same(old, new, lines) and all(lines[a] < lines[b] for a, b in pairwise(sorted(lines)))


def _same(old: Any, new: Any, lines: dict[int, int]) -> bool:
    waiting = [(old, new)]
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other):
            return False
        if isinstance(one, Struct):
            for name in one.__struct_fields__:
                here, there = getattr(one, name), getattr(other, name)
                if isinstance(one, Module) and name == "events":
                    waiting.append((one.body, getattr(other, "body", None)))
                elif name in _LINES:
                    if lines.setdefault(here, there) != there:
                        return False
                elif (at := _INSIDE.get((type(one), name))) is not None:
                    if len(here) != len(there):
                        return False
                    for mine, yours in zip(here, there):
                        if (*mine[:at], *mine[at + 1 :]) != (*yours[:at], *yours[at + 1 :]):
                            return False
                        if lines.setdefault(mine[at], yours[at]) != yours[at]:
                            return False
                else:
                    waiting.append((here, there))
        elif isinstance(one, tuple):
            if len(one) != len(other):
                return False
            waiting += zip(one, other)
        elif one != other or repr(one) != repr(other):
            return False
    return True
