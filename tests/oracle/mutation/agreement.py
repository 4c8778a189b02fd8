"""Where CPython and the tool disagree about a mutation, and the figures over many of them.

The rule by which a mutation is *dynamic*, fixed before any result was seen: in some module of its sample CPython fails
in a way that the tool does not claim to know (docs/limits.md, "What `ready` means"), which is that the exception

* is none of ModuleNotFoundError, ImportError, SyntaxError, NameError and AttributeError of a *module* (another one is a
  failure of values: a TypeError for a base class that is None, a KeyError in a registry), or
* was raised by code outside the package, which was asked by name (`getattr(module, text)`, an entry point's loader).

Such a mutation is left out: it counts neither as missed nor for its cause. A false alarm is counted in every mutation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from merge_guard.model.outcome import Cause, Outcome
from merge_guard.model.report import EntryStatus

_NAMES = ("ModuleNotFoundError", "ImportError", "NameError", "UnboundLocalError")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One mutation, module by module: both fail, only the tool says so, only CPython does, neither."""

    both: tuple[str, ...]
    false_alarms: tuple[str, ...]
    missed: tuple[str, ...]
    neither: tuple[str, ...]
    wrong_cause: tuple[str, ...]
    dynamic: bool
    notes: tuple[str, ...]


def compare(real: Mapping[str, dict[str, Any] | None], said: Mapping[str, Outcome]) -> Verdict:
    both, alarms, missed, neither, wrong, notes = [], [], [], [], [], []
    dynamic = False
    for module, answer in real.items():
        if answer is None:
            continue  # the process died or took too long
        outcome = said[module]
        fails = outcome.status is EntryStatus.FAILS
        dynamic = dynamic or _is_dynamic(answer)
        if answer["errors"] and fails:
            both.append(module)
            if not any(_same_cause(error, outcome) for error in answer["errors"]):
                wrong.append(module)
                notes.append(f"{module}: {_raised(answer)}; said {_said(outcome)}")
        elif fails:
            alarms.append(module)
            notes.append(f"{module}: starts; said {_said(outcome)}")
        elif answer["errors"]:
            missed.append(module)
            unjudged = f" (unjudged: {dict(outcome.unjudged)})" if outcome.unjudged else ""
            notes.append(f"{module}: {_raised(answer)}; said to start{unjudged}")
        else:
            neither.append(module)
    parts = [tuple(part) for part in (both, alarms, missed, neither, wrong)]
    return Verdict(*parts, dynamic, tuple(notes))


def _is_dynamic(answer: dict[str, Any]) -> bool:
    if not answer["errors"]:
        return False
    if "SyntaxError" in answer["errors"][0]["bases"]:
        return False
    return bool(answer["outside"]) or not any(_is_claimed(error) for error in answer["errors"])


def _is_claimed(error: dict[str, Any]) -> bool:
    if error["type"] == "AttributeError":
        return "module '" in error["message"]
    return error["type"] in _NAMES or "SyntaxError" in error["bases"]


def _same_cause(error: dict[str, Any], outcome: Outcome) -> bool:
    """The same kind of exception at the same place; for source that does not compile the same file."""
    first = outcome.failures[0]
    if first.cause in (Cause.SYNTAX, Cause.CONFLICT):
        place = error["source"] or error["frames"][-1]
        return "SyntaxError" in error["bases"] and place[0] == first.place.path
    chain = [[hop.path, hop.line] for hop in first.chain]
    if first.cause is Cause.MISSING_EXPORT:
        chain = chain[:-1]  # what is wrong stands in the module that is asked
    return first.exception == error["type"] and error["frames"][-1:] == chain[-1:]


def _raised(answer: dict[str, Any]) -> str:
    error = answer["errors"][0]
    frames = error["frames"][-1:] or [""]
    return f"{error['type']}: {error['message'][:160]} at {error['source'] or frames[0]} {answer['outside']}"


def _said(outcome: Outcome) -> str:
    first = outcome.failures[0]
    hop = first.chain[-1] if first.chain else first.place
    return f"{first.cause.value} {first.exception} {first.subject!r} of {first.source!r} at {hop.path}:{hop.line}"
