"""What a baseline does to findings: it hides the accepted ones, hardens the rest, and says which entries are stale."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from merge_guard.model.baseline import FILE, Accepted, Baseline, identity
from merge_guard.model.finding import Finding, Severity

_HARDENED = frozenset({"MG403", "MG404", "MG405", "MG406", "MG407", "MG408"})
"""An existing mess may shrink, not grow: what a baseline does not list of these is an error."""


@dataclass(frozen=True, slots=True)
class Ratcheted:
    """`findings` without the `accepted` ones."""

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...] = ()


def ratchet(findings: Iterable[Finding], baseline: Baseline | None, configured: Collection[str] = ()) -> Ratcheted:
    """Compare identified findings with the baseline; a severity that is `configured` for a code stays."""
    if baseline is None:
        return Ratcheted(tuple(findings))
    new: list[Finding] = []
    accepted: list[Finding] = []
    for finding in findings:
        if baseline.accepts(finding):
            accepted.append(finding)
        elif finding.code in _HARDENED and finding.code not in configured:
            new.append(replace(finding, severity=Severity.ERROR))
        else:
            new.append(finding)
    return Ratcheted(tuple(new), tuple(accepted))


def stale(
    baseline: Baseline, found: Iterable[Finding], ran: Collection[str], unjudged: Collection[str]
) -> list[Accepted]:
    """Entries whose finding is gone: its rule ran, and the file in which it stood was judged or is gone too."""
    present = {identity(finding) for finding in found}
    return [
        entry
        for entry in baseline.entries
        if entry.identity not in present and entry.code in ran and entry.path not in unjudged
    ]


def stale_notice(entries: Sequence[Accepted]) -> str:
    first = entries[0]
    more = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
    return f"{FILE}: stale, remove with `merge-guard baseline update`: {first.code} in {first.path or '?'}{more}"
