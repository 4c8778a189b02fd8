"""MG407."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from merge_guard.model.facts import once_a_module
from merge_guard.model.finding import Finding, Fix, Place, Related, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import Scope, rule
from merge_guard.ssot.redefinitions import Redefinition, doubles, is_repeated, only_binds, unmentioned


@rule(
    code="MG407", name="class-redefined-in-module", severity=Severity.WARNING, scope=Scope.PROJECT,
    message="{name} is already defined at line {line}: this definition replaces it",
)  # fmt: skip
def class_redefined_in_module(project: Project) -> Iterator[Finding]:
    """The same class, function or method is defined twice in one suite.

    Two branches that add the same thing at different places merge without a conflict and leave both copies behind; the
    second silently replaces the first. Of two tests with one name only the second runs.

    Bad:

        # app/manager.py
        class Manager: ...
        LIMIT = 3
        class Manager: ...

    Good:

        # app/manager.py
        import sys
        class Manager: ...
        LIMIT = 3
        if sys.platform == "win32":
            def wait(): ...
        else:
            def wait(): ...

    Silent are decorated definitions (overloads, setters, registrations), branches of one `if` or `try`, and definitions
    whose name is mentioned between the two or by the second itself. The same holds for classes with keywords or with a
    base of the same module that learns of its subclasses: they may be registered.

    Limits: not in function bodies, and not in files with a conflict.
    """
    found = list(_found(project))
    project.fetch_definitions(path for path, _, _ in found)
    for path, (scope, first, second), is_repetition in found:
        name = ".".join((*scope, second.name))
        items = project.definitions(path).items
        body = next((item.body for item in items if item.line == second.line and item.name == second.name), "")
        yield class_redefined_in_module.finding(
            key=f"{name}:{body}",
            baseline_key=f"{project.module_name(path)}:{name} {body}",
            message={"name": name, "line": first.line},
            place=Place(path, second.line, second.column, second.end_line),
            related=(Related(Place(path, first.line, first.column, first.end_line), f"{name} is defined here first"),),
            fix=Fix(only_binds(second), "remove the second definition") if is_repetition else None,
        )


def _found(project: Project) -> Iterator[tuple[str, Redefinition, bool]]:
    """(path, what is defined twice there, whether the second is the text of the first again)."""
    doubled = once_a_module(lambda module: tuple(doubles(module)))
    for path, facts in project.facts.items():
        module = facts.module
        if module is None or not project.is_asked(path):
            continue
        pairs = doubled(module)
        if pairs and not project.is_foreign(path):
            line_text = partial(project.line_text, path)
            for pair in unmentioned(pairs, line_text):
                yield path, pair, is_repeated(pair.first, pair.second, line_text)
