"""Past merges judged: what each lost, doubled, brought back or broke, and whether somebody repaired it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from merge_guard import wiring
from merge_guard.engine.merge_rules import merge_findings
from merge_guard.engine.selection import Selection
from merge_guard.errors import GitError, UsageError
from merge_guard.facts.markers import scan
from merge_guard.facts.sides import side_texts
from merge_guard.facts.uses import extract_uses
from merge_guard.model.audit import Audit, AuditedCommit, Damage, Deed
from merge_guard.model.finding import Finding
from merge_guard.model.merge import FileVersions, Merge
from merge_guard.model.ports import Progress
from merge_guard.model.request import Request
from merge_guard.model.rule import Rule
from merge_guard.model.source import UnreadableError
from merge_guard.model.uses import Uses
from merge_guard.operations.merging import Workshop, three_way, unjudged_files, workshop
from merge_guard.workers.forked import map_forked

_MOST_LATER = 200
"""Later commits of a file that are looked at for the one that repaired it."""
_PARTS = 16
"""Into how many parts a range is cut for each process."""
_MOST_NEIGHBOURS = 64
_WITHOUT_BASE = ("MG501", "MG502", "MG504", "MG510")
"""Rules that need no base: what two sides of a conflict have in common is not known."""


def audit(request: Request, revisions: str, *, progress: Progress | None = None) -> Audit:
    """Judge the merges of a range, such as `main~50..main`; a single revision stands for all of its history."""
    started = time.perf_counter()
    jobs = request.jobs or os.cpu_count() or 1
    with workshop(replace(request, jobs=1)) as shop:
        auditor = _Auditor(shop, *wiring.merge_rules(request))
        tip = auditor.tip(revisions)
        commits = list(shop.replays.merges(shop.replays.range(revisions)))
        # Neighbours have most files in common, so that they are judged in the same process.
        size = max(1, min(_MOST_NEIGHBOURS, len(commits) // (jobs * _PARTS)))
        here = os.getpid()

        def part(start: int) -> list[AuditedCommit]:
            if progress is not None and os.getpid() == here:
                progress("auditing", start + 1, len(commits))
            found: list[AuditedCommit] = []
            for commit, parents in commits[start : start + size]:
                found += auditor.commit(commit, parents, tip)
                shop.uses.forget()
            return found

        parts = map_forked(part, range(0, len(commits), size), jobs)
        judged = [item for found in parts for item in found]
    merges = [item for item in judged if item.deed is Deed.MERGE]
    return Audit(
        range=revisions,
        commits=tuple(item for item in judged if item.damages or item.unjudged),
        merges=len(merges),
        identical=sum(item.identical is True for item in merges),
        settled=sum(item.deed is Deed.SETTLED and not item.unjudged for item in judged),
        seconds=round(time.perf_counter() - started, 3),
    )


@dataclass(frozen=True, slots=True)
class _Auditor:
    shop: Workshop
    rules: tuple[Rule, ...]
    chosen: Selection

    def tip(self, revisions: str) -> str:
        return self.shop.replays.commit(revisions.rpartition("..")[2].lstrip(".") or "HEAD")

    def commit(self, commit: str, parents: Sequence[str], tip: str) -> Iterator[AuditedCommit]:
        try:
            if len(parents) > 1:
                yield self._merge(commit, parents, tip)
            elif parents:
                yield from self._settled(commit, parents[0], tip)
            elif cut := self.shop.replays.cut_parents(commit):
                deed = Deed.MERGE if cut > 1 else Deed.SETTLED
                why = "the clone is shallow, its parents are not there: fetch with --unshallow, or fetch-depth: 0"
                yield AuditedCommit(commit, self.shop.replays.subject(commit), deed, None, unjudged=why)
        except (GitError, UsageError, UnreadableError) as error:
            deed = Deed.MERGE if len(parents) > 1 else Deed.SETTLED
            yield AuditedCommit(commit, self.shop.replays.subject(commit), deed, None, unjudged=str(error))

    def _merge(self, commit: str, parents: Sequence[str], tip: str) -> AuditedCommit:
        shop = self.shop
        subject = shop.replays.subject(commit)
        # Of an octopus merge the last parent is judged against the merge of those before it.
        ours, theirs = shop.replays.fold(parents[:-1]), parents[-1]
        labels = {
            "ours": f"ours ({', '.join(parent[:10] for parent in parents[:-1])})",
            "theirs": f"theirs ({theirs[:10]})",
            "base": "base",
            "result": commit,
        }
        merge = three_way(shop, ours, theirs, commit, labels, frozenset(), is_replay=False, unrelated=True)
        try:
            identical: bool | None = shop.replays.merge(ours, theirs).tree == shop.replays.tree_of(commit)
        except GitError:
            identical = None
        found = merge_findings(merge, self.rules, self.chosen, shop.replays.read)
        damages = tuple(Damage(finding, self._repaired(finding, merge, commit, tip)) for finding in found)
        return AuditedCommit(commit, subject, Deed.MERGE, identical, damages, unjudged_files(shop, merge))

    def _settled(self, commit: str, parent: str, tip: str) -> Iterator[AuditedCommit]:
        """A commit that takes the conflict markers out of files of its parent is a merge that nobody recorded."""
        shop = self.shop
        files: dict[str, FileVersions] = {}
        known: dict[str, Uses] = {}
        for path, (before, after) in shop.replays.changed(parent, commit).items():
            if before is None or after is None or not path.endswith((".py", ".pyw")):
                continue
            sides = _sides(shop.replays.read(before))
            if sides is None or _sides(shop.replays.read(after)) is not None:
                continue
            names = {role: f"{before}:{role}" for role in sides}
            known.update((names[role], extract_uses(text)) for role, text in sides.items())
            base = names.get("base")
            files[path] = FileVersions(path, base, names["ours"], names["theirs"], after)
        if not files:
            return

        def uses(blob: str | None) -> Uses | None:
            return known.get(blob or "") or shop.uses(blob)

        labels = {"ours": "one side", "theirs": "the other side", "base": "base", "result": commit}
        listing = shop.replays.listing(commit)
        merge = Merge(
            files=files,
            conflicts=frozenset(),
            labels=labels,
            uses=uses,
            glances=shop.uses,
            paths=dict.fromkeys(("base", "ours", "theirs", "result"), listing),
            is_replay=False,
        )
        rules = [rule for rule in self.rules if rule.code in _WITHOUT_BASE]
        found = merge_findings(merge, rules, self.chosen, shop.replays.read)
        damages = tuple(Damage(finding, self._repaired(finding, merge, commit, tip)) for finding in found)
        yield AuditedCommit(commit, shop.replays.subject(commit), Deed.SETTLED, None, damages)

    def _repaired(self, finding: Finding, merge: Merge, commit: str, tip: str) -> str:
        """The first later commit after which the rule is silent; "" where it never is."""
        path = finding.place.path
        rules = [rule for rule in self.rules if rule.code == finding.code]
        # Listing the later commits is what costs: git compares all trees of the way.
        if self._stands(finding, merge, rules, tip):
            return ""
        later = self.shop.replays.later(commit, tip, path)[:_MOST_LATER]
        return next((each for each in later if not self._stands(finding, merge, rules, each)), "")

    def _stands(self, finding: Finding, merge: Merge, rules: Sequence[Rule], commit: str) -> bool:
        path = finding.place.path
        listing = self.shop.replays.listing(commit)
        paths: dict[str, Mapping[str, str]] = {role: merge.paths[role] for role in ("base", "ours", "theirs")}
        files = {
            name: replace(versions, result=listing.get(name))
            for name, versions in merge.files.items()
            if name == path or finding.code in ("MG503", "MG508", "MG506")
        }
        then = replace(merge, files=files, paths={**paths, "result": listing})
        found = merge_findings(then, rules, self.chosen, self.shop.replays.read)
        return any(other.place.path == path and other.key == finding.key for other in found)


def _sides(data: bytes) -> dict[str, bytes] | None:
    """The texts of ours, theirs and, where it is written there, base; None without a conflict."""
    if b"<<<<<<<" not in data:
        return None
    conflicts = scan(data, kind="python", marker_size=7).conflicts
    if not conflicts:
        return None
    sides = side_texts(data, conflicts)
    return sides if "ours" in sides and "theirs" in sides else None
