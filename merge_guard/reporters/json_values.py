"""The report as the JSON values of version 1: the keys and their order are a promise (report.schema.json).

A path whose bytes are not UTF-8 travels as Python's surrogateescape has it: the byte 0xE9 is the lone surrogate
`\\udce9` in the JSON text. `json.loads(...)["path"].encode("utf-8", "surrogateescape")` are the bytes of the name.
"""

from __future__ import annotations

import json
from typing import Any

from merge_guard import __version__
from merge_guard.model.finding import Blocks, Finding, Fix, Hop, Related, SideVerdict
from merge_guard.model.report import EntryPointResult, Report, Summary, Target, Unjudged

VERSION = 1


def encode(value: Any) -> str:
    """ASCII on one line. `##[`, which CI runners take for a command, is written with an escape of the same meaning."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False).replace("##", "#\\u0023")


def head(report: Report) -> dict[str, Any]:
    return {"version": VERSION, "tool": __version__, "verdict": report.verdict.value}


def finding(value: Finding) -> dict[str, Any]:
    where = value.place
    return {
        "code": value.code,
        "name": value.name,
        "severity": value.severity.value,
        "path": where.path,
        "line": where.line,
        "column": where.column,
        "end_line": _end(where.line, where.end_line),
        "message": value.message,
        "cause": value.cause,
        "entry_points": list(value.entry_points),
        "chain": [_hop(hop) for hop in value.chain],
        "related": [_related(item) for item in value.related],
        "sides": [_side(side) for side in value.sides],
        "blocks": _blocks(value.blocks),
        "fingerprint": value.fingerprint,
        "fix": _fix(value.fix),
        "help": value.help,
    }


def _end(line: int, end_line: int | None) -> int:
    return line if end_line is None else end_line


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "path": hop.path, "line": hop.line, "module": hop.module, "kind": hop.kind.value, "statement": hop.statement,
    }  # fmt: skip


def _related(item: Related) -> dict[str, Any]:
    where = item.place
    return {
        "path": where.path, "line": where.line, "column": where.column, "end_line": _end(where.line, where.end_line),
        "message": item.message,
    }  # fmt: skip


def _side(side: SideVerdict) -> dict[str, Any]:
    return {"label": side.label, "lines": list(side.lines), "parses": side.parses, "breaks": list(side.breaks)}


def _blocks(blocks: Blocks | None) -> dict[str, Any] | None:
    return None if blocks is None else {"modules": blocks.modules, "entry_points": blocks.entry_points}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {
        "safe": fix.safe,
        "description": fix.description,
        "edits": [{"path": e.path, "start": e.start, "end": e.end, "text": e.text} for e in fix.edits],
    }


def entry_point(value: EntryPointResult) -> dict[str, Any]:
    return {
        "name": value.name, "module": value.module, "status": value.status.value, "findings": list(value.findings),
    }  # fmt: skip


def unjudged(value: Unjudged) -> dict[str, Any]:
    return {"path": value.path, "reason": value.reason, "matters": value.matters}


def target(value: Target) -> dict[str, Any]:
    return {"python": value.python, "platform": value.platform}


def summary(value: Summary) -> dict[str, Any]:
    return {
        "files": value.files,
        "modules": value.modules,
        "errors": value.errors,
        "warnings": value.warnings,
        "suppressed": value.suppressed,
        "baselined": value.baselined,
        "seconds": round(value.seconds, 3),
    }
