"""MG602."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.contract import ContractKind
from merge_guard.model.finding import Finding
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(code="MG602", name="required-route-missing", message="service {service} requires {contract}: {problem}")
def required_route_missing(project: Project) -> Iterator[Finding]:
    """A route that a deploy requires is registered by nothing that the service's start-up runs.

    `routes` of a service lists verb and path: `GET /api/items/{id}`. Verbs are those of HTTP, WEBSOCKET, and ANY for
    whatever verb. FastAPI, Starlette and Flask are followed through routers and blueprints, their prefixes, mounts and
    the factories that start-up calls, to the application that the entry point names (`app.main:app`,
    `app.main:create_app`). Parameters compare by their place, whatever their names, converters and brackets; the slash
    at the end counts.

    Bad:

        # merge-guard.toml
        [services.backend]
        entry = ["main:app"]
        routes = ["GET /api/items/{id}"]
        # main.py
        from fastapi import FastAPI
        from items import router
        app = FastAPI()
        app.include_router(router, prefix="/v2")
        # items.py
        from fastapi import APIRouter
        router = APIRouter(prefix="/items")
        @router.get("/{item_id}")
        def item(item_id: int): ...

    Good:

        # merge-guard.toml
        [services.backend]
        entry = ["main:app"]
        routes = ["GET /api/items/{id}"]
        # main.py
        from fastapi import FastAPI
        from items import router
        app = FastAPI()
        app.include_router(router, prefix="/api")
        # items.py
        from fastapi import APIRouter
        router = APIRouter(prefix="/items")
        @router.get("/{item_id}")
        def item(item_id: int): ...

    Limits: a route whose path, prefix or verbs are no literals, that is registered on some paths only, or that code
    from outside may add, is unknown: no finding, but a line in the report says that the contract could not be decided.
    """
    for breach in project.breaches:
        if breach.kind is ContractKind.ROUTE:
            yield required_route_missing.finding(
                key=f"{breach.service}:{breach.contract}",
                message={"service": breach.service, "contract": breach.contract, "problem": breach.problem},
                place=breach.place,
                entry_points=breach.entry_points,
            )
