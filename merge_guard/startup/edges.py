"""Who imports whom at start-up, and which exceptions get out of the import: what a broken module takes down with it.

Only imports that certainly happen count. They belong to the module whose top level runs, whatever function the
statement stands in: it is that module which cannot be imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from merge_guard.model.outcome import EXCEPTIONS, THROUGH, Passage
from merge_guard.startup.exceptions import exception_bases
from merge_guard.startup.values import Builtin, Value

if TYPE_CHECKING:
    from merge_guard.startup.frames import Frame, Guard
    from merge_guard.startup.machine import Machine

ENTRY = ""
"""The importer of what the entry point itself names."""
_PROBES = tuple(Builtin(name) for name in EXCEPTIONS)
_OTHER = EXCEPTIONS.index("Exception")


def note_import(machine: Machine, path: str) -> None:
    """The running frame imports the module of that path, loaded or not."""
    if not path:
        return  # a namespace package: nothing in it can break
    if not machine.frames:
        machine.edges.setdefault(ENTRY, {})[path] = THROUGH
        return
    frame = machine.frames[-1]
    if _is_certain(machine, frame):
        _add(frame.imports, path, _passage(machine, frame))


def leave(machine: Machine, frame: Frame) -> None:
    """The frame is done: what it imported is its module's, or the caller's, as far as the caller's guards let out."""
    if frame.kind == "module" and not frame.is_comprehension:
        edges = machine.edges.setdefault(frame.module.path, {})
        for path, passage in frame.imports.items():
            _add(edges, path, passage)
        return
    hand_up(machine, tuple(frame.imports.items()))


def hand_up(machine: Machine, imports: Sequence[tuple[str, Passage]]) -> None:
    """A call in the running frame imports these, or did when it ran and its result was kept."""
    if not machine.frames:
        return
    frame = machine.frames[-1]
    if not imports or not _is_certain(machine, frame):
        return
    outer = _passage(machine, frame)
    for path, inner in imports:
        _add(frame.imports, path, _composed(inner, outer))


def _is_certain(machine: Machine, frame: Frame) -> bool:
    return machine.uncertain == frame.uncertain and not (frame.may_have_returned or frame.may_have_skipped)


def _add(imports: dict[str, Passage], path: str, passage: Passage) -> None:
    known = imports.get(path)
    if known is None:
        imports[path] = passage
    elif known != passage:
        imports[path] = tuple(a | b for a, b in zip(known, passage, strict=True))


def _passage(machine: Machine, frame: Frame) -> Passage:
    """For each exception, which one leaves the frame in its place."""
    if len(machine.guards) == frame.guards:
        return THROUGH
    guards: list[Guard] = machine.guards[frame.guards :]
    if all(guard.call or guard.loop for guard in guards):
        return THROUGH
    return tuple(_bit(machine.after(probe, guards)) for probe in _PROBES)


def _bit(exception: Value | None) -> int:
    if exception is None:
        return 0
    if isinstance(exception, Builtin) and exception.name in EXCEPTIONS:
        return 1 << EXCEPTIONS.index(exception.name)
    bases, _ = exception_bases(exception)
    return 1 << next((index for index, name in enumerate(EXCEPTIONS) if name in bases), _OTHER)


def _composed(inner: Passage, outer: Passage) -> Passage:
    if outer == THROUGH:
        return inner
    composed = []
    for mask in inner:
        result = 0
        for index, passing in enumerate(outer):
            if mask >> index & 1:
                result |= passing
        composed.append(result)
    return tuple(composed)
