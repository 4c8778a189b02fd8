"""How start-up comes to one module, per entry point."""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.finding import Finding, Hop


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
