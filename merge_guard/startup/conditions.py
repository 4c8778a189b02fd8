"""Conditions of a start-up that the deploy target decides: version, platform, type checking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from merge_guard.startup.joins import join_values
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Dict,
    Either,
    External,
    Function,
    Instance,
    ModuleRecord,
    Mutable,
    Seq,
    TreeFile,
    Value,
)


@dataclass(frozen=True, slots=True)
class VersionInfo(Value):
    """`sys.version_info`, cut to its first `length` items (None: whole)."""

    lowest: tuple[int, int]
    highest: tuple[int, int]
    length: int | None = None


_OS_NAMES = {"linux": "posix", "darwin": "posix", "win32": "nt"}


def environment(machine: Machine, owner: Value, attr: str) -> Value | None:
    """What `owner.attr` is where the target decides it, None where it does not."""
    if isinstance(owner, VersionInfo):
        position = {"major": 0, "minor": 1}.get(attr)
        return UNKNOWN if position is None else version_item(owner, Const(position))
    if not isinstance(owner, External):
        return None
    return constant(machine, f"{owner.origin}.{attr}")


def constant(machine: Machine, origin: str) -> Value | None:
    """What an attribute of the standard library is for the target, None where it is not modelled."""
    terms = machine.terms
    if origin == "sys.version_info":
        return VersionInfo(terms.lowest, terms.highest)
    if origin == "sys.platform":
        return Const(terms.platform) if terms.platform else UNKNOWN
    if origin == "os.name":
        return Const(_OS_NAMES.get(terms.platform, "posix")) if terms.platform else UNKNOWN
    if origin in ("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"):
        return Const(False)
    if origin == "sys.implementation.name":
        return Const("cpython")
    return None


def version_item(version: VersionInfo, index: Value) -> Value:
    if isinstance(index, Const) and index.value in (0, 1):
        low, high = version.lowest[index.value], version.highest[index.value]
        return Const(low) if low == high else UNKNOWN
    if isinstance(index, Seq) and index.kind == "slice":
        start, stop, step = (item.value if isinstance(item, Const) else "?" for item in index.items)
        if start in (None, 0) and stop in (1, 2, 3) and step is None:
            return VersionInfo(version.lowest, version.highest, stop)
    return UNKNOWN


_SYS_PATH = External("sys.path")


def compare(machine: Machine, left: Value, op: str, right: Value) -> Value:
    if isinstance(left, VersionInfo):
        if op in ("in", "not in") and isinstance(right, Seq):
            equal = [_compare_version(left, "==", item) for item in right.items]
            if all(isinstance(item, Const) for item in equal):
                return Const(any(isinstance(item, Const) and item.value for item in equal) is (op == "in"))
            return UNKNOWN
        return _compare_version(left, op, right)
    if isinstance(right, VersionInfo):
        mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        return _compare_version(right, mirrored, left)
    if isinstance(left, Either):
        return join_values([compare(machine, part, op, right) for part in left.values])
    if isinstance(right, Either):
        return join_values([compare(machine, left, op, part) for part in right.values])
    if op in ("is", "is not"):
        return _identity(left, right, op == "is")
    if op in ("in", "not in"):
        if right == _SYS_PATH:
            is_new = isinstance(left, TreeFile) and left.path not in machine.search_path
            return Const(op == "not in") if is_new else UNKNOWN
        return _membership(left, right, op == "in")
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            return Const(_COMPARE[op](left.value, right.value))
        except TypeError:
            return UNKNOWN
    return UNKNOWN


def _identity(left: Value, right: Value, positive: bool) -> Value:
    for one, other in ((left, right), (right, left)):
        if isinstance(other, Const) and other.value is None:
            if isinstance(one, Const):
                return Const((one.value is None) is positive)
            if isinstance(one, (Function, ClassValue, ModuleRecord, Instance, Bound, Seq, Dict, Mutable)):
                return Const(not positive)
            return UNKNOWN
    if isinstance(left, Const) and isinstance(right, Const) and isinstance(right.value, bool):
        return Const((left.value is right.value) is positive)
    return UNKNOWN


def _membership(left: Value, right: Value, positive: bool) -> Value:
    if not isinstance(left, Const):
        return UNKNOWN
    if isinstance(right, Dict):
        return Const((left.value in right.items) is positive)
    if isinstance(right, Seq) and all(isinstance(item, Const) for item in right.items):
        return Const(any(isinstance(item, Const) and item.value == left.value for item in right.items) is positive)
    return UNKNOWN


def _compare_version(version: VersionInfo, op: str, right: Value) -> Value:
    if not isinstance(right, Seq) or not all(
        isinstance(item, Const) and type(item.value) is int for item in right.items
    ):
        return UNKNOWN
    bound = tuple(item.value for item in right.items if isinstance(item, Const))
    results = set()
    for minor in range(version.lowest[1], version.highest[1] + 1):
        results.add(_holds((version.lowest[0], minor), version.length, op, bound))
    verdict = results.pop() if len(results) == 1 else None
    return UNKNOWN if verdict is None else Const(verdict)


def _holds(version: tuple[int, int], length: int | None, op: str, bound: tuple[int, ...]) -> bool | None:
    """Compare `version` followed by unknown further items (unless cut) with the bound, as tuples compare."""
    size = 5 if length is None else length
    known = version[:size]
    if size <= 2:
        return bool(_COMPARE[op](known, bound))
    if known[: len(bound)] != bound[:2]:
        return bool(_COMPARE[op](known, bound))
    if len(bound) <= 2:
        # (3, 11, …) is longer than, so greater than, (3, 11).
        return bool(_COMPARE[op]((*known, 0), bound))
    return None


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
