"""MG603: does a start-up load what it must not?"""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.finding import Hop, HopKind
from merge_guard.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Intrusion:
    """The first forbidden module that loads, how start-up gets there, and how many more follow."""

    module: str
    chain: tuple[Hop, ...]
    more: int
    certain: bool


def intrusion(outcome: Outcome, forbidden: str) -> Intrusion | None:
    """What of `forbidden`, or of anything below it, the start-up loads: for certain before perhaps."""
    inside = [name for name in outcome.loaded if name == forbidden or name.startswith(f"{forbidden}.")]
    certain = [name for name in inside if name not in outcome.possible]
    first = next(iter(certain or inside), None)
    if first is None:
        return None
    path = outcome.loaded[first]
    chain = (*outcome.reached_by.get(path, ()), Hop(path, 1, first, HopKind.CAUSE))
    return Intrusion(first, chain, len(certain or inside) - 1, bool(certain))
