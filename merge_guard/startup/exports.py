"""What a module's namespace can hold, seen without running it, and what its `__all__` says once it has run."""

from __future__ import annotations

from collections.abc import Sequence

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev
from merge_guard.model.module import Module
from merge_guard.startup.values import UNKNOWN, Const, Maybe, ModuleRecord, Seq, settled


def static_names(module: Module) -> frozenset[str]:
    """Every name that the top level binds in any branch; what star imports bring is not among them."""
    return frozenset((*module.defined, *module.bound, *module.function_globals))


def assigned_names(module: Module | None) -> frozenset[str]:
    """Names that the top level itself defines, under no condition: no import can be what is meant by them."""
    defined: set[str] = set()
    for node in module.body if module is not None else ():
        if isinstance(node, ev.Assign):
            defined.update(target.id for target in node.targets if isinstance(target, ev.Name))
        elif isinstance(node, (ev.FunctionDef, ev.ClassDef)):
            defined.add(node.name)
    return frozenset(defined)


def star_names(module: ModuleRecord) -> list[str] | None:
    """The names in `__all__` as far as they are known; None where there is no `__all__`."""
    value = module.namespace.get("__all__")
    if value is None:
        return None
    value = settled(value)
    if isinstance(value, Seq):
        return [item.value for item in value.items if isinstance(item, Const) and isinstance(item.value, str)]
    return []


def is_whole(module: ModuleRecord) -> bool:
    """Whether everything in `__all__` is known, on every path."""
    slot = module.namespace.get("__all__", UNKNOWN)
    if isinstance(slot, Maybe):
        return False
    value = settled(slot)
    return isinstance(value, Seq) and all(isinstance(item, Const) for item in value.items)


def type_checking_only(module: Module) -> frozenset[str]:
    """Names that the top level binds for type checkers and for nobody else."""
    if not module.type_checking:
        return frozenset()
    others = frozenset(bound_names(_at_run_time(module.body))) | frozenset(module.function_globals)
    return frozenset(module.type_checking) - others


def _at_run_time(body: Sequence[ev.Stmt]) -> list[ev.Stmt]:
    """The top level without what stands under `if TYPE_CHECKING:`."""
    kept: list[ev.Stmt] = []
    for node in body:
        if isinstance(node, ev.If) and _is_type_checking(node.test):
            kept += _at_run_time(node.orelse)
        else:
            kept.append(node)
    return kept


def _is_type_checking(test: ev.Expr) -> bool:
    name = test.id if isinstance(test, ev.Name) else test.attr if isinstance(test, ev.Attribute) else ""
    return name == "TYPE_CHECKING"
