"""SARIF 2.1.0 (OASIS, with errata 01), within the limits of GitHub's code scanning; equal reports give equal bytes.

Paths are relative URI references against `%SRCROOT%`, percent-encoded byte by byte, so that any name comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from merge_guard import __version__
from merge_guard.model.finding import Finding, Hop, HopKind, Place, Severity
from merge_guard.model.report import Report, Unjudged
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.json_values import encode
from merge_guard.reporters.sanitise import visible
from merge_guard.reporters.wording import broken_by, elided, ranked, side_words

if TYPE_CHECKING:
    from merge_guard.model.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RESULTS = 25_000
FLOW_LOCATIONS = 1_000
RELATED_LOCATIONS = 100
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.OFF: "note"}

Json = dict[str, Any]


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    """One property of the run a line and one result a line."""
    order = ranked(report)
    rules = _rules(options.rules(), order)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    listed = {finding.fingerprint: finding for finding in order}
    results = [encode(_result(finding, index[finding.code], listed)) for finding in order[:RESULTS]]
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{'
    for key, value in _run(report, options, rules, len(order)).items():
        yield f'"{key}": {encode(value)},'
    yield '"results": ['
    for number, result in enumerate(results, 1):
        yield result + ("," if number < len(results) else "")
    yield "]}]}"


def _run(report: Report, options: ReportOptions, rules: Sequence[Json], findings: int) -> Json:
    return {
        "tool": {"driver": {"name": "merge-guard", "semanticVersion": __version__, "rules": rules}},
        "invocations": [_invocation(report, options, findings)],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the judged tree."}}},
        "columnKind": "unicodeCodePoints",
        "properties": {
            "verdict": report.verdict.value,
            "target": {"python": visible(report.target.python), "platform": visible(report.target.platform)},
            "entryPoints": [
                {"name": visible(entry.name), "status": entry.status.value, "findings": list(entry.findings)}
                for entry in report.entry_points
            ],
        },
    }


# --- rules -----------------------------------------------------------------------------------------------------------
def _rules(rules: Sequence[Rule], findings: Sequence[Finding]) -> list[Json]:
    described = {rule.code: _rule(rule) for rule in rules}
    for finding in findings:
        described.setdefault(finding.code, {"id": finding.code, "name": finding.name})
    return [described[code] for code in sorted(described)]


def _rule(rule: Rule) -> Json:
    off = rule.severity is Severity.OFF
    configuration: Json = {"level": "warning" if off else _LEVELS[rule.severity]}
    if off:
        configuration["enabled"] = False
    paragraphs = rule.doc.split("\n\n")
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": "\n\n".join(paragraphs[:2]) if _is_prose(paragraphs) else rule.summary},
        "help": {"text": rule.doc, "markdown": rule.doc},
        "defaultConfiguration": configuration,
    }


def _is_prose(paragraphs: Sequence[str]) -> bool:
    return len(paragraphs) > 1 and not paragraphs[1].startswith(("Bad:", "Good:", " "))


# --- results ---------------------------------------------------------------------------------------------------------
def _result(finding: Finding, rule_index: int, listed: Mapping[str, Finding]) -> Json:
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _physical(finding.place)}],
    }
    related = _related(finding, listed)
    if related:
        result["relatedLocations"] = related
    if finding.fingerprint:
        result["partialFingerprints"] = {"mergeGuard/v1": finding.fingerprint}
    if finding.chain:
        result["codeFlows"] = [_code_flow(finding.chain)]
    properties: Json = {}
    if finding.cause:
        properties["cause"] = finding.cause
    if finding.entry_points:
        properties["entryPoints"] = [visible(name) for name in finding.entry_points]
    if finding.blocks:
        properties["blocks"] = {"modules": finding.blocks.modules, "entryPoints": finding.blocks.entry_points}
    if properties:
        result["properties"] = properties
    return result


def _message(finding: Finding) -> str:
    parts = [finding.message]
    if finding.entry_points:
        parts.append(f"Blocks: {', '.join(finding.entry_points)}")
    if finding.help:
        parts.append(f"Help: {finding.help}")
    return "\n".join(plain(part) for part in parts)


def plain(text: str) -> str:
    """A plain text message in which nothing is a placeholder (3.11.5) or an embedded link (3.11.6)."""
    return visible(text).replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def uri(path: str) -> str:
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that is no escaped byte names no file
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/")


def _physical(place: Place) -> Json:
    region: Json = {"startLine": max(1, place.line), "startColumn": max(1, place.column)}
    if place.end_line is not None and place.end_line > place.line:
        region["endLine"] = place.end_line
    return {"artifactLocation": _artifact(place.path), "region": region}


def _artifact(path: str) -> Json:
    return {"uri": uri(path), "uriBaseId": "%SRCROOT%"}


def _related(finding: Finding, listed: Mapping[str, Finding]) -> list[Json]:
    places = [(item.place, item.message) for item in finding.related]
    for side in finding.sides:
        first, last = side.lines
        words = [word for word in side_words(side) if word]
        broken = broken_by(side, listed)
        words += [f"choosing it breaks {row}" for row in broken]
        places.append((Place(finding.place.path, first, 1, last if last > first else None), "side " + ", ".join(words)))
    left_out = len(places) - RELATED_LOCATIONS
    if left_out > 0:
        where, message = places[RELATED_LOCATIONS - 1]
        places[RELATED_LOCATIONS - 1 :] = [(where, f"{message} (and {left_out} more places, cut)")]
    return [
        {"id": number, "physicalLocation": _physical(where), "message": {"text": plain(message)}}
        for number, (where, message) in enumerate(places, 1)
    ]


def _code_flow(chain: Sequence[Hop]) -> Json:
    head, left_out, tail = elided(chain, FLOW_LOCATIONS)
    flow: Json = {"threadFlows": [{"locations": [_flow_location(hop) for hop in (*head, *tail)]}]}
    if left_out:
        flow["message"] = {"text": f"{left_out} frames in the middle are cut."}
    return flow


def _flow_location(hop: Hop) -> Json:
    location: Json = {"physicalLocation": _physical(Place(hop.path, hop.line))}
    if hop.module:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(hop.module), "kind": "module"}]
    if hop.statement:
        location["message"] = {"text": plain(hop.statement)}
    importance = "essential" if hop.kind is HopKind.CAUSE else "important"
    return {"location": location, "kinds": [hop.kind.value], "importance": importance}


# --- the run ---------------------------------------------------------------------------------------------------------
def _invocation(report: Report, options: ReportOptions, findings: int) -> Json:
    notifications = [_not_judged(item, options) for item in report.unjudged]
    notifications += [{"level": "note", "message": {"text": plain(notice)}} for notice in report.notices]
    if findings > RESULTS:
        cut = f"Cut: the first {RESULTS:,} of {findings:,} results, the most important ones."
        notifications.append({"level": "warning", "message": {"text": cut}})
    failed = any(item.matters or options.strict for item in report.unjudged)
    return {"executionSuccessful": not failed, "toolExecutionNotifications": notifications}


def _not_judged(item: Unjudged, options: ReportOptions) -> Json:
    return {
        "level": "error" if item.matters or options.strict else "warning",
        "message": {"text": plain(f"Not judged: {item.reason}")},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(item.path)}}],
    }
