"""Whether Python makes a class of these bases: what `type.__new__` refuses is a TypeError at import.

CPython is asked itself: of each class whose whole hierarchy is known an empty twin is made, with the same bases,
metaclass and slots, and what it says to that is the answer. Nothing of the judged tree runs for this.
"""

from __future__ import annotations

import abc
import builtins
import collections
import collections.abc
import enum
import types
from collections.abc import Iterator

from merge_guard.startup.values import (
    Builtin,
    ClassValue,
    Const,
    External,
    Function,
    Maybe,
    ModuleRecord,
    Seq,
    Value,
    settled,
)

_DEEPEST = 60
_LONGEST, _MOST_ANCESTORS = 300, 120
"""Classes in the orders of all bases, and classes of the project in one hierarchy; past these nothing is said."""


class _Unknown:
    """A base of which nothing is known."""


def _a_function() -> None:
    """Stands for any function of the project."""


_STDLIB = {"abc": abc, "enum": enum, "collections.abc": collections.abc, "collections": collections, "types": types}
_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.Flag", "enum.IntFlag", "enum.StrEnum", "enum.ReprEnum"})
# What a metaclass may do to decide for itself what a class of it is.
_DECIDES = ("__new__", "__call__", "mro", "__prepare__")
_OBJECTS = (type(None), str, bytes, int, float, bool)


class Twins:
    """The twins of one start-up's classes."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[ClassValue, object]] = {}
        self._enums: dict[int, ClassValue] = {}
        self.replaces_bases = False
        """Something sets `__mro_entries__`: what is no class may stand for one."""

    def refused_at_once(self, cls: ClassValue) -> str | None:
        """What is raised before the class body runs: Enums with members cannot be extended."""
        if not self._note_enum(cls):
            return None
        above = [ancestor for base in cls.bases for ancestor in _ancestors(base)]
        full = next((ancestor for ancestor in above if id(ancestor) in self._enums and _has_members(ancestor)), None)
        if full is None or cls.metaclass is not None or any(self._twin(base, 0) is _Unknown for base in cls.bases):
            return None
        return f"{cls.name!r} cannot extend the enumeration {full.name!r}, which has members"

    def _note_enum(self, cls: ClassValue) -> bool:
        """Whether a class is an Enum, by its bases, which were made before it."""
        for base in cls.bases:
            if id(base) in self._enums or (isinstance(base, External) and base.origin in _ENUMS):
                self._enums[id(cls)] = cls
                return True
        return False

    def refused(self, cls: ClassValue) -> str | None:
        """What Python says against the bases of a class; None where it takes them, or where that is not known."""
        if cls.replaced or not _may_be_refused(cls):
            return None
        try:
            made = self._make(cls, 0)
        except TypeError as error:
            return str(error)
        self._made[id(cls)] = (cls, made)
        return _local_conflict(cls) if made is _Unknown else None

    def _twin(self, value: Value, depth: int) -> object:
        """The stand-in for a base; `_Unknown` where there is none."""
        if isinstance(value, ClassValue):
            if value.replaced:
                return _Unknown
            known = self._made.get(id(value))
            if known is None:
                made: object = _Unknown
                if depth < _DEEPEST:
                    try:
                        made = self._make(value, depth)
                    except TypeError:
                        made = _Unknown
                known = self._made[id(value)] = (value, made)
            return known[1]
        if isinstance(value, Builtin):
            return getattr(builtins, value.name, _Unknown)
        if isinstance(value, External):
            home, _, name = value.origin.rpartition(".")
            found = getattr(_STDLIB.get(home), name, _Unknown)
            return found if isinstance(found, type) else _Unknown
        if isinstance(value, Const) and isinstance(value.value, _OBJECTS) and not self.replaces_bases:
            return value.value
        if isinstance(value, Function) and not value.binding and not self.replaces_bases:
            return _a_function
        if isinstance(value, ModuleRecord) and "*" not in value.state:
            return types.ModuleType("m")
        return _Unknown

    def _make(self, cls: ClassValue, depth: int) -> object:
        """The twin of a class; raises TypeError where Python refuses it."""
        bases = [self._twin(base, depth + 1) for base in cls.bases]
        keywords: dict[str, object] = {}
        if cls.metaclass is not None:
            keywords["metaclass"] = self._twin(cls.metaclass, depth + 1)
            if not isinstance(keywords["metaclass"], type) or _decides(cls.metaclass):
                return _Unknown
        if any(base is _Unknown for base in bases) or keywords.get("metaclass") is _Unknown:
            return _Unknown
        if sum(len(getattr(base, "__mro__", ())) for base in bases) > _LONGEST:
            return _Unknown
        slots = _slots(cls)
        body = {} if slots is None else {"__slots__": slots}
        made = types.new_class(cls.name, tuple(bases), keywords, lambda namespace: namespace.update(body))
        return made if isinstance(made, type) else _Unknown


def _may_be_refused(cls: ClassValue) -> bool:
    """Whether there is anything to ask: one base that is a class is always taken, but for a few builtin ones."""
    return len(cls.bases) > 1 or any(
        not isinstance(base, ClassValue) and not (isinstance(base, External) and not base.origin.startswith("types."))
        for base in cls.bases
    )


def _decides(metaclass: Value) -> bool:
    """Whether a metaclass of the project has its own idea of what a class is."""
    return any(
        isinstance(cls, ClassValue) and any(name in cls.namespace for name in _DECIDES) for cls in _ancestors(metaclass)
    )


def _slots(cls: ClassValue) -> tuple[str, ...] | None:
    slot = cls.namespace.get("__slots__")
    if slot is None or isinstance(slot, Maybe):
        return None
    value = settled(slot)
    if isinstance(value, Const) and isinstance(value.value, str):
        return (value.value,)
    if not isinstance(value, Seq):
        return None
    named = tuple(item.value for item in value.items if isinstance(item, Const) and isinstance(item.value, str))
    return named if len(named) == len(value.items) else None


def _ancestors(value: Value) -> Iterator[ClassValue]:
    """The classes of the project in a hierarchy, each once."""
    waiting, seen = [value], set[int]()
    while waiting and len(seen) < _MOST_ANCESTORS:
        cls = waiting.pop()
        if isinstance(cls, ClassValue) and id(cls) not in seen:
            seen.add(id(cls))
            yield cls
            waiting.extend(cls.bases)


def _has_members(cls: ClassValue) -> bool:
    """Whether an Enum of the project certainly has a member of its own."""
    if cls.replaced or cls.metaclass is not None or "_ignore_" in cls.namespace:
        return False
    return any(
        isinstance(name, str) and not name.startswith("_") and _is_member(slot) for name, slot in cls.namespace.items()
    )


def _is_member(slot: object) -> bool:
    if isinstance(slot, External):
        return slot.origin == "enum.auto()"
    return isinstance(slot, (Const, Seq))


def _local_conflict(cls: ClassValue) -> str | None:
    """An order that no unknown base can mend: a class before its bases, and bases as they are listed (C3).

    Source: the monotonicity of `mro_implementation` in `Objects/typeobject.c`.
    """
    above = list(_ancestors(cls))
    if len(above) >= _MOST_ANCESTORS or any(ancestor.replaced or ancestor.metaclass is not None for ancestor in above):
        return None
    seen: set[int] = set()
    for base in cls.bases:
        if isinstance(base, ClassValue) and id(base) in seen:
            return f"duplicate base class {base.name}"
        seen.add(id(base))
    after: dict[int, set[int]] = {}
    for ancestor in above:
        known = [base for base in ancestor.bases if isinstance(base, ClassValue)]
        for earlier, later in zip([ancestor, *known], known):
            after.setdefault(id(earlier), set()).add(id(later))
        after.setdefault(id(ancestor), set()).update(map(id, known))
    if not _has_cycle(after):
        return None
    named = ", ".join(base.name for base in cls.bases if isinstance(base, ClassValue))
    return f"Cannot create a consistent method resolution order (MRO) for bases {named}"


def _has_cycle(after: dict[int, set[int]]) -> bool:
    """Take away what nothing comes before, until nothing is left or nothing can be taken."""
    pending = dict.fromkeys(after, 0)
    for nodes in after.values():
        for node in nodes:
            pending[node] = pending.get(node, 0) + 1
    free = [node for node, count in pending.items() if not count]
    taken = 0
    while free:
        node = free.pop()
        taken += 1
        for later in after.get(node, ()):
            pending[later] -= 1
            if not pending[later]:
                free.append(later)
    return taken < len(pending)
