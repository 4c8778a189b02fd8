from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from merge_guard.model.finding import Place
from merge_guard.model.report import EntryPointResult, EntryStatus, Report, Unjudged
from merge_guard.reporters import ReportOptions, write
from merge_guard.reporters.markdown import LIMIT, fenced, span
from merge_guard.reporters.sanitise import read_path, visible
from tests.reporters.report_samples import CLEAN, HOSTILE_TEXTS, LAZY, MISSING, ORDINARY, hostile, many

# Raw HTML, tables and strikethrough on, as GitHub has them; links by text alone cannot arise inside code.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OWN = {
    "paragraph_open", "paragraph_close", "heading_open", "heading_close", "bullet_list_open", "bullet_list_close",
    "list_item_open", "list_item_close", "strong_open", "strong_close", "inline", "fence", "text", "code_inline",
    "softbreak",
}  # fmt: skip


def written(report: Report, **options: bool) -> str:
    stream = io.StringIO()
    write(report, "markdown", stream, options=ReportOptions(**options))
    return stream.getvalue()


def tokens(text: str) -> Iterator[Any]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def test_an_ordinary_report() -> None:
    text = written(ORDINARY, statistics=True)
    assert text.startswith("## merge-guard\n\n**blocked: 2 errors, 1 warning, 2 not judged, 1 suppressed in 120 files")
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    assert headings == ["### Entry points", "### Not judged", "### Errors", "### 1 warning", "### Statistics"]
    assert "#### MG303 blocked-start-up: `app/core/unified_manager.py:309:1`" in text
    assert "- fails: `app.main:app` (41 modules)\n" in text
    assert "- matters: `tools/cron.py` `git object 1a2b3c is missing`\n" in text
    assert "- MG311 `app/tools/report.py:88:5` `no module named 'app.tools.pdf' (imported inside render())`\n" in text
    fences = [token.content for token in tokens(text) if token.type == "fence"]
    assert len(fences) == 4
    assert "      > <<<<<<< HEAD\n" in fences[0]
    assert "  309 | <<<<<<< HEAD\n" in fences[1]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()])
def test_what_a_repository_controls_is_code_and_comes_back(text: str) -> None:
    output = written(hostile(text), verbose=True, statistics=True)
    seen = list(tokens(output))
    assert {token.type for token in seen} <= OWN
    for token in seen:
        if token.type == "text" and text != ":":
            assert text.strip() not in token.content
    codes = [token.content for token in seen if token.type == "code_inline"]
    assert sum(read_path(code.removesuffix(":3:2")) == text for code in codes if code.endswith(":3:2")) == 3
    assert codes[0] in (visible(text), visible(text).replace("##", r"\x23#"), visible(text).replace("::", r"\x3a:"))


@pytest.mark.parametrize(
    "text",
    ["a", "`", "``", "`a", "a`", " a", "a ", " a ", "  ", "a``b`c", "```", "a\\`b", "|", "", "<b>", "&amp;", "*a*"],
)
def test_a_span_gives_its_text_back(text: str) -> None:
    code = [token.content for token in tokens(f"x {span(text)} y") if token.type == "code_inline"]
    assert code == [text] if text.strip() else len(code) == 1


def test_a_fence_gives_its_rows_back() -> None:
    rows = ["```", "`````", "~~~", "````` x", "    four", "", "# h", "</pre>", "- a"]
    (fence,) = [token for token in tokens("\n".join(fenced(rows))) if token.type == "fence"]
    assert fence.content.splitlines() == rows


def test_a_long_block_is_cut_inside_its_fence() -> None:
    (fence,) = [t for t in tokens("\n".join(fenced(["x" * 99] * 1000))) if t.type == "fence"]
    assert fence.content.splitlines()[-1] == "... (800 more lines cut)"


def test_below_the_limit_of_a_job_summary() -> None:
    text = written(many(20_000, 10))
    assert LIMIT - 2_000 < len(text.encode()) < 1_048_576
    assert text.endswith(
        "**Cut here: a job summary holds 1 MiB. There are 20,010 findings in all; the other formats have each.**\n"
    )
    assert {token.type for token in tokens(text)} <= OWN


def test_long_lists_are_cut_visibly() -> None:
    report = replace(
        many(0, 60),
        entry_points=tuple(EntryPointResult(f"e{n}", f"e{n}", EntryStatus.STARTS) for n in range(105)),
        unjudged=tuple(Unjudged(f"u{n}", "gone", False) for n in range(107)),
    )
    text = written(report)
    assert "- and 10 more warnings (`--verbose` lists them)\n" in text
    assert "- and 5 more entry points (`--verbose` lists them)\n" in text
    assert "- and 7 more files (`--verbose` lists them)\n" in text
    assert "more" not in written(report, verbose=True)


def test_long_text_is_cut_but_never_a_path() -> None:
    path = "d/" * 1500 + "x.py"
    text = written(replace(CLEAN, findings=(replace(LAZY, place=Place(path), message="m" * 1000),)))
    assert f"`{path}:1:1` `{'m' * 400}... (cut)`\n" in text


def test_quiet() -> None:
    text = written(replace(ORDINARY, findings=(LAZY, MISSING)), quiet=True)
    assert "MG302" in text
    assert "MG311" not in text
    assert "submodule" not in text
