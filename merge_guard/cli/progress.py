"""A line on the terminal that tells how far a long judgement is."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

_DELAY = 1.0
"""Seconds before anything is shown: most judgements are over by then."""
_INTERVAL = 0.1
_BAR = 24


class Progress:
    """Call it with (phase, done, total); it draws on a terminal only, and removes its line when the block ends."""

    def __init__(self, stream: TextIO, *, shown: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._shown = shown and stream.isatty()
        self._clock = clock
        self._next = clock() + _DELAY
        self._drawn = False

    def __call__(self, phase: str, done: int, total: int) -> None:
        if not self._shown or self._clock() < self._next:
            return
        self._next = self._clock() + _INTERVAL
        full = _BAR * min(done, total) // total if total > 0 else 0
        count = f"{done}/{total}" if total > 0 else str(done)
        self._put(f"\r\x1b[K{phase:<10.40} [{'#' * full}{'.' * (_BAR - full)}] {count}")
        self._drawn = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self._put("\r\x1b[K")

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # the terminal is gone; the judgement is not about it
            self._shown = self._drawn = False
