"""The import statement, as `importlib._bootstrap` and `ceval` carry it out."""

from __future__ import annotations

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import HopKind, Place
from merge_guard.model.outcome import Cause
from merge_guard.model.source import FileKind
from merge_guard.startup import absent, module_getattr, names, shadows, stdlib_modules
from merge_guard.startup.absent import may_have, source_of
from merge_guard.startup.edges import note_import
from merge_guard.startup.exports import assigned_names, is_whole, star_names, static_names
from merge_guard.startup.frames import Frame, Raised
from merge_guard.startup.heap import ABSENT
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind, is_stdlib
from merge_guard.startup.shipped import as_shipped
from merge_guard.startup.values import UNKNOWN, External, Maybe, ModuleRecord, Value


def import_module(machine: Machine, name: str) -> Value:
    """Import a dotted name with all its parents; gives the last part. Failures are the running frame's."""
    known = machine.modules.get(name)
    if known is not None:
        return _noted(machine, names.plain(known))  # its parents need not have been loaded
    parent: Value | None = None
    dotted = ""
    for part in name.split("."):
        dotted = f"{dotted}.{part}" if dotted else part
        known = machine.modules.get(dotted)
        if known is not None:
            parent = _noted(machine, names.plain(known))
        else:
            parent = _load(machine, dotted, part, parent)
    assert parent is not None
    return parent


def _noted(machine: Machine, value: Value) -> Value:
    if isinstance(value, ModuleRecord):
        note_import(machine, value.path)
    return value


def _load(machine: Machine, dotted: str, part: str, parent: Value | None) -> Value:
    if parent is None:
        found = shadows.before_stdlib(machine, part) if is_stdlib(part) else None
        if found is None and is_stdlib(part) and stdlib_modules.is_there(machine, dotted):
            return External(dotted)
        found = found or machine.tree.find(machine.search_path, part)
        if found is None and is_stdlib(part):
            return stdlib_modules.absent(machine, dotted)
    elif isinstance(parent, ModuleRecord):
        found = machine.tree.find(parent.search, part) if parent.search else None
    elif stdlib_modules.is_there(machine, dotted):
        return External(dotted)
    else:
        return stdlib_modules.absent(machine, dotted)
    if found is not None and found.withheld:
        found = as_shipped(machine, dotted, found, parent)
    if found is None or found.kind is FoundKind.OPEN:
        is_open = isinstance(parent, ModuleRecord) and names.may_become_package(parent)
        is_open = is_open or machine.may_be_injected(dotted)
        if found is None and isinstance(parent, ModuleRecord) and not is_open and not names.may_grow(parent):
            _missing(machine, dotted, parent)
        elif found is None and parent is None and not is_open and _was_removed(machine, part):
            machine.fail(
                Cause.MISSING_MODULE,
                "ModuleNotFoundError",
                Place(machine.frame.module.path, machine.frame.line, machine.frame.column),
                machine.frame.module.name,
                subject=dotted,
            )
        elif parent is None:
            machine.foreign.add(dotted)
            machine.note_may_raise("import")
            machine.note_may_raise("any")
        if found is not None:
            _note_link(machine, found.path)
        value: Value = External(dotted)
    else:
        is_package = found.kind is not FoundKind.MODULE
        package = dotted if is_package else dotted.rpartition(".")[0]
        value = ModuleRecord(dotted, found.path, is_package, package, found.search)
        machine.heap.born(value.namespace)
        machine.heap.born(value.state)
        if found.kind is FoundKind.NAMESPACE:
            if _has_other_portions(machine, parent, found):
                value.state.update({"*": True, "path": True})
            machine.heap.set(machine.modules, dotted, value)
        else:
            run_module(machine, value)
            # The module may have put something else in its own place.
            value = names.plain(machine.modules.get(dotted, value))
    if isinstance(parent, ModuleRecord):
        machine.heap.set(parent.namespace, part, value)
    return value


def _was_removed(machine: Machine, part: str) -> bool:
    """Whether the judged change took a top-level module away that nothing else is said to bring."""
    removed = machine.terms.removed
    return any(
        f"{directory}/{part}{end}".lstrip("/") in removed
        for directory in (machine.search_path if removed else ())
        for end in (".py", "/__init__.py")
    ) and not machine.terms.provided(part)


def _has_other_portions(machine: Machine, parent: Value | None, found: Found) -> bool:
    """Whether portions of a namespace package may lie elsewhere: anywhere on the path, or on its parent's `__path__`.

    A folder in which there is no module yet may be where a build puts some.
    """
    if not isinstance(parent, ModuleRecord) or names.may_grow(parent):
        return True
    return not machine.tree.submodules(found.search)


def _note_link(machine: Machine, path: str) -> None:
    """A link that the tree could not follow is the start-up's, but nobody knows what it holds."""
    file = machine.tree.file(path) if path else None
    if file is not None and file.kind is FileKind.LINK:
        machine.unjudged.setdefault(path, "a symbolic link that leaves the tree or leads nowhere")


def _missing(machine: Machine, dotted: str, parent: ModuleRecord) -> None:
    frame = machine.frame
    hidden = shadows.explained(machine, parent, dotted.rpartition(".")[2])
    machine.fail(
        Cause.SHADOWED if hidden else Cause.MISSING_MODULE,
        "ModuleNotFoundError",
        Place(frame.module.path, frame.line, frame.column),
        frame.module.name,
        subject=dotted,
        source=parent.name,
        detail=hidden or ("" if parent.is_package else "not-a-package"),
    )


def run_module(machine: Machine, module: ModuleRecord) -> None:
    """Run a module's top level; if that raises, the module is gone from `sys.modules` again."""
    facts = machine.facts(module.path)
    machine.closure.setdefault(module.name, module.path)
    note_import(machine, module.path)
    if machine.uncertain or any(frame.may_have_returned or frame.may_have_skipped for frame in machine.frames):
        machine.possible.add(module.name)
    else:
        machine.possible.discard(module.name)
    machine.heap.set(machine.modules, module.name, module)
    caller = machine.frame if machine.frames else None
    step = caller.step if caller else HopKind.IMPORT
    if caller:
        caller.step = HopKind.IMPORT
    if module.path not in machine.reached:
        machine.reached[module.path] = machine.standing()
    try:
        _run_top_level(machine, module, facts)
    except Raised:
        machine.heap.set(machine.modules, module.name, ABSENT)
        raise
    finally:
        if caller:
            caller.step = step
        machine.heap.set(module.state, "loading", ABSENT)


def _run_top_level(machine: Machine, module: ModuleRecord, facts: FileFacts | None) -> None:
    source = _runnable(machine, module, facts)
    if source is None:
        names.open_up(machine, module)
        machine.heap.set(module.state, "path", True)
        return
    module.future_annotations = source.future_annotations or machine.terms.lowest >= (3, 14)
    module.static_names = static_names(source)
    machine.heap.set(module.state, "loading", True)
    frame = Frame(module, module.namespace, "module")
    with machine.inside(frame):
        machine.execute(frame, source.body)


def _runnable(machine: Machine, module: ModuleRecord, facts: FileFacts | None) -> ev.Module | None:
    """The module's events; a file that does not compile is a failure, mended by its chosen side or by anything."""
    if facts is None:
        machine.unjudged.setdefault(module.path, "its bytes could not be read")
        return None
    problem = facts.problem
    if problem is None and facts.module is not None:
        return facts.module
    if problem is None or problem.kind == "not-analysable":
        machine.unjudged.setdefault(module.path, problem.message if problem else "not Python")
        return None
    if problem.kind == "newer" and machine.terms.highest >= _version(problem.needs):
        machine.unjudged.setdefault(module.path, f"needs Python {problem.needs}, the oldest target is older")
        return facts.module
    line, cause = problem.line, Cause.SYNTAX
    if facts.conflicts or facts.strays or facts.edits:
        cause = Cause.CONFLICT
        line = _residue_line(facts, problem.line)
    importer = None
    if machine.frames and machine.frame.module.path:
        importer = Place(machine.frame.module.path, machine.frame.line, machine.frame.column)
    machine.fail(
        cause, problem.exception, Place(module.path, line, problem.column if line == problem.line else 1), module.name,
        subject=module.name, detail=problem.message, importer=importer,
    )  # fmt: skip
    for side in facts.sides:
        if side.role == machine.terms.side:
            return side.module
    return facts.module


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor)


def _residue_line(facts: FileFacts, line: int) -> int:
    """Where the residue that the parser stumbled over starts."""
    starts = [(block.start, block.end) for block in facts.conflicts]
    starts += [(stray.line, stray.line) for stray in facts.strays] + [
        (edit.line, edit.end_line) for edit in facts.edits
    ]
    for start, end in sorted(starts):
        if start <= line <= end:
            return start
    return min(start for start, _ in starts)


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
        value = names.plain(parent.namespace.get(node.name.rpartition(".")[2], value))
    names.bind(machine, frame, node.asname, value)


def execute_from(machine: Machine, frame: Frame, node: ev.FromImport) -> None:
    frame.line, frame.column = node.line, node.column
    name = absolute_name(machine, frame, node)
    module: Value = UNKNOWN if name is None else import_module(machine, name)
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
        known = names.plain(slot)
        # Whoever imported the submodule first: this statement would.
        return _noted(machine, known) if isinstance(known, ModuleRecord) and known.name == submodule else known
    asked = names.module_attribute(machine, module, attr)
    is_asked = module_getattr.is_asked(module, attr)
    if is_asked:
        answer = module_getattr.ask(machine, module, attr)
        asked = None if isinstance(answer, Raised) else answer
    found = machine.tree.find(module.search, attr) if module.search else None
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
            _note_link(machine, found.path)
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
    if not absent.is_late(module, name):
        cause, place = Cause.MISSING_EXPORT, absent.place_of_export(machine, module, name)
    machine.fail(cause, "AttributeError", place, frame.module.name, subject=name, source=module.name, detail="all")
    return UNKNOWN
