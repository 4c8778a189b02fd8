"""MG204."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import severity_of_file


@rule(code="MG204", name="not-analysable", message="not analysed: {problem}", scope=Scope.FILE, needs="problem")
def not_analysable(judged: JudgedFile) -> Iterator[Finding]:
    """The file is too deep, too large or too slow to analyse, so what it does at start-up is not known.

    The text rules still ran on it. Where a start-up or the judged change reaches the file the exit status is 2, not 1:
    not judged is neither clean nor broken.

    Bad:

        # entry: app
        # app.py
        x = (
        # repeat: 30000 -
        1)

    Good:

        # entry: app
        # app.py
        x = --1
    """
    problem = judged.facts.problem
    if problem is None or problem.kind != "not-analysable":
        return
    yield not_analysable.finding(
        key="not-analysable",
        severity=severity_of_file(judged.path, judged.project),
        message={"problem": problem.message},
        place=Place(judged.path, problem.line, problem.column),
    )
