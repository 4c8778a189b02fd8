"""The JSON report with one key more, `gate`: services, changed files, and what the change altered in the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from merge_guard.model.finding import Finding
from merge_guard.model.gate import ChangedFile, GateReport, PolicyChange, RootCause, ServiceVerdict
from merge_guard.reporters import ReportOptions
from merge_guard.reporters import json_values as values
from merge_guard.reporters.json_document import document


def lines(gate: GateReport, options: ReportOptions) -> Iterator[str]:
    return document(gate.report, {"gate": _gate(gate)})


def _gate(gate: GateReport) -> dict[str, Any]:
    return {
        "verdict": gate.verdict.value,
        "services": [_service(service) for service in gate.services],
        "elsewhere": [finding.fingerprint for finding in gate.elsewhere],
        "since": gate.since or None,
        "changed": None if gate.changed is None else [_file(file) for file in gate.changed],
        "policy_from": gate.policy_from or None,
        "policy_changes": [_policy(change) for change in gate.policy],
    }


def _service(service: ServiceVerdict) -> dict[str, Any]:
    return {
        "name": service.name,
        "verdict": service.verdict.value,
        "reason": service.reason,
        "target": values.target(service.target),
        "entry_points": [{"name": entry.name, "status": entry.status.value} for entry in service.entry_points],
        "causes": [_cause(cause) for cause in service.causes],
        "behind": [finding.fingerprint for finding in service.behind],
    }


def _cause(cause: RootCause) -> dict[str, Any]:
    finding = cause.finding
    return {
        **_place(finding, listed=cause.listed),
        "entry_points": list(finding.entry_points),
        "modules": list(cause.modules),
    }


def _place(finding: Finding, *, listed: bool = True) -> dict[str, Any]:
    return {
        "fingerprint": (finding.fingerprint or None) if listed else None,
        "path": finding.place.path,
        "line": finding.place.line,
        "message": finding.message,
    }


def _file(file: ChangedFile) -> dict[str, Any]:
    return {
        "path": file.change.path,
        "change": file.change.kind.value,
        "old_path": file.change.old or None,
        "standing": file.standing.value,
        "importable": file.importable,
        "findings": [finding.fingerprint for finding in file.findings],
        "blocked_by": [_place(finding) for finding in file.blocked_by],
        "reason": file.reason,
    }


def _policy(change: PolicyChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "path": change.path,
        "line": change.line,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
    }
