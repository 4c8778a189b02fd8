"""A report seen by services: what stops each, how far that reaches, and what it means for every changed file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from merge_guard.engine.assemble import CONTRACTS, describe, is_at
from merge_guard.engine.blast import import_graph, stopped_modules
from merge_guard.engine.changed_files import changed_files
from merge_guard.model.finding import Blocks, Finding, Severity
from merge_guard.model.gate import Changes, GateReport, PolicyChange, RootCause, ServiceVerdict, worst
from merge_guard.model.outcome import Failure, Outcome
from merge_guard.model.project import Project
from merge_guard.model.report import EntryPointResult, EntryStatus, Report, Target, Verdict

_BLOCKED = "MG303"


def gate(
    project: Project,
    report: Report,
    *,
    unnamed: str,
    service: str = "",
    changes: Changes | None = None,
    policy_from: str = "",
    policy: Sequence[PolicyChange] = (),
) -> GateReport:
    """`unnamed` is what entry points without a service are called; `service` leaves one service only."""
    groups: dict[str, list[tuple[Outcome, EntryPointResult]]] = {
        name: [] for name in project.config.services if service in ("", name)
    }
    for outcome, result in zip(project.outcomes, report.entry_points, strict=True):
        groups.setdefault(outcome.entry.service or unnamed, []).append((outcome, result))
    judged = [_Service(name, tuple(members), project, report) for name, members in groups.items()]
    services = tuple(one.verdict() for one in judged)
    told = {f.fingerprint for one in services for f in (*(cause.finding for cause in one.causes), *one.behind)}
    elsewhere = tuple(
        finding
        for finding in report.findings
        if finding.severity is Severity.ERROR and finding.code != _BLOCKED and finding.fingerprint not in told
    )
    return GateReport(
        report=report,
        services=tuple(sorted(services, key=lambda one: (_ORDER.index(one.verdict), one.name))),
        elsewhere=elsewhere,
        since=changes.since if changes else "",
        changed=changed_files(changes.files, project, report, leaf) if changes else None,
        policy_from=policy_from,
        policy=tuple(sorted(policy)),
    )


_ORDER = (Verdict.BLOCKED, Verdict.UNJUDGED, Verdict.READY)


def leaf(report: Report, failure: Failure, entry: str) -> Finding | None:
    """The finding that tells of a failure; None where it is suppressed or not selected."""
    found = [finding for finding in report.findings if is_at(finding, failure.place)]
    return next((finding for finding in found if entry in finding.entry_points), found[0] if found else None)


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    members: Sequence[tuple[Outcome, EntryPointResult]]
    project: Project
    report: Report

    def verdict(self) -> ServiceVerdict:
        causes = (*self._causes(), *self._contracts())
        shown = {cause.finding.fingerprint for cause in causes}
        behind = tuple(finding for finding in self._behind() if finding.fingerprint not in shown)
        errors = any(finding.severity is Severity.ERROR for finding in behind)
        verdicts = [_of(result.status) for _, result in self.members] or [Verdict.UNJUDGED]
        if causes or errors:
            verdicts.append(Verdict.BLOCKED)
        return ServiceVerdict(
            self.name,
            worst(verdicts),
            self._target(),
            tuple(result for _, result in self.members),
            causes,
            behind,
            self._reason(),
        )

    def _target(self) -> Target:
        """What its image runs, or what the judgement assumes; both where its entry points differ in that."""
        targets = list(dict.fromkeys(outcome.target or self.report.target for outcome, _ in self.members))
        if not targets:
            return self.report.target
        pythons = dict.fromkeys(target.python for target in targets)
        platforms = dict.fromkeys(target.platform for target in targets)
        return replace(targets[0], python=", ".join(pythons), platform=", ".join(platforms))

    def _reason(self) -> str:
        if not self.members:
            return "nothing is known that it starts: name an entry point in its configuration"
        unknown = [reason for outcome, _ in self.members for reason in self._unknown(outcome)]
        return "; ".join(dict.fromkeys(unknown))

    def _unknown(self, outcome: Outcome) -> Iterable[str]:
        for path, reason in outcome.unjudged.items():
            yield f"{path or outcome.entry.name}: {reason}"

    def _causes(self) -> list[RootCause]:
        """What each entry point stops at first: one cause for each place and subject, those first that stop most."""
        groups: dict[tuple[object, ...], list[tuple[Outcome, Failure]]] = {}
        for outcome, _ in self.members:
            if outcome.failures:
                first = outcome.failures[0]
                groups.setdefault((first.place, first.subject), []).append((outcome, first))
        causes = [self._cause(group) for group in groups.values()]
        return sorted(causes, key=lambda c: (-len(c.finding.entry_points), -len(c.modules), c.finding.place))

    def _cause(self, group: Sequence[tuple[Outcome, Failure]]) -> RootCause:
        entries = tuple(dict.fromkeys(outcome.entry.name for outcome, _ in group))
        outcome, failure = group[0]
        found = leaf(self.report, failure, outcome.entry.name)
        modules = _ranked_modules(group)
        known = found or Finding(
            _BLOCKED, "blocked-start-up", Severity.ERROR, failure.place, describe(failure), "",
            help="the finding that tells of it is suppressed or not selected; that does not make it start",
        )  # fmt: skip
        chain = tuple(
            replace(hop, statement=hop.statement or self.project.line_text(hop.path, hop.line).strip())
            for hop in failure.chain
        )
        finding = replace(known, chain=chain, entry_points=entries, blocks=Blocks(len(modules), len(entries)))
        return RootCause(finding, modules, found is not None)

    def _contracts(self) -> list[RootCause]:
        return [
            RootCause(finding, ())
            for finding in self.report.findings
            if finding.code in CONTRACTS
            and finding.severity is Severity.ERROR
            and finding.key.startswith(f"{self.name}:")
        ]

    def _behind(self) -> list[Finding]:
        found: dict[str, Finding] = {}
        for outcome, _ in self.members:
            for failure in outcome.failures[1:]:
                finding = leaf(self.report, failure, outcome.entry.name)
                if finding is not None:
                    found.setdefault(finding.fingerprint, finding)
        return list(found.values())


def _of(status: EntryStatus) -> Verdict:
    return {EntryStatus.STARTS: Verdict.READY, EntryStatus.FAILS: Verdict.BLOCKED}.get(status, Verdict.UNJUDGED)


def _ranked_modules(group: Sequence[tuple[Outcome, Failure]]) -> tuple[str, ...]:
    """Dotted names of the modules that cannot be imported, those first that most others of them import."""
    names: dict[str, str] = {}
    importers: Counter[str] = Counter()
    for outcome, failure in group:
        stopped = stopped_modules(outcome, (failure,))
        graph = import_graph(outcome)
        names.update((path, name) for name, path in outcome.loaded.items() if path in stopped)
        names.update((path, path) for path in stopped if path not in names)
        for path in stopped:
            importers[path] = max(importers[path], len(stopped & graph.importers.get(path, {}).keys()))
    return tuple(names[path] for path in sorted(names, key=lambda path: (-importers[path], names[path])))
