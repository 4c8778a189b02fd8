"""Finding and running modules, as `importlib._bootstrap` does it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import HopKind, Place
from merge_guard.model.module import Module
from merge_guard.model.outcome import Cause
from merge_guard.model.source import FileKind
from merge_guard.startup import names, shadows, stdlib_modules
from merge_guard.startup.edges import note_import
from merge_guard.startup.exports import static_names
from merge_guard.startup.frames import Frame, Raised
from merge_guard.startup.heap import ABSENT
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind, is_stdlib
from merge_guard.startup.shipped import as_shipped
from merge_guard.startup.values import External, ModuleRecord, Value, plain

# What a release tool writes are versions and their parts, no classes.
_CLASS_NAME = re.compile(r"_*[A-Z]+[a-z]")


def import_module(machine: Machine, name: str, wanted: Sequence[str] = ()) -> Value:
    """Import a dotted name with all its parents; gives the last part. Failures are the running frame's.

    `wanted` are the names that the statement will ask the module for.
    """
    known = machine.modules.get(name)
    if known is not None:
        return noted(machine, plain(known))  # its parents need not have been loaded
    parent: Value | None = None
    dotted = ""
    for part in name.split("."):
        dotted = f"{dotted}.{part}" if dotted else part
        known = machine.modules.get(dotted)
        if known is not None:
            parent = noted(machine, plain(known))
        else:
            parent = _load(machine, dotted, part, parent, wanted if dotted == name else ())
    assert parent is not None
    return parent


def noted(machine: Machine, value: Value) -> Value:
    if isinstance(value, ModuleRecord):
        note_import(machine, value.path)
    return value


def _load(machine: Machine, dotted: str, part: str, parent: Value | None, wanted: Sequence[str]) -> Value:
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
    if found is not None and found.guessed and not found.withheld and isinstance(parent, ModuleRecord):
        if any(map(_CLASS_NAME.match, wanted)) or _was_removed(machine, parent.search, part):
            found = None
    if found is None or found.kind is FoundKind.OPEN:
        is_open = isinstance(parent, ModuleRecord) and names.may_become_package(parent)
        is_open = is_open or machine.may_be_injected(dotted)
        if (
            found is None
            and isinstance(parent, ModuleRecord)
            and not is_open
            and (not names.may_grow(parent) or _is_missed(machine, parent, part))
        ):
            _missing(machine, dotted, parent)
        elif found is None and parent is None and not is_open and _top_level_was_removed(machine, part):
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
            note_link(machine, found.path)
        value: Value = External(dotted)
    else:
        is_package = found.kind is not FoundKind.MODULE
        package = dotted if is_package else dotted.rpartition(".")[0]
        value = ModuleRecord(dotted, found.path, is_package, package, found.search)
        machine.heap.born(value.namespace)
        machine.heap.born(value.state)
        if found.kind is FoundKind.NAMESPACE:
            if _has_other_portions(machine, parent, part, found):
                value.state.update({"*": True, "path": True})
            machine.heap.set(machine.modules, dotted, value)
        else:
            run_module(machine, value)
            # The module may have put something else in its own place.
            value = plain(machine.modules.get(dotted, value))
    if isinstance(parent, ModuleRecord):
        machine.heap.set(parent.namespace, part, value)
    return value


def _was_removed(machine: Machine, search: Sequence[str], part: str) -> bool:
    """Whether the judged change took a module away that these directories had."""
    removed = machine.terms.removed
    return any(
        f"{directory}/{part}{end}".lstrip("/") in removed
        for directory in (search if removed else ())
        for end in (".py", "/__init__.py")
    )


def _is_missed(machine: Machine, parent: ModuleRecord, part: str) -> bool:
    """Whether a namespace package of the project had it: portions that lie elsewhere do not have it, too."""
    return not parent.path and "__path__" not in parent.namespace and _was_removed(machine, parent.search, part)


def _top_level_was_removed(machine: Machine, part: str) -> bool:
    """Whether it took a top-level module away that nothing else is said to bring."""
    return _was_removed(machine, machine.search_path, part) and not machine.terms.provided(part)


def _has_other_portions(machine: Machine, parent: Value | None, part: str, found: Found) -> bool:
    """Whether portions of a namespace package may lie elsewhere: anywhere on the path, or on its parent's `__path__`.

    A folder in which there is no module yet may be where a build puts some.
    """
    if _lost_its_init(machine, found) and (parent is not None or not machine.terms.provided(part)):
        return False
    if not isinstance(parent, ModuleRecord) or names.may_grow(parent):
        return True
    return not machine.tree.submodules(found.search)


def _lost_its_init(machine: Machine, found: Found) -> bool:
    """Whether it was a package until the judged change: nobody else has a portion of that."""
    return any(f"{folder}/__init__.py" in machine.terms.removed for folder in found.search)


def note_link(machine: Machine, path: str) -> None:
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


def _runnable(machine: Machine, module: ModuleRecord, facts: FileFacts | None) -> Module | None:
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
