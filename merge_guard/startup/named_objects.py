"""Texts that a framework's loader takes for the name of a module or of something in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from merge_guard.model.finding import Place
from merge_guard.startup.joins import join_values
from merge_guard.startup.machine import Machine
from merge_guard.startup.named_modules import Standing, import_object, standing
from merge_guard.startup.resolve import FoundKind, is_stdlib
from merge_guard.startup.values import (
    Bound,
    ClassValue,
    Const,
    Either,
    External,
    Function,
    ModuleRecord,
    Partial,
    Value,
)

# What frameworks offer for the purpose.
LOADERS = frozenset({"werkzeug.utils.import_string", "pkgutil.resolve_name"})
# What imports the name without fail: an application's own configuration.
SETTINGS_LOADERS = frozenset({"flask.Flask().config.from_object", "quart.Quart().config.from_object"})
_FOLLOWED = (ClassValue, Function, Bound, Partial, ModuleRecord)


def result_of_unknown(machine: Machine, method: str, args: Sequence[Value]) -> Value | None:
    """What a method of an object that nobody knows gives, where its name says enough; None where it does not.

    Flask's `app.config.from_object("pkg.settings")` imports; `config.get("INITIALIZER", Initializer)` perhaps gives the
    default that it is handed.
    """
    if method == "from_object" and len(args) == 1:
        load(machine, args[0])
    if method == "get" and len(args) == 2 and isinstance(args[1], _FOLLOWED):
        return join_values([args[1], External("dict.get()")])
    return None


def load_settings(machine: Machine, named: Value, keywords: Mapping[str, Value]) -> None:
    """`werkzeug.utils.import_string`: the module of that name, else what the last part is in the module before it."""
    if keywords or not (isinstance(named, Const) and isinstance(named.value, str)):
        return
    dotted = named.value.replace(":", ".")
    place = Place(machine.frame.module.path, machine.frame.line, machine.frame.column)
    if standing(machine, dotted) is Standing.THERE:
        machine.import_module(dotted)
    else:
        import_object(machine, dotted, "from_object", place)


def load(machine: Machine, named: Value) -> None:
    """Import the module that the text leads to, if the tree has it: perhaps, for whatever is refused is not judged."""
    for part in named.values if isinstance(named, Either) else (named,):
        if isinstance(part, Const) and isinstance(part.value, str):
            module = _module_of(machine, part.value.replace(":", "."))
            if module:
                machine.perhaps(partial(machine.import_module, module))


def _module_of(machine: Machine, dotted: str) -> str:
    """As much of the name as is a module of the tree."""
    search = machine.search_path
    found_parts: list[str] = []
    for part in dotted.split("."):
        found = machine.tree.find(search, part) if search and not (not found_parts and is_stdlib(part)) else None
        if found is None or found.kind is FoundKind.OPEN:
            break
        found_parts.append(part)
        search = found.search
    return ".".join(found_parts)
