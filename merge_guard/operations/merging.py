"""Merges judged: one that has not happened, and what somebody made of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace

from merge_guard import wiring
from merge_guard.cache import makers
from merge_guard.cache.store import Store
from merge_guard.engine.merge_rules import merge_findings
from merge_guard.engine.narrowing import renamed, without_known, without_repeated
from merge_guard.engine.selection import Selection
from merge_guard.merges.affected import Asking, affected
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Finding
from merge_guard.model.merge import FileVersions, Merge
from merge_guard.model.ports import Progress
from merge_guard.model.report import EntryStatus, Report, Unjudged, Verdict
from merge_guard.model.request import Request
from merge_guard.model.rule import Rule
from merge_guard.model.source import Snapshot
from merge_guard.sources.attributes import with_marker_sizes
from merge_guard.sources.discover import find_root
from merge_guard.sources.history import CommitHistory
from merge_guard.sources.listing import source_files
from merge_guard.sources.replay import Replays, replays_of
from merge_guard.workers.blobs import BlobUses
from merge_guard.workers.shared import SharedFacts
from merge_guard.workers.work import Job


@dataclass(frozen=True, slots=True)
class Workshop:
    """What judging merges of one repository needs, open as long as `workshop` is."""

    request: Request
    root: str
    replays: Replays
    uses: BlobUses
    asking: Asking = field(default_factory=Asking)
    shared: SharedFacts = field(default_factory=SharedFacts)


@contextmanager
def workshop(request: Request, *, few: bool = False) -> Iterator[Workshop]:
    """`few` merges are judged in it."""
    root, _ = find_root(request.start)
    with replays_of(root, few=few) as replays:
        store = Store(request.cache_dir) if request.cache_dir is not None else None
        with closing(store) if store is not None else nullcontext():
            uses = BlobUses(Job(replays.reader), request.jobs, store, makers.of_facts())
            yield Workshop(request, root, replays, uses)


def predict(request: Request, theirs: str, ours: str = "HEAD", *, progress: Progress | None = None) -> Report:
    """What merging `theirs` into `ours` would bring that neither of them has alone.

    Conflicts that git cannot merge by itself are MG101 findings of the simulated result.
    """
    with workshop(request, few=True) as shop:
        done = simulated(shop, theirs, ours, progress=progress)
        sides = done.sides if done.is_news else {}
        return done.concluded([side_report(shop, commit, name, done.told) for commit, name in sides.items()])


@dataclass(frozen=True, slots=True)
class Simulated:
    """A merge that has not happened, judged as it would stand there: what the sides have alone is in the report."""

    report: Report
    sides: Mapping[str, str]
    """Commit → name, ours first."""
    incomparable: Mapping[str, str]

    @property
    def told(self) -> frozenset[str]:
        """The files of which anything is told that a side may have, too."""
        return frozenset(f.place.path for f in self.report.findings if not f.code.startswith("MG5"))

    @property
    def is_news(self) -> bool:
        """Whether the sides are to be judged: there is something that they could have had already."""
        return bool(self.told) or any(entry.status is not EntryStatus.STARTS for entry in self.report.entry_points)

    def concluded(self, known: Sequence[Report]) -> Report:
        """What is in none of the sides' reports."""
        report = renamed(without_repeated(without_known(self.report, known)), self.sides)
        return _with_incomparable(report, self.incomparable)


def simulated(shop: Workshop, theirs: str, ours: str, *, progress: Progress | None = None) -> Simulated:
    one, two = shop.replays.commit(ours), shop.replays.commit(theirs)
    replayed = shop.replays.merge(one, two)
    labels = {"ours": ours, "theirs": theirs, "base": "the merge base", "result": "the merge"}
    merge = three_way(shop, one, two, replayed.tree, labels, replayed.conflicts)

    def both(facts: Mapping[str, FileFacts]) -> frozenset[str] | None:
        return affected(merge, facts, shop.asking)

    report = wiring.judge_snapshot(
        shop.request,
        snapshot_of(shop, replayed.tree, f"simulated merge of {theirs} into {ours}", (one, two)),
        shop.root,
        merge,
        focus=both,
        shared=shop.shared,
        progress=progress,
    )
    return Simulated(report, {one: ours, two: theirs}, incomparable(shop, merge))


def side_report(shop: Workshop, commit: str, name: str, told: frozenset[str] | None = None) -> Report:
    """A side as it is; `told` are the files that are asked about, None for all."""
    snapshot = snapshot_of(shop, commit, name, ())
    return wiring.judge_snapshot(shop.request, snapshot, shop.root, focus=lambda facts: told, shared=shop.shared)


def resolved(request: Request, commit: str = "HEAD") -> tuple[Finding, ...]:
    """What a merge commit lost, doubled, brought back or broke; nothing for a commit with one parent."""
    with workshop(request) as shop:
        name = shop.replays.commit(commit)
        _, parents = next(shop.replays.merges([name, "--max-count=1"]))
        return _of_commit(shop, name, parents, *wiring.merge_rules(request)) if len(parents) > 1 else ()


def _of_commit(
    shop: Workshop, commit: str, parents: Sequence[str], rules: Sequence[Rule], chosen: Selection
) -> tuple[Finding, ...]:
    """Of an octopus merge the last parent is judged against the merge of those before it."""
    ours, theirs = shop.replays.fold(parents[:-1]), parents[-1]
    labels = {"ours": f"ours ({ours[:10]})", "theirs": f"theirs ({theirs[:10]})", "base": "base", "result": "the merge"}
    merge = three_way(shop, ours, theirs, commit, labels, frozenset(), is_replay=False, unrelated=True)
    return merge_findings(merge, rules, chosen, shop.replays.read)


def three_way(
    shop: Workshop,
    ours: str,
    theirs: str,
    result: str,
    labels: Mapping[str, str],
    conflicts: frozenset[str],
    is_replay: bool = True,
    unrelated: bool = False,
) -> Merge:
    """The merge of two commits with a result: a commit, a tree, or a listing that the replays were given."""
    replays = shop.replays
    base = replays.base_tree(replays.bases(ours, theirs, unrelated=unrelated))
    files, irregular = replays.versions(base, ours, theirs, result)
    put_together = [item for path, item in files.items() if path.endswith((".py", ".pyw")) and item.is_mixed]
    shop.uses.prepare(blob for item in put_together for blob in _blobs(item))
    trees = {"base": base, "ours": ours, "theirs": theirs, "result": result}
    return Merge(
        files=files,
        conflicts=conflicts,
        labels=labels,
        uses=shop.uses,
        glances=shop.uses,
        paths=_Listings(replays, trees),
        is_replay=is_replay,
        irregular=irregular,
    )


def _blobs(file: FileVersions) -> Iterator[str]:
    yield from (blob for blob in (file.base, file.ours, file.theirs, file.result) if blob is not None)


class _Listings(Mapping[str, Mapping[str, str]]):
    """The paths of each tree, listed when somebody asks."""

    def __init__(self, replays: Replays, trees: Mapping[str, str]) -> None:
        self._replays = replays
        self._trees = trees
        self._listed: dict[str, Mapping[str, str]] = {}

    def __getitem__(self, role: str) -> Mapping[str, str]:
        if role not in self._listed:
            self._listed[role] = self._replays.listing(self._trees[role])
        return self._listed[role]

    def __iter__(self) -> Iterator[str]:
        return iter(self._trees)

    def __len__(self) -> int:
        return len(self._trees)


def snapshot_of(shop: Workshop, tree: str, label: str, parents: tuple[str, ...]) -> Snapshot:
    replays = shop.replays
    notices: list[str] = []
    files = sorted(source_files(replays.entries(tree), notices), key=lambda file: file.path)
    snapshot = Snapshot(
        label=label,
        files=tuple(with_marker_sizes(files, replays.reader, replays.repository)),
        reader=replays.reader,
        merging=bool(parents),
        notices=tuple(notices),
    )
    return replace(snapshot, history=CommitHistory(replays.repository, parents)) if parents else snapshot


def unjudged_files(shop: Workshop, merge: Merge) -> str:
    """Which of the files that were put together could not be compared, and why; "" where all could."""
    reasons = incomparable(shop, merge)
    if not reasons:
        return ""
    path, reason = min(reasons.items())
    more = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
    return f"{path}: {reason}{more}"


def incomparable(shop: Workshop, merge: Merge) -> dict[str, str]:
    """Path → why the versions of a file that was put together cannot be compared.

    A version that does not parse says nothing of its definitions; of a result that is damaged so, there is a finding.
    """
    reasons = {}
    for path, file in merge.files.items():
        if not path.endswith((".py", ".pyw")) or not file.is_mixed or file.result is None:
            continue
        for blob in _blobs(file):
            uses = shop.uses(blob)
            if uses is None:
                reasons[path] = shop.uses.unread.get(blob, "not read")
            elif not uses.parses and blob != file.result and path not in reasons:
                problem = uses.definitions.problem
                reasons[path] = f"a side does not parse ({problem.message if problem else 'a syntax error'})"
    return reasons


def _with_incomparable(report: Report, reasons: Mapping[str, str]) -> Report:
    """Not compared is never clean."""
    if not reasons:
        return report
    items = {item.path: item for item in report.unjudged}
    items |= {path: Unjudged(path, f"not compared: {reason}", True) for path, reason in reasons.items()}
    verdict = Verdict.UNJUDGED if report.verdict is Verdict.READY else report.verdict
    return replace(report, unjudged=tuple(sorted(items.values())), verdict=verdict)
