"""Why a module does not have a name that it is asked for, and what of this no start-up has met yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev
from merge_guard.model.finding import Hop, Place
from merge_guard.model.module import Module
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
    elif is_late(machine, module, name):
        cause = Cause.CYCLE
    elif hidden := explained(machine, module, name):
        cause, detail = Cause.SHADOWED, hidden
    machine.fail(
        cause, exception, place, machine.frame.module.name, subject=name, source=module.name, detail=detail, line=line,
        chain=chain,
    )  # fmt: skip


def is_late(machine: Machine, module: ModuleRecord, name: str) -> bool:
    """Whether the module still runs, and binds the name further down."""
    return "loading" in module.state and name in module.static_names and not _asks_itself_only(machine, module, name)


def _asks_itself_only(machine: Machine, module: ModuleRecord, name: str) -> bool:
    """Whether nothing binds the name but `from . import name` of the module itself: then nothing ever does."""
    source = source_of(machine, module.path)
    if source is None or name in module.namespace:
        return False
    asking = own = 0
    for node in source.body:
        if isinstance(node, ev.FromImport):
            target = _target(module, node)
            for attr, asname, _, _ in node.names:
                own += (asname or attr) == name
                asking += attr == name == (asname or attr) and target == module.name
        elif name in bound_names([node]):
            own += 1
    return asking == own > 0


def _target(module: ModuleRecord, node: ev.FromImport) -> str:
    parts = module.package.split(".") if node.level and module.package else []
    return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])


def is_for_type_checkers(machine: Machine, module: ModuleRecord, name: str) -> bool:
    source = source_of(machine, module.path)
    return source is not None and name in source.type_checking and name in type_checking_only(source)


def source_of(machine: Machine, path: str) -> Module | None:
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
