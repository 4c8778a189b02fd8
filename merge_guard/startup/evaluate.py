"""Expressions: names that are used, values that are tracked, calls that are followed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from merge_guard.model import events as ev
from merge_guard.model.finding import Hop, Place
from merge_guard.startup import (
    absent,
    conditions,
    containers,
    inheritance,
    module_getattr,
    named_objects,
    names,
    unseen,
)
from merge_guard.startup.comprehensions import comprehension
from merge_guard.startup.frames import NORMAL, Frame, Raised
from merge_guard.startup.joins import join_values
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    Const,
    Decided,
    Dict,
    External,
    Function,
    GlobalsOf,
    Instance,
    ModuleRecord,
    Mutable,
    Seq,
    Value,
    plain,
    settled,
    truth,
)

_MOST_ITEMS = 2_000


def evaluate(machine: Machine, frame: Frame, node: ev.Expr) -> Value:
    return _EVALUATE[node.__class__](machine, frame, node)


def quiet(machine: Machine, frame: Frame, node: ev.Expr) -> Value:
    """The value as far as it is plain from names and attributes, with no effect at all."""
    if isinstance(node, ev.Name):
        return names.lookup(machine, frame, node.id, node.line, node.column, quiet=True)
    if isinstance(node, ev.Attribute):
        owner = quiet(machine, frame, node.value)
        if isinstance(owner, (ModuleRecord, External)):
            return names.attribute(machine, owner, node.attr) or UNKNOWN
        return UNKNOWN
    if isinstance(node, ev.Sequence):
        return Seq(node.kind, tuple(quiet(machine, frame, item) for item in node.items))
    if isinstance(node, ev.Add):
        return _add(quiet(machine, frame, node.left), quiet(machine, frame, node.right))
    if isinstance(node, ev.Constant):
        return Const(node.value)
    return UNKNOWN


def _name(machine: Machine, frame: Frame, node: ev.Name) -> Value:
    return names.lookup(machine, frame, node.id, node.line, node.column)


def _attribute(machine: Machine, frame: Frame, node: ev.Attribute) -> Value:
    owner = evaluate(machine, frame, node.value)
    if isinstance(owner, External) or owner is UNKNOWN:
        machine.note_may_raise("any")
    known = conditions.environment(machine, owner, node.attr)
    if known is not None:
        return known
    found = names.attribute(machine, owner, node.attr)
    if isinstance(owner, ModuleRecord) and module_getattr.is_asked(owner, node.attr):
        answer = module_getattr.ask(machine, owner, node.attr)
        if not isinstance(answer, Raised):
            return answer
        chain = answer.origin[1] if answer.origin is not None else ()
        return missing_attribute(machine, frame, owner, node.attr, node.line, node.column, chain)
    if found is not None:
        return found
    assert isinstance(owner, ModuleRecord)
    return missing_attribute(machine, frame, owner, node.attr, node.line, node.column)


def missing_attribute(
    machine: Machine, frame: Frame, module: ModuleRecord, name: str, line: int, column: int, chain: Sequence[Hop] = ()
) -> Value:
    """`module.name` that the module lacks at this moment: AttributeError, of a cycle where it would be bound later.

    `chain` leads to where the module's own `__getattr__` raised it.
    """
    place = Place(frame.module.path, line, column)
    absent.fail(machine, module, name, "AttributeError", place, chain=chain)
    return UNKNOWN


def _call(machine: Machine, frame: Frame, node: ev.Call) -> Value:
    callee = evaluate(machine, frame, node.func)
    args: list[Value] = []
    open_ended = False
    for arg in node.args:
        if isinstance(arg, ev.Starred):
            value = settled(evaluate(machine, frame, arg.value))
            if isinstance(value, Seq):
                args.extend(value.items)
            else:
                open_ended = True
        else:
            args.append(evaluate(machine, frame, arg))
    keywords: dict[str, Value] = {}
    for key, expression in node.keywords:
        value = evaluate(machine, frame, expression)
        if key is not None:
            keywords[key] = value
            continue
        value = settled(value)
        if isinstance(value, Dict) and all(isinstance(name, str) for name in value.items):
            keywords.update(value.items)
        else:
            open_ended = True
    frame.line, frame.column = node.line, node.column
    result = machine.call(callee, args, keywords, open_ended)
    if node.func.__class__ is ev.Attribute and (callee is UNKNOWN or isinstance(callee, External)):
        owner = quiet(machine, frame, node.func.value)
        if isinstance(owner, Instance):
            unseen.may_use(machine, owner)  # what its foreign base does calls the methods of its own
        known = named_objects.result_of_unknown(machine, node.func.attr, args)
        return result if known is None else known
    return result


def _constant(machine: Machine, frame: Frame, node: ev.Constant) -> Value:
    return Const(node.value)


def _sequence(machine: Machine, frame: Frame, node: ev.Sequence) -> Value:
    items: list[Value] = []
    whole = len(node.items) <= _MOST_ITEMS
    for item in node.items:
        if isinstance(item, ev.Starred):
            value = settled(evaluate(machine, frame, item.value))
            if isinstance(value, Seq):
                items.extend(value.items)
            else:
                whole = False
        else:
            items.append(evaluate(machine, frame, item))
    content = Seq(node.kind, tuple(items)) if whole else UNKNOWN
    return containers.make(machine, content) if node.kind in ("list", "set") else content


def _mapping(machine: Machine, frame: Frame, node: ev.Mapping) -> Value:
    items: dict[Any, Value] = {}
    whole = True
    for key, expression in zip(node.keys, node.values):
        name = UNKNOWN if key is None else evaluate(machine, frame, key)
        value = evaluate(machine, frame, expression)
        if isinstance(name, Const):
            items[name.value] = value
            continue
        value = settled(value)
        if key is None and isinstance(value, Dict):
            items.update(value.items)
        else:
            whole = False
    return containers.make(machine, Dict(items) if whole else UNKNOWN)


def _lambda(machine: Machine, frame: Frame, node: ev.Lambda) -> Value:
    defaults = tuple(evaluate(machine, frame, default) for default in node.defaults)
    return Function(frame.module, "<lambda>", (node.line, node.column), (), defaults, closure(frame))


def closure(frame: Frame) -> tuple[tuple[Any, frozenset[str]], ...]:
    """The scopes that a function defined here can see, innermost first."""
    if frame.kind == "function":
        return ((frame.names, frame.local), *frame.outer)
    return frame.outer


def _choice(machine: Machine, frame: Frame, node: ev.Choice) -> Value:
    verdict = truth(evaluate(machine, frame, node.test))
    if verdict is not None:
        return evaluate(machine, frame, node.body if verdict else node.orelse)
    results: list[Value] = []

    def arm(branch: ev.Expr) -> Callable[[], str]:
        def run() -> str:
            results.append(evaluate(machine, frame, branch))
            return NORMAL

        return run

    machine.alternatives([arm(node.body), arm(node.orelse)])
    return join_values(results) if results else UNKNOWN


def _bool(machine: Machine, frame: Frame, node: ev.Bool) -> Value:
    stops_at = node.op == "or"
    seen: list[Value] = []
    for position, expression in enumerate(node.values):
        value = evaluate(machine, frame, expression)
        verdict = truth(value)
        if verdict is stops_at:
            return join_values([*seen, value])
        if verdict is None:
            seen.append(value)
            rest = ev.Bool(node.op, node.values[position + 1 :])
            if rest.values:
                result = _perhaps_bool(machine, frame, rest)
                # An operand that is known to be false keeps an `and` from being true, whatever the others are.
                if any(truth(item) is stops_at for item in result):
                    return Decided(stops_at)
                seen.extend(result)
            return join_values(seen)
        if position == len(node.values) - 1:
            return join_values([*seen, value])
    return UNKNOWN


def _perhaps_bool(machine: Machine, frame: Frame, rest: ev.Bool) -> list[Value]:
    """The operands behind one whose truth is not known: evaluated on some paths."""
    result: list[Value] = []
    machine.perhaps(lambda: result.append(_bool(machine, frame, rest)))
    return result


def _compare(machine: Machine, frame: Frame, node: ev.Compare) -> Value:
    left = evaluate(machine, frame, node.left)
    right = evaluate(machine, frame, node.right)
    if node.op not in ("is", "is not"):
        left, right = settled(left), settled(right)
    result = conditions.compare(machine, left, node.op, right)
    if result is UNKNOWN:
        machine.note_may_raise("any")
    return result


def _not(machine: Machine, frame: Frame, node: ev.Not) -> Value:
    verdict = truth(evaluate(machine, frame, node.value))
    return UNKNOWN if verdict is None else Const(not verdict)


def _subscript(machine: Machine, frame: Frame, node: ev.Subscript) -> Value:
    owner = settled(evaluate(machine, frame, node.value))
    index = evaluate(machine, frame, node.index)
    if isinstance(owner, conditions.VersionInfo):
        return conditions.version_item(owner, index)
    if isinstance(owner, External) and owner.origin == "sys.modules":
        if isinstance(index, Const) and isinstance(index.value, str):
            known = machine.modules.get(index.value)
            if known is not None:
                return plain(known)
        return UNKNOWN
    if isinstance(owner, GlobalsOf) and isinstance(index, Const):
        slot = owner.module.namespace.get(index.value)
        return UNKNOWN if slot is None else plain(slot)
    if isinstance(owner, Const) and isinstance(index, Seq) and index.kind == "slice":
        return _sliced(owner, index)
    if isinstance(index, Const):
        try:
            if isinstance(owner, Seq):
                item: Value = owner.items[index.value]
                return item
            if isinstance(owner, Dict):
                return owner.items[index.value]
        except (IndexError, KeyError, TypeError):
            pass
    if isinstance(owner, Instance):
        method = inheritance.class_attribute(owner.cls, "__getitem__")
        if isinstance(method, Function):
            return machine.call(Bound(method, owner), (index,), {}, False)
    machine.note_may_raise("any")
    return UNKNOWN


def _sliced(owner: Const, index: Seq) -> Value:
    bounds = [item.value for item in index.items if isinstance(item, Const)]
    if isinstance(owner.value, str) and len(bounds) == 3 and all(isinstance(b, (int, type(None))) for b in bounds):
        return UNKNOWN if bounds[2] == 0 else Const(owner.value[slice(*bounds)])
    return UNKNOWN


def _walrus(machine: Machine, frame: Frame, node: ev.Walrus) -> Value:
    value = evaluate(machine, frame, node.value)
    names.bind(machine, frame, node.name, value)
    return value


def _await(machine: Machine, frame: Frame, node: ev.Await) -> Value:
    from merge_guard.startup.calls import run_suspended

    return run_suspended(machine, evaluate(machine, frame, node.value))


def _starred(machine: Machine, frame: Frame, node: ev.Starred) -> Value:
    evaluate(machine, frame, node.value)
    return UNKNOWN


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Seq) and isinstance(right, Seq):
        return Seq(left.kind, left.items + right.items)
    if isinstance(left, Const) and isinstance(right, Const):
        if isinstance(left.value, str) and isinstance(right.value, str):
            return Const(left.value + right.value)
    return UNKNOWN


def _plus(machine: Machine, frame: Frame, node: ev.Add) -> Value:
    left, right = evaluate(machine, frame, node.left), evaluate(machine, frame, node.right)
    if isinstance(left, Mutable):
        return containers.make(machine, _add(left.content, settled(right)))
    result = _add(left, settled(right))
    if result is UNKNOWN:
        machine.note_may_raise("any")
        if machine.observer is not None:
            return machine.observer.joined(left, right)
    return result


def _opaque(machine: Machine, frame: Frame, node: ev.Opaque) -> Value:
    for part in node.parts:
        evaluate(machine, frame, part)
    machine.note_may_raise("any")
    return UNKNOWN


def _yield(machine: Machine, frame: Frame, node: ev.Yield) -> Value:
    if node.value is not None:
        evaluate(machine, frame, node.value)
    return UNKNOWN


_EVALUATE: dict[type, Callable[[Machine, Frame, Any], Value]] = {
    ev.Name: _name,
    ev.Attribute: _attribute,
    ev.Call: _call,
    ev.Constant: _constant,
    ev.Sequence: _sequence,
    ev.Mapping: _mapping,
    ev.Lambda: _lambda,
    ev.Choice: _choice,
    ev.Bool: _bool,
    ev.Compare: _compare,
    ev.Not: _not,
    ev.Subscript: _subscript,
    ev.Walrus: _walrus,
    ev.Await: _await,
    ev.Comprehension: comprehension,
    ev.Starred: _starred,
    ev.Add: _plus,
    ev.Opaque: _opaque,
    ev.Yield: _yield,
}
