"""A module that the judged change takes away was the project's own, though no trace of it is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.gate import Standing
from merge_guard.model.request import Mode, Request
from tests.gitrepo import GitRepo


@pytest.mark.parametrize("requirements", ["", "click\n", "helper\n"])
def test_a_top_level_module_that_the_change_deletes_was_no_third_partys(tmp_path: Path, requirements: str) -> None:
    repo = GitRepo(tmp_path / "tree")
    repo.commit({"main.py": "import helper\n", "helper.py": "x = 1\n", "requirements.txt": requirements})
    repo.run("rm", "-q", "helper.py")
    brought = requirements.startswith("helper")
    asked = Request(start=str(repo.root), entry=("main",), isolated=True, jobs=1)
    for mode in (asked, replace(asked, mode=Mode.STAGED), replace(asked, changed_since="HEAD")):
        found = {(finding.code, finding.place.path) for finding in wiring.judge(mode).findings}
        assert (("MG301", "main.py") in found) is not brought
    gate = wiring.gate(replace(asked, changed_since="HEAD"))
    (changed,) = gate.changed or ()
    assert (changed.standing is Standing.CAUSE) is not brought
    repo.commit(message="gone")
    found = {finding.code for finding in wiring.judge(replace(asked, mode=Mode.REVISION, revision="HEAD")).findings}
    assert ("MG301" in found) is not brought
