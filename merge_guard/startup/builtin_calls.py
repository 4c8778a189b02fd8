"""Calls of builtins whose effect start-up can depend on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from merge_guard.startup import containers, inheritance, names, unseen
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Dict,
    External,
    Function,
    GlobalsOf,
    Instance,
    ModuleRecord,
    Partial,
    Seq,
    Super,
    Suspended,
    TextMethod,
    Transparent,
    TreeFile,
    Value,
    plain,
    settled,
)

Args = Sequence[Value]
Keywords = Mapping[str, Value]

_TEXT_METHODS = frozenset(
    {"startswith", "endswith", "lower", "upper", "strip", "lstrip", "rstrip", "replace", "removeprefix", "removesuffix",
     "split", "rsplit", "partition", "rpartition"}
)  # fmt: skip
_MOST_CALLS = 40
# Builtins to which it matters which object they are given.
_KEEPERS = frozenset({"setattr", "getattr", "hasattr", "super", "exec", "eval", "vars", "id", "isinstance"})
_SIZED = {"list": "list", "tuple": "tuple", "set": "set", "frozenset": "set"}


def call_builtin(machine: Machine, name: str, args: Args, keywords: Keywords) -> Value:
    if name not in _KEEPERS:
        args = [settled(arg) for arg in args]
    handler = _BUILTINS.get(name)
    if handler is not None:
        return handler(machine, args, keywords)
    if name in _SIZED:
        content: Value = UNKNOWN
        if not args:
            content = Seq(_SIZED[name], ())
        elif isinstance(args[0], Seq):
            content = Seq(_SIZED[name], args[0].items)
        elif isinstance(args[0], Dict):
            content = Seq(_SIZED[name], tuple(map(Const, args[0].items)))
        else:
            _consume(machine, args)
        return content if name in ("tuple", "frozenset") else containers.make(machine, content)
    if name in ("map", "filter", "min", "max"):
        _call_on_each(machine, name, args, keywords)
    if name in ("enumerate", "reversed") and len(args) == 1 and isinstance(args[0], Seq):
        items = args[0].items
        if name == "reversed":
            return Seq("tuple", items[::-1])
        return Seq("tuple", tuple(Seq("tuple", (Const(index), item)) for index, item in enumerate(items)))
    if name in ("any", "all", "sum", "max", "min", "next", "iter", "enumerate", "zip", "map", "filter"):
        return _consume(machine, args)
    if name in ("open", "int", "float", "bytes", "input", "compile"):
        machine.note_may_raise("any")
    _let_go(machine, args, keywords)
    return External(f"builtins.{name}()") if name == "open" else UNKNOWN


def _sorted(machine: Machine, args: Args, keywords: Keywords) -> Value:
    """Texts, or paths, in their order."""
    items = args[0].items if len(args) == 1 and not keywords and isinstance(args[0], Seq) else ()
    texts = [item.value for item in items if isinstance(item, Const) and isinstance(item.value, str)]
    if items and len(texts) == len(items):
        return containers.make(machine, Seq("list", tuple(map(Const, sorted(texts)))))
    paths: list[TreeFile] = [item for item in items if isinstance(item, TreeFile)]
    if items and len(paths) == len(items):
        paths.sort(key=lambda path: path.path)
        return containers.make(machine, Seq("list", tuple(paths)))
    _call_on_each(machine, "sorted", args, keywords)
    return _consume(machine, args)


def _str(machine: Machine, args: Args, keywords: Keywords) -> Value:
    value: Value = args[0] if len(args) == 1 else UNKNOWN
    if isinstance(value, TreeFile):
        return TreeFile(value.path, is_text=True)
    return Const(str(value.value)) if isinstance(value, Const) else UNKNOWN


def call_text_method(machine: Machine, callee: TextMethod, args: Args, keywords: Keywords) -> Value:
    """Module names and platforms are taken apart and put together by these."""
    if callee.name in _TEXT_METHODS and not keywords and all(isinstance(arg, Const) for arg in args):
        try:
            result = getattr(callee.text, callee.name)(*(arg.value for arg in args if isinstance(arg, Const)))
        except (TypeError, ValueError, LookupError):
            return UNKNOWN
        if isinstance(result, (list, tuple)):
            return Seq(type(result).__name__, tuple(Const(item) for item in result))
        return Const(result)
    if callee.name == "join" and len(args) == 1:
        _consume(machine, args)
    return UNKNOWN


def _let_go(machine: Machine, args: Args, keywords: Keywords) -> None:
    for value in (*args, *keywords.values()):
        if isinstance(value, GlobalsOf):
            names.write_to_globals(machine, value)


def _consume(machine: Machine, args: Args) -> Value:
    """Something iterates its arguments: a generator in them runs, perhaps not to its end."""
    from merge_guard.startup.calls import run_suspended

    for value in args:
        if isinstance(value, Suspended):
            machine.perhaps(partial(run_suspended, machine, value))
    machine.note_may_raise("any")
    return UNKNOWN


def _call_on_each(machine: Machine, name: str, args: Args, keywords: Keywords) -> None:
    """A function that a builtin calls on every item, now or later."""
    lazy = name in ("map", "filter")
    function = args[0] if lazy and args else keywords.get("key")
    items = args[1] if lazy and len(args) == 2 else args[0] if args else UNKNOWN
    if isinstance(function, (Function, Bound, Partial)):
        known = items.items if isinstance(items, Seq) else (UNKNOWN,)
        for item in known[:_MOST_CALLS]:
            machine.perhaps(partial(machine.call, function, (item,), {}, len(args) > 2))


def _super(machine: Machine, args: Args, keywords: Keywords) -> Value:
    frame = machine.frame
    owner = args[1] if len(args) > 1 else frame.owner
    cls = owner.cls if isinstance(owner, Instance) else None
    if cls is None:
        return UNKNOWN
    # The class that holds the running method is found by the method's own body.
    for candidate in inheritance.lineage(cls):
        if isinstance(candidate, ClassValue) and any(
            isinstance(slot, Function) and slot.module is frame.module and slot.key[0] == _method_line(machine)
            for slot in map(plain, candidate.namespace.values())
        ):
            return Super(candidate, owner)
    return Super(cls, owner) if len(cls.bases) <= 1 else UNKNOWN


def _method_line(machine: Machine) -> int:
    active = machine.active[-1] if machine.active else None
    return int(active[1][0]) if isinstance(active, tuple) else 0


def _globals(machine: Machine, args: Args, keywords: Keywords) -> Value:
    return GlobalsOf(machine.frame.module)


def _locals(machine: Machine, args: Args, keywords: Keywords) -> Value:
    return GlobalsOf(machine.frame.module) if machine.frame.kind == "module" and not args else UNKNOWN


def _vars(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if not args:
        return _locals(machine, args, keywords)
    if isinstance(args[0], (Instance, ClassValue)):
        machine.heap.set(args[0].namespace, "*", UNKNOWN)
    return GlobalsOf(args[0]) if isinstance(args[0], ModuleRecord) else UNKNOWN


def _exec(machine: Machine, args: Args, keywords: Keywords) -> Value:
    """`exec(code)` binds here; `exec(code, namespace)` there."""
    if len(args) < 2:
        names.open_up(machine, machine.frame.module)
        unseen.may_write_all(machine, machine.frame.module)
    _let_go(machine, args, keywords)
    machine.note_may_raise("any")
    return Const(None)


def _eval(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if len(args) == 1:
        unseen.may_write_all(machine, machine.frame.module)
    _let_go(machine, args, keywords)
    machine.note_may_raise("any")
    return UNKNOWN


def _getattr(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if len(args) >= 2 and isinstance(args[1], Const) and isinstance(args[1].value, str):
        found = machine.attribute(args[0], args[1].value)
        if found is not None:
            return found if len(args) == 2 or isinstance(args[0], ModuleRecord) else UNKNOWN
        if len(args) > 2:
            return args[2]
        if isinstance(args[0], ModuleRecord):
            from merge_guard.startup.evaluate import missing_attribute

            return missing_attribute(machine, machine.frame, args[0], args[1].value, machine.frame.line, 1)
    machine.note_may_raise("any")
    return UNKNOWN


def _hasattr(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if len(args) == 2 and isinstance(args[0], ModuleRecord) and isinstance(args[1], Const):
        if machine.attribute(args[0], str(args[1].value)) is None:
            return Const(False)
        if str(args[1].value) in args[0].namespace:
            return Const(True)
    return UNKNOWN


def _setattr(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if len(args) == 3:
        owner, name, value = args
        known = isinstance(name, Const) and isinstance(name.value, str)
        if isinstance(owner, ModuleRecord):
            if known:
                assert isinstance(name, Const)
                machine.heap.set(owner.namespace, name.value, value)
            else:
                names.open_up(machine, owner)
        elif isinstance(owner, External) and owner.origin == "builtins":
            machine.heap.set(machine.injected, name.value if isinstance(name, Const) else "*", True)
        elif isinstance(owner, (Instance, ClassValue)):
            machine.heap.set(owner.namespace, name.value if isinstance(name, Const) else "*", value)
    return Const(None)


def _dict(machine: Machine, args: Args, keywords: Keywords) -> Value:
    _let_go(machine, args, {})
    if not args:
        return containers.make(machine, Dict(dict(keywords)))
    known = args[0]
    return containers.make(machine, Dict({**known.items, **keywords}) if isinstance(known, Dict) else UNKNOWN)


def _import(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if args and isinstance(args[0], Const) and isinstance(args[0].value, str) and not keywords and len(args) == 1:
        value = machine.import_module(args[0].value)
        return plain(machine.modules.get(args[0].value.partition(".")[0], value))
    machine.note_may_raise("import")
    machine.note_may_raise("any")
    return UNKNOWN


def as_decorator(binding: str) -> Callable[[Machine, Args, Keywords], Value]:
    def apply(machine: Machine, args: Args, keywords: Keywords) -> Value:
        from merge_guard.startup.calls import call

        if args and isinstance(args[0], Function):
            return call(machine, Transparent(binding), args[:1], {})
        return UNKNOWN

    return apply


def _callable(machine: Machine, args: Args, keywords: Keywords) -> Value:
    if len(args) == 1 and isinstance(args[0], (Const, Seq, Dict)):
        return Const(False)
    if (len(args) == 1 and isinstance(args[0], (ClassValue, Bound, Partial))) or (
        len(args) == 1 and isinstance(args[0], Function) and not args[0].binding
    ):
        return Const(True)
    return UNKNOWN


_BUILTINS: dict[str, Callable[[Machine, Args, Keywords], Value]] = {
    "callable": _callable,
    "sorted": _sorted,
    "str": _str,
    "super": _super,
    "globals": _globals,
    "locals": _locals,
    "vars": _vars,
    "eval": _eval,
    "exec": _exec,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "dict": _dict,
    "__import__": _import,
    "staticmethod": as_decorator("static"),
    "classmethod": as_decorator("class"),
    "property": as_decorator("property"),
}
