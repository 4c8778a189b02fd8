"""MG602: is a required route among those that start-up registers?"""

from __future__ import annotations

import re

from merge_guard.contracts.answer import YES, Answer, Kept
from merge_guard.contracts.composer import Served, Table, where
from merge_guard.model.contract import RequiredRoute
from merge_guard.model.registration import END, HOLE, PRESUMED

_PARAMETER = re.compile(r"\{[^{}/]*\}|<[^<>/]*>")
_SETTING = re.compile(f"{PRESUMED}[^{END}]*{END}")


def shape(path: str) -> str:
    """A path with every parameter the same: its name and its converter say nothing about what it is reached by.

    Defaults of settings are taken as they stand.
    """
    return _PARAMETER.sub("{}", path.replace(PRESUMED, "").replace(END, ""))


def serves(route: Served, required: RequiredRoute) -> bool | None:
    """Whether it is the required route; None where it may be."""
    if required.verb != "ANY" and route.verbs is not None and required.verb not in route.verbs:
        return False
    wanted = shape(required.path)
    if HOLE not in route.path and shape(route.path) == wanted:
        return True if route.certain and (required.verb == "ANY" or route.verbs is not None) else None
    open_path = _SETTING.sub(HOLE, route.path)
    return None if HOLE in open_path and _fits(shape(open_path).split(HOLE), wanted) else False


def _fits(pieces: list[str], text: str) -> bool:
    """Whether the text begins with the first piece, ends with the last, and has the others between, in their order."""
    first, *between, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in between:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def judge(required: RequiredRoute, offered: Table, sure: bool) -> Answer:
    """`sure` is False where it is not known which application is served."""
    near: list[str] = []
    perhaps: Served | None = None
    for route in offered.routes:
        verdict = serves(route, required)
        if verdict and sure:
            return YES
        if verdict is not False and (perhaps is None or verdict):
            perhaps = route
        elif shape(route.path) == shape(required.path) and route.verbs:
            near += sorted(route.verbs)
    if perhaps is not None:
        return Answer(Kept.UNKNOWN, _reason(perhaps, sure))
    if not sure:
        return Answer(Kept.UNKNOWN, "it is not known which application is served")
    if offered.gaps:
        return Answer(Kept.UNKNOWN, f"no such route is seen, but the application may have more: {offered.gaps[0]}")
    if near:
        return Answer(Kept.NO, f"start-up registers the path for {', '.join(dict.fromkeys(near))} only")
    if any(shape(route.path).strip("/") == shape(required.path).strip("/") for route in offered.routes):
        return Answer(Kept.NO, "start-up registers it with another slash at the end only")
    return Answer(Kept.NO, "nothing that start-up runs registers it")


def _shown(path: str) -> str:
    return path.replace(HOLE, "…").replace(PRESUMED, "").replace(END, "")


def _reason(route: Served, sure: bool) -> str:
    at = where(route.place)
    if HOLE in _SETTING.sub(HOLE, route.path):
        return f"{at} may register it: part of {_shown(route.path)!r} is no literal"
    if route.verbs is None:
        return f"{at} registers the path for verbs that are not known"
    if not route.certain:
        return f"{at} registers it on some paths only, or too late"
    return f"{at} registers it, but it is not known which application is served"
