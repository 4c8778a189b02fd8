"""MG603."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.contract import ContractKind
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(code="MG603", name="isolation-breach", message="service {service} is isolated from {contract}: {problem}")
def isolation_breach(project: Project) -> Iterator[Finding]:
    """Starting a service loads a module that the service is to do without.

    `isolated-from` of a service lists modules; neither they nor anything below them may be in the start-up closure of
    its entry points. The finding stands at the import statement that leads inside, with the chain that leads there. A
    module that loads on some paths of the start-up only is a warning.

    Bad:

        # merge-guard.toml
        [services.worker]
        entry = ["app.worker"]
        isolated-from = ["app.web"]
        # app/__init__.py
        # app/worker.py
        from app import tasks
        # app/tasks.py
        from app.web.urls import BASE
        # app/web/__init__.py
        # app/web/urls.py
        BASE = "/"

    Good:

        # merge-guard.toml
        [services.worker]
        entry = ["app.worker"]
        isolated-from = ["app.web"]
        # app/__init__.py
        # app/worker.py
        from app import tasks
        # app/tasks.py
        def link():
            from app.web.urls import BASE
            return BASE
        # app/web/__init__.py
        # app/web/urls.py
        BASE = "/"
    """
    for breach in project.breaches:
        if breach.kind is ContractKind.ISOLATION:
            yield isolation_breach.finding(
                key=f"{breach.service}:{breach.contract}",
                severity=Severity.ERROR if breach.certain else Severity.WARNING,
                message={"service": breach.service, "contract": breach.contract, "problem": breach.problem},
                place=breach.place,
                chain=breach.chain,
                entry_points=breach.entry_points,
            )
