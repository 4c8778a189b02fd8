"""A module's own `__getattr__` (PEP 562): what it gives for a name, and whether it is asked at all."""

from __future__ import annotations

from merge_guard.startup import names
from merge_guard.startup.exceptions import exception_bases
from merge_guard.startup.frames import Guard, Raised
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import UNKNOWN, Builtin, Const, Function, Maybe, ModuleRecord, Value, plain


def ask(machine: Machine, module: ModuleRecord, name: str) -> Value | Raised:
    """What the module's own `__getattr__` gives for a name that it does not bind, as far as that can be followed.

    The exception where it certainly refuses with AttributeError (PEP 562).
    """
    slot = module.namespace["__getattr__"]
    hook = plain(slot)
    given: list[Value] = []
    if not isinstance(hook, Function):
        return UNKNOWN
    if isinstance(slot, Maybe) or names.is_open(module):
        machine.perhaps(lambda: given.append(machine.call(hook, (Const(name),), {}, False)))
    else:
        depth, guards = len(machine.frames), len(machine.guards)
        machine.guards.append(Guard(machine.frame, suppresses=Builtin("AttributeError")))
        try:
            given.append(machine.call(hook, (Const(name),), {}, False))
        except Raised as raised:
            del machine.frames[depth:]
            kinds, _ = exception_bases(raised.value)
            if kinds and "AttributeError" not in kinds:
                raise
            return raised if kinds else UNKNOWN
        finally:
            del machine.guards[guards:]
    # It may compute in ways that are not followed.
    return given[0] if given and isinstance(given[0], ModuleRecord) else UNKNOWN


def is_asked(module: ModuleRecord, name: str) -> bool:
    """Whether the module's own `__getattr__` is called for the name."""
    own = name in names.ALWAYS and (name != "__path__" or module.is_package)
    return "__getattr__" in module.namespace and name not in module.namespace and not own
