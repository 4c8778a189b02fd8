from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from merge_guard import __version__
from merge_guard.model.finding import Finding, Hop, HopKind, Place, Related, Severity
from merge_guard.model.report import Report
from merge_guard.model.rule import Rule, rule
from merge_guard.reporters import ReportOptions, write
from merge_guard.reporters.sanitise import visible
from merge_guard.reporters.sarif import FLOW_LOCATIONS, RELATED_LOCATIONS, RESULTS, plain
from tests.reporters.report_samples import (
    BLOCKED,
    CLEAN,
    CONFLICT,
    HOSTILE_TEXTS,
    LAZY,
    MISSING,
    ORDINARY,
    hostile,
    many,
)

DOC = """A module that start-up imports does not exist.

The interpreter stops there.

Bad:

    # app.py
    import nope

Good:

    # app.py
    import os
"""


def declared(code: str, severity: Severity = Severity.ERROR, doc: str = DOC) -> Rule:
    def check(project: object) -> Iterator[Finding]:
        yield from ()

    check.__doc__ = doc
    return rule(code=code, name="a-rule", message="", severity=severity)(check)


def parsed(report: Report, **options: Any) -> Any:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    write(report, "sarif", stream, options=ReportOptions(**options))
    stream.seek(0)
    document = json.load(stream)
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = document["runs"]
    return run


def every(value: Any, key: str) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            yield from every(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from every(item, key)


def test_the_run() -> None:
    run = parsed(ORDINARY)
    assert run["tool"]["driver"]["name"] == "merge-guard"
    assert run["tool"]["driver"]["semanticVersion"] == __version__
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"]["verdict"] == "blocked"
    assert "%SRCROOT%" in run["originalUriBaseIds"]
    assert [result["ruleId"] for result in run["results"]] == ["MG303", "MG101", "MG302", "MG311"]
    assert [result["level"] for result in run["results"]] == ["error", "error", "error", "warning"]


def test_nothing_found() -> None:
    run = parsed(CLEAN)
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_a_result() -> None:
    result = parsed(ORDINARY)["results"][2]
    place = {"uri": "app/routes/chat.py", "uriBaseId": "%SRCROOT%"}
    assert result == {
        "ruleId": "MG302",
        "ruleIndex": 1,
        "level": "error",
        "message": {
            "text": "cannot import name 'ChatSevice' from 'app.services.chat'\nHelp: did you mean 'ChatService'?"
        },
        "locations": [
            {"physicalLocation": {"artifactLocation": place, "region": {"startLine": 12, "startColumn": 37}}}
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "app/services/chat.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 4, "startColumn": 7},
                },
                "message": {"text": "ChatService is bound here"},
            }
        ],
        "partialFingerprints": {"mergeGuard/v1": MISSING.fingerprint},
    }


def test_the_chain_is_a_code_flow() -> None:
    blocked, conflict = parsed(ORDINARY)["results"][:2]
    ((flow,),) = [flow["threadFlows"] for flow in blocked["codeFlows"]]
    assert [
        (
            step["location"]["physicalLocation"]["artifactLocation"]["uri"],
            step["location"]["physicalLocation"]["region"]["startLine"],
            step["location"]["logicalLocations"][0]["fullyQualifiedName"],
            step["location"]["message"]["text"],
            step["kinds"],
            step["importance"],
        )
        for step in flow["locations"]
    ] == [
        (hop.path, hop.line, hop.module, hop.statement, [hop.kind.value], weight)
        for hop, weight in zip(BLOCKED.chain, ["important"] * 3 + ["essential"], strict=True)
    ]
    assert blocked["properties"] == {
        "cause": CONFLICT.fingerprint,
        "entryPoints": ["app.main:app", "app.worker"],
        "blocks": {"modules": 41, "entryPoints": 2},
    }
    assert "codeFlows" not in conflict
    assert [item["message"]["text"] for item in conflict["relatedLocations"]] == [
        "side HEAD, lines 310-480, parses",
        "side feature/agents, lines 482-643, does not parse, "
        "choosing it breaks app.worker: ModuleNotFoundError: app.core.legacy",
    ]
    assert conflict["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 309,
        "startColumn": 1,
        "endLine": 644,
    }


def test_rules_come_from_their_declarations() -> None:
    declarations = [
        declared("MG302"),
        declared("MG205", Severity.OFF, "A data file does not load.\n\nBad:\n\n    x\n\nGood:\n\n    y\n"),
        declared("MG105", Severity.WARNING),
    ]
    run = parsed(replace(ORDINARY, findings=(MISSING, LAZY)), rules=lambda: declarations)
    rules = run["tool"]["driver"]["rules"]
    assert [item["id"] for item in rules] == ["MG105", "MG205", "MG302", "MG311"]
    assert rules[2] == {
        "id": "MG302",
        "name": "a-rule",
        "shortDescription": {"text": "A module that start-up imports does not exist."},
        "fullDescription": {"text": "A module that start-up imports does not exist.\n\nThe interpreter stops there."},
        "help": {"text": DOC.strip(), "markdown": DOC.strip()},
        "defaultConfiguration": {"level": "error"},
    }
    assert rules[1]["fullDescription"] == {"text": "A data file does not load."}
    assert [item.get("defaultConfiguration") for item in rules[:2]] == [
        {"level": "warning"},
        {"level": "warning", "enabled": False},
    ]
    assert rules[3] == {"id": "MG311", "name": "lazy-import-broken"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("strict", "levels"),
    [
        pytest.param(False, ["warning", "error", "note"], id="as it matters"),
        pytest.param(True, ["error", "error", "note"], id="strict"),
    ],
)
def test_what_was_not_judged_is_a_notification(strict: bool, levels: list[str]) -> None:
    (invocation,) = parsed(ORDINARY, strict=strict)["invocations"]
    assert invocation["executionSuccessful"] is False
    said = invocation["toolExecutionNotifications"]
    assert [item["level"] for item in said] == levels
    assert said[1]["message"] == {"text": "Not judged: git object 1a2b3c is missing"}
    assert said[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "tools/cron.py"
    assert said[2]["message"] == {"text": "a submodule is not checked out: vendor/lib"}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()])
def test_hostile_text_comes_back(text: str) -> None:
    run = parsed(hostile(text))
    uris = list(every(run, "uri"))
    assert len(uris) == 16  # 4 findings, 1 related place, 3 sides, 2 chains of 3, 2 unjudged
    for uri in uris:
        assert unquote_to_bytes(uri).decode("utf-8", "surrogateescape") == text
        assert uri.isascii()
        assert not set(uri) & set(' "<>\\^`{|}:?#[]')
    result = run["results"][1]
    message = result["message"]["text"].split("\n")[0]
    assert message.replace("{{", "{").replace("}}", "}").replace("\\](", "](") == visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("{0} {x}", "{{0}} {{x}}", id="no placeholder"),
        pytest.param("[a](1) [b]", "[a\\](1) [b]", id="no embedded link"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_results_beyond_the_limit_are_cut_visibly() -> None:
    run = parsed(many(100, RESULTS))
    assert len(run["results"]) == RESULTS
    assert [result["level"] for result in run["results"][:101]] == ["error"] * 100 + ["warning"]
    said = [item["message"]["text"] for item in run["invocations"][0]["toolExecutionNotifications"]]
    assert said == ["Cut: the first 25,000 of 25,100 results, the most important ones."]


def test_long_chains_and_lists_are_cut_visibly() -> None:
    chain = tuple(Hop(f"m{n}.py", 1, "", HopKind.IMPORT) for n in range(FLOW_LOCATIONS + 7))
    related = tuple(Related(Place("r.py", n + 1), f"related {n}") for n in range(RELATED_LOCATIONS + 3))
    (result,) = parsed(replace(CLEAN, findings=(replace(BLOCKED, chain=chain, related=related),)))["results"]
    (flow,) = result["codeFlows"]
    assert flow["message"] == {"text": "7 frames in the middle are cut."}
    steps = flow["threadFlows"][0]["locations"]
    assert len(steps) == FLOW_LOCATIONS
    assert steps[-1]["location"]["physicalLocation"]["artifactLocation"]["uri"] == f"m{FLOW_LOCATIONS + 6}.py"
    assert len(result["relatedLocations"]) == RELATED_LOCATIONS
    assert result["relatedLocations"][-1]["message"]["text"] == "related 99 (and 3 more places, cut)"


def test_order_of_the_findings_does_not_matter() -> None:
    assert parsed(ORDINARY) == parsed(replace(ORDINARY, findings=ORDINARY.findings[::-1]))
