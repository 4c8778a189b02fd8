"""What holds for every format."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest

from merge_guard.errors import UsageError
from merge_guard.model.report import Report
from merge_guard.reporters import FORMATS, ReportOptions, write
from tests.reporters.report_samples import CLEAN, HOSTILE_TEXTS, ORDINARY, hostile

RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
OWN_COLOURS = re.compile(r"\x1b\[(?:0|1|2|32|33|36|1;31)m")
# How the runner of GitHub Actions finds a command (ActionCommand.cs): `::` first in a trimmed line, `##[` anywhere.
COMMAND = re.compile(r"\s*::|.*##\[|.*##vso\[|.*##teamcity\[")
ALL = [pytest.param(fmt, id=fmt) for fmt in FORMATS]
HOSTILE = [pytest.param(text, id=name) for name, text in HOSTILE_TEXTS.items()]


def written(report: Report, fmt: str, **options: object) -> str:
    stream = io.StringIO(newline="")
    write(report, fmt, stream, options=ReportOptions(**options))  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize("fmt", ALL)
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("verbose", [False, True])
def test_no_raw_control_character_and_no_unowned_command(text: str, fmt: str, verbose: bool) -> None:
    output = written(hostile(text), fmt, verbose=verbose, statistics=True)
    assert output.endswith("\n")
    assert not RAW.search(output)
    for line in output.split("\n"):
        if COMMAND.match(line):
            assert fmt == "github"
            assert re.match(
                r"::(?:error|warning) (?:file=[^:,]*,line=\d+,endLine=\d+,(?:col=\d+,)?)?title=[^:,]*::", line
            )
            assert not re.search(r"##\w*\[", line)


@pytest.mark.parametrize("text", HOSTILE)
def test_colours_are_the_only_control_characters(text: str) -> None:
    plain, coloured = (written(hostile(text), "full", color=color) for color in (False, True))
    assert coloured != plain
    assert OWN_COLOURS.sub("", coloured) == plain


@pytest.mark.parametrize("fmt", ALL)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "shift_jis"])
@pytest.mark.parametrize("text", HOSTILE)
def test_any_stream_takes_it(text: str, encoding: str, fmt: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="")
    write(hostile(text), fmt, stream, options=ReportOptions())
    stream.flush()


@pytest.mark.parametrize("fmt", ALL)
@pytest.mark.parametrize("report", [pytest.param(ORDINARY, id="ordinary"), pytest.param(CLEAN, id="clean")])
def test_the_same_report_gives_the_same_text(report: Report, fmt: str) -> None:
    assert written(report, fmt) == written(report, fmt)


def test_an_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no output format 'xml': choose from full, concise, json"):
        written(CLEAN, "xml")


@pytest.mark.parametrize("fmt", ALL)
def test_a_format_imports_only_what_it_needs(fmt: str) -> None:
    heavy = {"rich", "libcst", "sqlite3", "click", "flake8"} | ({"json", "urllib.parse"} if fmt == "concise" else set())
    code = (
        "import sys; before = set(sys.modules); sys.path.insert(0, sys.argv[1]); from report_samples import CLEAN;"
        "from merge_guard.reporters import ReportOptions, write;"
        "write(CLEAN, sys.argv[2], sys.stdout, options=ReportOptions());"
        "print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, __file__.rpartition("test_formats")[0], fmt],
        capture_output=True,
        text=True,
        check=True,
    )
    assert heavy.isdisjoint(done.stderr.split())
    assert done.stdout == written(CLEAN, fmt)
