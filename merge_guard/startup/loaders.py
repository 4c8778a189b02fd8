"""How programs load what they are told to start, once the interpreter stands.

Sources: `uvicorn.config.Config.load`, `gunicorn.util.import_app`, `flask.cli.locate_app`, `celery.app.utils.find_app`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryPoint, Failure
from merge_guard.startup.frames import Frame
from merge_guard.startup.machine import Machine
from merge_guard.startup.targets import attribute_of, locate, not_found
from merge_guard.startup.values import Function, ModuleRecord, Value


def load(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    """Import the module, find the attribute, and do with it what the program does."""
    if entry.via == "celery" and not entry.attr:
        return _celery(machine, entry, place)
    if locate(machine, entry.module) is None:
        return not_found(entry, place, entry.module, "module")
    module = machine.import_module(entry.module)
    missing, value = attribute_of(machine, module, entry.attr)
    if missing:
        return not_found(entry, place, missing, "attribute")
    with _outside(machine):
        if entry.via == "flask" and not entry.attr:
            _call_flask_factory(machine, module)
        elif entry.call and value is not None:
            machine.call(value, (), {}, entry.call != "()")
        elif entry.via in ("flask", "uvicorn") and _needs_nothing(value):
            # Both call a function that they find: Flask always, uvicorn unless that is a TypeError.
            assert value is not None
            machine.call(value, (), {}, False)
    return None


@contextmanager
def _outside(machine: Machine) -> Iterator[None]:
    """A frame of the program itself, which no chain shows."""
    with machine.inside(Frame(ModuleRecord("", "", False, None), {}, "module")):
        yield


def _needs_nothing(value: Value | None) -> bool:
    return isinstance(value, Function) and all(
        parameter.default or parameter.kind in ("var", "kwvar") for parameter in value.parameters
    )


def _call_flask_factory(machine: Machine, module: Value) -> None:
    """Without a name Flask takes `app` or `application`, else any application, else calls a factory."""
    if not isinstance(module, ModuleRecord) or any(name in module.namespace for name in ("app", "application")):
        return
    for name in ("create_app", "make_app"):
        value = machine.attribute(module, name) if name in module.namespace else None
        if _needs_nothing(value):
            assert value is not None
            machine.call(value, (), {}, False)
            return


def _celery(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    """`-A a.b` is the attribute `b` of `a`, or the module `a.b`; of a module `app`, `celery`, or its `.celery`."""
    target = entry.module
    package, _, last = target.rpartition(".")
    if package:
        if locate(machine, package) is None:
            return not_found(entry, place, package, "module")
        parent = machine.import_module(package)
        if isinstance(parent, ModuleRecord) and last in parent.namespace:
            value = machine.attribute(parent, last)
            if not isinstance(value, ModuleRecord):
                return None
    if locate(machine, target) is None:
        return not_found(entry, place, target, "module")
    module = machine.import_module(target)
    if not isinstance(module, ModuleRecord):
        return None
    for name in ("app", "celery"):
        if name in module.namespace and not isinstance(machine.attribute(module, name), ModuleRecord):
            return None
    if module.is_package and module.search and machine.tree.find(module.search, "celery") is not None:
        machine.import_module(f"{target}.celery")
    return None
