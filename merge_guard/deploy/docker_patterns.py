"""Docker's path patterns: those of `.dockerignore` (moby/patternmatcher) and of `COPY` (Go's filepath.Match).

No pattern makes a match slow: those with many wildcards are run as a set of states instead of as a regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, takewhile
from typing import Union

_LONGEST = 1_000
_FEW = 2
"""Wildcards with which a regular expression is still fast."""

Test = Callable[[str], bool]
Item = Union[str, tuple[str, ...]]
"""A character, a wildcard, or a class: "in" or "not" and its ranges, each one or two characters."""


@dataclass(frozen=True, slots=True)
class Clue:
    """What is so of every path that a pattern fits: it or its last name is, begins or ends with a text, or has it.

    `how` is "path", "start", "end", "name", "name start" or "part"; a clue without text says nothing.
    """

    how: str = "end"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern of `.dockerignore`; what its clue rules out need not be tested."""

    test: Test
    clue: Clue


_ANYTHING, _IN_NAME, _ANY_DEPTH = "anything", "in name", "any depth"


def compile_ignore(pattern: str) -> Compiled | None:
    """A cleaned pattern of `.dockerignore`; None for one that fits nothing.

    Source: moby/patternmatcher, `Pattern.compile`: without a wildcard inside, `**/x` is a test of the path's end and
    `x/**` one of its start.
    """
    if len(pattern) > _LONGEST:
        return None
    items: list[Item] = []
    at = 0
    kind = "exact"
    while at < len(pattern):
        start, character = at, pattern[at]
        at += 1
        if pattern.startswith("**", start):
            at += 1
            at += pattern.startswith("/", at)
            if at < len(pattern):
                items.append((_ANY_DEPTH,))
                kind = "regexp"
            elif kind == "exact":
                kind = "prefix"
            else:
                items.append((_ANYTHING,))
                kind = "regexp"
            if start == 0:
                kind = "suffix"
            continue
        if character == "*":
            items.append((_IN_NAME,))
        elif character == "?":
            items.append(("not", "/"))
        elif character == "\\" and at < len(pattern):
            if pattern[at].isalnum():
                return None  # in Go's regular expressions a letter behind a backslash is something else
            items.append(pattern[at])
            at += 1
        elif character == "[":
            bracket = _bracket(pattern, at)
            if bracket is None:
                return None
            item, at = bracket
            items.append(item)
        else:
            items.append(character)
            continue
        kind = "regexp"
    return _compiled(kind, pattern, items)


def _compiled(kind: str, pattern: str, items: list[Item]) -> Compiled:
    if kind == "exact":
        return Compiled(pattern.__eq__, Clue("path", pattern))
    if kind == "prefix":
        start = pattern[:-2]
        return Compiled(lambda path: path.startswith(start), Clue("start", start))
    if kind == "suffix":
        end = pattern[2:]
        if end.startswith("/"):
            name = end[1:]
            clue = Clue("end", name) if "/" in name else Clue("name", name)
            return Compiled(lambda path: path.endswith(end) or path == name, clue)
        return Compiled(lambda path: path.endswith(end), Clue("end", end))
    return Compiled(_matcher(items), _clue(items))


def _clue(items: list[Item]) -> Clue:
    end = _literal(reversed(items))[::-1]
    if items[0] == (_ANY_DEPTH,) and all(_is_in_name(item) for item in items[1:]):
        how, start = "name start", _literal(items[1:])
    else:
        how, start = "start", _literal(items)
    if start or end:
        return Clue(how, start) if start else Clue("end", end)
    plain = groupby(items, lambda item: isinstance(item, str))
    return Clue("part", max((_literal(run) for is_plain, run in plain if is_plain), key=len, default=""))


def _literal(items: Iterable[Item]) -> str:
    return "".join(item for item in takewhile(lambda item: isinstance(item, str), items) if isinstance(item, str))


def _is_in_name(item: Item) -> bool:
    """Whether what the item takes has no slash."""
    return item != "/" if isinstance(item, str) else item in ((_IN_NAME,), ("not", "/"))


@lru_cache(maxsize=1_000)
def go_match(pattern: str) -> Test | None:
    """Go's `filepath.Match` for a whole path; None for a pattern that is malformed."""
    if len(pattern) > _LONGEST:
        return None
    items: list[Item] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            if not items or items[-1] != (_IN_NAME,):
                items.append((_IN_NAME,))
        elif character == "?":
            items.append(("not", "/"))
        elif character == "\\":
            if at == len(pattern):
                return None
            items.append(pattern[at])
            at += 1
        elif character == "[":
            bracket = _bracket(pattern, at)
            if bracket is None:
                return None
            item, at = bracket
            items.append(item)
        else:
            items.append(character)
    return _matcher(items)


def has_wildcard(path: str) -> bool:
    return any(character in path for character in "*?[\\")


def _bracket(pattern: str, at: int) -> tuple[tuple[str, ...], int] | None:
    """A class of characters; `at` is behind its `[`."""
    negated = pattern.startswith("^", at)
    at += negated
    taken: list[str] = []
    while True:
        if at >= len(pattern):
            return None
        character = pattern[at]
        if character == "]" and taken:
            return ("not" if negated else "in", *taken), at + 1
        low, at = _member(pattern, at)
        if low is None:
            return None
        high: str | None = low
        if pattern.startswith("-", at) and not pattern.startswith("-]", at):
            high, at = _member(pattern, at + 1)
            if high is None:
                return None
        taken.append(f"{low}{high}")


def _member(pattern: str, at: int) -> tuple[str | None, int]:
    if pattern.startswith(("-", "]"), at):
        return None, at
    if pattern.startswith("\\", at):
        at += 1
    return (pattern[at], at + 1) if at < len(pattern) else (None, at)


def _takes(item: tuple[str, ...], character: str) -> bool:
    inside = any(pair[0] <= character <= pair[-1] for pair in item[1:])
    return inside if item[0] == "in" else not inside


def _matcher(items: list[Item]) -> Test:
    wildcards = sum(isinstance(item, tuple) and item[0] in (_ANYTHING, _IN_NAME, _ANY_DEPTH) for item in items)
    if wildcards <= _FEW:
        expression = re.compile("".join(map(_expression, items)), re.DOTALL)
        return lambda path: expression.fullmatch(path) is not None
    return _States(items).fits


def _expression(item: Item) -> str:
    if isinstance(item, str):
        return re.escape(item)
    if item[0] == _ANYTHING:
        return ".*"
    if item[0] == _IN_NAME:
        return "[^/]*"
    if item[0] == _ANY_DEPTH:
        return "(?:.*/)?"
    members = "".join(f"{re.escape(pair[0])}-{re.escape(pair[-1])}" for pair in item[1:])
    return f"[{'^' if item[0] == 'not' else ''}{members}]"


class _States:
    """All states of a match at once, one bit for each: time grows with the path's length, whatever the pattern.

    Bit n of `reached` says that n items that take a character have been met, bit n of `deep` that the any-depth
    wildcard before item n has begun.
    """

    def __init__(self, items: list[Item]) -> None:
        self._items = [item for item in items if isinstance(item, str) or item[0] in ("in", "not")]
        self._in_name = self._anything = self._any_depth = 0
        place = 0
        for item in items:
            if isinstance(item, str) or item[0] in ("in", "not"):
                place += 1
            elif item[0] == _IN_NAME:
                self._in_name |= 1 << place
            elif item[0] == _ANYTHING:
                self._anything |= 1 << place
            else:
                self._any_depth |= 1 << place
        self._taking = lru_cache(maxsize=1_000)(self._items_that_take)

    def _items_that_take(self, character: str) -> int:
        mask = 0
        for place, item in enumerate(self._items):
            if item == character if isinstance(item, str) else _takes(item, character):
                mask |= 1 << place
        return mask

    def fits(self, path: str) -> bool:
        reached = 1
        deep = reached & self._any_depth
        for character in path:
            following = (reached & self._taking(character)) << 1 | reached & self._anything
            if character == "/":
                following |= deep
            else:
                following |= reached & self._in_name
            reached = following
            deep |= reached & self._any_depth
            if not reached and not deep:
                return False
        return bool(reached >> len(self._items) & 1)
