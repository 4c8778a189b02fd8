"""The inventory of every group, what changed in it since the baseline, and how it came to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from merge_guard import wiring
from merge_guard.errors import UsageError
from merge_guard.model.inventory import Counts, Step, View
from merge_guard.model.project import Project
from merge_guard.model.request import Mode, Request
from merge_guard.model.ssot import IN_TESTS, Inventory, Role

_RULES = ("MG401", "MG402", "MG403", "MG404", "MG405", "MG406", "MG408")


def take(request: Request) -> View:
    """The groups as they are; raises `UsageError` where none is configured."""
    report, project = wiring.judged(replace(request, select=_RULES, inventory=True))
    if not project.config.ssot:
        raise UsageError("no group is configured under `ssot`: `merge-guard init` proposes groups")
    return View(
        report.snapshot, project.inventories, report.findings, tuple(_gone(project)), report.unjudged, project.baseline
    )


def _gone(project: Project) -> Iterator[str]:
    """Classes of the baseline that are in no group any more."""
    known = {member.identity for found in project.inventories for member in found.members}
    for entry in project.baseline.entries if project.baseline else ():
        if entry.code in ("MG401", "MG408") and entry.key not in known:
            yield entry.key.partition(" ")[0]


def steps(request: Request, count: int, progress: Callable[[int, int], None] | None = None) -> tuple[Step, ...]:
    """What each of the last `count` commits has, by today's configuration, oldest first."""
    from merge_guard.sources.commits import recent_commits
    from merge_guard.sources.discover import find_root

    if request.mode is Mode.STAGED:
        raise UsageError("--since and --staged exclude each other: history is about commits")
    config = wiring.effective_config(request)
    commits = recent_commits(find_root(request.start)[0], request.revision or "HEAD", count)
    made = []
    for number, (commit, time) in enumerate(commits):
        if progress is not None:
            progress(number, len(commits))
        past = replace(request, mode=Mode.REVISION, revision=commit, inventory=True, select=_RULES, baselined=False)
        groups = wiring.judged(past, config=config)[1].inventories
        made.append(Step(commit, time, tuple((found.group.name, counts(found)) for found in groups)))
    return tuple(made)


def counts(found: Inventory) -> Counts:
    """Classes in tests do not count, whatever they are."""
    members = [member for member in found.members if member.reason != IN_TESTS]
    return Counts(
        definitions=len(members),
        counted=sum(member.counts for member in members),
        second=sum(member.role is Role.SECOND for member in members),
        unclassified=sum(member.role is Role.UNCLASSIFIED for member in members),
        ambiguous=len(found.ambiguities),
        deprecated=len(found.uses),
    )
