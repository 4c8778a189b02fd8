"""What merging each of several branches with each other would bring."""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.report import Report


@dataclass(frozen=True, slots=True)
class Pair:
    """Two branches; the merge of `theirs` into `ours`, or why it could not be judged."""

    ours: str
    theirs: str
    report: Report | None
    unjudged: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    branches: tuple[str, ...]
    pairs: tuple[Pair, ...]
    """Each pair once: which one is merged into which makes no difference to what is damaged."""
    seconds: float = 0.0

    def exit_status(self, *, strict: bool = False) -> int:
        """1 where any pair has findings at error level, else 2 where any could not be judged, else 0."""
        statuses = {pair.report.exit_status(strict=strict) if pair.report is not None else 2 for pair in self.pairs}
        return 1 if 1 in statuses else max(statuses, default=0)
