"""How programs load what they are told to start, once the interpreter stands.

Sources: `uvicorn.config.Config.load`, `gunicorn.util.import_app`, `flask.cli.locate_app`, `celery.app.utils.find_app`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryPoint, Failure
from merge_guard.startup import celery
from merge_guard.startup.frames import Frame
from merge_guard.startup.machine import Machine
from merge_guard.startup.targets import attribute_of, locate, not_found
from merge_guard.startup.values import Function, ModuleRecord, Value


def load(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    """Import the module, find the attribute, and do with it what the program does."""
    if entry.via == "celery":
        missing_app = celery.load_application(machine, entry, place) if not entry.attr else _load(machine, entry, place)
        if missing_app is None:
            with _outside(machine):
                celery.start_worker(machine)
        return missing_app
    return _load(machine, entry, place)


def _load(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
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
