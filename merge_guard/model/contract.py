"""What a deploy states about the tree, and what a judgement of it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from merge_guard.model.finding import Hop, Place

NAME = r"[^\W\d]\w*"
DOTTED = rf"{NAME}(?:\.{NAME})*"
_PARAMETERS = rf"[ \t]*{NAME}(?:[ \t]*,[ \t]*{NAME})*(?:[ \t]*,)?"
SYMBOL = rf"{DOTTED}(?::{DOTTED}(?:\((?:{_PARAMETERS})?[ \t]*\))?)?"
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "WEBSOCKET", "ANY")
ROUTE = rf"(?:{'|'.join(VERBS)})[ \t]+/[^\s?#]*"


class ContractKind(Enum):
    """`requires`, `routes` and `isolated-from` of a service; each is one rule's."""

    SYMBOL = "symbol"  # MG601
    ROUTE = "route"  # MG602
    ISOLATION = "isolation"  # MG603


@dataclass(frozen=True, slots=True)
class RequiredSymbol:
    """`pkg.mod:Class.method(parameter, …)`; `parameters` is None where none are asked for, not even a call."""

    text: str
    module: str
    names: tuple[str, ...] = ()
    parameters: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class RequiredRoute:
    """`GET /api/items/{id}`. The verb ANY is content with any."""

    text: str
    verb: str
    path: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A contract that the tree does not keep. `certain` is False where it breaks on some paths of a start-up only."""

    kind: ContractKind
    service: str
    contract: str
    problem: str
    place: Place
    certain: bool = True
    chain: tuple[Hop, ...] = ()
    entry_points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """A contract of which nobody can say from the files whether it is kept."""

    service: str
    contract: str
    reason: str


def required_symbol(text: str) -> RequiredSymbol:
    """Raises ValueError for a text that `SYMBOL` does not match."""
    if re.fullmatch(SYMBOL, text) is None:
        raise ValueError(f"not a symbol: {text!r}")
    module, _, rest = text.partition(":")
    names, bracket, inner = rest.partition("(")
    parameters = None
    if bracket:
        parameters = tuple(part.strip() for part in inner.rstrip(")").split(",") if part.strip())
    return RequiredSymbol(text, module, tuple(names.split(".")) if names else (), parameters)


def required_route(text: str) -> RequiredRoute:
    """Raises ValueError for a text that `ROUTE` does not match."""
    if re.fullmatch(ROUTE, text) is None:
        raise ValueError(f"not a route: {text!r}")
    verb, path = text.split()
    return RequiredRoute(text, verb, path)
