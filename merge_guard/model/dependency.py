"""What start-up imports from outside the project, and nothing that is required brings."""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.finding import Place


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A top-level module; `place` is the first import of it, `required_by` says whose requirements were asked."""

    module: str
    place: Place
    required_by: str
    entry_points: tuple[str, ...]
