"""What a start-up cannot see happen: functions that code from elsewhere may call, or that Python calls by itself.

They are not run. What their bodies change, names of their module and objects that those hold, is not known any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model import events as ev
from merge_guard.model.parts import all_parts
from merge_guard.startup import containers, inheritance
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    ContainerMethod,
    Dict,
    Function,
    Instance,
    ModuleRecord,
    Mutable,
    Partial,
    Seq,
    Suspended,
    Value,
    plain,
)

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Effects:
    """Of one body: names that it binds beyond itself, names of what it changes, names that it calls."""

    bound: frozenset[str]
    changed: frozenset[str]
    called: frozenset[str]


def may_call(machine: Machine, value: Value) -> None:
    """From now on somebody may call it, or its methods."""
    if isinstance(value, Partial):
        may_call(machine, value.function)
        for item in value.args:
            may_call(machine, item)
    elif isinstance(value, Bound):
        if isinstance(value.owner, (Instance, ClassValue)):
            machine.heap.set(value.owner.namespace, "*", UNKNOWN)
        _disturb(machine, value.function, 0)
    elif isinstance(value, (Function, Suspended)):
        _disturb(machine, value if isinstance(value, Function) else value.function, 0)
    elif isinstance(value, (Instance, ClassValue)):
        may_use(machine, value)
    elif isinstance(value, ContainerMethod):
        containers.lose(machine, value.owner)


def may_write_all(machine: Machine, module: ModuleRecord) -> None:
    """A text is run among the names of a module: any of them may be bound anew, or what it holds be changed."""
    for name, slot in list(module.namespace.items()):
        value = plain(slot)
        if isinstance(value, (Const, Mutable)):
            machine.heap.set(module.namespace, name, UNKNOWN)


def may_use(machine: Machine, value: Instance | ClassValue) -> None:
    """Any method of an object may have been called."""
    machine.heap.set(value.namespace, "*", UNKNOWN)
    may_run_methods(machine, value.cls if isinstance(value, Instance) else value)


def may_run_methods(machine: Machine, cls: ClassValue) -> None:
    for base in inheritance.lineage(cls):
        if isinstance(base, ClassValue):
            for slot in list(base.namespace.values()):
                method = plain(slot)
                if isinstance(method, Function):
                    _disturb(machine, method, 0)


def _disturb(machine: Machine, function: Function, depth: int) -> None:
    effects = _effects(machine, function) if _holds_state(machine, function) else None
    if effects is None or not (effects.bound or effects.changed or effects.called):
        return
    module = function.module
    for name in effects.bound:
        if isinstance(plain(module.namespace.get(name)), (Const, Seq, Dict, Mutable)):
            machine.heap.set(module.namespace, name, UNKNOWN)
    for name in effects.changed:
        value = _looked_up(function, name)
        if isinstance(value, Mutable):
            containers.lose(machine, value)
        elif isinstance(value, Instance):
            machine.heap.set(value.namespace, "*", UNKNOWN)
    for name in effects.called if depth < _DEEPEST else ():
        value = _looked_up(function, name)
        if isinstance(value, Function) and value is not function:
            _disturb(machine, value, depth + 1)


def _holds_state(machine: Machine, function: Function) -> bool:
    """Whether there is anything of which something is known that could change: bodies are not read for nothing."""
    module = function.module
    facts = machine.facts(module.path) if module.path else None
    if function.scope or (facts is not None and facts.module is not None and facts.module.function_globals):
        return True
    return any(
        isinstance(plain(slot), (Mutable, Instance)) for name, slot in module.namespace.items() if name != "__all__"
    )


def _looked_up(function: Function, name: str) -> Value:
    for names, _ in function.scope or ():
        if name in names:
            return plain(names[name])
    module: ModuleRecord = function.module
    return plain(module.namespace.get(name))


def _effects(machine: Machine, function: Function) -> Effects | None:
    body = machine.bodies(function.module.path).get(function.key)
    if body is None:
        return None
    known = machine.effects.get(id(body))
    if known is None:
        known = machine.effects[id(body)] = body, effects_of(body)
    found: Effects = known[1]
    return found


_ACTS = frozenset({ev.Global, ev.Assign, ev.Delete, ev.AugAssign, ev.Call})


def effects_of(body: ev.FunctionBody) -> Effects:
    bound: set[str] = set()
    changed: set[str] = set()
    called: set[str] = set()
    for node in all_parts(body.body):
        if node.__class__ not in _ACTS:
            continue
        if isinstance(node, ev.Global):
            bound.update(node.names)
        elif isinstance(node, (ev.Assign, ev.Delete)):
            for target in node.targets:
                if isinstance(target, (ev.Subscript, ev.Attribute)):
                    changed.add(_root(target))
        elif isinstance(node, ev.AugAssign):
            changed.add(_root(node.target))
        elif isinstance(node, ev.Call):
            if isinstance(node.func, ev.Name):
                called.add(node.func.id)
            elif isinstance(node.func, ev.Attribute) and node.func.attr not in containers.READS:
                changed.add(_root(node.func))
    local = frozenset(body.local)
    return Effects(frozenset(bound), frozenset(changed) - local - {""}, frozenset(called) - local)


def _root(node: ev.Expr) -> str:
    while isinstance(node, (ev.Attribute, ev.Subscript)):
        node = node.value
    return node.id if isinstance(node, ev.Name) else ""
