"""The few ANSI attributes that `full` uses; every one readable on a light and on a dark ground."""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.finding import Severity
from merge_guard.model.report import EntryStatus


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours text that is already harmless, or leaves it alone where `on` is false."""

    on: bool

    def _sgr(self, codes: str, text: str) -> str:
        return f"\x1b[{codes}m{text}\x1b[0m" if self.on and text else text

    def strong(self, text: str) -> str:
        return self._sgr("1", text)

    def dim(self, text: str) -> str:
        return self._sgr("2", text)

    def good(self, text: str) -> str:
        return self._sgr("32", text)

    def bad(self, text: str) -> str:
        return self._sgr("1;31", text)

    def doubtful(self, text: str) -> str:
        return self._sgr("33", text)

    def mark(self, text: str) -> str:
        return self._sgr("36", text)

    def severity(self, severity: Severity, text: str) -> str:
        return self.bad(text) if severity is Severity.ERROR else self.doubtful(text)

    def status(self, status: EntryStatus, text: str) -> str:
        if status is EntryStatus.STARTS:
            return self.good(text)
        return self.bad(text) if status is EntryStatus.FAILS else self.doubtful(text)
