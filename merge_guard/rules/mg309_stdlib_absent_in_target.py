"""MG309."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of
from merge_guard.startup.stdlib import UNSURE


@rule(
    code="MG309",
    name="stdlib-absent-in-target",
    message="{subject!r} is not in the standard library of the target ({target}): {why}",
)
def stdlib_absent_in_target(project: Project) -> Iterator[Finding]:
    """A module of the standard library is imported that the Python, or the platform, of the deploy does not have.

    `distutils` and `imp` on 3.12, `tomllib` on 3.10, `winreg` on Linux. Over a range of versions it is reported if none
    of them has the module. Silent where a requirement brings it (setuptools, legacy-cgi, pyasyncore, `standard-…`),
    where the project has a module of that name, and behind a guard that takes the ImportError.

    A warning where it is not known what is installed: where no requirements are found, and for `distutils`, which
    setuptools brings, where no lock file says that setuptools does not come along with something else.

    Bad:

        # entry: app
        # target: 3.10
        # app.py
        import tomllib

    Good:

        # entry: app
        # target: 3.10
        # app.py
        try:
            import tomllib
        except ModuleNotFoundError:
            import tomli as tomllib

    Limits: names inside a module (`asyncio.TaskGroup`) and private modules are not looked at; platform-specific modules
    only where the platform is known (`target-platform`).
    """
    target = project.target.python
    if project.target.platform != "unknown":
        target = f"{target} on {project.target.platform}"
    for failure, severity, entries in failures_of(Cause.STDLIB_ABSENT, project):
        module = failure.subject
        if failure.exception == "ImportError":
            module = f"{failure.source}.{module}"
        yield stdlib_absent_in_target.finding(
            key=module,
            severity=Severity.WARNING if failure.detail.endswith(UNSURE) else severity,
            message={"subject": module, "target": target, "why": failure.detail},
            place=failure.place,
            entry_points=entries,
        )
