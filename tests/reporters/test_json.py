from __future__ import annotations

import io
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from merge_guard import __version__
from merge_guard.model.report import Report
from merge_guard.reporters import ReportOptions, write
from tests.reporters.report_samples import BLOCKED, CLEAN, CONFLICT, HOSTILE_TEXTS, ORDINARY, hostile

SCHEMA = json.loads(files("merge_guard.reporters").joinpath("report.schema.json").read_text("utf-8"))
REPORTS = [
    pytest.param(ORDINARY, id="ordinary"),
    pytest.param(CLEAN, id="clean"),
    *(pytest.param(hostile(text), id=name) for name, text in HOSTILE_TEXTS.items()),
]


def written(report: Report, fmt: str) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    write(report, fmt, stream, options=ReportOptions())
    stream.seek(0)
    return stream.read()


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for item in schema:
            yield from objects(item)


def test_the_schema_is_strict() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    described = list(objects(SCHEMA))
    assert len(described) == 19
    for item in described:
        assert item["additionalProperties"] is False
        # `gate` alone has a key more.
        assert item["required"] == [key for key in item["properties"] if key != "gate"]


@pytest.mark.parametrize("report", REPORTS)
def test_a_document_is_valid_and_complete(report: Report) -> None:
    document = json.loads(written(report, "json"))
    Draft202012Validator(SCHEMA).validate(document)
    assert list(document) == SCHEMA["required"]
    for item, finding in zip(document["findings"], report.findings, strict=True):
        assert list(item) == SCHEMA["$defs"]["finding"]["required"]
        assert item["path"].encode("utf-8", "surrogateescape") == finding.place.path.encode("utf-8", "surrogateescape")
        assert (item["message"], item["fingerprint"]) == (finding.message, finding.fingerprint)
        assert [hop["statement"] for hop in item["chain"]] == [hop.statement for hop in finding.chain]
        assert [side["label"] for side in item["sides"]] == [side.label for side in finding.sides]
    assert [item["path"] for item in document["unjudged"]] == [item.path for item in report.unjudged]
    assert [item["name"] for item in document["entry_points"]] == [item.name for item in report.entry_points]


@pytest.mark.parametrize("change", ["extra", "missing", "column"])
def test_the_schema_refuses(change: str) -> None:
    document = json.loads(written(ORDINARY, "json"))
    first = document["findings"][0]
    if change == "extra":
        first["new"] = 1
    elif change == "missing":
        del first["fix"]
    else:
        first["column"] = 0
    assert len(list(Draft202012Validator(SCHEMA).iter_errors(document))) == 1


def test_the_values() -> None:
    document = json.loads(written(ORDINARY, "json"))
    assert (document["version"], document["tool"], document["verdict"]) == (1, __version__, "blocked")
    assert document["target"] == {"python": "3.11", "platform": "linux"}
    assert document["summary"] == {
        "files": 120, "modules": 80, "errors": 2, "warnings": 1, "suppressed": 1, "baselined": 0, "seconds": 0.432,
    }  # fmt: skip
    assert document["entry_points"][0] == {
        "name": "app.main:app", "module": "app.main", "status": "fails", "findings": [BLOCKED.fingerprint],
    }  # fmt: skip
    assert document["notices"] == list(ORDINARY.notices)
    blocked = document["findings"][3]
    assert blocked["cause"] == CONFLICT.fingerprint
    assert blocked["blocks"] == {"modules": 41, "entry_points": 2}
    assert blocked["chain"][1] == {
        "path": "app/main.py", "line": 9, "module": "app.main", "kind": "call",
        "statement": "app = build(settings=load_settings())",
    }  # fmt: skip
    missing = document["findings"][1]
    assert (missing["line"], missing["column"], missing["end_line"], missing["blocks"]) == (12, 37, 12, None)
    assert missing["fix"] == {
        "safe": True,
        "description": "import ChatService",
        "edits": [{"path": "app/routes/chat.py", "start": 210, "end": 220, "text": "ChatService"}],
    }
    assert document["findings"][2]["sides"][0] == {"label": "HEAD", "lines": [310, 480], "parses": True, "breaks": []}


@pytest.mark.parametrize("report", REPORTS)
def test_lines_hold_what_the_document_holds(report: Report) -> None:
    document = json.loads(written(report, "json"))
    rows = [json.loads(line) for line in written(report, "json-lines").splitlines()]
    by_type: dict[str, list[Any]] = {"finding": [], "entry_point": [], "unjudged": [], "summary": []}
    for row in rows:
        by_type[row.pop("type")].append(row)
    assert by_type["finding"] == document["findings"]
    assert by_type["entry_point"] == document["entry_points"]
    assert by_type["unjudged"] == document["unjudged"]
    head = {key: document[key] for key in ("version", "tool", "verdict", "target")}
    assert by_type["summary"] == [{**head, **document["summary"]}]
    assert rows[-1].keys() >= {"version", "verdict"}
