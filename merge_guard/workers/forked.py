"""Work on what this process already holds, in copies of it: nothing is sent there, only the results come back."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from merge_guard.workers.pool import interrupts_held

Item = TypeVar("Item")
Result = TypeVar("Result")
_MOST = 10_000
"""Items whose numbers fit into a pipe without anybody reading it."""
_NUMBER = 4


def map_forked(function: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> list[Result]:
    """`[function(item) for item in items]`, spread over `jobs` processes where forking is safe.

    This process works too; whoever is free takes the next item. A child that dies, or whose results cannot be sent, is
    no loss: what it had taken is done here.
    """
    if jobs < 2 or not 1 < len(items) < _MOST or sys.platform != "linux":
        return [function(item) for item in items]
    context = multiprocessing.get_context("fork")
    queue, filling = os.pipe()
    children: list[tuple[Any, Connection]] = []
    results: dict[int, Result] = {}
    try:
        os.write(filling, b"".join(number.to_bytes(_NUMBER, "big") for number in range(len(items))))
        os.close(filling)
        for _ in range(min(jobs, len(items)) - 1):
            here, there = context.Pipe(duplex=False)
            child = context.Process(target=_answer, args=(there, function, items, queue), daemon=True)
            with interrupts_held():
                child.start()
            there.close()
            children.append((child, here))
        results.update((number, function(items[number])) for number in _taken(queue))
        for _, here in children:
            with contextlib.suppress(EOFError, OSError):
                results.update(here.recv())
    finally:
        os.close(queue)
        for child, here in children:
            here.close()
            child.kill()
            child.join()
            child.close()
    return [results[number] if number in results else function(item) for number, item in enumerate(items)]


def _taken(queue: int) -> Iterator[int]:
    """Numbers of items that nobody else has taken: a pipe gives every byte to one reader, and none is left locked."""
    while number := os.read(queue, _NUMBER):
        yield int.from_bytes(number, "big")


def _answer(connection: Connection, function: Callable[[Any], Any], items: Sequence[Any], queue: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What goes wrong here goes wrong again in the parent, where it can be told.
    with contextlib.suppress(Exception):
        connection.send({number: function(items[number]) for number in _taken(queue)})
