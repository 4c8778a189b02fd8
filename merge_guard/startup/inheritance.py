"""What classes have from whom: the method resolution order, as far as it is certain."""

from __future__ import annotations

from collections.abc import Sequence

from merge_guard.startup.values import UNKNOWN, Builtin, ClassValue, External, Value, plain


def all_plain(cls: ClassValue) -> bool:
    return all(isinstance(base, ClassValue) and base.plain and not base.mangled for base in lineage(cls))


_LONGEST_ORDER = 60


def lineage(cls: ClassValue, depth: int = 0) -> list[Value]:
    """The method resolution order (C3); where the bases have none, or bases are not known, as far as it is certain.

    A base that may have any attribute ends it, as UNKNOWN; builtin bases are left out.
    """
    if cls.order is None:
        if depth > 30:
            return [cls, UNKNOWN]
        cls.order = _lineage(cls, depth)
    return cls.order


def _lineage(cls: ClassValue, depth: int) -> list[Value]:
    bases = [base for base in cls.bases if not is_bare(base)]
    waiting = [lineage(base, depth + 1) if isinstance(base, ClassValue) else [UNKNOWN] for base in bases]
    own: list[Value] = [base if isinstance(base, ClassValue) else UNKNOWN for base in bases]
    waiting.append(own)
    order: list[Value] = [cls]
    while any(waiting):
        waiting = [queue for queue in waiting if queue]
        heads = [queue[0] for queue in waiting]
        head = next((h for h in heads if not any(h is other for queue in waiting for other in queue[1:])), UNKNOWN)
        if len(order) == _LONGEST_ORDER:
            head = UNKNOWN
        order.append(head)
        if head is UNKNOWN:
            return order
        waiting = [queue[1:] if queue[0] is head else queue for queue in waiting]
    return order


def is_bare(base: Value) -> bool:
    """Whether a base brings no attributes that a start-up could be led astray by."""
    if isinstance(base, External):
        return base.origin.partition("[")[0] in _BARE_BASES
    return isinstance(base, Builtin)


_BARE_BASES = frozenset({"abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol"})


def class_attribute(cls: ClassValue, name: str) -> Value | None:
    """Found along the method resolution order; None where it is not, or where a base that is not known comes first."""
    return find_along(lineage(cls), name)


def find_along(order: Sequence[Value], name: str) -> Value | None:
    for base in order:
        if not isinstance(base, ClassValue):
            return None
        slot = base.namespace.get(name)
        if slot is not None:
            return plain(slot)
    return None
