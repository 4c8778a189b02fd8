"""The verdict of a deploy in each format, with everything that a repository controls hostile."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import merge_guard.reporters
from merge_guard.model.gate import (
    ChangedFile,
    ChangeKind,
    FileChange,
    GateReport,
    PolicyChange,
    RootCause,
    ServiceVerdict,
    Standing,
)
from merge_guard.model.report import Report, Verdict
from merge_guard.reporters import FORMATS, ReportOptions, write_gate
from tests.reporters.report_samples import HOSTILE_TEXTS, ORDINARY, hostile
from tests.reporters.test_markdown import OWN, tokens

SCHEMA = json.loads((Path(merge_guard.reporters.__file__).parent / "report.schema.json").read_text("utf-8"))
TABLE = {f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")}
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def gate_of(report: Report, text: str, *, verdict: Verdict = Verdict.BLOCKED) -> GateReport:
    """A verdict in which every text of the repository is this one."""
    findings = report.findings
    change = FileChange(text.lstrip("/"), ChangeKind.RENAMED, text.lstrip("/"))
    return GateReport(
        report=report,
        services=(
            ServiceVerdict(
                text, verdict, report.target, report.entry_points,
                tuple(RootCause(finding, (text, text)) for finding in findings), findings, text,
            ),
        ),
        elsewhere=findings,
        since=text,
        changed=tuple(
            ChangedFile(change, standing, findings, findings, importable=False, reason=text) for standing in Standing
        ),
        policy_from=text,
        policy=tuple(
            PolicyChange(kind, text.lstrip("/"), 1, text, text, text)
            for kind in ("configuration", "suppression", "baseline")
        ),
    )  # fmt: skip


def written(gate: GateReport, output_format: str, **options: bool) -> str:
    stream = io.StringIO()
    write_gate(gate, output_format, stream, options=ReportOptions(**options))
    return stream.getvalue()


@pytest.mark.parametrize("verbose", [True, False], ids=["verbose", "short"])
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()])
def test_what_a_repository_controls_is_harmless(text: str, verbose: bool) -> None:
    gate = gate_of(hostile(text), text)
    for output_format in ("full", "markdown"):
        output = written(gate, output_format, verbose=verbose)
        assert not UNSAFE.search(output)
        assert not any(
            line.lstrip().startswith("::") or "##[" in line or "##vso[" in line for line in output.split("\n")
        )
    kinds = {token.type for token in tokens(written(gate, "markdown", verbose=verbose))}
    assert kinds <= OWN | TABLE
    assert kinds >= TABLE


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()])
def test_json_is_valid(text: str) -> None:
    document = json.loads(written(gate_of(hostile(text), text), "json"))
    Draft202012Validator(SCHEMA).validate(document)
    assert list(document["gate"]) == SCHEMA["$defs"]["gate"]["required"]
    assert document["gate"]["services"][0]["name"] == text


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_takes_it(output_format: str) -> None:
    assert written(gate_of(ORDINARY, "shop"), output_format)


def test_colour_is_asked_for() -> None:
    gate = gate_of(ORDINARY, "shop")
    assert "\x1b[" not in written(gate, "full")
    coloured = written(gate, "full", color=True)
    assert coloured.startswith("\x1b[1;31mBLOCKED\x1b[0m")
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == written(gate, "full")


def test_quiet_leaves_what_is_in_the_way() -> None:
    gate = gate_of(ORDINARY, "shop", verdict=Verdict.READY)
    assert "READY  shop" in written(gate, "full")
    quiet = written(gate, "full", quiet=True)
    assert "READY  shop" not in quiet
    assert "the cause" in quiet
    assert "outside" not in quiet
