"""Prints what an application really serves, one `VERB path` a line; run by an interpreter that has the frameworks."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from typing import Any


def asgi(routes: list[Any], prefix: str = "") -> Iterator[str]:
    for route in routes:
        path = prefix + getattr(route, "path", "")
        if type(route).__name__ == "Mount":
            yield f"ANY {path}"
            if hasattr(route.app, "url_map"):
                continue
            yield from asgi(getattr(route, "routes", None) or [], path)
        elif "WebSocket" in type(route).__name__:
            yield f"WEBSOCKET {path}"
        elif hasattr(route, "effective_route_contexts"):
            yield from asgi(list(route.effective_route_contexts()), prefix)
        else:
            for verb in getattr(route, "methods", None) or ("ANY",):
                yield f"{verb} {path}"


def wsgi(application: Any) -> Iterator[str]:
    for rule in application.url_map.iter_rules():
        for verb in rule.methods or ("ANY",):
            yield f"{verb} {rule.rule}"


def main() -> None:
    module, _, attr = sys.argv[1].partition(":")
    value = importlib.import_module(module)
    for name in attr.split("."):
        value = getattr(value, name)
    if inspect.isfunction(value):
        value = value()
    while not hasattr(value, "url_map") and not hasattr(value, "routes"):
        value = value.app
    print("\n".join(sorted(set(wsgi(value) if hasattr(value, "url_map") else asgi(value.routes)))))


if __name__ == "__main__":
    main()
