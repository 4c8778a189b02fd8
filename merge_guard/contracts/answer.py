"""What a contract's judgement says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from merge_guard.model.finding import Place


class Kept(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`place` is the definition that lacks something, or the file that does; None where there is neither."""

    kept: Kept
    problem: str = ""
    place: Place | None = None


YES = Answer(Kept.YES)
