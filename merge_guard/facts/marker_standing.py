"""Whether a conflict block is residue or an example, seen with what history tells."""

from __future__ import annotations

from enum import Enum

from merge_guard.model.facts import Conflict


class Standing(Enum):
    REAL = "real"
    EXAMPLE = "example"
    SETTLED = "settled"  # an example that a parent holds as well: nothing to say


def standing(conflict: Conflict, *, new: bool | None, unmerged: bool, judging_change: bool) -> Standing:
    """Judge one block.

    `new`: its markers are absent from every parent (None: not known); `unmerged`: git says that the path is;
    `judging_change`: a change or a merge is judged, so that what is new in it was not reviewed yet.
    """
    if not conflict.documented or unmerged:
        return Standing.REAL
    if new is False:
        return Standing.SETTLED
    return Standing.REAL if new and judging_change else Standing.EXAMPLE
