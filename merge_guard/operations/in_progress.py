"""The merge that is being concluded: did both sides survive its resolution?"""

from __future__ import annotations

import os
from collections.abc import Mapping

from merge_guard import wiring
from merge_guard.engine.narrowing import without_known, without_repeated
from merge_guard.errors import UsageError
from merge_guard.model.ports import Progress
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.operations.merging import Workshop, snapshot_of, three_way, workshop
from merge_guard.sources.index import index_snapshot

_INDEX = "the index"


def resolution(
    request: Request, environ: Mapping[str, str] = os.environ, *, progress: Progress | None = None
) -> Report | None:
    """What the index holds of the merge that is going on, against HEAD and what is merged; None where none is.

    Right after a merge, when the hook post-merge runs, it is the merge commit that is judged. A path that is unmerged
    still is judged as it stands in the work tree.
    """
    with workshop(request) as shop:
        sides = _sides(shop, environ)
        if sides is None:
            return None
        ours, theirs = sides
        staged, unmerged = shop.replays.index()
        listing = {**staged, **{path: blob for path, blob in unmerged.items() if blob is not None}}
        labels = {"ours": "HEAD", "theirs": _name(theirs, environ), "base": "the merge base", "result": _INDEX}
        result = shop.replays.given(_INDEX, listing)
        merge = three_way(
            shop, ours, theirs, result, labels, frozenset(unmerged), is_replay=bool(unmerged), unrelated=True
        )
        report = wiring.judge_snapshot(request, index_snapshot(shop.root), shop.root, merge, progress=progress)
        known = [
            wiring.judge_snapshot(request, snapshot_of(shop, side, labels[role], ()), shop.root)
            for role, side in (("ours", ours), ("theirs", theirs))
            if any(not finding.code.startswith("MG5") for finding in report.findings)
        ]
        return without_repeated(without_known(report, known))


def _sides(shop: Workshop, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """HEAD and what is merged into it; several heads are merged one after the other first."""
    repository = shop.replays.repository
    if repository.root is None:
        raise UsageError("a bare repository has no index: name two branches, or audit a commit")
    head = repository.head()
    if head is None:
        return None
    theirs = repository.merge_heads() or _announced(environ)
    if theirs or "PRE_COMMIT_IS_SQUASH_MERGE" in environ:
        # In the hook post-merge HEAD is the merge already, and git has not cleaned up yet.
        just = _just_merged(shop, head)
        if just is not None and set(theirs) <= set(just):
            head, *merged = just
            theirs = tuple(merged)
    if not theirs:
        return None
    return shop.replays.fold([head, *theirs[:-1]]), theirs[-1]


def _announced(environ: Mapping[str, str]) -> tuple[str, ...]:
    """What git tells the hook of a merge that it has not written down yet: GITHEAD_<commit>=<branch>."""
    if environ.get("GIT_REFLOG_ACTION", "").startswith("merge") or "PRE_COMMIT" in environ:
        return tuple(name.removeprefix("GITHEAD_") for name in environ if name.startswith("GITHEAD_"))
    return ()


def _just_merged(shop: Workshop, head: str) -> tuple[str, ...] | None:
    """The parents of the merge commit that HEAD has just become; None where it was forwarded, squashed or no merge."""
    _, parents = next(shop.replays.merges([head, "--max-count=1"]))
    try:
        before = shop.replays.commit("ORIG_HEAD")
    except UsageError:
        return None
    return parents if len(parents) > 1 and parents[0] == before else None


def _name(commit: str, environ: Mapping[str, str]) -> str:
    return environ.get(f"GITHEAD_{commit}", commit[:10])
