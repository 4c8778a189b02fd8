"""Assignment, deletion, and the few mutations that start-up depends on."""

from __future__ import annotations

from functools import partial

from merge_guard.model import events as ev
from merge_guard.startup import containers, inheritance, names, unseen
from merge_guard.startup.django import SETTINGS, set_settings
from merge_guard.startup.frames import Frame
from merge_guard.startup.heap import ABSENT
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Either,
    External,
    Function,
    GlobalsOf,
    Instance,
    ModuleRecord,
    Mutable,
    PathOf,
    Seq,
    Suspended,
    Value,
    plain,
    settled,
)


def assign(machine: Machine, frame: Frame, target: ev.Expr, value: Value) -> None:
    if isinstance(target, ev.Name):
        names.bind(machine, frame, target.id, value)
    elif isinstance(target, ev.Sequence):
        _unpack(machine, frame, target, value)
    elif isinstance(target, ev.Starred):
        assign(machine, frame, target.value, UNKNOWN)
    elif isinstance(target, ev.Attribute):
        store_attribute(machine, machine.evaluate(frame, target.value), target.attr, value)
    elif isinstance(target, ev.Subscript):
        _store_item(machine, frame, target, value)
    else:
        machine.evaluate(frame, target)


def _unpack(machine: Machine, frame: Frame, target: ev.Sequence, value: Value) -> None:
    parts: tuple[Value, ...] = (UNKNOWN,) * len(target.items)
    if isinstance(value, Suspended):
        from merge_guard.startup.calls import run_suspended

        machine.perhaps(lambda: run_suspended(machine, value))
    value = settled(value)
    if (
        isinstance(value, Seq)
        and len(value.items) == len(target.items)
        and not any(isinstance(item, ev.Starred) for item in target.items)
    ):
        parts = value.items
    else:
        machine.note_may_raise("any")
    for item, part in zip(target.items, parts):
        assign(machine, frame, item, part)


def store_attribute(machine: Machine, owner: Value, name: str, value: Value) -> None:
    if name == "__mro_entries__":
        machine.twins.replaces_bases = True
    if isinstance(owner, ModuleRecord):
        if name in ("__dict__", "__class__"):
            names.open_up(machine, owner)
        if name == "__path__":
            machine.heap.set(owner.state, "path", True)
        machine.heap.set(owner.namespace, name, value)
    elif isinstance(owner, Instance) and _is_handled(owner, name):
        unseen.may_use(machine, owner)
    elif isinstance(owner, (Instance, ClassValue)):
        if name == "__class__":
            machine.heap.set(owner.namespace, name, UNKNOWN)
        machine.heap.set(owner.namespace, "*" if name in ("__dict__", "__class__") else name, value)
        if name == "__class__":
            machine.heap.set(owner.namespace, name, UNKNOWN)
    elif isinstance(owner, External) and owner.origin == "builtins":
        machine.heap.set(machine.injected, name, True)
    elif isinstance(owner, Either):
        for part in owner.values:
            if isinstance(part, (ModuleRecord, Instance, ClassValue)):
                machine.perhaps(partial(store_attribute, machine, part, name, value))


def _is_handled(owner: Instance, name: str) -> bool:
    """Whether the class takes the assignment itself: by `__setattr__`, a property, or another descriptor."""
    if inheritance.class_attribute(owner.cls, "__setattr__") is not None:
        return True
    found = inheritance.class_attribute(owner.cls, name)
    if isinstance(found, Function):
        return found.binding == "property"
    return isinstance(found, Instance) and inheritance.class_attribute(found.cls, "__set__") is not None


def _store_item(machine: Machine, frame: Frame, target: ev.Subscript, value: Value) -> None:
    owner = machine.evaluate(frame, target.value)
    index = machine.evaluate(frame, target.index)
    known = isinstance(index, Const) and isinstance(index.value, (str, int))
    if isinstance(owner, GlobalsOf):
        if known:
            assert isinstance(index, Const)
            names.write_to_globals(machine, owner, is_seen=True)
            machine.heap.set(owner.module.namespace, index.value, value)
        else:
            names.write_to_globals(machine, owner)
            _forget_constants(machine, owner.module)
    elif isinstance(owner, External) and owner.origin == "sys.modules":
        if known:
            assert isinstance(index, Const)
            stands_for = value if isinstance(value, ModuleRecord) else External(str(index.value))
            replaced = plain(machine.modules.get(index.value))
            if isinstance(replaced, ModuleRecord):
                names.open_up(machine, replaced)
                stands_for = value if isinstance(value, ModuleRecord) else _stand_in(machine, replaced)
            machine.heap.set(machine.modules, index.value, stands_for)
        else:
            machine.heap.set(machine.computed_modules, _beginning(machine, frame, target.index), True)
    elif isinstance(owner, PathOf):
        machine.heap.set(owner.module.state, "path", True)
    elif isinstance(owner, External) and owner.origin == "os.environ":
        if isinstance(index, Const) and known and index.value == SETTINGS:
            set_settings(machine, value)
    elif isinstance(owner, External) and owner.origin in ("builtins", "builtins.__dict__"):
        machine.heap.set(machine.injected, index.value if known else "*", True)  # type: ignore[attr-defined]
    elif isinstance(owner, External) and "f_globals" in owner.origin:
        names.open_frames(machine)
    elif isinstance(owner, Mutable):
        containers.store_item(machine, owner, index, value)
    elif isinstance(owner, Instance) and isinstance(
        method := inheritance.class_attribute(owner.cls, "__setitem__"), Function
    ):
        machine.call(Bound(method, owner), (index, value), {}, False)
    else:
        containers.lose(machine, value)
        machine.note_may_raise("any")


def _beginning(machine: Machine, frame: Frame, expression: ev.Expr) -> str:
    """As much as is known of how a text begins, such as `"pkg.vendor."` of `f"pkg.vendor.{name}"`."""
    if not isinstance(expression, ev.Add):
        value = machine.quiet(frame, expression)
        return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""
    whole = machine.quiet(frame, expression.left)
    begun = _beginning(machine, frame, expression.left)
    is_whole = isinstance(whole, Const) and isinstance(whole.value, str)
    return begun + _beginning(machine, frame, expression.right) if is_whole else begun


def _forget_constants(machine: Machine, module: ModuleRecord) -> None:
    """Something was bound under a name that is not computed: a switch may say something else from now on."""
    for name, slot in list(module.namespace.items()):
        if isinstance(slot, Const):
            machine.heap.set(module.namespace, name, UNKNOWN)


def _stand_in(machine: Machine, module: ModuleRecord) -> ModuleRecord:
    """What a module puts in its own place: nobody knows its names, but its submodules are found where they were."""
    made = ModuleRecord(module.name, module.path, module.is_package, module.package, module.search)
    machine.heap.born(made.namespace)
    machine.heap.born(made.state)
    made.state["*"] = True
    if names.may_grow(module):
        made.state["path"] = True
    return made


def augment(machine: Machine, frame: Frame, node: ev.AugAssign) -> None:
    """`target op= value`: the target is read first."""
    current = machine.evaluate(frame, node.target)
    value = machine.evaluate(frame, node.value)
    result: Value = UNKNOWN
    if isinstance(current, Mutable):
        # A list is extended in place.
        containers.extend(machine, current, value if node.op == "+" else UNKNOWN)
        result = current
    elif node.op == "+":
        value = settled(value)
        if isinstance(current, Seq) and isinstance(value, Seq):
            result = Seq(current.kind, current.items + value.items)
        elif isinstance(current, Const) and isinstance(value, Const):
            if isinstance(current.value, str) and isinstance(value.value, str):
                result = Const(current.value + value.value)
    if isinstance(node.target, (ev.Name, ev.Attribute)):
        assign(machine, frame, node.target, result)


def delete(machine: Machine, frame: Frame, target: ev.Expr) -> None:
    if isinstance(target, ev.Name):
        if machine.evaluate(frame, target) is not None:
            names.unbind(machine, frame, target.id)
    elif isinstance(target, ev.Sequence):
        for item in target.items:
            delete(machine, frame, item)
    elif isinstance(target, ev.Attribute):
        owner = machine.evaluate(frame, target.value)
        if isinstance(owner, ModuleRecord):
            machine.heap.set(owner.namespace, target.attr, ABSENT)
    elif isinstance(target, ev.Subscript):
        owner = machine.evaluate(frame, target.value)
        index = machine.evaluate(frame, target.index)
        if isinstance(owner, GlobalsOf):
            is_known = isinstance(index, Const) and index.value in owner.module.namespace
            names.write_to_globals(machine, owner, is_seen=is_known)
            if is_known and isinstance(index, Const):
                machine.heap.set(owner.module.namespace, index.value, ABSENT)
        if isinstance(owner, Mutable):
            containers.delete_item(machine, owner, machine.evaluate(frame, target.index))
        machine.note_may_raise("any")
