"""`try` and `with`: which handler runs, and what the joined state is afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from merge_guard.model import events as ev
from merge_guard.startup import assign, inheritance, names
from merge_guard.startup.exceptions import kinds_of, matches
from merge_guard.startup.frames import NORMAL, RETURN, Frame, Guard, Raised
from merge_guard.startup.joins import join_slots
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import is_stdlib
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    Const,
    External,
    Function,
    Instance,
    Seq,
    Suspended,
    Value,
)

# Context managers of the standard library (and third parties, by name) that keep exceptions to themselves.
_SWALLOWS = ("suppress", "raises", "ignore", "ExitStack", "optional", "skip", "catch")


def execute_try(machine: Machine, frame: Frame, node: ev.Try) -> str:
    mark_guards = len(machine.guards)
    depth = len(machine.frames)
    if any(isinstance(last, (ev.Return, ev.Break, ev.Continue)) for last in node.final):
        machine.guards.append(Guard(frame))  # it takes every exception
    guard = Guard(frame, node.handlers)
    machine.guards.append(guard)
    raised: Raised | None = None
    end = NORMAL
    try:
        end = machine.execute(frame, node.body)
    except Raised as caught:
        raised = caught
        del machine.frames[depth:]
    finally:
        del machine.guards[mark_guards:]
    try:
        if raised is None:
            end = _completed(machine, frame, node, guard, end)
        else:
            end = _handle(machine, frame, node, raised, guard)
    except Raised:
        del machine.frames[depth:]
        if node.final:
            last = machine.execute(frame, node.final)
            if last is not NORMAL:
                return last
        raise
    if node.final:
        last = machine.execute(frame, node.final)
        if last is not NORMAL:
            return last
    return end


def _completed(machine: Machine, frame: Frame, node: ev.Try, guard: Guard, end: str) -> str:
    """The body ran through in the model; where it may have raised after all, the handlers are explored besides."""
    open_handlers: list[tuple[ev.Handler, int]] = []
    for handler in node.handlers:
        mark = _may_reach(machine, frame, handler, guard)
        if mark is not None:
            open_handlers.append((handler, mark))
    if not open_handlers:
        return machine.execute(frame, node.orelse) if end is NORMAL else end
    delta = machine.heap.take(min(mark for _, mark in open_handlers))

    def through() -> str:
        machine.heap.apply(delta)
        return machine.execute(frame, node.orelse) if end is NORMAL else end

    def by(handler: ev.Handler) -> Callable[[], str]:
        return lambda: _run_handler(machine, frame, handler, Raised(UNKNOWN, None))

    return machine.alternatives([through, *(by(handler) for handler, _ in open_handlers)])


def _may_reach(machine: Machine, frame: Frame, handler: ev.Handler, guard: Guard) -> int | None:
    """From where on (a mark) something that is not modelled may lead to this handler, None if nothing does."""
    kinds = {"import", "any"} if handler.type is None else kinds_of(machine.quiet(frame, handler.type))
    marks = [guard.may_raise[kind] for kind in kinds if kind in guard.may_raise]
    return min(marks) if marks else None


def _handle(machine: Machine, frame: Frame, node: ev.Try, raised: Raised, guard: Guard) -> str:
    """A modelled exception: the first handler that matches decides; an unknown match is explored both ways."""
    for handler in node.handlers:
        verdict = machine.handler_matches(frame, handler, raised.value)
        if verdict is True:
            return _run_handler(machine, frame, handler, raised)
        if verdict is None:

            def run(handler: ev.Handler = handler) -> str:
                return _run_handler(machine, frame, handler, raised)

            def onwards() -> str:
                raise raised

            return machine.alternatives([run, onwards])
    left = [handler for handler in node.handlers if machine.is_expected(guard, handler)]
    if not left:
        raise raised
    # What stands before it may have raised, as a handler expects, and then it was not reached.
    machine.heap.rollback(min(guard.expected.values()))

    def by(handler: ev.Handler) -> Callable[[], str]:
        return lambda: _run_handler(machine, frame, handler, Raised(UNKNOWN, None))

    return machine.alternatives([by(handler) for handler in left])


def _run_handler(machine: Machine, frame: Frame, handler: ev.Handler, raised: Raised) -> str:
    if handler.name:
        names.bind(machine, frame, handler.name, raised.value)
    frame.handling.append(raised)
    try:
        return machine.execute(frame, handler.body)
    except Raised as again:
        if again.failure is None and raised.failure is not None and not again.exits_well:
            again.failure = raised.failure
        raise
    finally:
        frame.handling.pop()
        if handler.name:
            names.unbind(machine, frame, handler.name)


def execute_with(machine: Machine, frame: Frame, node: ev.With) -> str:
    frame.line = node.line
    guards = len(machine.guards)
    swallows = False
    managers: list[Instance] = []
    for expression, target in node.items:
        value = machine.evaluate(frame, expression)
        if isinstance(value, External) and value.origin.startswith("contextlib.suppress("):
            machine.guards.append(Guard(frame, suppresses=_suppressed(machine, frame, expression)))
        elif _may_swallow(value):
            machine.guards.append(Guard(frame))
            swallows = True
        entered = _enter(machine, value)
        if isinstance(value, Instance):
            managers.append(value)
        if target is not None:
            assign.assign(machine, frame, target, entered)
    depth = len(machine.frames)
    suppresses = [guard.suppresses for guard in machine.guards[guards:] if guard.suppresses is not None]
    mark = machine.heap.mark()
    try:
        end = machine.execute(frame, node.body)
    except Raised as raised:
        del machine.frames[depth:]
        del machine.guards[guards:]
        if swallows or any(matches(raised.value, kind) is not False for kind in suppresses):
            machine.heap.join([machine.heap.take(mark), {}], join_slots)
            return NORMAL
        raise
    finally:
        del machine.guards[guards:]
    for value in reversed(managers):
        method = inheritance.class_attribute(value.cls, "__exit__")
        if isinstance(method, Function):
            leave = Bound(method, value)
            machine.perhaps(partial(machine.call, leave, (Const(None),) * 3, {}, False))
    if (swallows or suppresses) and end is NORMAL:
        # The body may have stopped anywhere: all that it bound is bound perhaps.
        machine.heap.join([machine.heap.take(mark), {}], join_slots)
    elif (swallows or suppresses) and end is RETURN:
        frame.may_have_returned = True
        return NORMAL
    return end


def _suppressed(machine: Machine, frame: Frame, expression: ev.Expr) -> Value:
    if isinstance(expression, ev.Call):
        return Seq("tuple", tuple(machine.quiet(frame, arg) for arg in expression.args))
    return UNKNOWN


def _may_swallow(value: Value) -> bool:
    if isinstance(value, External):
        last = value.origin.rstrip("()").rpartition(".")[2]
        if is_stdlib(value.origin.partition(".")[0]):
            return any(word in last for word in ("suppress", "ExitStack", "assertRaises"))
        return any(word.lower() in last.lower() for word in _SWALLOWS)
    return not isinstance(value, (Const, Seq))


def _enter(machine: Machine, value: Value) -> Value:
    if isinstance(value, Suspended) and value.function.context:
        # Up to its `yield` it runs now; what the body may do in between is nothing to it.
        from merge_guard.startup.calls import run_suspended

        machine.perhaps(lambda: run_suspended(machine, value))
        return UNKNOWN
    if isinstance(value, Instance):
        method = inheritance.class_attribute(value.cls, "__enter__")
        return machine.call(Bound(method, value), (), {}, False) if isinstance(method, Function) else UNKNOWN
    if isinstance(value, External):
        return External(f"{value.origin}.__enter__()")
    return value if not isinstance(value, (Function, Suspended)) else UNKNOWN
