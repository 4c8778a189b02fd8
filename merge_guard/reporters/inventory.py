"""`merge-guard ssot` as text, as JSON and as Markdown: three forms of one `View`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any

from merge_guard.model.inventory import Step, View
from merge_guard.model.ssot import IN_TESTS, ImportPath, Inventory, Member, Role
from merge_guard.reporters.markdown import span
from merge_guard.reporters.sanitise import place, unowned, visible, visible_path

_FEW_PATHS = 12


def lines(view: View, fmt: str, *, verbose: bool = False) -> Iterator[str]:
    """The text without line ends, harmless whatever the repository holds."""
    if fmt == "json":
        yield json.dumps(document(view), indent=1)
    elif fmt == "markdown":
        yield from map(unowned, _markdown(view))
    else:
        yield from map(unowned, _full(view, verbose))


# --- text -------------------------------------------------------------------------------------------------------------
def _full(view: View, verbose: bool) -> Iterator[str]:
    for found in view.groups:
        shown = [member for member in found.members if verbose or member.reason != IN_TESTS]
        hidden = len(found.members) - len(shown)
        yield f"{visible(found.group.name)}: {_sentence(found)}"
        for member in shown:
            yield f"  {_marked(view, member):<13} {visible(member.symbol)}  {_where(member)}"
            yield f"  {'':<13} {_described(member)}"
            for path in member.paths[1 : None if verbose else _FEW_PATHS]:
                yield f"  {'':<13}   {_way(path)}"
            if not verbose and len(member.paths) > _FEW_PATHS:
                yield f"  {'':<13}   and {len(member.paths) - _FEW_PATHS} more paths"
        if hidden:
            yield f"  exempt        {hidden} more in tests (--verbose lists them)"
        for text in found.stale:
            yield f"  configured, but not in the tree: {visible(text)}"
        yield ""
    for finding in view.findings:
        where = place(finding.place.path, finding.place.line, finding.place.column)
        yield f"{where}: {finding.code} {visible(finding.message)}"
    for text in view.gone:
        yield f"gone since the baseline: {visible(text)}"
    yield from _history(view.steps)


def _sentence(found: Inventory) -> str:
    own = [member for member in found.members if member.reason != IN_TESTS]
    canonical = found.canonical
    parts = [f"canonical {visible(canonical.symbol)}" if canonical else "no canonical"]
    parts += [_many(len(own), "class", "classes")]
    parts += [f"{sum(m.role is role for m in own)} {role.value}" for role in Role if any(m.role is role for m in own)]
    parts += [_many(sum(len(m.paths) for m in own), "import path", "import paths")]
    return ", ".join(parts)


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _marked(view: View, member: Member) -> str:
    is_new = member.role in (Role.SECOND, Role.UNCLASSIFIED) and view.is_new(member.identity)
    return f"{member.role.value}{' NEW' if is_new else ''}"


def _where(member: Member) -> str:
    side = f" ({member.side})" if member.side else ""
    return f"{place(member.place.path, member.place.line, member.place.column)}{side}"


def _described(member: Member) -> str:
    parts = [member.kind.value, _many(member.methods, "method", "methods")]
    if member.paths:
        parts.append(_importers(member.paths[0]))
    if member.reason:
        parts.append(visible(member.reason))
    return ", ".join(parts)


def _importers(path: ImportPath) -> str:
    text = f"imported by {_many(len(path.importers), 'file', 'files')}"
    return f"{text} ({path.tests} in tests)" if path.tests else text


def _way(path: ImportPath) -> str:
    return f"{visible(path.symbol)}  {path.via}, {_importers(path)}"


def _history(steps: Sequence[Step]) -> Iterator[str]:
    if not steps:
        return
    yield ""
    for name in dict.fromkeys(name for step in steps for name, _ in step.groups):
        yield f"{visible(name)} over {_many(len(steps), 'commit', 'commits')}:"
        yield "  commit        date        classes  second  unclassified  ambiguous  deprecated imports"
        last: Any = None
        for step in steps:
            counts = dict(step.groups).get(name)
            if counts is None or (counts == last and step is not steps[-1]):
                continue
            last = counts
            yield (
                f"  {step.commit[:12]}  {_date(step.time)}  {counts.definitions:7}  {counts.second:6}"
                f"  {counts.unclassified:12}  {counts.ambiguous:9}  {counts.deprecated:18}"
            )


def _date(time: int) -> str:
    # A commit may claim any time; what no calendar holds is shown as it is.
    try:
        return datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return str(time)


# --- JSON -------------------------------------------------------------------------------------------------------------
def document(view: View) -> dict[str, Any]:
    """docs/formats.md describes it."""
    return {
        "version": 1,
        "snapshot": view.snapshot,
        "groups": [_group(view, found) for found in view.groups],
        "findings": [
            {
                "code": finding.code, "severity": finding.severity.value, "path": finding.place.path,
                "line": finding.place.line, "message": finding.message, "fingerprint": finding.fingerprint,
            }
            for finding in view.findings
        ],
        "gone": list(view.gone),
        "history": [
            {
                "commit": step.commit, "time": step.time,
                "groups": {name: asdict(counts) for name, counts in step.groups},
            }
            for step in view.steps
        ],
    }  # fmt: skip


def _group(view: View, found: Inventory) -> dict[str, Any]:
    canonical = found.canonical
    return {
        "name": found.group.name,
        "canonical": canonical.symbol if canonical else None,
        "members": [_member(view, member) for member in found.members],
        "deprecated_imports": [
            {
                "deprecated": use.deprecated, "instead": use.instead, "path": use.place.path, "line": use.place.line,
                "onward": list(use.onward),
            }
            for use in found.uses
        ],
        "unread": list(found.unread),
        "stale": list(found.stale),
    }  # fmt: skip


def _member(view: View, member: Member) -> dict[str, Any]:
    return {
        "symbol": member.symbol, "path": member.place.path, "line": member.place.line, "kind": member.kind.value,
        "role": member.role.value, "reason": member.reason, "methods": member.methods, "body": member.body,
        "side": member.side or None,
        "new": member.role in (Role.SECOND, Role.UNCLASSIFIED) and view.is_new(member.identity),
        "paths": [
            {
                "symbol": path.symbol, "via": path.via, "path": path.place.path, "line": path.place.line,
                "importers": len(path.importers), "importers_in_tests": path.tests,
            }
            for path in member.paths
        ],
    }  # fmt: skip


# --- Markdown ---------------------------------------------------------------------------------------------------------
def _markdown(view: View) -> Iterator[str]:
    for found in view.groups:
        yield f"## {_code(found.group.name)}"
        yield ""
        yield _sentence_markdown(found)
        yield ""
        yield "| Role | Class | Where | Kind | Importers | Why |"
        yield "|---|---|---|---|---|---|"
        for member in found.members:
            if member.reason == IN_TESTS:
                continue
            for number, path in enumerate(member.paths or (None,)):
                importers = "" if path is None else str(len(path.importers))
                if number and path is not None:
                    yield f"| | ↳ {_code(path.symbol)} | | {path.via} | {importers} | |"
                    continue
                where = _code(f"{visible_path(member.place.path)}:{member.place.line}")
                yield (
                    f"| {_marked(view, member)} | {_code(member.symbol)} | {where} | {member.kind.value} | {importers} "
                    f"| {_code(member.reason) if member.reason else ''} |"
                )
        yield ""
    for finding in view.findings:
        where = _code(f"{visible_path(finding.place.path)}:{finding.place.line}")
        yield f"- **{finding.code}** {where} {_code(finding.message)}"
    history = list(_history(view.steps))
    if history:
        yield from ("", "```text", *history[1:], "```")


def _sentence_markdown(found: Inventory) -> str:
    own = [member for member in found.members if member.reason != IN_TESTS]
    tests = len(found.members) - len(own)
    text = _many(len(own), "class", "classes")
    return f"{text}, {tests} more in tests." if tests else f"{text}."


def _code(text: str) -> str:
    """A code span in a cell of a table."""
    return span(text).replace("|", "\\|")
