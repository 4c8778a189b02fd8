"""What a module's namespace can hold, seen without running it, and what its `__all__` says once it has run."""

from __future__ import annotations

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev
from merge_guard.startup.values import Const, ModuleRecord, Seq, settled


def static_names(module: ev.Module) -> frozenset[str]:
    """Every name that the top level binds in any branch; what star imports bring is not among them."""
    return frozenset(bound_names(module.body)) | frozenset(module.function_globals)


def star_names(module: ModuleRecord) -> list[str] | None:
    """The names in `__all__` as far as they are known; None where there is no `__all__`."""
    value = module.namespace.get("__all__")
    if value is None:
        return None
    value = settled(value)
    if isinstance(value, Seq):
        return [item.value for item in value.items if isinstance(item, Const) and isinstance(item.value, str)]
    return []
