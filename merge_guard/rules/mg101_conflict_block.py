"""MG101: a conflict that nobody resolved."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.facts.marker_standing import Standing, standing
from merge_guard.model.facts import BASE, OURS, THEIRS, Conflict, FileFacts
from merge_guard.model.finding import Finding, Place, SideVerdict
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import entries_stopped_by

_TOOLS = {
    "git": "git", "jj": "jj", "hg": "Mercurial", "svn": "Subversion", "bzr": "Breezy", "notebook": "notebook",
}  # fmt: skip


@rule(
    code="MG101", name="conflict-block", scope=Scope.FILE, needs="conflicts",
    message="unresolved {tool} conflict: {sides}{verdict}",
)  # fmt: skip
def conflict_block(judged: JudgedFile) -> Iterator[Finding]:
    """A merge conflict was committed or is about to be.

    The file still holds both versions and the markers between them. Python refuses to import such a file, and every
    module that imports it fails with it. One finding stands for one outermost block; it tells the tool that wrote the
    block, what each side is called, and which sides would parse. Conflicts of git (merge, diff3 and zdiff3 style, any
    width), jj, Mercurial, Subversion, Breezy, `diff3` and nbdime are known, in any text file. A block whose markers
    were commented out counts too: both versions are still there, or neither.

    Bad:

        # app/settings.py
        DEBUG = False
        <<<<<<< HEAD
        TIMEOUT = 10
        =======
        TIMEOUT = 30
        >>>>>>> feature/slow-network

    Good:

        # app/settings.py
        DEBUG = False
        TIMEOUT = 30

    Limits: a whole block inside one string constant or one fenced block of a document is probably an example, and is
    MG103, unless the path is unmerged or the judged change brings the markers in.
    """
    path, project = judged.path, judged.project
    unmerged = any(item.path == path for item in project.snapshot.unmerged)
    judging_change = project.snapshot.changed is not None or project.snapshot.merging
    for conflict in judged.facts.conflicts:
        new = project.newness(path, conflict) if conflict.documented and not unmerged else None
        if standing(conflict, new=new, unmerged=unmerged, judging_change=judging_change) is not Standing.REAL:
            continue
        sides = tuple(_sides(conflict, judged.facts))
        yield conflict_block.finding(
            key=conflict.digest.partition("-")[0],
            message={
                "tool": _TOOLS.get(conflict.family, conflict.family),
                "sides": _described(conflict),
                "verdict": _verdict(sides),
            },
            place=Place(path, conflict.start, end_line=conflict.end),
            sides=sides,
            entry_points=entries_stopped_by(path, project),
        )


def _described(conflict: Conflict) -> str:
    labels = [section.label or section.role for section in conflict.sections if section.role != BASE]
    return " against ".join(labels) if labels else "recorded in the metadata"


def _sides(conflict: Conflict, facts: FileFacts) -> Iterator[SideVerdict]:
    parses = {side.role: side.problem is None for side in facts.sides}
    sides = [section for section in conflict.sections if section.role != BASE]
    for section in conflict.sections:
        # A diff section holds a side by its place; of three or more sides only the outer two are read.
        role = section.role if section.role == BASE else ""
        if sides and section is sides[0]:
            role = OURS
        elif sides and section is sides[-1]:
            role = THEIRS
        yield SideVerdict(section.label or section.role, (section.first, section.last), parses.get(role))


def _verdict(sides: tuple[SideVerdict, ...]) -> str:
    broken = [side.label for side in sides if side.parses is False]
    return f" ({', '.join(broken)} would not parse)" if broken else ""
