"""The values that a simulated start-up tracks: just enough to follow imports, names and calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from merge_guard.model.events import Parameter
from merge_guard.startup.heap import Namespace


class Value:
    """Anything a name can be bound to."""

    __slots__ = ()


class _Unknown(Value):
    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class Const(Value):
    value: Any


@dataclass(frozen=True, slots=True)
class Decided(Value):
    """Something of which no more is known than whether it is true."""

    verdict: bool


@dataclass(frozen=True, slots=True)
class External(Value):
    """Something from outside the project, by its dotted origin; `()` stands for a call's result."""

    origin: str

    def attribute(self, name: str) -> External:
        return External(f"{self.origin}.{name}")


@dataclass(frozen=True, slots=True)
class Template(Value):
    """A text of which parts are not known, in the notation of `merge_guard.model.registration`."""

    text: str


@dataclass(frozen=True, slots=True)
class Builtin(Value):
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Seq(Value):
    kind: str
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Record(Seq):
    """A sequence whose items have names."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreeFile(Value):
    """The absolute path of a file or folder of the tree, as a text or as a `pathlib.Path`."""

    path: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class FileMethod(Value):
    file: TreeFile
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Dict(Value):
    items: Mapping[Any, Value]


@dataclass(frozen=True, slots=True, eq=False)
class Mutable(Value):
    """A list, set or dict, by identity: every name of it sees the same content, which goes through the heap.

    `cell["content"]` is a `Seq` or `Dict`, or anything else where it is not known.
    """

    cell: Namespace

    @property
    def content(self) -> Value:
        content = self.cell.get("content")
        content = content.value if isinstance(content, Maybe) else content
        return content if isinstance(content, (Seq, Dict)) else UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class ContainerMethod(Value):
    owner: Mutable
    name: str


def settled(value: Value) -> Value:
    """The content of a list, set or dict at this moment; any other value as it is."""
    return value.content if isinstance(value, Mutable) else value


@dataclass(slots=True, eq=False)
class ModuleRecord(Value):
    """A first-party module that is being loaded or has been; `state` goes through the heap.

    `namespace` maps names to values; the key "*" in `state` says that names may be bound that nobody sees,
    "path" that `__path__` may have grown, "loading" that its top level still runs.
    """

    name: str
    path: str
    is_package: bool
    package: str | None
    search: tuple[str, ...] = ()
    namespace: Namespace = field(default_factory=dict)
    state: Namespace = field(default_factory=dict)
    future_annotations: bool = False
    """Annotations of this module are not evaluated."""
    static_names: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Function(Value):
    """`binding`: "" for a plain function, "static", "class" or "property"."""

    module: ModuleRecord
    name: str
    key: tuple[int, int]
    parameters: tuple[Parameter, ...]
    defaults: tuple[Value, ...]
    scope: Any
    is_async: bool = False
    binding: str = ""
    context: bool = False
    """Decorated with `contextlib.contextmanager`."""


@dataclass(frozen=True, slots=True)
class TextMethod(Value):
    """A method of a known text."""

    text: str
    name: str


@dataclass(slots=True, eq=False)
class Bound(Value):
    function: Function
    owner: Value


@dataclass(slots=True, eq=False)
class ClassValue(Value):
    module: ModuleRecord
    name: str
    bases: tuple[Value, ...]
    namespace: Namespace = field(default_factory=dict)
    mangled: bool = False
    """A metaclass or class decorator of unknown effect has had it."""
    plain: bool = True
    """Neither a decorator nor a base that is not known can have changed what its names stand for."""
    metaclass: Value | None = None
    """What the `metaclass` keyword says."""
    replaced: bool = False
    """Something that is not known, such as a decorator, may have put another class in its place."""
    order: list[Value] | None = None
    """Its method resolution order, once that was asked for; the bases of a class do not change."""


@dataclass(slots=True, eq=False)
class Instance(Value):
    cls: ClassValue
    namespace: Namespace = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Super(Value):
    cls: ClassValue
    owner: Value


@dataclass(slots=True, eq=False)
class Partial(Value):
    function: Value
    args: tuple[Value, ...]
    keywords: Mapping[str, Value]


@dataclass(slots=True, eq=False)
class Suspended(Value):
    """A coroutine or generator that nobody has run yet."""

    function: Function
    args: tuple[Value, ...]
    keywords: Mapping[str, Value]


@dataclass(slots=True, eq=False)
class Transparent(Value):
    """A decorator that gives back what it is given, such as `functools.wraps(f)`."""

    binding: str = ""
    context: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PropertyPart(Value):
    """`prop.setter` and its like: what it decorates becomes a part of the property."""

    function: Function


@dataclass(slots=True, eq=False)
class GlobalsOf(Value):
    module: ModuleRecord
    reached_by: tuple[tuple[Any, int], ...] = ()
    """Where a frame led to them: the functions that do so again at each call, each with how many frames up."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameOf(Value):
    """A frame that the program asked for: the modules of the frames from there outwards, and which are top levels."""

    modules: tuple[ModuleRecord, ...]
    are_top: tuple[bool, ...]
    reached_by: tuple[tuple[Any, int], ...]


@dataclass(slots=True, eq=False)
class PathOf(Value):
    """A package's `__path__`."""

    module: ModuleRecord


@dataclass(frozen=True, slots=True)
class Either(Value):
    """One of a few values; never nested, never with UNKNOWN in it."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """A binding that exists on some paths only. Stands in namespaces, never among values."""

    value: Any


def truth(value: Value) -> bool | None:
    """Whether a value is true, None where that is not known."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Decided):
        return value.verdict
    if isinstance(value, Seq):
        return bool(value.items)
    if isinstance(value, Mutable):
        # Whether it is still empty hangs on every call that was not followed.
        content = value.content
        return True if isinstance(content, (Seq, Dict)) and content.items else None
    if isinstance(value, (Function, Bound, ClassValue, ModuleRecord, Builtin, Partial)):
        return True
    if isinstance(value, Either):
        verdicts = {truth(part) for part in value.values}
        return verdicts.pop() if len(verdicts) == 1 else None
    return None


def plain(slot: Any) -> Value:
    """The value of a binding, taken to exist."""
    value = slot.value if isinstance(slot, Maybe) else slot
    return value if isinstance(value, Value) else UNKNOWN
