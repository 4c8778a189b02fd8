"""Git's path patterns, as gitignore(5) and gitattributes(5) use them, matched in linear time.

Wildcards are matched greedily at two levels, characters in a name and names in a path, so that no pattern of a
hostile repository makes the match slow. Source: git's wildmatch.c and dir.c.

In git, though not in its manual, asterisks that do not fill a name pass over slashes if only plain text is before
them, because that text is compared apart: `foo**/bar` is `foobar` and `foo*/**/bar`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, Union

_Star = None
"""Any run of items, in a list of one-item tests."""

_ANY_DEPTH: list[frozenset[int] | None] = [_Star, _Star]
_SOME_DEPTH: list[frozenset[int] | None] = [_Star, _Star, _Star]
"""A name of a pattern that is `**`; before an escaped slash it does not stand for nothing."""

_T = TypeVar("_T")
_Tests = Sequence[Union[Callable[[_T], bool], None]]

_AFTER_TEXT = re.compile(rb"([^*?\[\\]*[^*?\[\\/])\*\*+(\\?/.*)?\Z", re.DOTALL)

_ANY = frozenset(range(256))
_LOWER, _UPPER = frozenset(range(97, 123)), frozenset(range(65, 91))
_DIGIT, _PRINT = frozenset(range(48, 58)), frozenset(range(32, 127))
_CLASSES = {
    b"alnum": _LOWER | _UPPER | _DIGIT,
    b"alpha": _LOWER | _UPPER,
    b"blank": frozenset(b" \t"),
    b"cntrl": frozenset(range(32)) | {127},
    b"digit": _DIGIT,
    b"graph": _PRINT - {32},
    b"lower": _LOWER,
    b"print": _PRINT,
    b"punct": _PRINT - {32} - _LOWER - _UPPER - _DIGIT,
    b"space": frozenset(b" \t\n\r\f\v"),
    b"upper": _UPPER,
    b"xdigit": _DIGIT | frozenset(b"abcdefABCDEF"),
}


class BadPatternError(ValueError):
    """A pattern that can match nothing: an unclosed bracket, a backslash at its end."""


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A compiled pattern. `matches` takes the names of a path, counted from the directory that the pattern is in."""

    by_name: bool
    directories_only: bool
    choices: tuple[tuple[Callable[[bytes], bool] | None, ...], ...]

    def matches(self, names: Sequence[bytes], is_directory: bool) -> bool:
        if self.directories_only and not is_directory:
            return False
        if self.by_name:
            ((test,),) = self.choices
            return test is not None and test(names[-1])
        return any(_glob(tests, names) for tests in self.choices)


def compile_pattern(pattern: bytes, *, fold_case: bool = False) -> PathPattern:
    """A pattern without its `!`; raises `BadPatternError`. One without a slash in its middle looks at names only."""
    directories_only = pattern.endswith(b"/")
    if directories_only:
        pattern = pattern[:-1]
    by_name = b"/" not in pattern
    if by_name:
        (segment,) = _segments(pattern)
        return PathPattern(True, directories_only, ((_name_test(segment, fold_case),),))
    choices = _choices(pattern.removeprefix(b"/"))
    return PathPattern(False, directories_only, tuple(_path_tests(choice, fold_case) for choice in choices))


def _choices(pattern: bytes) -> list[bytes]:
    found = _AFTER_TEXT.match(pattern)
    if found is None:
        return [pattern]
    text, rest = found[1], found[2]
    if not rest:
        return [text + b"*", text + b"*/**"]
    if rest.startswith(b"\\"):
        return [text + b"*/**" + rest[1:]]
    nearer = text + rest[1:]
    return [*(_choices(nearer) if rest.startswith(b"/**") else [nearer]), text + b"*/**" + rest]


def _path_tests(pattern: bytes, fold_case: bool) -> tuple[Callable[[bytes], bool] | None, ...]:
    tests: list[Callable[[bytes], bool] | None] = []
    for segment in _segments(pattern):
        if segment == _SOME_DEPTH:
            tests.append(_something)
        tests.append(_Star if segment in (_ANY_DEPTH, _SOME_DEPTH) else _name_test(segment, fold_case))
    if tests[-1] is _Star:
        tests.append(_something)  # `a/**` is what lies in a, not a
    return tuple(tests)


def _something(name: bytes) -> bool:
    return True


def _segments(pattern: bytes) -> list[list[frozenset[int] | None]]:
    """Per name of the pattern the bytes that each position takes; a run of asterisks is one or two stars."""
    segments: list[list[frozenset[int] | None]] = [[]]
    at = 0
    while at < len(pattern):
        character = pattern[at : at + 1]
        at += 1
        if character == b"*":
            stars = 1
            while pattern[at : at + 1] == b"*":
                at, stars = at + 1, 2
            segments[-1] += [_Star] * stars
        elif character == b"?":
            segments[-1].append(_ANY)
        elif character == b"[":
            taken, at = _bracket(pattern, at)
            segments[-1].append(taken)
        else:
            if character == b"\\":
                character = pattern[at : at + 1]
                at += 1
                if not character:
                    raise BadPatternError(pattern)
                if character == b"/" and segments[-1] == _ANY_DEPTH:
                    segments[-1] = _SOME_DEPTH
            if character == b"/":
                segments.append([])
            else:
                segments[-1].append(frozenset(character))
    return segments


def _bracket(pattern: bytes, at: int) -> tuple[frozenset[int], int]:
    """The bytes that a bracket expression takes; `at` is behind the `[`, and then behind the `]`."""
    negated = pattern[at : at + 1] in (b"!", b"^")
    at += negated
    first, taken, previous = at, set[int](), -1
    while True:
        character = pattern[at : at + 1]
        if not character:
            raise BadPatternError(pattern)
        if character == b"]" and at > first:
            return (_ANY - taken if negated else frozenset(taken)), at + 1
        end = pattern.find(b":]", at + 2) if pattern[at : at + 2] == b"[:" else -1
        if end >= 0 and b"]" not in pattern[at + 2 : end]:
            if pattern[at + 2 : end] not in _CLASSES:
                raise BadPatternError(pattern)
            taken |= _CLASSES[pattern[at + 2 : end]]
            at, previous = end + 2, -1
        elif character == b"-" and previous >= 0 and pattern[at + 1 : at + 2] not in (b"", b"]"):
            at += 1
            at += pattern[at : at + 1] == b"\\"
            if at >= len(pattern):
                raise BadPatternError(pattern)
            taken |= set(range(previous, pattern[at] + 1))
            at, previous = at + 1, -1
        else:
            at += character == b"\\"
            if at >= len(pattern):
                raise BadPatternError(pattern)
            previous = pattern[at]
            taken.add(previous)
            at += 1


def _name_test(segment: list[frozenset[int] | None], fold_case: bool) -> Callable[[bytes], bool]:
    if fold_case:
        segment = [_both_cases(item) if item is not None else None for item in segment]
    elif segment.count(_Star) <= 1 and all(item is None or len(item) == 1 for item in segment):
        return _literal_test(b"".join(b"*" if item is None else bytes(item) for item in segment), segment)
    tests = tuple(item.__contains__ if item is not None else None for item in segment)
    return lambda name: _glob(tests, name)


def _literal_test(text: bytes, segment: list[frozenset[int] | None]) -> Callable[[bytes], bool]:
    """The same for the plainest patterns, which are most: `name`, `*.ext` and `name*`."""
    if _Star not in segment:
        return text.__eq__
    at = segment.index(_Star)
    start, end = text[:at], text[at + 1 :]
    return lambda name: len(name) >= len(start) + len(end) and name.startswith(start) and name.endswith(end)


def _both_cases(taken: frozenset[int]) -> frozenset[int]:
    return taken | frozenset(bytes(taken).swapcase())


def _glob(tests: _Tests[_T], items: Sequence[_T]) -> bool:
    """Whether tests and stars match all items. After a miss only the last star is stretched, which is enough."""
    at = place = 0
    star, resume = -1, 0
    while place < len(items):
        test = tests[at] if at < len(tests) else _missing
        if test is None:
            star, resume = at, place
            at += 1
        elif test(items[place]):
            at += 1
            place += 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return all(test is None for test in tests[at:])


def _missing(item: object) -> bool:
    return False
