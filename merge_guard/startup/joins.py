"""What alternatives come to where they end: one value of what each of them has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from merge_guard.startup.heap import ABSENT
from merge_guard.startup.values import UNKNOWN, ClassValue, Either, Function, Maybe, ModuleRecord, Value

_MOST_ALTERNATIVES = 4


def _is_same(one: Any, other: Any) -> bool:
    """Equal, or the same definition met on two paths that each loaded its module."""
    if isinstance(one, ModuleRecord):
        return bool(one.path == other.path and one.name == other.name)
    if isinstance(one, Function):
        return bool(one.key == other.key and one.module.path == other.module.path and not one.scope)
    if isinstance(one, ClassValue):
        return bool(one.name == other.name and one.module.path == other.module.path)
    return bool(one == other)


def join_values(values: Sequence[Value]) -> Value:
    flat: list[Value] = []
    for value in values:
        for part in value.values if isinstance(value, Either) else (value,):
            if part is UNKNOWN:
                return UNKNOWN
            if not any(part is known or (type(part) is type(known) and _is_same(part, known)) for known in flat):
                flat.append(part)
    if len(flat) == 1:
        return flat[0]
    return Either(tuple(flat)) if len(flat) <= _MOST_ALTERNATIVES else UNKNOWN


def join_slots(slots: Sequence[Any]) -> Any:
    """What a key holds after alternatives: `Maybe` where some leave it unbound."""
    partial = False
    values: list[Any] = []
    for slot in slots:
        if slot is ABSENT:
            partial = True
        elif isinstance(slot, Maybe):
            partial = True
            values.append(slot.value)
        else:
            values.append(slot)
    if not values:
        return ABSENT
    if all(isinstance(value, Value) for value in values):
        joined: Any = join_values(values)
    else:
        joined = values[0] if all(value == values[0] for value in values) else values[-1]
    return Maybe(joined) if partial else joined
