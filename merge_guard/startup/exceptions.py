"""Which exceptions there are, which handler takes them, and how a handler ends."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from merge_guard.model import events as ev
from merge_guard.startup.values import (
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
    Either,
    External,
    Seq,
    Value,
)

_EXCEPTIONS = {
    name: tuple(base.__name__ for base in value.__mro__ if base is not object)
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}


def exception_bases(value: Value | None) -> tuple[frozenset[str], bool]:
    """(names of all builtin exception classes it derives from, whether that is all there is to know)."""
    if isinstance(value, Builtin) and value.name in _EXCEPTIONS:
        return frozenset(_EXCEPTIONS[value.name]), True
    if isinstance(value, ClassValue):
        names: set[str] = set()
        closed = not value.mangled
        for base in value.bases:
            inherited, whole = exception_bases(base)
            names |= inherited
            closed = closed and whole
        return frozenset(names), closed
    return frozenset(), False


def is_exception(name: str) -> bool:
    return name in _EXCEPTIONS


_IMPORT_ONLY = frozenset({"ImportError", "ModuleNotFoundError"})
_ALIASES = {"IOError": "OSError", "EnvironmentError": "OSError", "WindowsError": "OSError"}


def matches(exception: Value, handler: Value) -> bool | None:
    """Whether an `except` clause with this value takes the exception; None where that is not known."""
    if isinstance(handler, Seq):
        verdicts = [matches(exception, item) for item in handler.items]
        if True in verdicts:
            return True
        return None if None in verdicts else False
    if isinstance(handler, Either):
        return None
    bases, closed = exception_bases(exception)
    if isinstance(handler, Builtin):
        if _ALIASES.get(handler.name, handler.name) in bases:
            return True
        # `except*` looks into a group.
        return False if closed and "BaseExceptionGroup" not in bases else None
    if handler is exception:
        return True
    if isinstance(handler, External) or handler is UNKNOWN:
        # A class of a third party can be an alias of a builtin one, but a modelled exception is hardly ever meant.
        return None
    return False if closed and isinstance(exception, Builtin) else None


def kinds_of(handler: Value) -> set[str]:
    """What of that which is not modelled ("import", "any") a handler of this type may take."""
    if isinstance(handler, Seq):
        return {kind for item in handler.items for kind in kinds_of(item)}
    if isinstance(handler, Builtin):
        if handler.name in _IMPORT_ONLY:
            return {"import"}
        bases, _ = exception_bases(handler)
        return {"import", "any"} if handler.name in ("Exception", "BaseException") or not bases else {"any"}
    return {"import", "any"} if handler is UNKNOWN or isinstance(handler, Either) else {"any"}


def ends_by_raising(handler: ev.Handler) -> str | None:
    """How a handler certainly ends: "again", a builtin exception's name, "" for another one, None if it completes."""
    if not handler.body:
        return None
    last = handler.body[-1]
    if isinstance(last, ev.Raise):
        if last.exc is None or (isinstance(last.exc, ev.Name) and last.exc.id == handler.name):
            return "again"
        exc = last.exc.func if isinstance(last.exc, ev.Call) else last.exc
        return exc.id if isinstance(exc, ev.Name) else ""
    if isinstance(last, ev.Evaluate) and isinstance(last.value, ev.Call):
        func = last.value.func
        if exits_well(last.value.args):
            return None
        if isinstance(func, ev.Name) and func.id in ("exit", "quit"):
            return "SystemExit"
        if (
            isinstance(func, ev.Attribute)
            and isinstance(func.value, ev.Name)
            and (func.value.id, func.attr) in (("sys", "exit"), ("os", "_exit"))
        ):
            return "SystemExit"
    return None


def exits_well(args: Sequence[object]) -> bool:
    """Whether `sys.exit` with these arguments ends the program with status 0."""
    return not args or (isinstance(args[0], (ev.Constant, Const)) and (args[0].value is None or args[0].value == 0))
