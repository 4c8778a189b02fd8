"""Files that this Python refuses, while the target may know their syntax: asked of a newer Python, never guessed."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence

import msgspec

from merge_guard.model.facts import FileFacts, SyntaxProblem
from merge_guard.model.ports import Compiler
from merge_guard.model.source import UnreadableError

RUNNING = (sys.version_info[0], sys.version_info[1])

# Syntax that came with a version: PEP 654 and 646; 695, 696 and 701; 750 and 758.
_CAME_WITH = (
    ((3, 11), re.compile(r"except\s*\*|\*\w+\]")),
    ((3, 12), re.compile(r"^\s*type\s+\w+|(?:def|class)\s+\w+\s*\[|\b[fF][rR]?['\"]|\b[rR][fF]['\"]")),
    ((3, 14), re.compile(r"\b[tT][rR]?['\"]|\b[rR][tT]['\"]|except\s+[\w.]+\s*,")),
)


def reconsider(
    facts: Mapping[str, FileFacts],
    versions: tuple[tuple[int, int], tuple[int, int]],
    compiler: Compiler,
    read: Callable[[str], bytes],
    line_text: Callable[[str, int], str],
) -> dict[str, FileFacts]:
    """Facts to put in the place of those of files whose syntax a newer Python of the target range accepts."""
    lowest, highest = versions
    if highest <= RUNNING:
        return {}
    asked = {
        path: found
        for path, found in facts.items()
        if found.problem is not None
        and found.problem.kind == "syntax"
        and not (found.conflicts or found.strays or found.edits)
    }
    if not asked:
        return {}
    sources = {}
    for path in asked:
        try:
            sources[path] = read(path)
        except UnreadableError:
            continue
    accepted = _accepted(list(sources.values()), max(lowest, (RUNNING[0], RUNNING[1] + 1)), highest, compiler)
    replaced = {}
    for position, path in enumerate(sources):
        problem = asked[path].problem
        assert problem is not None
        needs = accepted.get(position)
        if needs is not None and needs <= lowest:
            message = f"valid for Python {_shown(needs)}, which this Python {_shown(RUNNING)} cannot read"
            replaced[path] = _with(asked[path], SyntaxProblem("not-analysable", message, problem.line))
        elif needs is not None:
            new = SyntaxProblem(
                "newer", problem.message, problem.line, problem.column, problem.exception, _shown(needs)
            )
            replaced[path] = _with(asked[path], new)
        elif accepted.asked < highest and (
            lowest > accepted.asked or _looks_newer(path, problem, accepted.asked, line_text)
        ):
            message = (
                f"no Python {_shown(highest)} here to judge its syntax, and this Python {_shown(RUNNING)} refuses it"
            )
            replaced[path] = _with(asked[path], SyntaxProblem("not-analysable", message, problem.line))
    return replaced


class _Accepted(dict[int, tuple[int, int]]):
    """Positions of sources to the oldest version that accepts them; `asked` is the newest that could be asked."""

    asked = RUNNING


def _accepted(
    sources: Sequence[bytes], lowest: tuple[int, int], highest: tuple[int, int], compiler: Compiler
) -> _Accepted:
    accepted = _Accepted()
    versions = [(3, minor) for minor in range(lowest[1], highest[1] + 1)]
    for version, answers in zip(versions, compiler.compile_with([(version, sources) for version in versions])):
        if answers is None:
            continue
        accepted.asked = version
        for position, problem in enumerate(answers):
            if problem is None:
                accepted.setdefault(position, version)
    return accepted


def _shown(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _looks_newer(
    path: str, problem: SyntaxProblem, asked: tuple[int, int], line_text: Callable[[str, int], str]
) -> bool:
    """Whether the lines at the problem have something that only a Python newer than the newest one asked knows."""
    lines = [line_text(path, line) for line in (problem.line, problem.line - 1) if line > 0]
    return any(version > asked and any(map(pattern.search, lines)) for version, pattern in _CAME_WITH)


def _with(facts: FileFacts, problem: SyntaxProblem) -> FileFacts:
    return msgspec.structs.replace(facts, problem=problem)
