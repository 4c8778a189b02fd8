"""The routes that applications serve, put together from the log of a start-up.

Sources: `fastapi.routing.APIRouter.include_router` and `add_api_route`, `starlette.routing.Route` and `Mount`,
`flask.sansio.scaffold`, `flask.sansio.blueprints.BlueprintSetupState.add_url_rule`. What is no literal is a hole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from merge_guard.model.finding import Place
from merge_guard.model.registration import HANDED, HOLE, MADE, Dim, Literal, Ref, Registration, Registrations

_DEEPEST = 12
_MOST = 20_000
_VERBS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
_FLASKS = frozenset({"Flask", "Quart", "APIFlask", "Blueprint", "APIBlueprint"})
_STARLETTES = frozenset({"Starlette", "Router"})
_LIST_CHANGES = ("append", "extend", "insert", "remove", "clear", "pop")


@dataclass(frozen=True, slots=True)
class Served:
    """A route: `verbs` is None where they are not known. `certain` is False where it may as well not be there."""

    verbs: frozenset[str] | None
    path: str
    certain: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """All that applications serve, as far as it can be seen; `gaps` say where there may be more."""

    routes: tuple[Served, ...]
    gaps: tuple[str, ...]


def table(registrations: Registrations) -> Table:
    """What the applications of a start-up serve."""
    composer = _Composer(registrations.log)
    routes = [route for number in registrations.applications for route in composer.routes(number)]
    return Table(tuple(dict.fromkeys(routes)), tuple(dict.fromkeys(composer.gaps)))


class _Composer:
    """Walks from an application to what is included, mounted and registered in it."""

    def __init__(self, log: Sequence[Registration]) -> None:
        self._of: dict[int, list[tuple[int, Registration]]] = {}
        self._made: dict[int, Registration] = {}
        for position, item in enumerate(log):
            self._of.setdefault(item.number, []).append((position, item))
            if item.member == MADE:
                self._made[item.number] = item
        self.gaps: list[str] = []
        self._standing: list[int] = []
        self._count = 0

    def routes(self, number: int, until: int | None = None) -> Iterator[Served]:
        """The routes of one object by the paths that it knows itself, `until` a position of the log."""
        if number in self._standing or len(self._standing) > _DEEPEST or number not in self._made:
            self.gaps.append("routers that hold each other")
            return
        self._standing.append(number)
        try:
            made = self._made[number]
            prefix = self._prefix(number, made)
            yield from self._initial(number, made)
            removed = any(item.member == "routes" for _, item in self._of[number])
            for position, item in self._of[number]:
                late = until is not None and position > until
                for route in self._one(made.maker, item, position):
                    self._count += 1
                    if self._count > _MOST:
                        self.gaps.append(f"more than {_MOST:,} routes")
                        return
                    certain = route.certain and item.certain and not late and not removed
                    yield replace(route, path=prefix + route.path, certain=certain)
        finally:
            self._standing.pop()

    # --- what an object brings by itself ----------------------------------------------------------------------------
    def _arguments(self, number: int, made: Registration) -> list[Registration]:
        """Its own making and, for a subclass, what it hands to the constructor of its base."""
        return [made, *(item for _, item in self._of[number] if item.member == "__init__")]

    def _option(self, number: int, made: Registration, name: str, default: Literal, position: int = 99) -> Literal:
        for item in self._arguments(number, made):
            found = argument(item, position, name, None)
            if found is not None or name in item.keywords:
                return found
        return default

    def _prefix(self, number: int, made: Registration) -> str:
        return text(self._option(number, made, "prefix", "")) if made.maker == "APIRouter" else ""

    def _initial(self, number: int, made: Registration) -> Iterator[Served]:
        if made.maker == "FastAPI":
            yield from self._documentation(number, made)
        if made.maker in ("FastAPI", "APIRouter", "Starlette", "Router", "Mount"):
            position = {"Starlette": 1, "Router": 0}.get(made.maker, 99)
            yield from self._listed(self._option(number, made, "routes", None, position), made)
        if made.maker in ("Flask", "Quart", "APIFlask"):
            folder = self._option(number, made, "static_folder", "static")
            url = self._option(number, made, "static_url_path", None)
            if folder is not None:
                path = text(url) if url is not None else HOLE if folder != "static" else "/static"
                yield Served(frozenset({"GET", "HEAD", "OPTIONS"}), f"{path}/<path:filename>", made.certain, made.place)

    def _documentation(self, number: int, made: Registration) -> Iterator[Served]:
        openapi = self._option(number, made, "openapi_url", "/openapi.json")
        pages = [openapi]
        if openapi is not None:
            docs = self._option(number, made, "docs_url", "/docs")
            redirect = self._option(number, made, "swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect")
            pages += [docs, redirect if docs is not None else None, self._option(number, made, "redoc_url", "/redoc")]
        for page in pages:
            if page is not None:
                # Settings may turn the pages off.
                certain = made.certain and isinstance(page, str) and isinstance(openapi, str)
                yield Served(frozenset({"GET", "HEAD"}), text(page), certain, made.place)

    def _listed(self, routes: Literal, made: Registration) -> Iterator[Served]:
        if isinstance(routes, tuple):
            for item in routes:
                if isinstance(item, Ref) and item.number in self._made:
                    for route in self._route_object(self._made[item.number]):
                        yield replace(route, certain=route.certain and made.certain)
                else:
                    self.gaps.append(f"{_at(made)} lists routes that are not known")
        elif routes is not None:
            self.gaps.append(f"{_at(made)} lists routes that are not known")

    def _route_object(self, made: Registration) -> Iterator[Served]:
        path = text(argument(made, 0, "path", Dim.UNKNOWN))
        if made.maker == "Route":
            endpoint = argument(made, 1, "endpoint", Dim.UNKNOWN)
            yield Served(
                _starlette_verbs(argument(made, 99, "methods", None), endpoint), path, made.certain, made.place
            )
        elif made.maker == "WebSocketRoute":
            yield Served(frozenset({"WEBSOCKET"}), path, made.certain, made.place)
        elif made.maker == "Mount":
            app = argument(made, 1, "app", None)
            if app is None:
                routes = argument(made, 99, "routes", ())
                inner = self._listed(routes, made)
                yield from (replace(route, path=path.rstrip("/") + route.path) for route in inner)
                yield Served(None, path.rstrip("/"), made.certain, made.place)
            else:
                yield from self._mounted(path, app, made)

    # --- one call ---------------------------------------------------------------------------------------------------
    def _one(self, maker: str, item: Registration, position: int) -> Iterator[Served]:
        if item.member == HANDED:
            self.gaps.append(f"it is handed to {item.maker} ({where(item.place)})")
        elif item.member.partition(".")[0] == "routes" and item.member.rpartition(".")[2] in _LIST_CHANGES:
            if item.member == "routes.append" and item.args and isinstance(item.args[0], Ref):
                yield from self._listed((item.args[0],), item)
            else:
                self.gaps.append(f"{_at(item)} changes the list of routes")
        elif item.member in ("url_map.add", "host", "add_resource"):
            self.gaps.append(f"{_at(item)} adds routes in its own way")
        elif maker in _FLASKS:
            yield from self._flask(maker, item, position)
        else:
            yield from self._asgi(maker, item, position)

    def _asgi(self, maker: str, item: Registration, position: int) -> Iterator[Served]:
        member = item.member
        path = text(argument(item, 0, "path", Dim.UNKNOWN))
        verbs: frozenset[str] | None
        if member == "include_router":
            prefix = text(argument(item, 99, "prefix", ""))
            yield from self._included(argument(item, 0, "router", Dim.UNKNOWN), prefix, item, position)
        elif member == "mount":
            yield from self._mounted(path, argument(item, 1, "app", Dim.UNKNOWN), item)
        elif member == "frontend":
            # A folder that a build fills, behind all other routes.
            yield Served(frozenset({"GET", "HEAD"}), path.rstrip("/") + HOLE, False, item.place)
        elif member in ("websocket", "websocket_route", "add_api_websocket_route", "add_websocket_route"):
            yield Served(frozenset({"WEBSOCKET"}), path, True, item.place)
        elif member in _VERBS and maker not in _STARLETTES:
            yield Served(frozenset({member.upper()}), path, True, item.place)
        elif member in ("api_route", "add_api_route"):
            verbs = _listed_verbs(argument(item, 99, "methods", ("GET",)))
            yield Served(verbs or frozenset({"GET"}) if verbs is not None else None, path, True, item.place)
        elif member in ("route", "add_route"):
            endpoint = argument(item, 1, "route", argument(item, 99, "endpoint", Dim.UNKNOWN))
            endpoint = Dim.FUNCTION if member == "route" else endpoint
            methods = argument(item, 1 if member == "route" else 2, "methods", None)
            yield Served(_starlette_verbs(methods, endpoint), path, True, item.place)

    def _included(self, router: Literal, prefix: str, item: Registration, position: int) -> Iterator[Served]:
        if isinstance(router, Ref):
            for route in self.routes(router.number, position):
                yield replace(route, path=prefix + route.path)
        else:
            yield Served(None, prefix + HOLE, False, item.place)

    def _mounted(self, path: str, app: Literal, item: Registration) -> Iterator[Served]:
        path = path.rstrip("/")
        yield Served(None, path, True, item.place)
        maker = self._made[app.number].maker if isinstance(app, Ref) and app.number in self._made else ""
        if isinstance(app, Ref) and maker not in ("Flask", "Quart", "APIFlask"):
            yield from (replace(route, path=path + route.path) for route in self.routes(app.number))
        else:
            yield Served(None, f"{path}/{HOLE}", False, item.place)

    def _flask(self, maker: str, item: Registration, position: int) -> Iterator[Served]:
        rule = text(argument(item, 0, "rule", Dim.UNKNOWN))
        if item.member == "register_blueprint":
            yield from self._blueprint(item, position)
        elif item.member == "add_url_rule":
            view = argument(item, 2, "view_func", None)
            methods = argument(item, 99, "methods", None)
            if methods is None and isinstance(view, Ref) and view.number in self._made:
                methods = self._made[view.number].keywords.get("methods")
            elif methods is None and view is not Dim.FUNCTION:
                methods = Dim.UNKNOWN  # the view may say it itself
            yield Served(_flask_verbs(methods), rule, True, item.place)
        elif item.member == "route":
            yield Served(_flask_verbs(argument(item, 99, "methods", None)), rule, True, item.place)
        elif item.member in ("get", "post", "put", "delete", "patch"):
            yield Served(_flask_verbs((item.member,)), rule, True, item.place)

    def _blueprint(self, item: Registration, position: int) -> Iterator[Served]:
        blueprint = argument(item, 0, "blueprint", Dim.UNKNOWN)
        given = argument(item, 99, "url_prefix", None)
        if not isinstance(blueprint, Ref) or blueprint.number not in self._made:
            yield Served(None, HOLE, False, item.place)
            return
        made = self._made[blueprint.number]
        prefix = given if given is not None else self._option(blueprint.number, made, "url_prefix", None, 5)
        for route in self.routes(blueprint.number, position):
            yield replace(route, path=_under(prefix, route.path))
        if self._option(blueprint.number, made, "static_folder", None, 2) is not None:
            url = text(self._option(blueprint.number, made, "static_url_path", Dim.UNKNOWN, 3))
            rule = _under(prefix, f"{url}/<path:filename>")
            yield Served(frozenset({"GET", "HEAD", "OPTIONS"}), rule, made.certain, made.place)


def argument(item: Registration, position: int, name: str, default: Literal) -> Literal:
    if name in item.keywords:
        return item.keywords[name]
    if position < len(item.args):
        return item.args[position]
    return Dim.UNKNOWN if item.open_ended else default


def text(value: Literal) -> str:
    return value if isinstance(value, str) else HOLE


def _under(prefix: Literal, path: str) -> str:
    """`BlueprintSetupState.add_url_rule`: one slash between them; an empty rule is the prefix itself."""
    if prefix is None:
        return path
    return f"{text(prefix).rstrip('/')}/{path.lstrip('/')}" if path else text(prefix)


def _listed_verbs(value: Literal) -> frozenset[str] | None:
    if value is None:
        return frozenset()
    if isinstance(value, tuple) and all(isinstance(verb, str) for verb in value):
        return frozenset(str(verb).upper() for verb in value)
    return None


def _starlette_verbs(methods: Literal, endpoint: Literal) -> frozenset[str] | None:
    """`Route.__init__`: a function serves GET unless told otherwise, GET serves HEAD, a class what it defines."""
    verbs = _listed_verbs(methods)
    if not verbs:
        return frozenset({"GET", "HEAD"}) if endpoint is Dim.FUNCTION and verbs is not None else None
    return verbs | {"HEAD"} if "GET" in verbs else verbs


def _flask_verbs(methods: Literal) -> frozenset[str] | None:
    verbs = _listed_verbs(methods)
    if verbs is None:
        return None
    verbs = verbs or frozenset({"GET"})
    return verbs | ({"HEAD", "OPTIONS"} if "GET" in verbs else {"OPTIONS"})


def _at(item: Registration) -> str:
    return f"{item.member or item.maker} at {where(item.place)}"


def where(place: Place) -> str:
    return f"{place.path}:{place.line}"
