"""Binding and looking up names, and attributes of values."""

from __future__ import annotations

import builtins
import re

from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause
from merge_guard.startup import folders, inheritance
from merge_guard.startup.frames import Frame
from merge_guard.startup.heap import ABSENT, Namespace
from merge_guard.startup.joins import join_values
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    Builtin,
    ClassValue,
    Const,
    ContainerMethod,
    Either,
    External,
    FrameOf,
    Function,
    GlobalsOf,
    Instance,
    ModuleRecord,
    Mutable,
    Partial,
    PathOf,
    PropertyPart,
    Record,
    Super,
    TextMethod,
    TreeFile,
    Value,
    plain,
)

# What came later than Python 3.9.
_BUILTINS_SINCE = {
    "aiter": (3, 10), "anext": (3, 10), "EncodingWarning": (3, 10), "BaseExceptionGroup": (3, 11),
    "ExceptionGroup": (3, 11), "PythonFinalizationError": (3, 13),
}  # fmt: skip
_BUILTINS = (
    frozenset(dir(builtins)) | _BUILTINS_SINCE.keys()
    | {"__file__", "WindowsError", "exit", "quit", "copyright", "credits", "license"}
)  # fmt: skip
ALWAYS = frozenset(
    {"__name__", "__doc__", "__file__", "__path__", "__spec__", "__loader__", "__package__", "__builtins__",
     "__cached__", "__dict__", "__class__", "__annotations__", "__debug__", "__qualname__", "__module__"}
)  # fmt: skip

_CALLED = (Function, Bound, ClassValue, ModuleRecord, Builtin, External, Partial, Instance, Super)

_MANGLED = re.compile(r"_[A-Za-z]\w*?__\w")

# What can be done to a dictionary of globals without binding anything.
_READS = frozenset({"get", "items", "keys", "values", "copy", "__contains__", "__len__", "__iter__", "__getitem__"})


def bind(machine: Machine, frame: Frame, name: str, value: Value) -> None:
    machine.heap.set(namespace_for(frame, name), name, value)


def unbind(machine: Machine, frame: Frame, name: str) -> None:
    machine.heap.set(namespace_for(frame, name), name, ABSENT)


def namespace_for(frame: Frame, name: str) -> Namespace:
    """Where a binding of the name goes."""
    if frame.kind == "module" or name in frame.global_names:
        return frame.module.namespace
    if frame.kind == "function" and name not in frame.local:
        for names, local in frame.outer:
            if name in local:
                return names  # nonlocal
    return frame.names


def lookup(machine: Machine, frame: Frame, name: str, line: int, column: int, quiet: bool = False) -> Value:
    """The value of a name where it is used; a name that nothing binds is a failure unless `quiet`."""
    if name in frame.shadowed:
        return frame.targets.get(name, UNKNOWN)
    if name not in frame.global_names:
        slot = frame.names.get(name)
        if slot is not None:
            return plain(slot)
        if frame.kind == "function" and name in frame.local:
            machine.note_may_raise("any")
            return UNKNOWN  # perhaps not bound yet: what a function does to itself is not judged
        for names, local in frame.outer:
            slot = names.get(name)
            if slot is not None:
                return plain(slot)
            if name in local:
                return UNKNOWN
    module = frame.module
    slot = module.namespace.get(name)
    if slot is not None:
        return plain(slot)
    if name in ALWAYS:
        return module_constant(module, name)
    if name in machine.terms.builtins or (name in _BUILTINS and machine.terms.highest >= _BUILTINS_SINCE.get(name, ())):
        return Builtin(name)
    if _is_mangled(name):
        return UNKNOWN
    if name in machine.injected or "*" in machine.injected:
        return UNKNOWN
    if quiet or frame.shadowed or is_open(module):
        return UNKNOWN
    machine.fail(
        _cause_of_unbound(machine, module, name), "NameError", Place(module.path, line, column), module.name,
        subject=name, source=module.name, detail="name",
    )  # fmt: skip
    return UNKNOWN


def _is_mangled(name: str) -> bool:
    """`__name` in a class body is `_Class__name`: such names are not followed from one spelling to the other."""
    return (name.startswith("__") and not name.endswith("__")) or bool(_MANGLED.match(name))


def _cause_of_unbound(machine: Machine, module: ModuleRecord, name: str) -> Cause:
    from merge_guard.startup.absent import is_for_type_checkers

    return Cause.TYPE_CHECKING_ONLY if is_for_type_checkers(machine, module, name) else Cause.UNBOUND


def is_open(module: ModuleRecord) -> bool:
    return "*" in module.state


def open_up(machine: Machine, module: ModuleRecord) -> None:
    """From here on the module may hold names that nobody sees."""
    if "*" not in module.state:
        machine.heap.set(module.state, "*", True)


def may_grow(package: ModuleRecord) -> bool:
    """Whether submodules may be found that are not in the tree: `__path__` was touched, or portions lie elsewhere."""
    return "path" in package.state or "__path__" in package.namespace


def may_become_package(module: ModuleRecord) -> bool:
    """Whether a module's own `__getattr__`, which the import system asks too, may give it a `__path__`."""
    return not module.is_package and "__getattr__" in module.namespace


def module_constant(module: ModuleRecord, name: str) -> Value:
    if name == "__name__":
        return Const(module.name)
    if name == "__package__":
        return Const(module.package)
    if name == "__debug__":
        return Const(True)
    if name == "__dict__":
        return GlobalsOf(module)
    if name == "__path__":
        return PathOf(module)
    if name == "__builtins__":
        return External("builtins")
    if name == "__file__" and module.path:
        return TreeFile(module.path, is_text=True)
    return UNKNOWN


def attribute(machine: Machine, value: Value, name: str) -> Value | None:
    """`value.name`; None where a closed first-party module certainly has no such attribute at this moment."""
    if isinstance(value, External):
        return value.attribute(name)
    if isinstance(value, ModuleRecord):
        return module_attribute(machine, value, name)
    if isinstance(value, Instance):
        slot = value.namespace.get(name)
        if slot is None and "__class__" in value.namespace:
            return UNKNOWN  # it was given another class
        if slot is None:
            if "__class__" in value.namespace:
                return UNKNOWN  # it has been made an instance of something else
            found = inheritance.class_attribute(value.cls, name)
            found = _of_foreign_base(machine, value, name) if found is None else bind_method(machine, found, value)
        else:
            found = plain(slot)
        return _trusted(machine, value, value.cls, name, found)
    if isinstance(value, ClassValue):
        found = inheritance.class_attribute(value, name)
        found = _of_foreign_base(machine, value, name) if found is None else bind_method(machine, found, None, value)
        return _trusted(machine, value, value, name, found)
    if isinstance(value, Super):
        return _super_attribute(machine, value, name)
    if isinstance(value, Mutable):
        return ContainerMethod(value, name)
    if isinstance(value, GlobalsOf):
        if name not in _READS:
            write_to_globals(machine, value)
        return UNKNOWN
    if isinstance(value, Function) and value.binding == "property" and name in ("setter", "deleter"):
        return PropertyPart(value)
    if isinstance(value, FrameOf):
        return _frame_attribute(value, name)
    if isinstance(value, Const) and not hasattr(value.value, name):
        machine.note_may_raise("any")
        return UNKNOWN
    if isinstance(value, Const) and isinstance(value.value, str):
        return TextMethod(value.value, name)
    if isinstance(value, PathOf):
        if name not in _READS:
            machine.heap.set(value.module.state, "path", True)
        return UNKNOWN
    if isinstance(value, TreeFile):
        return folders.attribute(value, name)
    if isinstance(value, Record):
        return value.items[value.fields.index(name)] if name in value.fields else UNKNOWN
    if isinstance(value, Either):
        parts = [attribute(machine, part, name) for part in value.values]
        return join_values([UNKNOWN if part is None else part for part in parts])
    return UNKNOWN


def module_attribute(machine: Machine, module: ModuleRecord, name: str) -> Value | None:
    slot = module.namespace.get(name)
    if slot is not None:
        return plain(slot)
    if name in ALWAYS and (name != "__path__" or module.is_package):
        return module_constant(module, name)
    if is_open(module) or "__getattr__" in module.namespace:
        return UNKNOWN
    return None


def _trusted(machine: Machine, owner: Instance | ClassValue, cls: ClassValue, name: str, found: Value) -> Value:
    """Data of an object is known only if nothing can have come between: a decorator, an unknown base, foreign code.

    What is called stays what it was written as: it is followed all the same.
    """
    if found is UNKNOWN:
        machine.note_may_raise("any")  # perhaps it has no such attribute
    if name == "__dict__":
        machine.heap.set(owner.namespace, "*", UNKNOWN)
    if isinstance(found, _CALLED):
        return found
    touched = "*" in owner.namespace or "*" in cls.namespace
    hooked = inheritance.class_attribute(cls, "__getattribute__") is not None
    if touched or hooked:
        return UNKNOWN
    if not inheritance.all_plain(cls):
        return machine.observer.presumed(found) if machine.observer is not None else UNKNOWN
    return found


def _super_attribute(machine: Machine, value: Super, name: str) -> Value:
    owner = value.owner
    cls = owner.cls if isinstance(owner, Instance) else owner if isinstance(owner, ClassValue) else value.cls
    order = inheritance.lineage(cls)
    behind = next((order[index + 1 :] for index, base in enumerate(order) if base is value.cls), [])
    found = inheritance.find_along(behind, name)
    if found is None:
        return _of_foreign_base(machine, value, name)
    return bind_method(machine, found, owner if isinstance(owner, Instance) else None, cls)


def _of_foreign_base(machine: Machine, owner: Instance | ClassValue | Super, name: str) -> Value:
    """What a base from outside the project brings: unknown, but for the calls that an observer keeps."""
    inherited = machine.observer.inherited(owner, name) if machine.observer is not None else None
    return UNKNOWN if inherited is None else inherited


def frame_of(machine: Machine, depth: int) -> FrameOf | None:
    """The frame that `sys._getframe(depth)` gives, None where it is not the project's."""
    frames = machine.frames[: len(machine.frames) - depth]
    if depth < 0 or not frames:
        return None
    callers = zip(reversed(machine.active), range(depth, 0, -1))
    return FrameOf(
        tuple(frame.module for frame in reversed(frames)),
        tuple(frame.kind == "module" and not frame.is_comprehension for frame in reversed(frames)),
        tuple(callers),
    )


def _frame_attribute(frame: FrameOf, name: str) -> Value:
    if name == "f_globals" or (name == "f_locals" and frame.are_top[0]):
        return GlobalsOf(frame.modules[0], frame.reached_by)
    if name == "f_back" and len(frame.modules) > 1:
        further = tuple((function, depth + 1) for function, depth in frame.reached_by)
        return FrameOf(frame.modules[1:], frame.are_top[1:], further)
    return UNKNOWN


def write_to_globals(machine: Machine, value: GlobalsOf, *, is_seen: bool = False) -> None:
    """A module's names are written to by whoever has its `globals()`; `is_seen` if what was written is known.

    A function that got at them through a frame does that to each of its callers, also where its result is kept.
    """
    for function, depth in value.reached_by:
        known = machine.frame_writers.get(function, 0)
        machine.frame_writers[function] = None if known is None else max(known, depth)
    if not is_seen:
        open_up(machine, value.module)


def open_frames(machine: Machine) -> None:
    """Something writes to the globals of a frame: which one is not computed. So will all that runs now, each time."""
    machine.frame_writers.update(dict.fromkeys(machine.active))
    for frame in machine.frames:
        open_up(machine, frame.module)


def bind_method(machine: Machine, value: Value, instance: Value | None, cls: Value | None = None) -> Value:
    if not isinstance(value, Function):
        return value
    if value.binding == "static":
        return value
    if value.binding == "class":
        owner = instance.cls if isinstance(instance, Instance) else cls
        return Bound(value, owner or UNKNOWN)
    if instance is None:
        return value
    if value.binding == "property":
        return machine.call(Bound(value, instance), (), {}, False)
    return Bound(value, instance)
