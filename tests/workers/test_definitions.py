"""The tier of definitions through the `Extractor` port: in this process, in workers, and what cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard.model.definitions import Definitions
from merge_guard.model.source import SourceFile
from merge_guard.sources.work_tree import work_tree_snapshot
from merge_guard.workers.extractor import LocalExtractor
from merge_guard.workers.work import Job


@pytest.mark.parametrize("count", [pytest.param(3, id="here"), pytest.param(120, id="in workers")])
def test_every_file_is_answered(count: int, tmp_path: Path) -> None:
    for number in range(count):
        (tmp_path / f"m{number}.py").write_text(f"class A{number}:\n    def f(self):\n        return {number}\n")
    (tmp_path / "hostile.py").write_text(f"def g(): ...\nx = {'-' * 400}1\n")
    snapshot = work_tree_snapshot(str(tmp_path))
    files = [*snapshot.files, SourceFile("gone.py")]
    answers = {file.path: answer for file, answer in LocalExtractor(Job(snapshot.reader), 2).definitions(files)}
    assert len(answers) == count + 2
    assert isinstance(answers["gone.py"], str)
    known = {path: answer for path, answer in answers.items() if isinstance(answer, Definitions)}
    assert [item.qualname for item in known["m2.py"].items] == ["A2", "A2.f"]
    assert [item.qualname for item in known["hostile.py"].items] == ["g"]
