"""Modules and objects that a framework imports by the name which a string gives: settings, applications, middleware."""

from __future__ import annotations

from enum import Enum

from merge_guard.model import events as ev
from merge_guard.model.finding import Place
from merge_guard.model.module import Module
from merge_guard.model.outcome import Cause
from merge_guard.startup import names
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind, is_stdlib
from merge_guard.startup.values import UNKNOWN, Const, Either, ModuleRecord, Mutable, Seq, Value


class Standing(Enum):
    """What the tree says of a dotted name."""

    THERE = "there"
    GONE = "gone"
    FOREIGN = "foreign"
    """Somebody else's, or nobody can know."""


def standing(machine: Machine, dotted: str) -> Standing:
    """Whether the project has the module; parents that exist are imported, as the import itself would."""
    parts = dotted.split(".")
    if not all(part.isidentifier() for part in parts) or is_stdlib(parts[0]):
        return Standing.FOREIGN
    search: tuple[str, ...] = machine.search_path
    found: Found | None = None
    for index, part in enumerate(parts):
        below = machine.tree.find(search, part) if search else None
        if below is None:
            if found is None:
                return Standing.FOREIGN
            parent = machine.import_module(".".join(parts[:index]))
            return Standing.GONE if _is_whole(machine, parent, ".".join(parts[: index + 1])) else Standing.FOREIGN
        if below.kind is FoundKind.OPEN:
            return Standing.FOREIGN
        found, search = below, below.search
    return Standing.FOREIGN if found is None or found.kind is FoundKind.NAMESPACE else Standing.THERE


def _is_whole(machine: Machine, parent: Value, below: str) -> bool:
    """Whether a package certainly has no submodule but those that the tree shows."""
    if not isinstance(parent, ModuleRecord) or machine.may_be_injected(below) or below in machine.modules:
        return False
    return not names.may_grow(parent)


def import_named(machine: Machine, dotted: str, slot: str, place: Place, owner: str = "") -> Value:
    """The module that a string names; one that is gone is a failure at the place where the string stands."""
    verdict = standing(machine, dotted)
    if verdict is Standing.THERE:
        return machine.import_module(dotted)
    if verdict is Standing.GONE:
        is_not_there(machine, dotted, slot, place, "ModuleNotFoundError", owner)
    return UNKNOWN


def import_object(machine: Machine, dotted: str, slot: str, place: Place, owner: str = "") -> Value:
    """`module.attribute`, as `django.utils.module_loading.import_string` gets it."""
    module, _, attr = dotted.rpartition(".")
    if not module:
        return UNKNOWN
    if standing(machine, module) is Standing.GONE:
        is_not_there(machine, dotted, slot, place, "ModuleNotFoundError", owner)
        return UNKNOWN
    value = import_named(machine, module, slot, place, owner)
    if not isinstance(value, ModuleRecord):
        return UNKNOWN
    found = machine.attribute(value, attr)
    if found is None and f"{module}.{attr}" not in machine.modules and machine.tree.find(value.search, attr) is None:
        is_not_there(machine, dotted, slot, place, "ImportError", owner)
    return UNKNOWN if found is None else found


def is_not_there(machine: Machine, dotted: str, slot: str, place: Place, exception: str, owner: str) -> None:
    machine.fail(
        Cause.ENTRY_NOT_FOUND, exception, place, owner or machine.frame.module.name, subject=dotted, source=owner,
        detail=slot,
    )  # fmt: skip


def strings(machine: Machine, value: Value) -> list[str] | None:
    """The strings of a list or tuple; None where not every one of them is known.

    Of alternatives those that all have: what only some have must be somebody else's, or the order is not known.
    """
    if isinstance(value, Mutable):
        content = value.cell.get("content")
        value = content if isinstance(content, Value) else UNKNOWN
    if isinstance(value, Either):
        every = [strings(machine, part) for part in value.values]
        known = [texts for texts in every if texts is not None]
        if len(known) < len(every):
            return None
        common = [text for text in known[0] if all(text in texts for texts in known)]
        others = {text for texts in known for text in texts if text not in common}
        return common if all(_is_foreign(machine, text) for text in others) else None
    if not isinstance(value, Seq):
        return None
    texts = [item.value for item in value.items if isinstance(item, Const) and isinstance(item.value, str)]
    return texts if len(texts) == len(value.items) else None


def _is_foreign(machine: Machine, dotted: str) -> bool:
    top = dotted.partition(".")[0]
    found = machine.tree.find(machine.search_path, top) if machine.search_path else None
    return found is None or found.kind is FoundKind.OPEN or is_stdlib(top)


def modules_beside(machine: Machine, module: ModuleRecord) -> dict[str, Module]:
    """The module, and those of its package that are loaded, by path: where what it took over may be assigned."""
    package = module.name.rpartition(".")[0] if not module.is_package else module.name
    paths = [path for dotted, path in machine.closure.items() if package and dotted.startswith(f"{package}.")]
    found = {path: machine.facts(path) for path in [module.path, *paths]}
    return {path: facts.module for path, facts in found.items() if facts is not None and facts.module is not None}


def place_of_string(machine: Machine, module: ModuleRecord, name: str, text: str) -> Place:
    """The statement that assigns the name and holds the string: in the module, or in one beside it."""
    for path, beside in modules_beside(machine, module).items():
        for node in beside.body:
            if _assigns(node, name) and isinstance(node, (ev.Assign, ev.AugAssign)) and text in _constants(node.value):
                return Place(path, node.line)
    return Place(module.path)


def _assigns(node: ev.Stmt, name: str) -> bool:
    targets = node.targets if isinstance(node, ev.Assign) else (node.target,) if isinstance(node, ev.AugAssign) else ()
    return any(isinstance(target, ev.Name) and target.id == name for target in targets)


def _constants(value: ev.Expr) -> list[object]:
    if isinstance(value, ev.Constant):
        return [value.value]
    if isinstance(value, ev.Sequence):
        return [constant for item in value.items for constant in _constants(item)]
    if isinstance(value, ev.Add):
        return _constants(value.left) + _constants(value.right)
    return []


def line_of_assignment(body: tuple[ev.Stmt, ...], name: str) -> int:
    """Where a suite last assigns a name, 0 where it does not."""
    return max((node.line for node in body if isinstance(node, ev.Assign) and _assigns(node, name)), default=0)
