from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from merge_guard.model.report import EntryPointResult, EntryStatus, Report, Summary, Unjudged, Verdict
from merge_guard.reporters import ReportOptions, write
from merge_guard.reporters.sanitise import read_path
from tests.reporters.report_samples import CLEAN, HOSTILE_TEXTS, ORDINARY, hostile


def written(report: Report, **options: bool) -> list[str]:
    stream = io.StringIO()
    write(report, "concise", stream, options=ReportOptions(**options))
    return stream.getvalue().splitlines()


FINDINGS = [
    "app/core/unified_manager.py:309:1: MG303 app.main:app and app.worker cannot start: "
    "SyntaxError in app/core/unified_manager.py, line 309",
    "app/core/unified_manager.py:309:1: MG101 an unresolved git conflict between HEAD and feature/agents: "
    "neither side was chosen",
    "app/routes/chat.py:12:37: MG302 cannot import name 'ChatSevice' from 'app.services.chat'",
    "app/tools/report.py:88:5: MG311 no module named 'app.tools.pdf' (imported inside render())",
]
MATTERS = "tools/cron.py: not judged: git object 1a2b3c is missing"
OTHER = "tests/data/deep.py: not judged: too deep for the parser (MG204)"
NOTE = "note: a submodule is not checked out: vendor/lib"
LAST = "blocked: 2 errors, 1 warning, 2 not judged, 1 suppressed in 120 files (80 modules) in 0.4 s"
COUNTS = [f"      1  {row}" for row in ("MG101  conflict-block", "MG302  name-not-found")]
COUNTS += [f"      1  {row}" for row in ("MG303  blocked-start-up", "MG311  lazy-import-broken")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, [*FINDINGS, MATTERS, OTHER, NOTE, LAST], id="all"),
        pytest.param({"quiet": True}, [*FINDINGS[:3], MATTERS, LAST], id="quiet"),
        pytest.param({"quiet": True, "strict": True}, [*FINDINGS[:3], MATTERS, OTHER, LAST], id="quiet and strict"),
        pytest.param({"statistics": True}, [*FINDINGS, MATTERS, OTHER, NOTE, *COUNTS, LAST], id="statistics"),
    ],
)
def test_lines(options: dict[str, bool], expected: list[str]) -> None:
    assert written(ORDINARY, **options) == expected


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()])
def test_a_hostile_name_comes_back_from_each_line(text: str) -> None:
    rows = written(hostile(text))[:4]
    for row in rows:
        match = re.fullmatch(r"(.+?):(\d+):(\d+): (MG\d{3}) .*", row)
        assert match
        assert read_path(match[1]) == text


UNJUDGED = (Unjudged("x.py", "gone", False),)


@pytest.mark.parametrize(
    ("report", "strict", "line"),
    [
        pytest.param(CLEAN, False, "ready: no errors, no warnings in 120 files (80 modules) in 0.0 s", id="ready"),
        pytest.param(
            replace(CLEAN, summary=Summary(files=1, errors=1)),
            False,
            "ready to start, but not clean: 1 error, no warnings in 1 file in 0.0 s",
            id="errors that do not decide the verdict",
        ),
        pytest.param(
            replace(CLEAN, unjudged=UNJUDGED, summary=Summary(files=1234)),
            False,
            "ready: no errors, no warnings, 1 not judged in 1,234 files in 0.0 s",
            id="unjudged elsewhere",
        ),
        pytest.param(
            replace(CLEAN, unjudged=UNJUDGED, summary=Summary(files=2, baselined=3)),
            True,
            "unjudged: no errors, no warnings, 1 not judged, 3 baselined in 2 files in 0.0 s",
            id="unjudged elsewhere, strict",
        ),
        pytest.param(
            replace(CLEAN, verdict=Verdict.UNJUDGED, summary=Summary()),
            False,
            "unjudged: no errors, no warnings in no files in 0.0 s",
            id="unjudged",
        ),
    ],
)
def test_the_summary_agrees_with_the_exit_status(report: Report, strict: bool, line: str) -> None:
    assert written(report, strict=strict)[-1] == line


def test_entry_points_are_not_listed() -> None:
    report = replace(CLEAN, entry_points=(EntryPointResult("app", "app", EntryStatus.STARTS),))
    assert len(written(report)) == 1
