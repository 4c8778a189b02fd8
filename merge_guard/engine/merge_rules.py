"""The rules about merges alone, for merges that happened: no start-up is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from merge_guard.engine import selection
from merge_guard.facts.suppressions import suppressions
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Rule, Scope


def merge_findings(
    merge: Merge, rules: Sequence[Rule], chosen: selection.Selection, read: Callable[[str], bytes]
) -> tuple[Finding, ...]:
    """What the rules say of one merge, suppressed ones left out. `read` gives a blob's bytes."""
    found = selection.identify(
        replace(finding, severity=chosen.severity.get(finding.code, finding.severity))
        for rule in rules
        if rule.scope is Scope.MERGE and rule.code in chosen.codes
        for finding in rule.check(merge)
    )
    facts: dict[str, FileFacts] = {}
    for path in {finding.place.path for finding in found}:
        blob = merge.files[path].result if path in merge.files else None
        if blob is not None:
            facts[path] = FileFacts(suppressions=suppressions(read(blob)))
    return tuple(
        finding
        for finding in found
        if finding.severity is not Severity.OFF and not selection.suppressed(finding, facts, chosen)
    )
