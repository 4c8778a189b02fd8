"""MG203."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import entries_stopped_by, severity_of_file


@rule(
    code="MG203", name="undecodable-source", message="cannot be decoded: {problem}", scope=Scope.FILE, needs="problem"
)
def undecodable_source(judged: JudgedFile) -> Iterator[Finding]:
    """The bytes of the file are not Python source text.

    NUL bytes, bytes that the declared encoding does not have, an encoding that does not exist, or a byte order mark
    that contradicts the declaration (language reference, 2.1.4; PEP 263). A merge that concatenates files of different
    encodings leaves this behind.

    Bad:

        # entry: app
        # app.py
        # -*- coding: no-such-encoding -*-
        NAME = "x"

    Good:

        # entry: app
        # app.py
        # -*- coding: utf-8 -*-
        NAME = "x"
    """
    problem = judged.facts.problem
    if problem is None or problem.kind != "undecodable":
        return
    yield undecodable_source.finding(
        key=problem.message,
        severity=severity_of_file(judged.path, judged.project),
        message={"problem": problem.message},
        place=Place(judged.path, problem.line, problem.column),
        entry_points=entries_stopped_by(judged.path, judged.project),
    )
