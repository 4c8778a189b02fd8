"""One run of a command: how long, how much work, what it said, and how much memory all of its processes had at once."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_PAUSE = 0.005
_FEWEST_LOOKS = 10
_MOST_OUTPUT = 50_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds on the clock, and of the processors by the command and all that it waited for.

    `peak` is in MiB, of all processes together, what they share counted once; None where nobody looked often enough.
    """

    wall: float
    cpu: float
    status: int
    output: str
    """What it printed, and after it what it printed as errors."""
    largest: float
    """MiB at most of its largest process."""
    peak: float | None = None


def machine() -> str:
    """When and where figures are made, in a line."""
    processors = f"{platform.machine()}, {os.cpu_count()} processors"
    return f"{date.today()}, {processors}, Python {platform.python_version()}"


def run(
    command: Sequence[str], directory: Path, env: Mapping[str, str], *, watch: bool = False, timeout: float = 3600.0
) -> Figure:
    """Run once; `watch` looks at the memory, which costs the command some time. A status below 0 is a signal's."""
    # Files take what is printed: a pipe that nobody empties in time would hold the command up.
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, env=env, stdout=printed, stderr=errors, start_new_session=True
        )
        stop = threading.Timer(timeout, _end, (process.pid,))
        stop.start()
        watcher = _Watcher(process.pid)
        if watch:
            watcher.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            _end(process.pid)
            raise
        finally:
            stop.cancel()
            watcher.over.set()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (printed, errors):
            file.seek(0)
            texts.append(file.read(_MOST_OUTPUT).decode("utf-8", "replace"))
    cpu = used.ru_utime + used.ru_stime
    # The kernel counts kibibytes, macOS bytes.
    largest = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return Figure(wall, cpu, process.returncode, "\n".join(texts), largest, watcher.highest)


def _end(session: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(session, signal.SIGKILL)


class _Watcher(threading.Thread):
    """Adds up the memory of a session's processes again and again. Only Linux tells."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self.over = threading.Event()
        self._highest = 0.0
        self._looks = 0

    @property
    def highest(self) -> float | None:
        return self._highest if self._looks >= _FEWEST_LOOKS else None

    def run(self) -> None:
        while sys.platform == "linux" and not self.over.wait(_PAUSE):
            self._highest = max(self._highest, sum(map(_proportional_kib, self._processes())) / 1024)
            self._looks += 1

    def _processes(self) -> Iterator[int]:
        for name in os.listdir("/proc"):
            if name.isdigit():
                with contextlib.suppress(OSError):
                    if os.getsid(int(name)) == self._session:
                        yield int(name)


def _proportional_kib(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0  # it has ended meanwhile
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Minimum and median."""
    if not values:
        return f"{'-':>9}{'-':>9}"
    return f"{min(values):9.{digits}f}{statistics.median(values):9.{digits}f}"
