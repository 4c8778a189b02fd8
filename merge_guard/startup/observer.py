"""Keeps what a start-up does to web applications and routers. Only there when a contract asks for routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from merge_guard.model.finding import Place
from merge_guard.model.registration import END, HANDED, HOLE, MADE, PRESUMED, Dim, Literal, Ref, Registration
from merge_guard.startup import inheritance
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Dict,
    Either,
    External,
    Function,
    Instance,
    Partial,
    Seq,
    Super,
    Template,
    Transparent,
    Value,
    settled,
)

APPLICATIONS = frozenset({"FastAPI", "Starlette", "Flask", "Quart", "APIFlask"})
_FRAMEWORKS = frozenset({"fastapi", "starlette", "flask", "quart", "apiflask"})
_MAKERS = APPLICATIONS | {"APIRouter", "Router", "Blueprint", "APIBlueprint", "Route", "WebSocketRoute", "Mount"}
# They give back the function below them, as it was.
_DECORATORS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "trace", "route", "api_route", "websocket",
     "websocket_route"}
)  # fmt: skip
_VIEWS = frozenset({"flask.views.MethodView", "flask.views.View", "flask.MethodView"})
_VIEW_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
# To whom an application can be handed without getting routes that way, by the beginning of the dotted name.
_HARMLESS = (
    "asgi_correlation_id", "asyncio", "blinker", "celery", "fastapi.middleware", "fastapi.testclient",
    "fastapi_pagination.add_pagination", "flask_alembic", "flask_allows", "flask_babel", "flask_babelplus",
    "flask_bcrypt", "flask_caching", "flask_compress", "flask_cors", "flask_jwt_extended", "flask_limiter",
    "flask_login", "flask_mail", "flask_marshmallow", "flask_migrate", "flask_multipass", "flask_pluginengine",
    "flask_redis", "flask_session", "flask_sqlalchemy", "flask_talisman", "flask_webpackext", "flask_whooshee",
    "flask_wtf", "functools", "gunicorn", "hypercorn", "logging", "mangum", "opentelemetry", "sentry_sdk", "slowapi",
    "socketio", "starlette.middleware", "starlette.testclient", "typing", "uvicorn", "waitress", "warnings",
    "werkzeug.middleware",
)  # fmt: skip
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Observed(External):
    """An object whose calls are kept, or a member of it."""

    number: int = 0
    member: str = ""

    def attribute(self, name: str) -> External:
        member = f"{self.member}.{name}" if self.member else name
        # `app.router` is where an application keeps its routes.
        return Observed(f"{self.origin}.{name}", self.number, member.removeprefix("router."))


class Observer:
    """One start-up's log. The machine asks it on every call of something from outside."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.log: list[Registration] = []
        self._made = 0
        self._of_instances: dict[int, tuple[Instance, int]] = {}

    # --- what the machine tells ---------------------------------------------------------------------------------
    def called(
        self, callee: External, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool
    ) -> Value | None:
        """The value of the call where it is one to be kept, else None: the machine goes on as without an observer."""
        if isinstance(callee, Observed):
            if callee.member == "as_view":
                return Observed(callee.origin, callee.number)
            if callee.member:
                self._note(callee.number, callee.member, args, keywords, open_ended)
                if callee.member in _DECORATORS:
                    self._machine.note_may_raise("any")
                    return Transparent()
                return None
        maker = _maker(callee.origin)
        if maker:
            return Observed(f"{callee.origin}()", self._make(maker, args, keywords, open_ended))
        self.handed(args, keywords, callee.origin)
        return None

    def constructed(
        self, made: Instance, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool
    ) -> None:
        """An instance of a first-party class that leaves its construction to a base."""
        number = self._number(made)
        if number is not None:
            self._note(number, "__init__", args, keywords, open_ended)

    def handed(
        self, args: Sequence[Value], keywords: Mapping[str, Value], to: str = "code that is not followed"
    ) -> None:
        if to.startswith(_HARMLESS) and to.partition(".")[0] != "":
            return
        for value in (*args, *keywords.values()):
            for object_number in self._numbers(value, 0):
                self._note(object_number, HANDED, (), {}, False, to)

    def inherited(self, owner: Instance | ClassValue | Super, name: str) -> Value | None:
        """A member that a first-party subclass has from a base whose calls are kept."""
        if isinstance(owner, ClassValue):
            verbs = _view_verbs(owner) if name == "as_view" else None
            if verbs is None:
                return None
            view = self._make("View", (), {"methods": Seq("tuple", tuple(map(Const, verbs)))}, False)
            return Observed("flask.views.View", view, name)
        instance = owner.owner if isinstance(owner, Super) else owner
        number = self._number(instance) if isinstance(instance, Instance) else None
        return None if number is None else Observed("", number).attribute(name)

    def number_of(self, value: Value) -> int | None:
        """The object that a value is, if its calls are kept."""
        if isinstance(value, Observed) and not value.member:
            return value.number
        return self._number(value) if isinstance(value, Instance) else None

    def presumed(self, value: Value) -> Value:
        """The text that a class gives for an attribute, where a base such as pydantic's may have put another."""
        if isinstance(value, Const) and isinstance(value.value, str):
            return Template(f"{PRESUMED}{value.value}{END}")
        return UNKNOWN

    def joined(self, left: Value, right: Value) -> Value:
        """`left + right`, where one of them is known to be a text."""
        parts = [_text(left), _text(right)]
        return Template("".join(parts)) if any(part != HOLE for part in parts) else UNKNOWN

    # --- the log ------------------------------------------------------------------------------------------------
    def _number(self, instance: Instance) -> int | None:
        known = self._of_instances.get(id(instance))
        if known is None:
            maker = _base_maker(instance.cls)
            if not maker:
                return None
            known = self._of_instances[id(instance)] = (instance, self._make(maker, (), {}, False))
        return known[1]

    def _make(self, maker: str, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool) -> int:
        self._made += 1
        number = self._made
        self._note(number, MADE, args, keywords, open_ended, maker)
        return number

    def _note(
        self, number: int, member: str, args: Sequence[Value], keywords: Mapping[str, Value], open_ended: bool,
        maker: str = "",
    ) -> None:  # fmt: skip
        machine = self._machine
        frames = machine.frames
        certain = not machine.uncertain and not any(f.may_have_returned or f.may_have_skipped for f in frames)
        place = Place(machine.frame.module.path, machine.frame.line) if frames else Place("")
        self.log.append(
            Registration(
                number, member, tuple(self._literal(arg) for arg in args),
                {key: self._literal(value) for key, value in keywords.items()}, open_ended, certain, place, maker,
            )
        )  # fmt: skip

    def _literal(self, value: Value, depth: int = 0) -> Literal:
        value = settled(value)
        number = self.number_of(value)
        if number is not None:
            return Ref(number)
        if isinstance(value, Const) and isinstance(value.value, (str, int, float, bool, type(None))):
            return value.value
        if isinstance(value, Template):
            return value.text
        if isinstance(value, Seq) and depth < _DEEPEST:
            return tuple(self._literal(item, depth + 1) for item in value.items)
        if isinstance(value, (Function, Bound)):
            return Dim.FUNCTION
        return Dim.CLASS if isinstance(value, ClassValue) else Dim.UNKNOWN

    def _numbers(self, value: Value, depth: int) -> Sequence[int]:
        value = settled(value)
        number = self.number_of(value)
        if number is not None:
            return (number,)
        inside: Sequence[Value] = ()
        if isinstance(value, Seq):
            inside = value.items
        elif isinstance(value, Dict):
            inside = tuple(value.items.values())
        elif isinstance(value, Either):
            inside = value.values
        elif isinstance(value, Partial):
            inside = value.args
        return [found for item in inside for found in self._numbers(item, depth + 1)] if depth < _DEEPEST else ()


def _text(value: Value) -> str:
    if isinstance(value, Template):
        return value.text
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else HOLE


def _maker(origin: str) -> str:
    top, _, _ = origin.partition(".")
    last = origin.rpartition(".")[2]
    return last if last in _MAKERS and (top in _FRAMEWORKS or last in APPLICATIONS) else ""


def _base_maker(cls: ClassValue, depth: int = 0) -> str:
    """The kept class that a first-party class comes from."""
    for base in cls.bases:
        if isinstance(base, External) and _maker(base.origin):
            return _maker(base.origin)
        if isinstance(base, ClassValue) and depth < _DEEPEST and (found := _base_maker(base, depth + 1)):
            return found
    return ""


def _view_verbs(cls: ClassValue, depth: int = 0) -> tuple[str, ...] | None:
    """The verbs of Flask's method views; None for other classes, and for views that say their methods themselves."""
    if not any(
        (isinstance(base, External) and base.origin in _VIEWS)
        or (isinstance(base, ClassValue) and depth < _DEEPEST and _view_verbs(base, depth + 1) is not None)
        for base in cls.bases
    ):
        return None
    if inheritance.class_attribute(cls, "methods") is not None:
        return None
    return tuple(verb.upper() for verb in _VIEW_VERBS if _defines(cls, verb))


def _defines(cls: ClassValue, name: str) -> bool:
    return name in cls.namespace or any(isinstance(base, ClassValue) and _defines(base, name) for base in cls.bases)
