"""Where the simulated start-up and the real one say different things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oracle.tree import Case

from merge_guard.model.outcome import Cause, Failure, Outcome
from merge_guard.model.report import EntryStatus, Report

# The codes that a leaf of each class of exception may have.
_LEAVES = {
    "SyntaxError": {"MG101", "MG102", "MG106", "MG201", "MG202", "MG203"},
    "ModuleNotFoundError": {"MG301", "MG307", "MG309", "MG312"},
    "ImportError": {"MG302", "MG304", "MG305", "MG307", "MG309", "MG312", "MG314"},
    "AttributeError": {"MG302", "MG304", "MG307", "MG308", "MG312", "MG314"},
    "TypeError": {"MG315"},
    "NameError": {"MG313", "MG314"},
}
_SOURCE = (Cause.SYNTAX, Cause.CONFLICT)
_NAMED = (
    Cause.MISSING_MODULE, Cause.MISSING_NAME, Cause.CYCLE, Cause.UNBOUND, Cause.MISSING_EXPORT,
    Cause.TYPE_CHECKING_ONLY, Cause.STDLIB_ABSENT, Cause.SHADOWED,
)  # fmt: skip


def disagreements(case: Case, real: dict[str, Any] | None, report: Report, outcome: Outcome) -> list[str]:
    """One line each; none where the two agree."""
    if real is None:
        return ["the interpreter died"]
    if outcome.status is EntryStatus.UNKNOWN:
        return [f"not judged: {outcome.unjudged}"]
    errors = real["errors"]
    fails = outcome.status is EntryStatus.FAILS
    if case.silent:
        return [f"said to fail on open ground: {_words(outcome.failures[0])}"] if fails else []
    if errors and not fails:
        return [f"CPython raises {_raised(errors[0])}; said to start"]
    if fails and not errors:
        return [f"CPython starts; said to fail: {_words(outcome.failures[0])}"]
    if not errors:
        return list(_success(real, outcome, bool(case.unfollowed)))
    # An exception that a handler turned into another is the root cause, and what the judgement may name.
    every = [list(_failure(error, report, outcome)) for error in errors]
    return [] if [] in every else every[0]


def _words(failure: Failure) -> str:
    chain = [[hop.path, hop.line] for hop in failure.chain]
    return f"{failure.cause.value} {failure.exception} {failure.subject!r} {chain}"


def _raised(error: dict[str, Any]) -> str:
    return f"{error['type']}: {error['message']} at {error['frames']} {error['source'] or ''}"


def _failure(error: dict[str, Any], report: Report, outcome: Outcome) -> Iterator[str]:
    first = outcome.failures[0]
    kind = _kind(error)
    said = kind if first.cause in _SOURCE and kind == "SyntaxError" else first.exception
    if said != kind:
        yield f"CPython raises {_raised(error)}; said: {_words(first)}"
    if first.cause in _NAMED and repr(first.subject) not in error["message"]:
        yield f"CPython says {error['message']!r}; said to lack {first.subject!r}"
    blocked = [finding for finding in report.findings if finding.code == "MG303"]
    if first.cause is not Cause.ENTRY_NOT_FOUND:
        if len(blocked) != 1:
            yield f"{len(blocked)} MG303 findings"
            return
        chain = [[hop.path, hop.line] for hop in blocked[0].chain]
        if not _same_frames(error, chain, first.cause):
            yield f"CPython's frames are {error['frames']} {error['source'] or ''}; said: {chain}"
    leaves = {finding.fingerprint: finding.code for finding in report.findings}
    leaf = leaves.get(blocked[0].cause or "") if blocked else next(iter(leaves.values()), None)
    allowed = _LEAVES.get(kind, set())
    if first.cause is not Cause.RAISED and leaf not in allowed:
        yield f"the leaf of {kind} is {leaf}"


def _kind(error: dict[str, Any]) -> str:
    """Syntax errors of every kind are one; so are NUL bytes, a ValueError up to some patch version of 3.11."""
    if "SyntaxError" in error["bases"] or (error["type"] == "ValueError" and "null bytes" in error["message"]):
        return "SyntaxError"
    return str(error["type"])


def _same_frames(error: dict[str, Any], chain: list[list[Any]], cause: Cause) -> bool:
    if cause is Cause.MISSING_EXPORT:
        return chain[:-1] == error["frames"]  # what is wrong stands in the module that is asked
    if cause not in _SOURCE:
        return chain == error["frames"]
    frames, source = error["frames"], error["source"]
    if chain[:-1] != frames:
        return False
    if source is None:
        return True  # of NUL bytes CPython does not tell the place
    # CPython gives no line for an undecodable file, and for a conflict the one at which its parser gave up.
    any_line = not source[1] or cause is Cause.CONFLICT
    return chain[-1][0] == source[0] and (any_line or chain[-1] == source)


def _success(real: dict[str, Any], outcome: Outcome, unfollowed: bool) -> Iterator[str]:
    every = set(outcome.loaded.values())
    certain = {path for name, path in outcome.loaded.items() if name not in outcome.possible}
    ran = set(real["ran"])
    if ran - every and not unfollowed:
        yield f"CPython also runs {sorted(ran - every)}"
    if certain - ran:
        yield f"CPython does not run {sorted(certain - ran)}"
    # A module may stand in `sys.modules` under further names.
    unknown = {name for name, path in real["modules"].items() if name not in outcome.loaded and path not in every}
    if unknown and not unfollowed:
        yield f"sys.modules also has {sorted(unknown)}"
