"""MG103: a conflict that is probably an example."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.facts.marker_standing import Standing, standing
from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG103", name="documented-conflict", severity=Severity.WARNING, scope=Scope.FILE, needs="conflicts",
    message="a whole conflict block inside {where}: probably an example",
)  # fmt: skip
def documented_conflict(judged: JudgedFile) -> Iterator[Finding]:
    '''A whole conflict block stands inside one string constant, one comment or one fenced block of a document.

    It is probably an example of what a conflict looks like, but real conflicts arise in examples too. Where history
    is known the question is settled: silent if a parent holds the block, MG101 if the judged change brings it in.

    Bad:

        # tests/example.py
        EXAMPLE = """
        <<<<<<< HEAD
        ours
        =======
        theirs
        >>>>>>> feature
        """

    Good:

        # tests/example.py
        EXAMPLE = "\\n".join(["<" * 7 + " HEAD", "ours", "=" * 7, "theirs", ">" * 7 + " feature"])
    '''
    path, project = judged.path, judged.project
    unmerged = any(item.path == path for item in project.snapshot.unmerged)
    judging_change = project.snapshot.changed is not None or project.snapshot.merging
    for conflict in judged.facts.conflicts:
        if not conflict.documented or unmerged:
            continue
        new = project.newness(path, conflict)
        if standing(conflict, new=new, unmerged=unmerged, judging_change=judging_change) is Standing.EXAMPLE:
            yield documented_conflict.finding(
                key=conflict.digest.partition("-")[0],
                message={"where": "a string or comment" if judged.facts.python else "a fenced block or cell"},
                place=Place(path, conflict.start, end_line=conflict.end),
            )
