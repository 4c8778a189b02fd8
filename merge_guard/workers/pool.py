"""Worker processes of our own: one that dies or hangs is replaced, and the file it was on is named.

`concurrent.futures` gives up the whole pool when one process dies, which is what a hostile file makes it do.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from merge_guard.facts.syntax import exhausted
from merge_guard.model.source import SourceFile
from merge_guard.workers.work import Repeated, bodies_of, encode, settle, uses_of

_AHEAD = 2
_MOST_FRUITLESS = 3
"""Workers that may die in a row without one answer and without a file to blame."""


class Pace(NamedTuple):
    """How many files a worker is sent at a time, and how many seconds one of them may take."""

    chunk: int = 24
    deadline: float = 20.0


_USUAL = Pace()

Answer = tuple[SourceFile, bytes | None, str]
"""(file, encoded facts or None, why there are none or else what the bytes are called)."""
Answering = Callable[[Any, SourceFile], tuple[Any, str]]
"""(job, file) to a `msgspec.Struct` with what it is called, or a text that says why there is none; can be pickled.
Bytes are a struct that is encoded already."""
_ANSWERS: dict[str, Answering] = {
    "facts": Repeated().facts,
    "bodies": lambda job, file: (bodies_of(job, file), ""),
    "definitions": Repeated().definitions,
    "uses": lambda job, file: (uses_of(job, file), ""),
}
_Chunk = range
"""Indices of the files, which every worker holds."""


def _serve(
    connection: Connection,
    inherited: Sequence[Connection],
    current: Any,
    job: Any,
    files: Sequence[SourceFile],
    what: str | Answering,
) -> None:
    """A worker's life: chunks in, encoded facts out; `current` always holds the index of the file at hand."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for end in inherited:
        # Held open here, they would keep the other workers from noticing that the parent is gone.
        end.close()
    settle()
    with contextlib.suppress(ImportError, OSError, ValueError):
        import faulthandler

        faulthandler.disable()
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = _ANSWERS[what] if isinstance(what, str) else what
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            chunk: _Chunk = connection.recv()
            answers: list[tuple[int, bytes | None, str]] = []
            for index in chunk:
                current.value = index
                try:
                    result, name = answer(job, files[index])
                    if isinstance(result, str):
                        answers.append((index, None, str(result)))
                    else:
                        answers.append((index, result if isinstance(result, bytes) else encode(result), name))
                except (RecursionError, MemoryError) as error:
                    answers.append((index, None, exhausted(error).message))
            current.value = -1
            connection.send(answers)


class _Worker:
    """One process with its pipe, the chunks it was sent, and when it last moved on."""

    def __init__(self, job: Any, files: Sequence[SourceFile], what: str | Answering, others: Sequence[_Worker]) -> None:
        # Forking is quickest, and safe where nothing else of the process runs threads; macOS's libraries may.
        method = "fork" if sys.platform == "linux" else "spawn"
        context: Any = multiprocessing.get_context(method)
        self.current = context.Value("q", -1, lock=False)
        self.connection, there = context.Pipe()
        inherited = [self.connection, *(other.connection for other in others)] if method == "fork" else []
        self.process = context.Process(
            target=_serve, args=(there, inherited, self.current, job, files, what), daemon=True
        )
        with interrupts_held():
            self.process.start()
        there.close()
        self.chunks: deque[_Chunk] = deque()
        self.seen: tuple[int, float] = (-1, time.monotonic())

    def send(self, chunk: _Chunk) -> None:
        self.chunks.append(chunk)
        with contextlib.suppress(OSError):
            self.connection.send(chunk)

    def is_stuck(self, now: float, deadline: float) -> bool:
        current = self.current.value
        if current != self.seen[0] or current == -1:
            self.seen = (current, now)
        return now - self.seen[1] > deadline

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """No Ctrl-C while a worker starts: it would end with a traceback before it can say that it does not care."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run(
    job: Any, files: Sequence[SourceFile], jobs: int, what: str | Answering = "facts", pace: Pace = _USUAL
) -> Iterator[Answer]:
    """Answers for all files, in any order. A file that kills its worker is answered with the reason.

    `what` names an answer to a `Job`, or is a function that answers to a job of another kind.
    """
    pool = _Pool(job, files, what, pace)
    try:
        yield from pool.answers(max(1, jobs))
    finally:
        pool.end()


class _Pool:
    def __init__(self, job: Any, files: Sequence[SourceFile], what: str | Answering, pace: Pace) -> None:
        self._pace = pace
        self._job = job
        self._files = files
        self._what = what
        size = pace.chunk
        self._queue = deque(range(start, min(start + size, len(files))) for start in range(0, len(files), size))
        self._workers: list[_Worker] = []
        self._fruitless = 0

    def answers(self, jobs: int) -> Iterator[Answer]:
        for _ in range(min(jobs, len(self._queue))):
            self._workers.append(_Worker(self._job, self._files, self._what, self._workers))
        for worker in self._workers * _AHEAD:
            self._feed(worker)
        while True:
            busy = {worker.connection: worker for worker in self._workers if worker.chunks}
            if not busy:
                return
            for connection in wait(list(busy), timeout=1.0):
                worker = busy[connection]
                try:
                    answers = worker.connection.recv()
                except (EOFError, OSError):
                    yield from self._replace(worker, "crashed the parser's process")
                    continue
                self._fruitless = 0
                worker.chunks.popleft()
                self._feed(worker)
                for index, encoded, reason in answers:
                    yield self._files[index], encoded, reason
            now = time.monotonic()
            for worker in list(self._workers):
                if worker.chunks and worker.is_stuck(now, self._pace.deadline):
                    yield from self._replace(worker, f"took longer than {self._pace.deadline:.0f} s to analyse")

    def end(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _feed(self, worker: _Worker) -> None:
        if self._queue:
            worker.send(self._queue.popleft())

    def _replace(self, worker: _Worker, reason: str) -> Iterator[Answer]:
        """Put a new worker in the place of one that is gone; what it had left goes back, file by file."""
        culprit = worker.current.value
        left = [index for chunk in worker.chunks for index in chunk]
        self._workers.remove(worker)
        worker.end()
        if culprit not in left:
            self._fruitless += 1
            if self._fruitless > _MOST_FRUITLESS:
                culprit = left[0]
        fresh = _Worker(self._job, self._files, self._what, self._workers)
        self._workers.append(fresh)
        self._queue.extend(range(index, index + 1) for index in left if index != culprit)
        for _ in range(_AHEAD):
            self._feed(fresh)
        if culprit in left:
            yield self._files[culprit], None, reason
