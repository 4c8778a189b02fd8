"""One entry point's start-up, from its first import to its outcome."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, EntryKind, EntryPoint, Failure, Outcome
from merge_guard.model.report import EntryStatus
from merge_guard.startup import calls, evaluate, execute, loaders, loading, names
from merge_guard.startup.absent import missing_exports
from merge_guard.startup.django import SETTINGS
from merge_guard.startup.frames import Bodies, Raised, Terms
from merge_guard.startup.machine import Machine
from merge_guard.startup.observer import Observer
from merge_guard.startup.resolve import FoundKind, SourceTree
from merge_guard.startup.served import served
from merge_guard.startup.shipped import entry_not_shipped
from merge_guard.startup.targets import locate, not_found, place_of
from merge_guard.startup.values import Builtin, ClassValue, Const, ModuleRecord, Value

# Programs that run a file under a name of their own (`gunicorn.app.base`, `alembic.util.pyfiles`).
_SCRIPT_NAMES = {"gunicorn configuration": "__config__", "alembic": "env_py", "uwsgi": "uwsgi_file"}
Facts = Callable[[str], "FileFacts | None"]


def machine_for(
    tree: SourceTree,
    terms: Terms,
    search_path: tuple[str, ...],
    facts: Facts,
    bodies: Callable[[str], Bodies],
    effects: dict[int, Any] | None = None,
) -> Machine:
    machine = Machine(tree, terms, search_path, facts, bodies, effects)
    machine.execute = partial(execute.execute, machine)
    machine.evaluate = partial(evaluate.evaluate, machine)
    machine.quiet = partial(evaluate.quiet, machine)
    machine.call = partial(calls.call, machine)
    machine.import_module = partial(loading.import_module, machine)
    machine.attribute = partial(names.attribute, machine)
    return machine


def simulate(
    entry: EntryPoint,
    tree: SourceTree,
    terms: Terms,
    facts: Facts,
    bodies: Callable[[str], Bodies],
    effects: dict[int, Any] | None = None,
) -> Outcome:
    """What starting the entry point comes to, under the terms of the deploy.

    `effects` is for start-ups of one tree to share: what its bodies may change, each looked at once.
    """
    machine = machine_for(tree, terms, entry.search_path, facts, bodies, effects)
    if terms.keep_routes:
        machine.observer = Observer(machine)
    if entry.settings:
        machine.environ[SETTINGS] = Const(entry.settings)
        machine.environ["place"] = entry.place
    missing = _start(machine, entry)
    failures = tuple(machine.failures) + ((missing,) if missing else ())
    status = EntryStatus.STARTS
    if failures:
        status = EntryStatus.FAILS
    elif machine.unjudged:
        status = EntryStatus.UNKNOWN
    return Outcome(
        entry=entry,
        status=status,
        failures=failures,
        loaded=dict(machine.closure),
        possible=frozenset(machine.possible),
        reached_by=dict(machine.reached),
        edges=machine.edges,
        unjudged=dict(machine.unjudged),
        remarks=(*machine.remarks, *missing_exports(machine)),
        # The last: it may call a factory, which is no part of what was asked above.
        registrations=served(machine, entry) if machine.observer is not None else None,
    )


def _start(machine: Machine, entry: EntryPoint) -> Failure | None:
    place = place_of(machine, entry)
    entry_not_shipped(machine, entry, place)
    try:
        if entry.kind is EntryKind.SCRIPT:
            return _script(machine, entry, place)
        if entry.kind is EntryKind.MODULE:
            return _run_as_module(machine, entry, place)
        return loaders.load(machine, entry, place)
    except Raised as raised:
        if raised.failure is not None:
            machine.record(raised.failure)
        elif raised.origin is not None and not _ends_well(raised.value):
            machine.record(_own_exception(raised))
    except RecursionError:
        machine.unjudged.setdefault("", "the start-up is nested too deeply to follow")
    return None


def _ends_well(value: Value) -> bool:
    return isinstance(value, Builtin) and value.name in ("SystemExit", "KeyboardInterrupt")


def _own_exception(raised: Raised) -> Failure:
    value = raised.value
    name = value.name if isinstance(value, (Builtin, ClassValue)) else "an exception"
    assert raised.origin is not None
    place, chain = raised.origin
    return Failure(Cause.RAISED, name, place, chain[-1].module if chain else "", name, chain=chain)


def _script(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    file = machine.tree.file(entry.module)
    if file is None and entry.module not in machine.not_shipped:
        return not_found(entry, place, entry.module, "module")
    record = ModuleRecord(_SCRIPT_NAMES.get(entry.via, "__main__"), entry.module, False, None)
    if record.name == "__main__":
        machine.first_path = (entry.module.rpartition("/")[0],)
    loading.run_module(machine, record)
    return None


def _run_as_module(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    """`python -m x`: parents are imported, then `x` (or `x.__main__`) runs as `__main__` (`runpy`)."""
    found = locate(machine, entry.module)
    name = entry.module
    if found is not None and found.kind in (FoundKind.PACKAGE, FoundKind.NAMESPACE):
        name = f"{name}.__main__"
        found = machine.tree.find(found.search, "__main__")
    if found is None or found.kind is not FoundKind.MODULE:
        return None if found is not None and found.kind is FoundKind.OPEN else not_found(entry, place, name, "module")
    parent = name.rpartition(".")[0]
    # The folder of the module is the one that it is started in, and comes first.
    top = name.partition(".")[0]
    home = next((folder for folder in machine.search_path if any(machine.tree.candidates(folder, top))), None)
    machine.first_path = () if home is None else (home,)
    if parent:
        machine.import_module(parent)
    record = ModuleRecord("__main__", found.path, False, parent or "")
    loading.run_module(machine, record)
    return None
