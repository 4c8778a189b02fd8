"""Modules that a start-up runs on some paths only.

What certainly fails in them is a warning, as in a module that nothing runs; in the judged change it is an error.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.report import Verdict
from merge_guard.model.request import Request
from tests.gitrepo import GitRepo

HEALTHY = {
    "main.py": "import json\nif json.load(open('settings'))['web']:\n    import web\n",
    "web.py": "import other\n",
    "other.py": "x = 1\n",
    "pkg/__init__.py": "",
}


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        pytest.param("from other import gone\n", [("MG302", "warning")], id="a name"),
        pytest.param("import pkg.gone\n", [("MG301", "warning")], id="a module"),
        pytest.param("if other:\n    import pkg.gone\n", [], id="under a condition of its own"),
        pytest.param("def f(:\n", [("MG201", "error")], id="a file that does not compile"),
    ],
)
@pytest.mark.parametrize("is_changed", [False, True], ids=["as it is", "changed"])
def test_what_fails_in_a_module_that_may_run(
    tmp_path: Path, web: str, expected: list[tuple[str, str]], is_changed: bool
) -> None:
    repo = GitRepo(tmp_path / "tree")
    repo.commit(HEALTHY)
    repo.commit({"web.py": web})
    asked = Request(start=str(repo.root), entry=("main",), isolated=True, jobs=1)
    report = wiring.gate(replace(asked, changed_since="HEAD~1")).report if is_changed else wiring.judge(asked)
    wanted = [(code, "error" if is_changed else severity) for code, severity in expected]
    assert [(finding.code, finding.severity.value) for finding in report.findings] == wanted
    is_blocked = any(severity == "error" for _, severity in wanted)
    assert (report.verdict is Verdict.BLOCKED) is is_blocked


def test_where_every_path_fails_each_cause_is_told_once(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "tree")
    both = "import json\nif json.load(open('settings'))['web']:\n    import web\nelse:\n    import web2\n"
    repo.commit({**HEALTHY, "main.py": both, "web.py": "import pkg.gone\n", "web2.py": "import pkg.lost\n"})
    report = wiring.judge(Request(start=str(repo.root), entry=("main",), isolated=True, jobs=1))
    leaves = [finding.place.path for finding in report.findings if finding.code == "MG301"]
    assert sorted(leaves) == ["web.py", "web2.py"]
    assert report.verdict is Verdict.BLOCKED
