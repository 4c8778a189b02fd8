"""Simulations that were made in an earlier run, for start-ups that would get the same answers to all that was asked.

What was asked is kept as it is, the answers as one digest. A body is known by the name of its file's bytes; facts are
looked at themselves, since what the configuration or another Python says of a file is put into them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from hashlib import sha256
from typing import Any, Union, get_type_hints

import msgspec

from merge_guard.model.depth import CODED, deep_frames
from merge_guard.model.facts import FileFacts
from merge_guard.model.outcome import EntryPoint, Outcome
from merge_guard.model.ports import FactCache
from merge_guard.startup.frames import Terms

Argument = Union[str, tuple[str, ...]]
Question = tuple[str, tuple[Argument, ...]]
"""A method of a tree, by name, with its arguments."""
Name = Callable[[str], str]
"""A path to what its bytes are called, "" where that is not known."""

_KEPT_OUTCOME = msgspec.defstruct(
    "_KeptOutcome", [(name, kind) for name, kind in get_type_hints(Outcome).items() if name != "registrations"]
)
_ENCODER = msgspec.msgpack.Encoder()


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What one simulation asked: the paths of facts and of bodies, the tree, and which modules requirements bring."""

    facts: tuple[str, ...]
    bodies: tuple[str, ...]
    questions: tuple[Question, ...]
    modules: tuple[str, ...]


class _KeptRun(msgspec.Struct, frozen=True, array_like=True):
    asked: Asked
    answers: str
    outcome: msgspec.Raw


_RUNS = msgspec.msgpack.Decoder(_KeptRun)
_OUTCOMES = msgspec.msgpack.Decoder(_KEPT_OUTCOME)
_DAMAGED = (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError, AttributeError)


class Answers(msgspec.Struct, frozen=True):
    """Who answers a start-up's questions."""

    facts: Callable[[str], FileFacts | None]
    name: Name
    ask: Callable[[Question], object]
    provided: Callable[[str], bool | None]

    def digest(self, asked: Asked) -> str | None:
        """Of all the answers; None where bytes have no name."""
        digest = sha256()
        with deep_frames(CODED):
            for path in asked.facts:
                digest.update(_ENCODER.encode(self.facts(path)))
        names = [self.name(path) for path in asked.bodies]
        if not all(names):
            return None
        told = [_plain(self.ask(question)) for question in asked.questions]
        brought = [self.provided(module) for module in asked.modules]
        digest.update(repr((names, told, brought)).encode("utf-8", "backslashreplace"))
        return digest.hexdigest()


class KeptRuns:
    """The last simulation of each start-up. `maker` changes with the program."""

    def __init__(self, cache: FactCache, maker: str) -> None:
        self._cache = cache
        self._maker = maker

    def find(self, entry: EntryPoint, terms: Terms, answers: Answers) -> Outcome | None:
        key = self._key(entry, terms)
        encoded = self._cache.get([key]).get(key)
        if encoded is None:
            return None
        try:
            run = _RUNS.decode(encoded)
            if answers.digest(run.asked) != run.answers:
                return None
            with deep_frames(CODED):
                return Outcome(**msgspec.structs.asdict(_OUTCOMES.decode(run.outcome)))
        except _DAMAGED:
            self._cache.drop([key])
            return None

    def keep(self, entry: EntryPoint, terms: Terms, answers: Answers, asked: Asked, outcome: Outcome) -> None:
        if outcome.registrations is not None:
            return  # kept only where a contract asks for routes
        digest = answers.digest(asked)
        if digest is None:
            return
        values: Mapping[str, Any] = {name: getattr(outcome, name) for name in _KEPT_OUTCOME.__struct_fields__}
        try:
            with deep_frames(CODED):
                whole = msgspec.Raw(_ENCODER.encode(values))
                encoded = _ENCODER.encode(_KeptRun(asked, digest, whole))
        except (UnicodeEncodeError, TypeError, RecursionError):
            return  # a file name that is no Unicode: simulated anew each time
        self._cache.put({self._key(entry, terms): encoded})

    def _key(self, entry: EntryPoint, terms: Terms) -> str:
        said = [getattr(terms, field.name) for field in fields(terms) if field.name != "provided"]
        state = repr((self._maker, entry, [_plain(value) for value in said])).encode("utf-8", "backslashreplace")
        return f"run:{sha256(state).hexdigest()}"


def _plain(answer: object) -> object:
    """The answer in a form of which equal ones have one text."""
    return sorted(answer) if isinstance(answer, (set, frozenset)) else answer
