"""What a start-up does to web applications, routers and blueprints: a log of their making and of calls on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Union

from merge_guard.model.finding import Place

HOLE = "\0"
"""Stands in a text for any text that is not known."""
PRESUMED, END = "\1", "\2"
"""Stand around the default of a setting, which the environment may replace."""


class Dim(Enum):
    """An argument that is no literal, by what is known of it."""

    FUNCTION = "function"
    CLASS = "class"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ref:
    """The object that the registration with `made` of the same number made."""

    number: int


Literal = Union[str, int, float, bool, None, Dim, Ref, tuple["Literal", ...]]


@dataclass(frozen=True, slots=True)
class Registration:
    """One call on the object `number`. `member` is the method, such as `get` or `router.add_route`.

    Two are no methods: MADE, with the maker's name in `maker`, and HANDED, to the code that `maker` names.
    """

    number: int
    member: str
    args: tuple[Literal, ...] = ()
    keywords: Mapping[str, Literal] = field(default_factory=dict)
    open_ended: bool = False
    """There may be further arguments."""
    certain: bool = True
    place: Place = field(default_factory=lambda: Place(""))
    maker: str = ""


MADE, HANDED = "", "?"


@dataclass(frozen=True, slots=True)
class Registrations:
    """The log of one start-up. `applications` are the objects that are served; `sure` says that no other can be."""

    log: tuple[Registration, ...] = ()
    applications: tuple[int, ...] = ()
    sure: bool = False
