"""The import statements, as `ceval` carries them out."""

from __future__ import annotations

from merge_guard.model import events as ev
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause
from merge_guard.startup import absent, module_getattr, names, stdlib_modules
from merge_guard.startup.absent import may_have, source_of
from merge_guard.startup.edges import note_import
from merge_guard.startup.exports import assigned_names, is_whole, star_names
from merge_guard.startup.frames import Frame, Raised
from merge_guard.startup.loading import import_module, note_link, noted
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind
from merge_guard.startup.shipped import as_shipped
from merge_guard.startup.values import UNKNOWN, External, Maybe, ModuleRecord, Value, plain


def execute_import(machine: Machine, frame: Frame, node: ev.Import) -> None:
    frame.line, frame.column = node.line, node.column
    value = import_module(machine, node.name)
    if node.asname is None:
        top = node.name.partition(".")[0]
        names.bind(machine, frame, top, import_module(machine, top))
        return
    # `import a.b as c` binds what the attribute `b` of `a` is (bpo-30024); it may not be the module itself.
    parent = machine.modules.get(node.name.rpartition(".")[0])
    if isinstance(parent, ModuleRecord):
        value = plain(parent.namespace.get(node.name.rpartition(".")[2], value))
    names.bind(machine, frame, node.asname, value)


def execute_from(machine: Machine, frame: Frame, node: ev.FromImport) -> None:
    frame.line, frame.column = node.line, node.column
    name = absolute_name(machine, frame, node)
    wanted = tuple(attr for attr, *_ in node.names)
    module: Value = UNKNOWN if name is None else import_module(machine, name, wanted)
    if node.names and node.names[0][0] == "*":
        _star(machine, frame, module, node)
        return
    for attr, asname, line, column in node.names:
        names.bind(machine, frame, asname or attr, _from_name(machine, frame, module, attr, line, column))


def absolute_name(machine: Machine, frame: Frame, node: ev.FromImport) -> str | None:
    """The absolute name that a from-import means; None (after a failure) where it leaves the top-level package."""
    if not node.level:
        return node.module
    package = frame.module.package
    if not frame.module.namespace.keys().isdisjoint(("__package__", "__spec__", "__path__")):
        return None  # the module says itself where it belongs
    parts = package.split(".") if package else []
    if not parts or node.level > len(parts):
        machine.fail(
            Cause.BEYOND_TOP,
            "ImportError",
            Place(frame.module.path, node.line, node.column),
            frame.module.name,
            subject="." * node.level + node.module,
            detail="no known parent package" if not parts else "beyond top-level package",
        )
        return None
    base = ".".join(parts[: len(parts) - node.level + 1])
    return f"{base}.{node.module}" if node.module else base


def _from_name(machine: Machine, frame: Frame, module: Value, attr: str, line: int, column: int) -> Value:
    from merge_guard.startup.conditions import constant

    if isinstance(module, External):
        if not stdlib_modules.is_there(machine, f"{module.origin}.{attr}"):
            return stdlib_modules.absent(machine, f"{module.origin}.{attr}", Place(frame.module.path, line, column))
        known = constant(machine, f"{module.origin}.{attr}")
        return known if known is not None else External(f"{module.origin}.{attr}")
    if not isinstance(module, ModuleRecord):
        return UNKNOWN
    slot = module.namespace.get(attr)
    submodule = f"{module.name}.{attr}"
    if slot is not None:
        known = plain(slot)
        # Whoever imported the submodule first: this statement would.
        return noted(machine, known) if isinstance(known, ModuleRecord) and known.name == submodule else known
    asked = names.module_attribute(machine, module, attr)
    is_asked = module_getattr.is_asked(module, attr)
    if is_asked:
        answer = module_getattr.ask(machine, module, attr)
        asked = None if isinstance(answer, Raised) else answer
    found = machine.tree.find(module.search, attr) if module.search else None
    if found is not None and found.withheld and found.guessed:
        found = None  # `from .models import User` beside `models/user.py` asks for the class
    if found is not None and found.withheld and asked is None:
        found = as_shipped(machine, submodule, found, module, "ImportError")
    if submodule in machine.modules or (found is not None and found.kind is not FoundKind.OPEN):
        if is_asked and asked is not None:
            if not isinstance(asked, ModuleRecord):
                machine.perhaps(lambda: import_module(machine, submodule))  # it may or may not know the name
            return asked
        return import_module(machine, submodule)
    if asked is not None:
        return asked
    if names.may_grow(module) or (found is not None and not _is_own(machine, module, found, attr)):
        if found is not None:
            note_link(machine, found.path)
        return External(submodule)
    absent.fail(machine, module, attr, "ImportError", Place(frame.module.path, line, column), frame.line)
    return UNKNOWN


def _is_own(machine: Machine, module: ModuleRecord, found: Found, name: str) -> bool:
    """Whether a module that a build may make cannot be what is meant: the package itself will bind the name."""
    return not found.path and "loading" in module.state and name in assigned_names(source_of(machine, module.path))


def _star(machine: Machine, frame: Frame, module: Value, node: ev.FromImport) -> None:
    if not isinstance(module, ModuleRecord):
        names.open_up(machine, frame.module)
        return
    listed = star_names(module)
    if listed is None:
        public = [name for name in module.namespace if not str(name).startswith("_")]
        if names.is_open(module):
            names.open_up(machine, frame.module)
    else:
        public = listed
        if listed == [] and isinstance(module.namespace.get("__all__"), Maybe):
            names.open_up(machine, frame.module)
    for name in public:
        slot = module.namespace.get(name)
        if slot is None:
            value = _star_member(machine, frame, module, name, node)
            names.bind(machine, frame, name, value)
        else:
            target = names.namespace_for(frame, name)
            machine.heap.set(target, name, slot)
            if listed is not None and isinstance(slot, ModuleRecord) and slot.name == f"{module.name}.{name}":
                note_import(machine, slot.path)
    if listed is not None and not is_whole(module):
        names.open_up(machine, frame.module)


def _star_member(machine: Machine, frame: Frame, module: ModuleRecord, name: str, node: ev.FromImport) -> Value:
    """A name of `__all__` that is not bound: a submodule perhaps, else AttributeError."""
    found = machine.tree.find(module.search, name) if module.search else None
    if found is not None and found.kind is not FoundKind.OPEN:
        return import_module(machine, f"{module.name}.{name}")
    if may_have(machine, module, name):
        return UNKNOWN
    cause, place = Cause.CYCLE, Place(frame.module.path, node.line, node.column)
    if not absent.is_late(machine, module, name):
        cause, place = Cause.MISSING_EXPORT, absent.place_of_export(machine, module, name)
    machine.fail(cause, "AttributeError", place, frame.module.name, subject=name, source=module.name, detail="all")
    return UNKNOWN
