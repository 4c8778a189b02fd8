"""Statements, in the order and under the guards that the interpreter would run them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from merge_guard.model import events as ev
from merge_guard.model.finding import Place
from merge_guard.startup import assign, imports, names
from merge_guard.startup.definitions import annotation, define_class, define_function
from merge_guard.startup.frames import BREAK, CONTINUE, NORMAL, RETURN, Frame, Raised
from merge_guard.startup.guards import execute_try, execute_with
from merge_guard.startup.loops import execute_for, execute_while
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import is_stdlib
from merge_guard.startup.values import (
    UNKNOWN,
    Const,
    External,
    Instance,
    Value,
    plain,
    truth,
)


def execute(machine: Machine, frame: Frame, body: Sequence[ev.Stmt]) -> str:
    """Run a suite; gives how it ended."""
    for node in body:
        machine.steps += 1
        end = _EXECUTE[node.__class__](machine, frame, node)
        if end is not None and end is not NORMAL:
            return end
    return NORMAL


def _assign(machine: Machine, frame: Frame, node: ev.Assign) -> None:
    frame.line = node.line
    value = machine.evaluate(frame, node.value)
    for target in node.targets:
        assign.assign(machine, frame, target, value)


def _augment(machine: Machine, frame: Frame, node: ev.AugAssign) -> None:
    frame.line = node.line
    assign.augment(machine, frame, node)


def _annotate(machine: Machine, frame: Frame, node: ev.Annotate) -> None:
    frame.line = node.line
    if frame.kind != "function":
        annotation(machine, frame, node.annotation)


def _evaluate(machine: Machine, frame: Frame, node: ev.Evaluate) -> None:
    frame.line = node.line
    value = machine.evaluate(frame, node.value)
    if isinstance(node.value, ev.Call) and (isinstance(value, External) or value is UNKNOWN):
        _note_handed_over(machine, frame, node.value, value)


def _note_handed_over(machine: Machine, frame: Frame, call: ev.Call, result: Value) -> None:
    """A foreign function that is given the module's name, and whose result nobody wants, is there to change it."""
    is_foreign = result is UNKNOWN or (isinstance(result, External) and not is_stdlib(result.origin.partition(".")[0]))
    if is_foreign and any(isinstance(arg, ev.Name) and arg.id == "__name__" for arg in call.args):
        names.open_up(machine, frame.module)


def _import(machine: Machine, frame: Frame, node: ev.Import) -> None:
    imports.execute_import(machine, frame, node)


def _from(machine: Machine, frame: Frame, node: ev.FromImport) -> None:
    imports.execute_from(machine, frame, node)


def _if(machine: Machine, frame: Frame, node: ev.If) -> str:
    frame.line = node.line
    verdict = truth(machine.evaluate(frame, node.test))
    if verdict is not None:
        return execute(machine, frame, node.body if verdict else node.orelse)
    return machine.alternatives(
        [lambda: execute(machine, frame, node.body), lambda: execute(machine, frame, node.orelse)]
    )


def _return(machine: Machine, frame: Frame, node: ev.Return) -> str:
    frame.line = node.line
    frame.returned.append(Const(None) if node.value is None else machine.evaluate(frame, node.value))
    return RETURN


def _raise(machine: Machine, frame: Frame, node: ev.Raise) -> str:
    frame.line, frame.column = node.line, node.column
    if node.exc is None:
        if frame.handling:
            raise frame.handling[-1]
        raise Raised(UNKNOWN, None)
    exc = node.exc
    if isinstance(exc, ev.Name) and frame.handling and plain(frame.names.get(exc.id)) is frame.handling[-1].value:
        raise frame.handling[-1]
    value = machine.evaluate(frame, exc.func if isinstance(exc, ev.Call) else exc)
    if isinstance(exc, ev.Call):
        for argument in exc.args:
            machine.evaluate(frame, argument)
    if isinstance(value, Instance):
        value = value.cls
    raised = Raised(value, frame.handling[-1].failure if frame.handling else None)
    place = Place(frame.module.path, node.line, node.column)
    raised.origin = (place, machine.chain(place, frame.module.name))
    raise raised


def _delete(machine: Machine, frame: Frame, node: ev.Delete) -> None:
    frame.line = node.line
    for target in node.targets:
        assign.delete(machine, frame, target)


def _global(machine: Machine, frame: Frame, node: ev.Global) -> None:
    frame.global_names.update(node.names)


def _nonlocal(machine: Machine, frame: Frame, node: ev.Nonlocal) -> None:
    """The names are not local: the lowered body says so already."""


def _break(machine: Machine, frame: Frame, node: ev.Break) -> str:
    return BREAK


def _continue(machine: Machine, frame: Frame, node: ev.Continue) -> str:
    return CONTINUE


def _assert(machine: Machine, frame: Frame, node: ev.Assert) -> None:
    frame.line = node.line
    machine.evaluate(frame, node.test)
    machine.note_may_raise("any")


def _match(machine: Machine, frame: Frame, node: ev.Match) -> str:
    frame.line = node.line
    machine.evaluate(frame, node.subject)
    paths: list[Callable[[], str]] = []

    def arm(case: ev.Case) -> Callable[[], str]:
        def run() -> str:
            for value in case.values:
                machine.evaluate(frame, value)
            for name in case.names:
                names.bind(machine, frame, name, UNKNOWN)
            if case.guard is not None:
                machine.evaluate(frame, case.guard)
            return execute(machine, frame, case.body)

        return run

    for case in node.cases:
        paths.append(arm(case))
    if not any(case.always for case in node.cases):
        paths.append(lambda: NORMAL)
    return machine.alternatives(paths)


def _type_alias(machine: Machine, frame: Frame, node: ev.TypeAlias) -> None:
    names.bind(machine, frame, node.name, UNKNOWN)


_EXECUTE: dict[type, Callable[[Machine, Frame, Any], str | None]] = {
    ev.Assign: _assign,
    ev.AugAssign: _augment,
    ev.Annotate: _annotate,
    ev.Evaluate: _evaluate,
    ev.Import: _import,
    ev.FromImport: _from,
    ev.If: _if,
    ev.Try: execute_try,
    ev.For: execute_for,
    ev.While: execute_while,
    ev.With: execute_with,
    ev.FunctionDef: define_function,
    ev.ClassDef: define_class,
    ev.Return: _return,
    ev.Raise: _raise,
    ev.Delete: _delete,
    ev.Global: _global,
    ev.Nonlocal: _nonlocal,
    ev.Break: _break,
    ev.Continue: _continue,
    ev.Assert: _assert,
    ev.Match: _match,
    ev.TypeAlias: _type_alias,
}
