"""Every pair of several branches, merged for a look: what a merge queue wants to know."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import combinations

from merge_guard import wiring
from merge_guard.engine.given import Focus
from merge_guard.errors import GitError, UsageError
from merge_guard.model.matrix import Matrix, Pair
from merge_guard.model.ports import Progress
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.operations.merging import predicted, snapshot_of, workshop


def matrix(request: Request, branches: Sequence[str], *, progress: Progress | None = None) -> Matrix:
    """Each branch is judged once, and so is each version of a file; raises `UsageError` for what names no commit."""
    started = time.perf_counter()
    branches = tuple(dict.fromkeys(branches))
    pairs: list[Pair] = []
    with workshop(request) as shop:
        for name in branches:
            shop.replays.commit(name)
        judged: dict[str, Report] = {}

        def side(commit: str, name: str, focus: Focus) -> Report:
            if commit not in judged:
                judged[commit] = wiring.judge_snapshot(request, snapshot_of(shop, commit, name, ()), shop.root)
            return judged[commit]

        every = list(combinations(branches, 2))
        for done, (ours, theirs) in enumerate(every, 1):
            if progress is not None:
                progress("merging", done, len(every))
            try:
                pairs.append(Pair(ours, theirs, predicted(shop, (theirs, ours), side)))
            except (GitError, UsageError) as error:
                pairs.append(Pair(ours, theirs, None, str(error)))
    return Matrix(branches, tuple(pairs), round(time.perf_counter() - started, 3))
