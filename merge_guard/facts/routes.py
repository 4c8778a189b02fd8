"""Routes that decorators register with a literal path, in the forms of Flask, FastAPI, Starlette and their kin."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_VERBS = frozenset({"get", "head", "post", "put", "patch", "delete", "options", "trace", "websocket"})
_ANY_VERB = frozenset({"route", "api_route"})


def routes_of(decorators: Sequence[ast.expr]) -> tuple[tuple[str, str], ...]:
    """(verb, path) each; `route` without literal `methods` registers GET."""
    return tuple([route for node in decorators for route in _routes(node)])


def _routes(node: ast.expr) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    verb = node.func.attr
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    path = node.args[0] if node.args else keywords.get("path", keywords.get("rule"))
    if not isinstance(path, ast.Constant) or not isinstance(path.value, str):
        return
    if verb in _VERBS:
        yield verb.upper(), path.value
    elif verb in _ANY_VERB:
        methods = keywords.get("methods")
        items = methods.elts if isinstance(methods, (ast.List, ast.Tuple, ast.Set)) else []
        named = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        for method in named or ["GET"]:
            yield method.upper(), path.value
