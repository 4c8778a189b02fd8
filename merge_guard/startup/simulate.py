"""One entry point's start-up, from its first import to its outcome."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, EntryKind, EntryPoint, Failure, Outcome
from merge_guard.model.report import EntryStatus
from merge_guard.startup import calls, evaluate, execute, imports, names
from merge_guard.startup.absent import missing_exports
from merge_guard.startup.frames import Bodies, Raised, Terms
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind, SourceTree
from merge_guard.startup.values import Builtin, ClassValue, ModuleRecord, Value

Facts = Callable[[str], "FileFacts | None"]


def machine_for(
    tree: SourceTree, terms: Terms, search_path: tuple[str, ...], facts: Facts, bodies: Callable[[str], Bodies]
) -> Machine:
    machine = Machine(tree, terms, search_path, facts, bodies)
    machine.execute = partial(execute.execute, machine)
    machine.evaluate = partial(evaluate.evaluate, machine)
    machine.quiet = partial(evaluate.quiet, machine)
    machine.call = partial(calls.call, machine)
    machine.import_module = partial(imports.import_module, machine)
    machine.attribute = partial(names.attribute, machine)
    return machine


def simulate(
    entry: EntryPoint, tree: SourceTree, terms: Terms, facts: Facts, bodies: Callable[[str], Bodies]
) -> Outcome:
    """What starting the entry point comes to, under the terms of the deploy."""
    machine = machine_for(tree, terms, entry.search_path, facts, bodies)
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
    )


def _start(machine: Machine, entry: EntryPoint) -> Failure | None:
    place = _place(machine, entry)
    try:
        if entry.kind is EntryKind.SCRIPT:
            return _script(machine, entry, place)
        if entry.kind is EntryKind.MODULE:
            return _run_as_module(machine, entry, place)
        return _import_entry(machine, entry, place)
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


def _import_entry(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    found = _locate(machine, entry.module)
    if found is None:
        return _not_found(entry, place, entry.module, "module")
    value = machine.import_module(entry.module)
    missing = _attribute(machine, value, entry.attr)
    return _not_found(entry, place, missing, "attribute") if missing else None


def _locate(machine: Machine, dotted: str) -> Found | None:
    """The finder's answer for the last part, without running anything; None where a part is certainly not there.

    An entry point is the project's own, so a top-level name that is nowhere in the tree is missing too.
    """
    search = machine.search_path
    found: Found | None = None
    for part in dotted.split("."):
        if found is not None and found.kind is FoundKind.OPEN:
            return found
        found = machine.tree.find(search, part) if search else None
        if found is None:
            return None
        search = found.search
    return found


def _attribute(machine: Machine, value: Value, dotted: str) -> str:
    """The part of `a.b.c` that certainly is not there, "" if none."""
    for part in filter(None, dotted.split(".")):
        if not isinstance(value, ModuleRecord):
            return ""
        found = machine.attribute(value, part)
        if found is None:
            submodule = machine.modules.get(f"{value.name}.{part}")
            if submodule is None:
                return part
            found = names.plain(submodule)
        value = found
    return ""


def _place(machine: Machine, entry: EntryPoint) -> Place:
    """Where it is declared; else the file that it means, or should have been."""
    if entry.place is not None:
        return entry.place
    if entry.kind is EntryKind.SCRIPT:
        return Place(entry.module)
    found = _locate(machine, entry.module)
    if found is not None and found.path:
        return Place(found.path)
    return Place(f"{entry.module.replace('.', '/')}.py")


def _not_found(entry: EntryPoint, place: Place, subject: str, what: str) -> Failure:
    exception = "ModuleNotFoundError" if what == "module" else "AttributeError"
    return Failure(
        Cause.ENTRY_NOT_FOUND, exception, place, entry.module, subject=subject, source=entry.module, detail=what
    )


def _script(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    file = machine.tree.file(entry.module)
    if file is None:
        return _not_found(entry, place, entry.module, "module")
    record = ModuleRecord("__main__", entry.module, False, None)
    imports.run_module(machine, record)
    return None


def _run_as_module(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    """`python -m x`: parents are imported, then `x` (or `x.__main__`) runs as `__main__` (`runpy`)."""
    found = _locate(machine, entry.module)
    name = entry.module
    if found is not None and found.kind in (FoundKind.PACKAGE, FoundKind.NAMESPACE):
        name = f"{name}.__main__"
        found = machine.tree.find(found.search, "__main__")
    if found is None or found.kind is not FoundKind.MODULE:
        return None if found is not None and found.kind is FoundKind.OPEN else _not_found(entry, place, name, "module")
    parent = name.rpartition(".")[0]
    if parent:
        machine.import_module(parent)
    record = ModuleRecord("__main__", found.path, False, parent or "")
    imports.run_module(machine, record)
    return None
