"""One hostile file never kills the judgement of the others."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.finding import Severity
from merge_guard.model.request import Request
from merge_guard.model.source import SourceFile
from merge_guard.sources.readers import WorkTreeReader
from merge_guard.workers.pool import run
from merge_guard.workers.work import Job

GOOD = 100
HOSTILE = {
    "minuses": "x = " + "-" * 200_000 + "1\n",
    "brackets": "x = " + "[" * 100_000 + "]" * 100_000 + "\n",
    "elifs": "if a:\n    pass\n" + "elif a:\n    pass\n" * 20_000,
    "attributes": "x = a" + ".b" * 50_000 + "\n",
    "calls": "x = f" + "()" * 50_000 + "\n",
    "additions": "x = " + "1 + " * 100_000 + "1\n",
    "lambdas": "x = " + "lambda: " * 20_000 + "1\n",
    "nots": "x = " + "not " * 100_000 + "1\n",
    "blocks": "".join(f"{' ' * depth}if a:\n" for depth in range(99)) + " " * 99 + "pass\n",
    "long line": "x = '" + "a" * 20_000_000 + "'\n",
}


def project(root: Path) -> None:
    package = root / "app"
    package.mkdir()
    names = [f"good{number}" for number in range(GOOD)]
    for name in names:
        (package / f"{name}.py").write_text(f"value = '{name}'\n")
    (package / "__init__.py").write_text("".join(f"from app import {name}\n" for name in names))
    for position, text in enumerate(HOSTILE.values()):
        (root / f"hostile{position}.py").write_text(text)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_others_are_judged(tmp_path: Path, jobs: int) -> None:
    project(tmp_path)
    report = wiring.judge(Request(start=str(tmp_path), entry=("app",), isolated=True, jobs=jobs))
    (entry,) = report.entry_points
    assert (entry.status.value, entry.modules) == ("starts", GOOD + 1)
    named = {finding.place.path for finding in report.findings} | {item.path for item in report.unjudged}
    assert named <= {f"hostile{position}.py" for position in range(len(HOSTILE))}
    assert "hostile0.py" in named


@pytest.mark.parametrize("position", range(len(HOSTILE)), ids=HOSTILE)
def test_markers_behind_it_are_found(tmp_path: Path, position: int) -> None:
    text = list(HOSTILE.values())[position]
    (tmp_path / "main.py").write_text(f"{text}<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> topic\n")
    report = wiring.judge(Request(start=str(tmp_path), entry=("main",), isolated=True, jobs=2))
    assert "MG101" in {finding.code for finding in report.findings}


def test_not_analysed_where_it_matters_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(HOSTILE["minuses"])
    report = wiring.judge(Request(start=str(tmp_path), entry=("main",), isolated=True, jobs=2))
    assert {(finding.code, finding.severity) for finding in report.findings} == {("MG204", Severity.ERROR)}
    assert (report.verdict.value, report.exit_status()) == ("unjudged", 2)


class Killing(WorkTreeReader):
    """Kills the process that reads one of the files, as the kernel does when memory runs out."""

    def read(self, file: SourceFile) -> bytes:
        if file.path == "app/good7.py":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(file)

    def __reduce__(self) -> tuple[object, ...]:
        return Killing, super().__reduce__()[1]


def test_a_killed_worker_is_replaced_and_its_file_named(tmp_path: Path) -> None:
    project(tmp_path)
    files = [SourceFile(f"app/good{number}.py") for number in range(GOOD)]
    answers = {file.path: (encoded, reason) for file, encoded, reason in run(Job(Killing(str(tmp_path))), files, 2)}
    assert len(answers) == GOOD
    encoded, reason = answers.pop("app/good7.py")
    assert encoded is None
    assert reason
    assert all(facts is not None for facts, _ in answers.values())
