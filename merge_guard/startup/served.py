"""Which of the applications that a start-up made are the ones that its entry point serves."""

from __future__ import annotations

from merge_guard.model.outcome import EntryKind, EntryPoint
from merge_guard.model.registration import MADE, Registrations
from merge_guard.startup.frames import Raised
from merge_guard.startup.machine import Machine
from merge_guard.startup.observer import APPLICATIONS, Observer
from merge_guard.startup.values import Bound, Function, ModuleRecord, Value, plain


def served(machine: Machine, entry: EntryPoint) -> Registrations:
    """The log, with the application that the entry point names: `module:app`, or `module:factory`, which is called.

    An entry point that names none serves those of its module, else any that its start-up made.
    """
    observer = machine.observer
    assert observer is not None
    name = entry.module if entry.kind is EntryKind.IMPORT else "__main__"
    module = plain(machine.modules.get(name))
    applications: list[int] = []
    sure = True
    if entry.attr and isinstance(module, ModuleRecord):
        number = _number(machine, observer, module, entry.attr)
        if number is not None:
            applications = [number]
    elif isinstance(module, ModuleRecord):
        here = [observer.number_of(plain(slot)) for slot in module.namespace.values()]
        made = _applications(observer)
        applications = [number for number in dict.fromkeys(here) if number in made]
    if not applications:
        # Wrapped in something from outside, or run by a call: one of them it is.
        applications = list(_applications(observer))
        sure = False
    return Registrations(tuple(observer.log), tuple(applications), sure)


def _applications(observer: Observer) -> dict[int, None]:
    return {item.number: None for item in observer.log if item.member == MADE and item.maker in APPLICATIONS}


def _number(machine: Machine, observer: Observer, module: ModuleRecord, dotted: str) -> int | None:
    value: Value | None = module
    for part in dotted.split("."):
        value = machine.attribute(value, part) if value is not None else None
    if isinstance(value, (Function, Bound)):
        value = _called(machine, module, value)
    return observer.number_of(value) if value is not None else None


def _called(machine: Machine, module: ModuleRecord, factory: Value) -> Value | None:
    """What a factory gives when the server calls it. Failures of that call are the outcome's no more."""
    from merge_guard.startup.frames import Frame

    failures = list(machine.failures)
    try:
        with machine.inside(Frame(module, module.namespace, "module")):
            return machine.call(factory, (), {}, False)
    except (Raised, RecursionError):
        return None
    finally:
        machine.failures[:] = failures
