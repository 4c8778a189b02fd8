from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from merge_guard.model.report import Report, Unjudged
from merge_guard.reporters import ReportOptions, write
from merge_guard.reporters.sanitise import read_path, visible
from tests.reporters.report_samples import BLOCKED, HOSTILE_TEXTS, MISSING, ORDINARY, hostile, many


def written(report: Report, **options: bool) -> list[str]:
    stream = io.StringIO()
    write(report, "github", stream, options=ReportOptions(**options))
    return stream.getvalue().splitlines()


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """Level, properties and message as the runner reads them (ActionCommand.cs: unescape data and properties)."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match, line
    properties = dict(item.split("=", 1) for item in match[2].split(","))
    for key, value in properties.items():
        properties[key] = unescape(value.replace("%3A", ":").replace("%2C", ","))
    return match[1], properties, unescape(match[3])


def unescape(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_the_chain_is_in_the_message() -> None:
    level, properties, message = parsed(written(ORDINARY)[0])
    assert level == "error"
    assert properties == {
        "file": "app/core/unified_manager.py", "line": "309", "endLine": "644", "title": "MG303 blocked-start-up",
    }  # fmt: skip
    assert message.splitlines() == [
        BLOCKED.message,
        "",
        "Start-up, first-party frames:",
        '  File "app/main.py", line 5, in app.main',
        "    from app.factory import build",
        '  File "app/main.py", line 9, in app.main (call)',
        "    app = build(settings=load_settings())",
        '  File "app/factory.py", line 31, in app.factory',
        "    from app.core import unified_manager",
        '  File "app/core/unified_manager.py", line 309, in app.core.unified_manager',
        "    > <<<<<<< HEAD",
        "",
        "Blocks: app.main:app, app.worker",
    ]


def test_order_levels_and_columns() -> None:
    rows = written(ORDINARY)
    got = [(level, at["title"], at.get("col")) for level, at, _ in map(parsed, rows[:6])]
    assert got == [
        ("error", "MG303 blocked-start-up", None),
        ("error", "MG101 conflict-block", None),
        ("error", "MG302 name-not-found", "37"),
        ("error", "merge-guard: not judged", "1"),
        ("warning", "MG311 lazy-import-broken", "5"),
        ("warning", "merge-guard: not judged", "1"),
    ]
    assert rows[6:] == [
        "note: a submodule is not checked out: vendor/lib",
        "blocked: 2 errors, 1 warning, 2 not judged, 1 suppressed in 120 files (80 modules) in 0.4 s",
    ]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()])
def test_hostile_text_comes_back(text: str) -> None:
    _, properties, message = parsed(written(hostile(text))[0])
    assert read_path(properties["file"]) == text
    assert list(properties) == ["file", "line", "endLine", "title"]
    first = message.split("\n")[0]
    assert first.replace(r"\x23#", "##").replace(r"\x3a:", "::") == visible(text)


@pytest.mark.parametrize(
    ("errors", "warnings", "annotations", "notes"),
    [
        pytest.param(10, 10, 20, [], id="what a step shows"),
        pytest.param(11, 0, 10, ["2 more errors"], id="one error too many"),
        pytest.param(0, 25, 10, ["16 more warnings"], id="many warnings"),
        pytest.param(300, 300, 20, ["291 more errors", "291 more warnings"], id="many of both"),
    ],
)
def test_more_than_github_shows_is_said(errors: int, warnings: int, annotations: int, notes: list[str]) -> None:
    rows = written(many(errors, warnings))
    commands = [parsed(row) for row in rows if row.startswith("::")]
    assert len(commands) == annotations
    assert [message.split(":")[0] for _, at, message in commands if at["title"] == "merge-guard"] == notes
    for level, total in (("error", errors), ("warning", warnings)):
        for number in range(total):
            assert sum(f"{level} {number}" in (row, *row.split("::"), row[row.find("MG3") + 6 :]) for row in rows) == 1


def test_unjudged_beyond_the_limit_are_in_the_log() -> None:
    report = replace(many(9, 0), unjudged=tuple(Unjudged(f"u{n}.py", "gone", True) for n in range(5)))
    rows = written(report)
    assert [row for row in rows if row.startswith("u")] == [f"u{n}.py: not judged: gone" for n in range(5)]
    assert sum(row.startswith("::error") for row in rows) == 10


@pytest.mark.parametrize(
    ("options", "levels"),
    [
        pytest.param({"quiet": True}, ["error"] * 4, id="quiet: errors"),
        pytest.param({"strict": True}, ["error"] * 5 + ["warning"], id="strict: whatever is not judged is an error"),
    ],
)
def test_options(options: dict[str, bool], levels: list[str]) -> None:
    assert [parsed(row)[0] for row in written(ORDINARY, **options) if row.startswith("::")] == levels


def test_a_huge_message_is_cut_visibly() -> None:
    long = replace(MISSING, help="h" * 3_999, message="m" * 3_999, entry_points=("e" * 3_999,))
    message = parsed(written(replace(ORDINARY, findings=(long,)))[0])[2]
    assert message.endswith("... (cut)")
    assert len(message) < 8_100
