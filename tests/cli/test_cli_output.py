"""Streams, files, colour, progress: the edges of the command line."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from merge_guard.cli.output import OutputError, append_summary, replaced, wants_color
from merge_guard.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "expected"),
    [
        pytest.param("auto", {}, True, True, id="a terminal"),
        pytest.param("auto", {}, False, False, id="a pipe"),
        pytest.param("auto", {"NO_COLOR": "1"}, True, False, id="NO_COLOR"),
        pytest.param("auto", {"NO_COLOR": ""}, True, True, id="an empty NO_COLOR is none"),
        pytest.param("auto", {"FORCE_COLOR": "1"}, False, True, id="FORCE_COLOR"),
        pytest.param("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False, id="NO_COLOR wins"),
        pytest.param("auto", {"TERM": "dumb"}, True, False, id="dumb terminal"),
        pytest.param("always", {"NO_COLOR": "1"}, False, True, id="the option wins"),
        pytest.param("never", {"FORCE_COLOR": "1"}, True, False, id="the option wins, never"),
    ],
)
def test_color(choice: str, environment: dict[str, str], terminal: bool, expected: bool) -> None:
    assert wants_color(choice, Terminal() if terminal else io.StringIO(), environment) is expected


def test_github_actions_has_color_in_its_log_but_not_in_a_file(tmp_path: Path) -> None:
    environment = {"GITHUB_ACTIONS": "true"}
    read, write = os.pipe()
    with open(read, encoding="utf-8"), open(write, "w", encoding="utf-8") as log:
        assert wants_color("auto", log, environment)
    with open(tmp_path / "log", "w", encoding="utf-8") as file:
        assert not wants_color("auto", file, environment)


def test_a_file_is_replaced_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    with replaced(str(path)) as stream:
        stream.write("new\n")
        stream.flush()
        assert path.read_text(encoding="utf-8") == "old"
    assert path.read_bytes() == b"new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["report"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replaced(str(path)) as stream:
        stream.write("half" * (1 // 0))
    assert path.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["report"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to("there/report")
    with replaced(str(link)) as stream:
        stream.write("new")
    assert link.is_symlink()
    assert (tmp_path / "there" / "report").read_text(encoding="utf-8") == "new"


def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replaced(str(pipe)) as stream:
        stream.write("new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("absent/report", id="no folder"),
        pytest.param(".", id="a folder"),
        pytest.param("a\0b", id="NUL"),
        pytest.param("x" * 300, id="too long"),
    ],
)
def test_a_place_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot write "), replaced(f"{tmp_path}/{name}") as stream:
        stream.write("new")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({"GITHUB_ACTIONS": "true"}, "before\nadded\n", id="in an action"),
        pytest.param({}, "before\n", id="elsewhere"),
    ],
)
def test_the_job_summary_is_added_to(tmp_path: Path, environment: dict[str, str], expected: str) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    append_summary(environment | {"GITHUB_STEP_SUMMARY": str(summary)}, lambda stream: print("added", file=stream))
    assert summary.read_text(encoding="utf-8") == expected


def test_a_summary_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "x")}
    append_summary(environment, lambda stream: None)
    assert capsys.readouterr().err.startswith("merge-guard: cannot write the job summary ")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("stream", "shown", "seconds", "drawn"),
    [
        pytest.param(Terminal(), True, 2.0, True, id="long, on a terminal"),
        pytest.param(Terminal(), True, 0.5, False, id="short"),
        pytest.param(Terminal(), False, 2.0, False, id="not wanted"),
        pytest.param(io.StringIO(), True, 2.0, False, id="no terminal"),
    ],
)
def test_progress(stream: io.StringIO, shown: bool, seconds: float, drawn: bool) -> None:
    clock = Clock()
    with Progress(stream, shown=shown, clock=clock) as progress:
        clock.now = seconds
        progress("reading", 5, 10)
        progress("reading", 6, 10)
        progress("judging", 0, 0)
    text = stream.getvalue()
    assert ("reading" in text) is drawn
    assert "6/10" not in text, "no more than ten times a second"
    assert text.endswith("\r\x1b[K") is drawn, "the line is removed"


def test_progress_outlives_its_terminal() -> None:
    class Gone(Terminal):
        def flush(self) -> None:
            raise OSError(5, "Input/output error")

    clock = Clock()
    with Progress(Gone(), shown=True, clock=clock) as progress:
        clock.now = 2.0
        progress("reading", 1, 2)
