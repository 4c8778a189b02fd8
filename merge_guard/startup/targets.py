"""What an entry point names, looked up: the module without running anything, the attribute once it has run."""

from __future__ import annotations

from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, EntryKind, EntryPoint, Failure
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind
from merge_guard.startup.values import ModuleRecord, Value, plain


def locate(machine: Machine, dotted: str) -> Found | None:
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


def attribute_of(machine: Machine, value: Value, dotted: str) -> tuple[str, Value | None]:
    """The part of `a.b.c` that certainly is not there, "" if none; and the value where it is known."""
    for part in filter(None, dotted.split(".")):
        if not isinstance(value, ModuleRecord):
            return "", None
        found = machine.attribute(value, part)
        if found is None:
            submodule = machine.modules.get(f"{value.name}.{part}")
            if submodule is None:
                return part, None
            found = plain(submodule)
        value = found
    return "", value


def place_of(machine: Machine, entry: EntryPoint) -> Place:
    """Where it is declared; else the file that it means, or should have been."""
    if entry.place is not None:
        return entry.place
    if entry.kind is EntryKind.SCRIPT:
        return Place(entry.module)
    found = locate(machine, entry.module)
    if found is not None and found.path:
        return Place(found.path)
    return Place(f"{entry.module.replace('.', '/')}.py")


def not_found(entry: EntryPoint, place: Place, subject: str, what: str) -> Failure:
    exception = "ModuleNotFoundError" if what == "module" else "AttributeError"
    return Failure(
        Cause.ENTRY_NOT_FOUND, exception, place, entry.module, subject=subject, source=entry.module, detail=what
    )
