"""Web applications that a module makes at its top level: what a server is started with, though no file says so."""

from __future__ import annotations

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.module import Module

_CLASSES = {
    "fastapi": "FastAPI", "flask": "Flask", "starlette.applications": "Starlette", "quart": "Quart", "sanic": "Sanic",
    "litestar": "Litestar", "falcon.asgi": "App", "aiohttp.web": "Application",
}  # fmt: skip


def application_of(facts: FileFacts) -> str:
    """The name that the top level binds to `FastAPI(...)`, `Flask(...)` and the like; "" where there is none.

    Of a file in conflict, what any side binds.
    """
    modules = (facts.module, *(side.module for side in facts.sides))
    return next((name for module in modules if module is not None and (name := _made_by(module))), "")


def _made_by(module: Module) -> str:
    made = {
        bound or name
        for node in module.body
        if isinstance(node, ev.FromImport) and not node.level
        for name, bound, _, _ in node.names
        if _CLASSES.get(node.module) == name
    }
    for node in module.body if made else ():
        if isinstance(node, ev.Assign) and isinstance(node.value, ev.Call) and len(node.targets) == 1:
            target, called = node.targets[0], node.value.func
            if isinstance(target, ev.Name) and isinstance(called, ev.Name) and called.id in made:
                return target.id
    return ""
