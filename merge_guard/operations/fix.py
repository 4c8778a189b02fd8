"""Fixing: plan, rewrite in workers, judge the result, and only then write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from merge_guard import wiring
from merge_guard.errors import MergeGuardError, UsageError
from merge_guard.fixes.rewrite import FixJob, rewrite_file
from merge_guard.fixes.task import Note, Rewritten
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.project import Project
from merge_guard.model.report import Report
from merge_guard.model.request import Mode, Request
from merge_guard.operations.plan import MOVED, Planned, moves_of, moving_paths, plan

_ROUNDS = 8
"""One kind of work a file and round; more rounds than kinds, so that what a fix uncovers is fixed too."""
_FOLLOWS = frozenset({"MG104"})
"""Of a file whose conflict was resolved git still says that it is unmerged, until it is added."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file: as it was judged, and as it is to be."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Fixed:
    """`notes` are (path, note), in order; `refused` those of what stays as it is."""

    root: str
    changes: tuple[Change, ...] = ()
    notes: tuple[tuple[str, Note], ...] = ()
    failed: tuple[str, ...] = ()
    """Files that could not be written, each with the reason."""


@dataclass(slots=True)
class _State:
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    settled: dict[str, tuple[bytes, object]] = field(default_factory=dict)
    """Path to the bytes and the task that gave nothing: asked once."""
    conflicted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def drop(self, path: str, why: str) -> None:
        self.after.pop(path, None)
        self.refused.add(path)
        self.notes[path] = [Note(1, why, refused=True)]


def fix(request: Request, *, unsafe: bool = False, write: bool = True) -> Fixed:
    """Apply the fixes to the work tree, or with `write` False only say what they would change.

    Each result is judged in the place of the file, and is given up if it would bring a finding that is not there now.
    """
    if request.mode is not Mode.WORK_TREE:
        raise UsageError("only the work tree can be fixed")
    # What is accepted is fixed too, and what is listed must not hide what is new.
    request = replace(request, baselined=False)
    paths, request = request.paths, replace(request, paths=())
    report, project = wiring.judged(request)
    codes = project.codes
    if request.select or request.ignore:
        # What the options leave out is not to be fixed, and not to be broken either.
        request = replace(request, select=None, ignore=())
        report, project = wiring.judged(request)
    wanted = wiring.below(request, paths, report.root, project.snapshot)
    _require_libcst(project)
    moving = moving_paths(project.config, request.per_file_ignores) if MOVED in codes else None
    state = _State()
    known = {finding.fingerprint for finding in report.findings}
    now = report
    for _ in range(_ROUNDS):
        fixable = [finding for finding in now.findings if finding.code in codes]
        every = plan(project, fixable, wanted, unsafe=unsafe, moving=moving)
        planned = [item for item in every if _is_open(item, state)]
        if not planned or not _rewrite(project, planned, state, request.jobs):
            break
        now, project = _without_new_findings(request, state, known)
    if write:
        failed = _write(report.root, state)
    else:
        failed = ()
    written = [path for path in sorted(state.after) if not any(text.startswith(f"{path}: ") for text in failed)]
    return Fixed(
        report.root,
        tuple(Change(path, state.before[path], state.after[path]) for path in written),
        tuple((path, note) for path, notes in sorted(state.notes.items()) for note in notes),
        failed,
    )


def _require_libcst(project: Project) -> None:
    from importlib.util import find_spec

    if moves_of(project.config) and find_spec("libcst") is None:
        raise UsageError("imports are rewritten with libcst: pip install 'flake8-merge-guard[fix]'")


def _is_open(item: Planned, state: _State) -> bool:
    path = item.file.path
    return path not in state.refused and state.settled.get(path) != (item.data, item.task)


def _rewrite(project: Project, planned: Sequence[Planned], state: _State, jobs: int) -> bool:
    """Whether any file changed."""
    import msgspec

    from merge_guard.workers.pool import Pace, run

    items = {item.file.path: item for item in planned}
    job = FixJob(project.snapshot.reader, {path: item.task for path, item in items.items()})
    files = [item.file for item in planned]
    decoder = msgspec.msgpack.Decoder(Rewritten)
    changed = False
    # libcst may take a second for 200 kB, and its scopes longer.
    pace = Pace(chunk=1, deadline=120.0)
    for file, encoded, reason in run(job, files, jobs or os.cpu_count() or 1, rewrite_file, pace):
        path, item = file.path, items[file.path]
        done = decoder.decode(encoded) if encoded is not None else Rewritten(None, (Note(1, reason, refused=True),))
        notes = state.notes.setdefault(path, [])
        notes += [note for note in done.notes if note not in notes]
        if done.data is None or done.data == item.data:
            state.settled[path] = (item.data, item.task)
            continue
        state.before.setdefault(path, item.data)
        state.after[path] = done.data
        if item.task.conflicts:
            state.conflicted.add(path)
        changed = True
    return changed


def _without_new_findings(request: Request, state: _State, known: set[str]) -> tuple[Report, Project]:
    """The judgement of the tree with the changes in it, those left out that bring findings."""
    while True:
        report, project = wiring.judged(request, state.after)
        new = [finding for finding in report.findings if finding.fingerprint not in known]
        culprits = {path: finding for finding in new for path in _culprits(finding, state)}
        if not culprits:
            return report, project
        for path, finding in culprits.items():
            where = f"{finding.place.path}:{finding.place.line}"
            state.drop(path, f"not fixed: that would bring {finding.code} at {where}: {finding.message}")


def _culprits(finding: Finding, state: _State) -> list[str]:
    """The changed files that a new finding speaks of; all of them where it speaks of none."""
    place = finding.place.path
    if place in state.conflicted and (finding.code in _FOLLOWS or finding.severity is not Severity.ERROR):
        return []
    touched = {place, *(hop.path for hop in finding.chain), *(item.place.path for item in finding.related)}
    concerned = [path for path in state.after if path in touched]
    return concerned or list(state.after)


def _write(root: str, state: _State) -> tuple[str, ...]:
    from merge_guard.sources.writing import replace_file

    failed = []
    for path, data in sorted(state.after.items()):
        try:
            replace_file(root, path, data, state.before[path])
        except MergeGuardError as error:
            failed.append(str(error))
    return tuple(failed)
