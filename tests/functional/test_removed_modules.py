"""A module that the judged change takes away was the project's own, though no trace of it is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.finding import Severity
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


@pytest.mark.parametrize(
    ("files", "gone", "expected"),
    [
        pytest.param({"main.py": "from app import x\n", "app/__init__.py": "x = 1\n", "app/y.py": ""},
                     "app/__init__.py", {("MG302", "main.py")}, id="a package without its __init__"),
        pytest.param({"main.py": "from app import y\n", "app/__init__.py": "", "app/y.py": ""},
                     "app/__init__.py", set(), id="a submodule needs none"),
        pytest.param({"main.py": "import app.sub\n", "app/__init__.py": "", "app/sub/__init__.py": "x = 1\n",
                      "app/sub/y.py": "", "app/z.py": "from app.sub import x\n", "app/sub/data.json": "{}"},
                     "app/sub/__init__.py", set(), id="nobody asks for the name"),
        pytest.param({"main.py": "from app.sub import x\n", "app/__init__.py": "", "app/sub/__init__.py": "x = 1\n",
                      "app/sub/y.py": "", "app/sub/data.json": "{}"},
                     "app/sub/__init__.py", {("MG302", "main.py")}, id="a package in a package"),
        pytest.param({"main.py": "from app._version import __version__\n", "app/__init__.py": "",
                      "app/_version.py": "__version__ = '1'\n"},
                     "app/_version.py", {("MG301", "main.py")}, id="a version file that git had is not generated"),
    ],
)  # fmt: skip
def test_what_git_had_is_not_made_by_a_build(
    tmp_path: Path, files: dict[str, str], gone: str, expected: set[tuple[str, str]]
) -> None:
    repo = GitRepo(tmp_path / "tree")
    repo.commit(files)
    asked = Request(start=str(repo.root), entry=("main",), isolated=True, jobs=1, select=("MG301", "MG302"))
    assert wiring.judge(asked).findings == ()
    repo.run("rm", "-q", gone)
    found = {f for f in wiring.judge(asked).findings if f.severity is Severity.ERROR}
    assert {(finding.code, finding.place.path) for finding in found} == expected
