"""How start-up comes to one module, what falls with it, and which modules an entry point cannot do without."""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.finding import Finding, Hop


@dataclass(frozen=True, slots=True)
class Impact:
    """What a module that does not compile takes down with it in one start-up, by dotted name, itself left out.

    `stopped` cannot be imported then, those first that most others of them import; `carried` are loaded through it
    alone: without it nothing would import them.
    """

    stops_entry: bool
    stopped: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """One entry point's way to the module.

    `chain` goes from the entry point's file to the statement that loads the module, as an import chain in a finding
    does; it is empty where the module is the entry point itself, and where it is not reached. `possible` tells that
    the module loads on some paths only.
    """

    entry: str
    reached: bool
    chain: tuple[Hop, ...] = ()
    possible: bool = False
    impact: Impact | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One module: its ways into start-up, and the findings of the judgement that stand in it or go through it."""

    module: str
    path: str
    routes: tuple[Route, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def reached(self) -> bool:
        return any(route.reached for route in self.routes)


@dataclass(frozen=True, slots=True)
class PointOfFailure:
    """A module whose failure stops an entry point: how many modules fail with it, and how many it alone carries."""

    module: str
    path: str
    stops: int
    carries: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """One entry point's single points of failure, those first that stop most; its own modules left out.

    `modules` counts its closure.
    """

    entry: str
    modules: int
    points: tuple[PointOfFailure, ...]
