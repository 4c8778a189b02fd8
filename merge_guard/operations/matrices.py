"""Every pair of several branches, merged for a look: what a merge queue wants to know."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from merge_guard.errors import GitError, UsageError
from merge_guard.model.matrix import Matrix, Pair
from merge_guard.model.ports import Progress
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.operations.merging import Simulated, Workshop, side_report, simulated, workshop
from merge_guard.workers.forked import map_forked

_COLLECT = 16
"""Judgements after which what they leave behind is let go of."""


def matrix(request: Request, branches: Sequence[str], *, progress: Progress | None = None) -> Matrix:
    """Facts are decoded once, and a branch is judged once if at all; raises `UsageError` for what names no commit."""
    started = time.perf_counter()
    branches = tuple(dict.fromkeys(branches))
    jobs = request.jobs or os.cpu_count() or 1
    with workshop(replace(request, jobs=1)) as shop:
        for name in branches:
            shop.replays.commit(name)
        pairs = list(combinations(branches, 2))
        merged = _merged(shop, pairs, jobs, progress)
        sides = {
            commit: name
            for done in merged
            if isinstance(done, Simulated) and done.is_news
            for commit, name in done.sides.items()
        }
        reports = map_forked(lambda side: side_report(shop, *side), list(sides.items()), jobs)
        known = dict(zip(sides, reports, strict=True))
    concluded = tuple(_pair(*names, done, known) for names, done in zip(pairs, merged, strict=True))
    return Matrix(branches, concluded, round(time.perf_counter() - started, 3))


def _merged(
    shop: Workshop, pairs: Sequence[tuple[str, str]], jobs: int, progress: Progress | None
) -> list[Simulated | str]:
    """Each pair judged, or why it could not be."""
    here = os.getpid()

    def merge(number: int) -> Simulated | str:
        ours, theirs = pairs[number]
        if progress is not None and os.getpid() == here:
            progress("merging", number + 1, len(pairs))
        if number % _COLLECT == 0:
            gc.collect()
        try:
            return simulated(shop, theirs, ours)
        except (GitError, UsageError) as error:
            return str(error)

    # What the first one reads all others know, in whatever process they are judged.
    first = [merge(number) for number in range(len(pairs))[:1]]
    return first + map_forked(merge, range(1, len(pairs)), jobs)


def _pair(ours: str, theirs: str, done: Simulated | str, known: dict[str, Report]) -> Pair:
    if isinstance(done, str):
        return Pair(ours, theirs, None, done)
    return Pair(ours, theirs, done.concluded([known[commit] for commit in done.sides if done.is_news]))
