"""Calls made while a module is being imported: half of a real start-up happens inside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from merge_guard.model import events as ev
from merge_guard.model.finding import HopKind
from merge_guard.startup import containers, folders, inheritance, names, unseen
from merge_guard.startup.builtin_calls import call_builtin, call_text_method
from merge_guard.startup.edges import hand_up
from merge_guard.startup.external_calls import call_external
from merge_guard.startup.frames import RETURN, Frame, Guard, Raised
from merge_guard.startup.joins import join_values
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    Builtin,
    ClassValue,
    Const,
    ContainerMethod,
    Dict,
    Either,
    External,
    FileMethod,
    Function,
    GlobalsOf,
    Instance,
    ModuleRecord,
    Mutable,
    Partial,
    PropertyPart,
    Seq,
    Suspended,
    TextMethod,
    Transparent,
    Value,
    plain,
)

_DEEPEST = 60
_RUNS_OF_ONE_BODY = 30
_RECURSIONS = 2
_STEPS = 400_000


def call(
    machine: Machine, callee: Value, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool = False
) -> Value:
    """What a call gives. First-party bodies are run; what is handed to unknown code escapes."""
    if isinstance(callee, Function):
        return _call_function(machine, callee, args, keywords, open_ended)
    if isinstance(callee, Bound):
        return _call_function(machine, callee.function, (callee.owner, *args), keywords, open_ended)
    if isinstance(callee, ClassValue):
        return _construct(machine, callee, args, keywords, open_ended)
    if isinstance(callee, Builtin):
        return call_builtin(machine, callee.name, args, keywords)
    if isinstance(callee, External):
        if machine.observer is not None:
            kept = machine.observer.called(callee, args, keywords, open_ended)
            if kept is not None:
                return kept
        return call_external(machine, callee, args, keywords)
    if isinstance(callee, Partial):
        return call(machine, callee.function, (*callee.args, *args), {**callee.keywords, **keywords}, open_ended)
    if isinstance(callee, Transparent):
        return _decorated(callee, args)
    if isinstance(callee, ContainerMethod):
        return containers.call_method(machine, callee, tuple(args), dict(keywords))
    if isinstance(callee, TextMethod):
        return call_text_method(machine, callee, args, keywords)
    if isinstance(callee, PropertyPart):
        let_go(machine, args, keywords)
        return callee.function
    if isinstance(callee, FileMethod):
        return folders.call_method(machine, callee, args, keywords)
    if isinstance(callee, Instance):
        method = inheritance.class_attribute(callee.cls, "__call__")
        if isinstance(method, Function):
            return _call_function(machine, method, (callee, *args), keywords, open_ended)
    if isinstance(callee, Either):
        return _call_each(machine, callee, args, keywords, open_ended)
    escape(machine, args, keywords)
    machine.note_may_raise("any")
    return UNKNOWN


def escape(machine: Machine, args: Sequence[Value], keywords: Mapping[str, Value]) -> None:
    """Code that is not followed has these from now on."""
    if machine.observer is not None:
        machine.observer.handed(args, keywords)
    let_go(machine, args, keywords)


def let_go(machine: Machine, args: Sequence[Value], keywords: Mapping[str, Value]) -> None:
    """Unknown code has these from now on: a module or its `globals()` may be written to."""
    for value in (*args, *keywords.values()):
        if isinstance(value, ModuleRecord):
            names.open_up(machine, value)
        elif isinstance(value, GlobalsOf):
            names.write_to_globals(machine, value)
        elif isinstance(value, (Seq, Dict, Mutable)):
            containers.lose(machine, value)
        else:
            unseen.may_call(machine, value)


def _decorated(callee: Transparent, args: Sequence[Value]) -> Value:
    if not args:
        return UNKNOWN
    value = args[0]
    if isinstance(value, Function) and (callee.binding or callee.context):
        return Function(
            value.module, value.name, value.key, value.parameters, value.defaults, value.scope, value.is_async,
            callee.binding or value.binding, callee.context or value.context,
        )  # fmt: skip
    return value


def _call_each(
    machine: Machine, callee: Either, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool
) -> Value:
    results: list[Value] = []

    def run_with(part: Value) -> str:
        results.append(call(machine, part, args, keywords, open_ended))
        return "normal"

    machine.alternatives([partial(run_with, part) for part in callee.values])
    return join_values(results) if results else UNKNOWN


def _construct(
    machine: Machine, cls: ClassValue, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool
) -> Value:
    metaclass = cls.metaclass
    if isinstance(metaclass, ClassValue) and inheritance.class_attribute(metaclass, "__call__") is not None:
        unseen.may_use(machine, metaclass)
        escape(machine, args, keywords)
        return UNKNOWN
    if cls.mangled or inheritance.class_attribute(cls, "__new__") is not None:
        new = inheritance.class_attribute(cls, "__new__")
        if isinstance(new, Function) and not cls.mangled:
            made = _call_function(machine, new, (cls, *args), keywords, open_ended)
            if not isinstance(made, Instance):
                made = _new(machine, cls)
        else:
            escape(machine, args, keywords)
            return UNKNOWN
    else:
        made = _new(machine, cls)
    if not isinstance(made, Instance):
        return made
    start = inheritance.class_attribute(made.cls, "__init__")
    if isinstance(start, Function):
        _call_function(machine, start, (made, *args), keywords, open_ended)
    else:
        if machine.observer is not None:
            machine.observer.constructed(made, args, keywords, open_ended)
        escape(machine, args, keywords)
        unseen.may_run_methods(machine, made.cls)
        after = inheritance.class_attribute(made.cls, "__post_init__")
        if isinstance(after, Function):
            _call_function(machine, after, (made,), {}, True)
    return made


def _new(machine: Machine, cls: ClassValue) -> Instance:
    instance = Instance(cls)
    machine.heap.born(instance.namespace)
    return instance


def run_suspended(machine: Machine, value: Value) -> Value:
    """Run a coroutine (or generator) that something awaits or iterates."""
    if isinstance(value, Suspended):
        return _run(machine, value.function, value.args, value.keywords, False)
    return UNKNOWN


def _call_function(
    machine: Machine, function: Function, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool
) -> Value:
    body = machine.bodies(function.module.path).get(function.key) if machine.terms.follow_calls else None
    if body is None:
        escape(machine, args, keywords)
        machine.note_may_raise("any")
        return UNKNOWN
    if function.is_async or body.is_generator:
        return Suspended(function, tuple(args), dict(keywords))
    return _run(machine, function, args, keywords, open_ended)


def _run(
    machine: Machine, function: Function, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool
) -> Value:
    identity = (function.module.path, function.key)
    body = machine.bodies(function.module.path).get(function.key)
    signature = (
        id(function),
        tuple(map(_signature, args)),
        tuple((k, _signature(v)) for k, v in sorted(keywords.items())),
    )
    if identity in machine.frame_writers:
        reach = machine.frame_writers[identity]
        if reach is None:
            names.open_frames(machine)
        for caller in machine.frames[-reach:] if reach else ():
            names.open_up(machine, caller.module)
    known = machine.memo.get(signature)
    if known is not None:
        hand_up(machine, machine.imports_of.get(signature, ()))
        return plain(known)
    if (
        body is None
        or len(machine.active) > _DEEPEST
        or machine.active.count(identity) >= _RECURSIONS
        or machine.calls_of.get(identity, 0) >= _RUNS_OF_ONE_BODY
        or machine.steps > _STEPS
    ):
        escape(machine, args, keywords)
        machine.note_may_raise("any")
        return UNKNOWN
    machine.calls_of[identity] = machine.calls_of.get(identity, 0) + 1
    frame = Frame(
        function.module,
        _bind_arguments(machine, body, function, args, keywords, open_ended),
        "function",
        frozenset(body.local),
        function.scope,
        line=function.key[0],
        owner=args[0] if args else None,
    )
    machine.heap.born(frame.names)
    result = _run_body(machine, frame, body, identity)
    if frame.imports:
        machine.imports_of[signature] = tuple(frame.imports.items())
    # Later, a constant that was returned might be another one: the function may depend on what has changed since.
    constant = isinstance(result, (Const, Seq)) and not frame.fell_through
    machine.heap.set(machine.memo, signature, UNKNOWN if constant or isinstance(result, Either) else result)
    # The objects must outlive the memo, or an identity could be given anew.
    machine.memo.setdefault(("keep", signature), (function, tuple(args), dict(keywords)))
    return result


def _run_body(machine: Machine, frame: Frame, body: ev.FunctionBody, identity: object) -> Value:
    caller = machine.frame
    step = caller.step
    caller.step = HopKind.CALL
    machine.active.append(identity)
    try:
        with machine.inside(frame):
            machine.guards.append(Guard(frame, call=True))
            try:
                if machine.execute(frame, body.body) != RETURN:
                    frame.fell_through = not frame.returned
                    frame.returned.append(Const(None))
            except Raised:
                if not frame.may_have_returned:
                    raise
    finally:
        machine.active.pop()
        caller.step = step
    return join_values(frame.returned) if frame.returned else Const(None)


def _signature(value: Value) -> object:
    if isinstance(value, Mutable):
        return (id(value), _signature(value.content))
    if isinstance(value, Dict):
        return tuple((key, _signature(item)) for key, item in value.items.items())
    if isinstance(value, Const):
        return ("const", type(value.value), value.value)
    if isinstance(value, (External, Builtin)):
        return value
    if value is UNKNOWN:
        return "?"
    if isinstance(value, Seq):
        return (value.kind, tuple(map(_signature, value.items)))
    return id(value)


def _bind_arguments(
    machine: Machine,
    body: ev.FunctionBody,
    function: Function,
    args: Sequence[Value],
    keywords: Mapping[str, Value],
    open_ended: bool,
) -> dict[str, Value]:
    """Parameters to values; whatever does not fit is simply unknown: a wrong call is not judged here."""
    bound: dict[str, Value] = {}
    defaults = iter(function.defaults)
    position = 0
    for parameter in body.parameters:
        default = next(defaults, UNKNOWN) if parameter.default else UNKNOWN
        if parameter.kind == "var":
            bound[parameter.name] = UNKNOWN if open_ended else Seq("tuple", tuple(args[position:]))
            position = len(args)
        elif parameter.kind == "kwvar":
            extra = {key: value for key, value in keywords.items() if key not in bound}
            bound[parameter.name] = UNKNOWN if open_ended else containers.make(machine, Dict(extra))
        elif parameter.kind in ("pos", "any") and position < len(args):
            bound[parameter.name] = args[position]
            position += 1
        elif parameter.name in keywords and parameter.kind != "pos":
            bound[parameter.name] = keywords[parameter.name]
        else:
            bound[parameter.name] = UNKNOWN if open_ended else default
            if not parameter.default and not open_ended:
                machine.note_may_raise("any")  # nothing is given for it
    if position < len(args):
        machine.note_may_raise("any")
    return bound
