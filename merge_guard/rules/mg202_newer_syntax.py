"""MG202."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import entries_stopped_by, severity_of_file


@rule(
    code="MG202",
    name="newer-syntax",
    message="needs Python {needs}, the target is {target}: {problem}",
    scope=Scope.FILE,
    needs="problem",
)
def newer_syntax(judged: JudgedFile) -> Iterator[Finding]:
    """The file is valid Python, but newer than the Python that it will run on.

    It compiles on the developer's machine and stops the start-up in the image. The target is the configured version or
    range; a construct that only a part of the range lacks is a warning.

    Bad:

        # target: 3.9
        # entry: app
        # app.py
        def kind(value):
            match value:
                case 1:
                    return "one"

    Good:

        # target: 3.9
        # entry: app
        # app.py
        def kind(value):
            if value == 1:
                return "one"

    Limits: syntax newer than the Python that runs the tool is judged by a newer one, if one is found on PATH. CPython's
    parser names most constructs by version, not all: f-strings that need 3.12 are seen only when the tool itself runs
    on an older Python.
    """
    problem = judged.facts.problem
    if problem is None or problem.kind != "newer":
        return
    target = judged.project.target
    # A range is broken as a whole only if its newest version lacks the construct too.
    partly = target.highest >= _version(problem.needs)
    yield newer_syntax.finding(
        key=problem.message,
        severity=Severity.WARNING if partly else severity_of_file(judged.path, judged.project),
        message={"needs": problem.needs, "target": target.python, "problem": problem.message},
        place=Place(judged.path, problem.line, problem.column),
        entry_points=entries_stopped_by(judged.path, judged.project),
    )


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor)
