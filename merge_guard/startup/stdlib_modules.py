"""What an import of a standard-library module comes to where the target may not have it."""

from __future__ import annotations

from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, Failure
from merge_guard.startup.machine import Machine
from merge_guard.startup.stdlib import UNSURE, exists, why_absent
from merge_guard.startup.values import Builtin, External, Value


def is_there(machine: Machine, dotted: str) -> bool:
    """Whether the target certainly has it."""
    terms = machine.terms
    return exists(dotted, terms.lowest, terms.highest, terms.platform) is True


def absent(machine: Machine, dotted: str, name: Place | None = None) -> Value:
    """A module that the target may lack, and of whose name nothing lies on the search path.

    `name` is the place of the name in a from-import: then it is a name that cannot be imported, not a module.
    """
    terms, frame = machine.terms, machine.frame
    machine.note_may_raise("import")
    if exists(dotted, terms.lowest, terms.highest, terms.platform) is None or _is_elsewhere(machine, dotted):
        return External(dotted)
    provided = terms.provided(dotted)
    top, _, last = dotted.rpartition(".")
    subject, exception = (last, "ImportError") if name else (dotted, "ModuleNotFoundError")
    place = name or Place(frame.module.path, frame.line, frame.column)
    why = why_absent(dotted, terms.highest)
    if provided is False:
        machine.fail(
            Cause.STDLIB_ABSENT, exception, place, frame.module.name,
            subject=subject, source=top, detail=why, line=frame.line,
        )  # fmt: skip
    elif provided is None and not machine.is_taken(Builtin(exception)):
        why = f"{why}; {UNSURE}"
        machine.remark(Failure(Cause.STDLIB_ABSENT, exception, place, frame.module.name, subject, top, why))
    return External(dotted)


def _is_elsewhere(machine: Machine, dotted: str) -> bool:
    """Whether it may come from where a finder of this model does not look."""
    if machine.may_be_injected(dotted):
        return True
    if dotted == "distutils" and not machine.foreign.isdisjoint(("setuptools", "pkg_resources")):
        return True  # setuptools was there, and brings it
    return "." not in dotted and machine.tree.has_top_level(dotted)
