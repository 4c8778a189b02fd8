"""Comprehensions: scopes of their own, and before Python 3.12 (PEP 709) frames of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from merge_guard.model import events as ev
from merge_guard.startup import containers
from merge_guard.startup.frames import Frame
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import UNKNOWN, Seq, Value, settled, truth

_MOST_TURNS = 40


def comprehension(machine: Machine, frame: Frame, node: ev.Comprehension) -> Value:
    """What it makes, where its items and tests are known; else its parts run perhaps."""
    first = settled(machine.evaluate(frame, node.first))
    if not node.parts:
        return UNKNOWN
    is_known = len(node.names) == 1 and isinstance(first, Seq) and len(first.items) <= _MOST_TURNS
    items: Sequence[Value] = first.items if is_known and isinstance(first, Seq) else (UNKNOWN,)
    made: list[Value] | None = [] if is_known and node.kind else None
    with _scope(machine, frame, node, made is not None) as inner:
        around = {name: value for name, value in frame.targets.items() if name not in node.names}
        for item in items:
            inner.targets = {**around, node.names[0]: item} if len(node.names) == 1 else around
            holds = None if made is None else _all_hold(machine, inner, node.parts[:-1])
            if made is None or holds is None:
                made = None
                machine.perhaps(lambda: [machine.evaluate(inner, part) for part in node.parts])
            elif holds:
                made.append(machine.evaluate(inner, node.parts[-1]))
    return UNKNOWN if made is None else containers.make(machine, Seq(node.kind, tuple(made)))


@contextmanager
def _scope(machine: Machine, frame: Frame, node: ev.Comprehension, is_certain: bool) -> Iterator[Frame]:
    targets = frame.targets
    frame.shadowed.extend(node.names)
    try:
        if is_certain and machine.terms.highest < (3, 12):
            with machine.inside(replace(frame, imports={}, is_comprehension=True)) as inner:
                yield inner
        else:
            yield frame
    finally:
        frame.targets = targets
        if node.names:
            del frame.shadowed[-len(node.names) :]


def _all_hold(machine: Machine, frame: Frame, tests: Sequence[ev.Expr]) -> bool | None:
    for test in tests:
        verdict = truth(machine.evaluate(frame, test))
        if not verdict:
            return verdict
    return True
