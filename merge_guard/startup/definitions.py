"""`def` and `class`: decorators, defaults, annotations, bodies of classes."""

from __future__ import annotations

from merge_guard.model import events as ev
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause
from merge_guard.startup import inheritance, names, unseen
from merge_guard.startup.evaluate import closure
from merge_guard.startup.frames import Frame
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    Seq,
    Value,
    plain,
)

_MOST_BASES = 300


def annotation(machine: Machine, frame: Frame, expression: ev.Expr) -> None:
    """Evaluated at definition time up to Python 3.13, unless the module has the `annotations` future (PEP 649)."""
    if not frame.module.future_annotations and machine.terms.highest < (3, 14):
        machine.evaluate(frame, expression)


def define_function(machine: Machine, frame: Frame, node: ev.FunctionDef) -> None:
    frame.line = node.line
    decorators = [machine.evaluate(frame, decorator) for decorator in node.decorators]
    defaults = tuple(machine.evaluate(frame, default) for default in node.defaults)
    for expression in node.annotations:
        annotation(machine, frame, expression)
    value: Value = Function(
        frame.module, node.name, (node.line, node.column), node.parameters, defaults, closure(frame), node.is_async
    )
    for expression, decorator in zip(reversed(node.decorators), reversed(decorators)):
        frame.line = decorator_line(machine, expression, node.line)
        value = _decorate(machine, decorator, value)
    names.bind(machine, frame, node.name, value)


def decorator_line(machine: Machine, expression: ev.Expr, line: int) -> int:
    """The line of a decorator's call in tracebacks: its own since Python 3.11, before that the definition's."""
    if machine.terms.highest < (3, 11):
        return line
    return expression.line if isinstance(expression, (ev.Name, ev.Attribute, ev.Call)) else line


def _decorate(machine: Machine, decorator: Value, value: Value) -> Value:
    if isinstance(decorator, External) and decorator.origin.endswith((".setter", ".getter", ".deleter", ".register")):
        unseen.may_call(machine, value)
        return UNKNOWN
    return machine.call(decorator, (value,), {}, False)


def define_class(machine: Machine, frame: Frame, node: ev.ClassDef) -> None:
    frame.line = node.line
    decorators = [machine.evaluate(frame, decorator) for decorator in node.decorators]
    frame.shadowed.extend(node.type_parameters)
    bases = tuple(machine.evaluate(frame, base) for base in node.bases)
    keywords = [machine.evaluate(frame, value) for _, value in node.keywords]
    cls = ClassValue(frame.module, node.name, bases)
    machine.heap.born(cls.namespace)
    cls.mangled = any(name == "metaclass" or name is None for name, _ in node.keywords) and not all(
        isinstance(value, External) and value.origin == "abc.ABCMeta" for value in keywords
    )
    cls.metaclass = next((value for (name, _), value in zip(node.keywords, keywords) if name == "metaclass"), None)
    # A type parameter brings `Generic` along as a base.
    cls.replaced = bool(node.type_parameters) or any(name is None for name, _ in node.keywords)
    if (refusal := machine.twins.refused_at_once(cls)) is not None:
        _refuse(machine, frame, cls, refusal)
    cls.plain = not node.decorators and all(inheritance.is_bare(base) or isinstance(base, ClassValue) for base in bases)
    inner = Frame(
        frame.module, cls.namespace, "class", outer=closure(frame), line=node.line, step=frame.step,
        shadowed=list(frame.shadowed), global_names=set(),
    )  # fmt: skip
    with machine.inside(inner):
        machine.execute(inner, node.body)
    if node.type_parameters:
        del frame.shadowed[-len(node.type_parameters) :]
    frame.line = node.line
    if (refusal := machine.twins.refused(cls)) is not None:
        _refuse(machine, frame, cls, refusal)
    given = {name: value for (name, _), value in zip(node.keywords, keywords) if name}
    _run_metaclass(machine, cls, {name: value for name, value in given.items() if name != "metaclass"})
    _class_made(machine, frame, cls, given)
    value: Value = cls
    for expression, decorator in zip(reversed(node.decorators), reversed(decorators)):
        frame.line = decorator_line(machine, expression, node.line)
        if isinstance(decorator, External) and decorator.origin not in _KEEP:
            machine.note_may_raise("any")
            if decorator.origin == "enum.global_enum":
                _bind_members(machine, frame, cls)
            cls.replaced = True
            continue  # a class decorator of a third party gives back the class, practically always
        result = machine.call(decorator, (value,), {}, False)
        cls.replaced = cls.replaced or result is not cls
        value = result if result is not UNKNOWN else value
    names.bind(machine, frame, node.name, value)


def _bind_members(machine: Machine, frame: Frame, cls: ClassValue) -> None:
    """`enum.global_enum` makes globals of an Enum's members (Python 3.11)."""
    for name in cls.namespace:
        if isinstance(name, str) and not name.startswith("_"):
            machine.heap.set(frame.module.namespace, name, UNKNOWN)


_KEEP = frozenset(
    {"dataclasses.dataclass", "functools.total_ordering", "typing.final", "typing.runtime_checkable", "enum.unique"}
)
"""Decorators that give back the class that they are given."""


def _refuse(machine: Machine, frame: Frame, cls: ClassValue, refusal: str) -> None:
    machine.fail(
        Cause.INCONSISTENT_BASES, "TypeError", Place(frame.module.path, frame.line), frame.module.name,
        subject=cls.name, source=frame.module.name, detail=" ".join(refusal.split()),
    )  # fmt: skip
    cls.replaced = True


def _run_metaclass(machine: Machine, cls: ClassValue, keywords: dict[str, Value]) -> None:
    """What the metaclass does to a new class, where it is the project's own: registries are filled there."""
    metaclass = _metaclass_of(cls)
    if metaclass is None:
        return
    given = (Const(cls.name), Seq("tuple", cls.bases), UNKNOWN)
    made: Value = cls
    hook = inheritance.class_attribute(metaclass, "__new__")
    if isinstance(hook, Function):
        made = machine.call(hook, (metaclass, *given), keywords, False)
    hook = inheritance.class_attribute(metaclass, "__init__")
    if isinstance(hook, Function):
        machine.call(Bound(hook, made if isinstance(made, ClassValue) else cls), given, keywords, False)


def _metaclass_of(cls: ClassValue) -> ClassValue | None:
    """The metaclass that it names or inherits, if it is the project's own."""
    waiting = [cls]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_BASES:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current.metaclass, ClassValue):
            return current.metaclass
        if current.metaclass is None:
            waiting += [base for base in reversed(current.bases) if isinstance(base, ClassValue)]
    return None


def _class_made(machine: Machine, frame: Frame, cls: ClassValue, keywords: dict[str, Value]) -> None:
    """What a new class sets going: `__set_name__` of what it holds, `__init_subclass__` of its bases (3.3.3.1)."""
    for name, slot in list(cls.namespace.items()):
        value = plain(slot)
        named = inheritance.class_attribute(value.cls, "__set_name__") if isinstance(value, Instance) else None
        if isinstance(named, Function):
            machine.call(Bound(named, value), (cls, Const(name)), {}, False)
    for base in cls.bases:
        if not isinstance(base, ClassValue) or cls.mangled or base.mangled:
            return  # another base, not known, may come first
        hook = inheritance.class_attribute(base, "__init_subclass__")
        if isinstance(hook, Function):
            machine.call(Bound(hook, cls), (), keywords, False)
            return
