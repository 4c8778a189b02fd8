"""Loops: over what is known turn by turn, over anything else once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev
from merge_guard.startup import assign, names
from merge_guard.startup.calls import run_suspended
from merge_guard.startup.frames import BREAK, CONTINUE, NORMAL, RETURN, Frame, Guard, Raised
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Const,
    Dict,
    External,
    Maybe,
    Record,
    Seq,
    Suspended,
    TreeFile,
    Value,
    settled,
    truth,
)

_MOST_TURNS = 40
# Folders of modules are larger than what a program writes out.
_MOST_FILES = 400


def execute_for(machine: Machine, frame: Frame, node: ev.For) -> str:
    frame.line = node.line
    iterable = settled(machine.evaluate(frame, node.iterable))
    if isinstance(iterable, Dict):
        iterable = Seq("tuple", tuple(map(Const, iterable.items)))
    if isinstance(iterable, Seq) and len(iterable.items) <= _most_turns(iterable):
        return _turns(machine, frame, node, iterable.items)

    if isinstance(iterable, Suspended):
        machine.perhaps(lambda: run_suspended(machine, iterable))

    def once() -> str:
        assign.assign(machine, frame, node.target, UNKNOWN)
        return _turn(machine, frame, node.body)

    if isinstance(iterable, External):
        machine.note_may_raise("any")
    _widen(machine, frame, node.body)
    end = machine.alternatives([lambda: NORMAL, once])
    if node.orelse:
        end = machine.alternatives([lambda: NORMAL, lambda: machine.execute(frame, node.orelse)])
    return NORMAL if end in (BREAK, CONTINUE) else end


def _most_turns(iterable: Seq) -> int:
    return _MOST_FILES if iterable.items and isinstance(iterable.items[0], (Record, TreeFile)) else _MOST_TURNS


def _turns(machine: Machine, frame: Frame, node: ev.For, items: Sequence[Value]) -> str:
    """A loop over what is known: every turn runs, for certain until one may have ended the loop."""
    for position, item in enumerate(items):
        assign.assign(machine, frame, node.target, item)
        before, frame.may_have_skipped = frame.may_have_skipped, False
        end = _turn(machine, frame, node.body)
        skipped, frame.may_have_skipped = frame.may_have_skipped, before
        if end == BREAK and not skipped:
            return NORMAL
        if end == RETURN:
            return end
        if skipped:
            rest = items[position + 1 :]
            machine.perhaps(partial(_turns, machine, frame, node, rest))
            return NORMAL
    return machine.execute(frame, node.orelse)


def _turn(machine: Machine, frame: Frame, body: Sequence[ev.Stmt]) -> str:
    """One turn. What stands behind a `continue` or `break` that may have been taken runs perhaps."""
    guards = len(machine.guards)
    depth = len(machine.frames)
    machine.guards.append(Guard(frame, loop=True))
    try:
        return machine.execute(frame, body)
    except Raised:
        del machine.frames[depth:]
        if not frame.may_have_skipped:
            raise
        return NORMAL
    finally:
        del machine.guards[guards:]


def _widen(machine: Machine, frame: Frame, body: Sequence[ev.Stmt]) -> None:
    """Forget the values of the names that the turns of a loop bind: which turn it is is not known."""
    for name in set(bound_names(body)):
        namespace = names.namespace_for(frame, name)
        slot = namespace.get(name)
        if slot is not None:
            machine.heap.set(namespace, name, Maybe(UNKNOWN) if isinstance(slot, Maybe) else UNKNOWN)


def execute_while(machine: Machine, frame: Frame, node: ev.While) -> str:
    frame.line = node.line
    verdict = truth(machine.evaluate(frame, node.test))
    if verdict is False:
        return machine.execute(frame, node.orelse)

    def once() -> str:
        return _turn(machine, frame, node.body)

    _widen(machine, frame, node.body)
    if verdict is True and isinstance(node.test, ev.Constant):
        end = once()
        if end == RETURN:
            return end
        if end != BREAK:
            machine.perhaps(once)
        return NORMAL
    end = machine.alternatives([lambda: NORMAL, once])
    if node.orelse:
        end = machine.alternatives([lambda: NORMAL, lambda: machine.execute(frame, node.orelse)])
    return NORMAL if end in (BREAK, CONTINUE) else end
