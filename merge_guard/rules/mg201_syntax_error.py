"""MG201."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import entries_stopped_by, severity_of_file


@rule(code="MG201", name="syntax-error", message="{exception}: {problem}", scope=Scope.FILE, needs="problem")
def syntax_error(judged: JudgedFile) -> Iterator[Finding]:
    """The file does not compile.

    Whatever imports it fails with a SyntaxError, which no `except ImportError` catches. Judged and worded by CPython's
    own compiler, not only its parser: `return` outside a function, `nonlocal` at module level, a repeated keyword.

    Bad:

        # entry: app
        # app/__init__.py
        from app import broken
        # app/broken.py
        return 1

    Good:

        # entry: app
        # app/__init__.py
        from app import whole
        # app/whole.py
        def one():
            return 1

    Limits: a file that a conflict keeps from compiling is reported once, as MG101. In a file that no start-up and no
    change reaches it is a warning: packages carry templates and test data that are not meant to compile.
    """
    facts, problem = judged.facts, judged.facts.problem
    if problem is None or problem.kind != "syntax" or facts.strays or facts.edits:
        return
    if any(not block.documented for block in facts.conflicts):
        return
    yield syntax_error.finding(
        key=problem.message,
        severity=severity_of_file(judged.path, judged.project),
        message={"exception": problem.exception, "problem": problem.message},
        place=Place(judged.path, problem.line, problem.column),
        entry_points=entries_stopped_by(judged.path, judged.project),
    )
