"""An audit as text, Markdown or JSON (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from merge_guard.model.audit import Audit, AuditedCommit, Damage
from merge_guard.model.finding import Severity
from merge_guard.reporters.sanitise import encodable, place, visible
from merge_guard.reporters.wording import count


def write(audit: Audit, fmt: str, stream: TextIO, *, every: bool) -> None:
    """`every` tells of warnings and of what was repaired, too; JSON always does."""
    lines = {"json": _json, "markdown": _markdown, "full": _text}[fmt](audit, every)
    for line in lines:
        stream.write(encodable(line, stream.encoding or "utf-8") + "\n")


def _told(commit: AuditedCommit, every: bool) -> list[Damage]:
    return [
        damage
        for damage in commit.damages
        if every or (damage.finding.severity is Severity.ERROR and not damage.repaired_by)
    ]


def _text(audit: Audit, every: bool) -> Iterator[str]:
    for commit in audit.commits:
        told = _told(commit, every)
        if not told and not commit.unjudged:
            continue
        yield f"{commit.commit[:12]} {visible(commit.subject)} ({commit.deed.value})"
        if commit.unjudged:
            yield f"  not judged: {visible(commit.unjudged)}"
        for damage in told:
            where = place(damage.finding.place.path, damage.finding.place.line, damage.finding.place.column)
            level = damage.finding.severity.value
            yield f"  {where} {damage.finding.code} {damage.finding.name} {level}"
            yield f"    {visible(damage.finding.message)}"
            if damage.repaired_by:
                yield f"    repaired by {damage.repaired_by[:12]}"
        yield ""
    yield _summary(audit)


def _summary(audit: Audit) -> str:
    damages = [damage for commit in audit.commits for damage in commit.damages]
    errors = [damage for damage in damages if damage.finding.severity is Severity.ERROR]
    left = sum(not damage.repaired_by for damage in errors)
    unjudged = sum(bool(commit.unjudged) for commit in audit.commits)
    parts = [
        f"{count(audit.merges, 'merge')}, {audit.identical} of them as git makes them",
        f"{count(audit.settled, 'conflict')} settled outside of a merge",
        f"{count(len(errors), 'error')}, {left} never repaired",
        count(len(damages) - len(errors), "warning"),
    ]
    parts += [f"{unjudged} not judged"] * bool(unjudged)
    return f"{visible(audit.range)}: {'; '.join(parts)}; {audit.seconds:.1f} s"


def _markdown(audit: Audit, every: bool) -> Iterator[str]:
    yield "# Audit of merges"
    yield ""
    yield _code(_summary(audit))
    yield ""
    yield "| commit | place | finding | repaired by |"
    yield "|---|---|---|---|"
    for commit in audit.commits:
        if commit.unjudged:
            yield f"| {commit.commit[:12]} | | {_code(f'not judged: {commit.unjudged}')} | |"
        for damage in _told(commit, every):
            finding = damage.finding
            where = place(finding.place.path, finding.place.line, finding.place.column)
            told = f"{finding.code} {finding.message}"
            yield f"| {commit.commit[:12]} | {_code(where)} | {_code(told)} | {damage.repaired_by[:12]} |"


def _code(text: str) -> str:
    """Text that no Markdown reader takes for markup, in a table's cell too."""
    return "`" + visible(text).replace("`", "'").replace("|", "\\|") + "`"


def _json(audit: Audit, every: bool) -> Iterator[str]:
    document = {
        "version": 1,
        "range": audit.range,
        "summary": {
            "merges": audit.merges,
            "identical": audit.identical,
            "settled": audit.settled,
            "seconds": audit.seconds,
        },
        "commits": [_commit(commit) for commit in audit.commits],
    }
    yield msgspec.json.format(msgspec.json.encode(_clean(document)), indent=1).decode()


def _commit(commit: AuditedCommit) -> dict[str, Any]:
    return {
        "commit": commit.commit,
        "subject": commit.subject,
        "deed": commit.deed.value,
        "identical": commit.identical,
        "unjudged": commit.unjudged or None,
        "damages": [
            {
                "code": damage.finding.code,
                "name": damage.finding.name,
                "severity": damage.finding.severity.value,
                "path": damage.finding.place.path,
                "line": damage.finding.place.line,
                "message": damage.finding.message,
                "fingerprint": damage.finding.fingerprint,
                "repaired_by": damage.repaired_by or None,
            }
            for damage in commit.damages
        ],
    }


def _clean(value: Any) -> Any:
    """What is no Unicode, escaped as everywhere in JSON output."""
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return visible(value) if isinstance(value, str) else value
