"""Why a module does not have a name that it is asked for, and what of this no start-up has met yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.model import events as ev
from merge_guard.model.finding import Hop, Place
from merge_guard.model.outcome import Cause, Failure
from merge_guard.startup import names
from merge_guard.startup.exports import is_whole, star_names, type_checking_only
from merge_guard.startup.listing import listing_lines
from merge_guard.startup.machine import Machine
from merge_guard.startup.shadows import explained
from merge_guard.startup.values import ModuleRecord


def fail(
    machine: Machine, module: ModuleRecord, name: str, exception: str, place: Place, line: int = 0,
    chain: Sequence[Hop] = (),
) -> None:  # fmt: skip
    """`module.name` is not there at this moment; the leaf is the one that says most about it."""
    cause, detail = Cause.MISSING_NAME, "attribute" if exception == "AttributeError" else ""
    if is_for_type_checkers(machine, module, name):
        cause = Cause.TYPE_CHECKING_ONLY
    elif is_late(module, name):
        cause = Cause.CYCLE
    elif hidden := explained(machine, module, name):
        cause, detail = Cause.SHADOWED, hidden
    machine.fail(
        cause, exception, place, machine.frame.module.name, subject=name, source=module.name, detail=detail, line=line,
        chain=chain,
    )  # fmt: skip


def is_late(module: ModuleRecord, name: str) -> bool:
    """Whether the module still runs, and binds the name further down."""
    return "loading" in module.state and name in module.static_names


def is_for_type_checkers(machine: Machine, module: ModuleRecord, name: str) -> bool:
    source = source_of(machine, module.path)
    return source is not None and name in source.type_checking and name in type_checking_only(source)


def source_of(machine: Machine, path: str) -> ev.Module | None:
    """The events of a file; of the side that the start-up goes on with, where it holds a conflict."""
    facts = machine.facts(path) if path else None  # a namespace has no source
    if facts is None:
        return None
    chosen = (side.module for side in facts.sides if side.role == machine.terms.side)
    return facts.module if facts.module is not None else next(chosen, None)


def place_of_export(machine: Machine, module: ModuleRecord, name: str) -> Place:
    return next(_places_of_exports(machine, module, (name,)))


def _places_of_exports(machine: Machine, module: ModuleRecord, listed: Sequence[str]) -> Iterator[Place]:
    source = source_of(machine, module.path)
    lines, last = ({}, 1) if source is None else listing_lines(source)
    for name in listed:
        yield Place(module.path, lines.get(name, last))


def missing_exports(machine: Machine) -> Iterator[Failure]:
    """Names in the `__all__` of loaded modules that a star import would not find."""
    for slot in machine.modules.values():
        if not isinstance(slot, ModuleRecord) or not is_whole(slot):
            continue
        missing = [name for name in star_names(slot) or () if not may_have(machine, slot, name)]
        for name, place in zip(missing, _places_of_exports(machine, slot, missing) if missing else ()):
            yield Failure(Cause.MISSING_EXPORT, "AttributeError", place, slot.name, name, slot.name)


def may_have(machine: Machine, module: ModuleRecord, name: str) -> bool:
    """Whether a star import could find the name: an attribute, a submodule, or something that nobody sees."""
    if names.module_attribute(machine, module, name) is not None or names.may_grow(module):
        return True
    return f"{module.name}.{name}" in machine.modules or (
        bool(module.search) and machine.tree.find(module.search, name) is not None
    )
