"""`.dockerignore`: which paths of a context do not come into a build (moby/patternmatcher).

A pattern counts from the context's root, `**` stands for any depth, the last pattern that fits decides, and what fits a
directory fits all in it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from merge_guard.deploy.docker_patterns import Clue, Test, compile_ignore

LARGEST = 256 * 1024
_MOST_PATTERNS = 2_000


@dataclass(frozen=True, slots=True)
class Pattern:
    """`negated` takes files back in; `line` is where it stands, from 1."""

    test: Test
    negated: bool
    line: int
    text: str
    clue: Clue


Decision = tuple[Union[Pattern, None], tuple[int, ...]]
"""The pattern that keeps a path out, None where it goes in; and the places of those that fitted it."""


class Ignore:
    """A `.dockerignore`; `name` is its path, for people."""

    def __init__(self, name: str, patterns: Iterable[Pattern]) -> None:
        self.name = name
        self.patterns = tuple(patterns)
        self._clues = _Clues([pattern.clue for pattern in self.patterns])
        self._directories: dict[str, Decision] = {"": (None, ())}
        self._may_come_back = any(pattern.negated for pattern in self.patterns)

    def excluded(self, path: str) -> Pattern | None:
        """The pattern that keeps a path of the context out of it, None where it goes in."""
        directory, _, name = path.rpartition("/")
        return self._decided(path, name, self._of_directory(directory))[0]

    def _of_directory(self, directory: str) -> Decision:
        todo: list[str] = []
        while (decision := self._directories.get(directory)) is None:
            todo.append(directory)
            directory = directory.rpartition("/")[0]
        for path in reversed(todo):
            decision = self._directories[path] = self._decided(path, path.rpartition("/")[2], decision)
        return decision

    def _decided(self, path: str, name: str, above: Decision) -> Decision:
        """A pattern that fitted above fits, and one that could change nothing is not asked, for what is below too.

        Source: moby/patternmatcher, `MatchesUsingParentResults`.
        """
        if above[0] is not None and not self._may_come_back:
            return above
        possible = self._clues.possible(path, name)
        if not possible:
            return above
        decision: Pattern | None = None
        fitting = []
        for place in sorted({*above[1], *possible}):
            pattern = self.patterns[place]
            if place in above[1] or (pattern.negated is (decision is not None) and pattern.test(path)):
                fitting.append(place)
                decision = None if pattern.negated else pattern
        return decision, tuple(fitting)


class _Clues:
    """Which of many patterns may fit a path, by their clues: nearly always none, found out without asking each."""

    def __init__(self, clues: Iterable[Clue]) -> None:
        self._exact: dict[str, dict[str, list[int]]] = {"path": {}, "name": {}}
        self._partial: dict[str, dict[str, list[tuple[str, int]]]] = {"start": {}, "end": {}, "name start": {}}
        self._parts: list[tuple[str, int]] = []
        for place, clue in enumerate(clues):
            if clue.how in self._exact:
                self._exact[clue.how].setdefault(clue.text, []).append(place)
            elif clue.how == "part":
                self._parts.append((clue.text, place))
            else:
                edge = clue.text[-1:] if clue.how == "end" else clue.text[:1]
                self._partial[clue.how].setdefault(edge, []).append((clue.text, place))
        self._paths, self._names = self._exact["path"], self._exact["name"]
        self._starts, self._ends, self._name_starts = (
            {edge: (tuple(text for text, _ in listed), listed) for edge, listed in by_edge.items()}
            for by_edge in self._partial.values()
        )
        self._always = [place for by_edge in self._partial.values() for _, place in by_edge.get("", ())]

    def possible(self, path: str, name: str) -> list[int]:
        ends, starts, name_starts = (
            self._ends.get(path[-1:]),
            self._starts.get(path[:1]),
            self._name_starts.get(name[:1]),
        )
        found = [*self._always, *self._paths.get(path, ()), *self._names.get(name, ())]
        found += [place for part, place in self._parts if part in path]
        if ends is not None and path.endswith(ends[0]):
            found += [place for end, place in ends[1] if path.endswith(end)]
        if starts is not None and path.startswith(starts[0]):
            found += [place for start, place in starts[1] if path.startswith(start)]
        if name_starts is not None and name.startswith(name_starts[0]):
            found += [place for start, place in name_starts[1] if name.startswith(start)]
        return found


def read_ignore(name: str, data: bytes) -> Ignore:
    """Source: moby/patternmatcher, `ignorefile.ReadAll`: comments, `!`, cleaned paths without a leading slash.

    Raises `ValueError` for a file that is too large to be one.
    """
    if len(data) > LARGEST:
        raise ValueError(f"{name}: larger than {LARGEST:,} bytes")
    patterns: list[Pattern] = []
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            continue
        pattern = line.strip()
        negated = pattern.startswith("!")
        pattern = pattern[1:].strip() if negated else pattern
        if not pattern:
            continue
        pattern = _clean(pattern)
        if len(pattern) > 1 and pattern.startswith("/"):
            pattern = pattern[1:]
        compiled = compile_ignore(pattern)
        if compiled is not None:
            patterns.append(Pattern(compiled.test, negated, number, line.strip(), compiled.clue))
        if len(patterns) > _MOST_PATTERNS:
            raise ValueError(f"{name}: more than {_MOST_PATTERNS:,} patterns")
    return Ignore(name, patterns)


def _clean(pattern: str) -> str:
    """Go's filepath.Clean; `..` above the root stays."""
    cleaned = posixpath.normpath(pattern)
    return cleaned[1:] if cleaned.startswith("//") else cleaned
