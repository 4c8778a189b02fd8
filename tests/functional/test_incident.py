"""The incident, end to end: a real merge, the real command, and the real interpreter as the judge of its chain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.functional.command import MERGE_GUARD, environment, findings, report, run
from tests.functional.incident import BLOCK, CHAIN, CONFLICTED, OURS, THEIRS, incident
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return incident(tmp_path / "shop")


def traceback_of_cpython(root: Path) -> list[tuple[str, int]]:
    """Path and line of each frame of `import main`, the syntax error's place last."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", "import main"],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "SyntaxError" in done.stderr
    frames = []
    for line in done.stderr.splitlines():
        if line.startswith('  File "') and "<" not in line.partition(",")[0]:
            path, number = line.removeprefix('  File "').split('", line ')
            frames.append((os.path.relpath(os.path.realpath(path), os.path.realpath(root)), int(number.split(",")[0])))
    return frames


def assert_is_the_incident(status: int, document: dict[str, Any]) -> None:
    assert (status, document["verdict"]) == (1, "blocked")
    (conflict,) = findings(document, "MG101")
    assert (conflict["path"], conflict["line"], conflict["end_line"]) == (CONFLICTED, *BLOCK)
    assert conflict["sides"] == [
        {"label": "HEAD", "lines": [5, 5], "parses": True, "breaks": []},
        {"label": "queue", "lines": [7, 8], "parses": True, "breaks": []},
    ]
    (blocked,) = findings(document, "MG303")
    assert [(hop["path"], hop["line"]) for hop in blocked["chain"]] == CHAIN
    assert [hop["kind"] for hop in blocked["chain"]] == ["call", *["import"] * 8, "cause"]
    assert blocked["cause"] == conflict["fingerprint"]
    assert blocked["entry_points"] == ["main"]
    assert {finding["code"] for finding in document["findings"]} <= {"MG101", "MG303", "MG104"}


def test_the_chain_is_the_traceback_of_cpython(repo: GitRepo) -> None:
    assert traceback_of_cpython(repo.root) == CHAIN
    assert_is_the_incident(*report("check", cwd=repo.root))


def test_the_commit_that_kept_the_markers(repo: GitRepo) -> None:
    """Nothing in git says that there was a conflict: the work tree, the index and the commit say the same."""
    repo.run("add", "-A")
    repo.run("commit", "-q", "-m", "resolved, they say")
    for arguments in (["check"], ["check", "--staged"], ["check", "--rev", "HEAD"], ["hook"]):
        status, document = report(*arguments, cwd=repo.root)
        assert_is_the_incident(status, document)
        assert not findings(document, "MG104")


@pytest.mark.parametrize("side", [OURS, THEIRS], ids=["ours", "theirs"])
def test_either_side_starts(repo: GitRepo, side: str) -> None:
    repo.write({CONFLICTED: side})
    status, document = report("check", cwd=repo.root)
    assert (status, document["verdict"]) == (0, "ready")
    assert {entry["name"]: entry["status"] for entry in document["entry_points"]} == {
        "main": "starts",
        "backend": "starts",
    }
    assert [finding["code"] for finding in document["findings"]] == ["MG104"], "git was not told yet"
    repo.run("add", "-A")
    status, document = report("check", cwd=repo.root)
    assert (status, document["verdict"], document["findings"]) == (0, "ready", [])


@pytest.mark.parametrize("side", [OURS, THEIRS], ids=["ours", "theirs"])
@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "--staged"], ["check", "--rev", "HEAD"], ["hook"]], ids=" ".join
)
def test_either_side_committed_starts(repo: GitRepo, side: str, arguments: list[str]) -> None:
    repo.commit({CONFLICTED: side})
    status, document = report(*arguments, cwd=repo.root)
    assert (status, document["verdict"], document["findings"]) == (0, "ready", [])
    assert {entry["name"]: entry["status"] for entry in document["entry_points"]}["main"] == "starts"


def test_a_revision_is_judged_whatever_the_work_tree_holds(repo: GitRepo) -> None:
    bad = repo.commit()
    repo.commit({CONFLICTED: OURS})
    assert_is_the_incident(*report("check", "--rev", bad, cwd=repo.root))
    assert_is_the_incident(*report("hook", cwd=repo.root, PRE_COMMIT_TO_REF=bad))
    assert report("check", cwd=repo.root)[0] == 0


def test_the_index_is_judged_whatever_the_work_tree_holds(repo: GitRepo) -> None:
    repo.run("add", "-A")
    repo.write({CONFLICTED: OURS})
    assert_is_the_incident(*report("check", "--staged", cwd=repo.root))
    repo.run("add", "-A")
    repo.write({CONFLICTED: THEIRS.replace("self.sent = 0", "return = 0")})
    assert report("check", "--staged", cwd=repo.root)[0] == 0


def test_the_conflict_alone(repo: GitRepo) -> None:
    status, document = report("conflicts", CONFLICTED, "main.py", cwd=repo.root)
    assert status == 1
    assert [(f["code"], f["path"], f["line"]) for f in findings(document, "MG101")] == [("MG101", CONFLICTED, BLOCK[0])]


def test_trace(repo: GitRepo) -> None:
    done = run("trace", CONFLICTED, "--entry", "main", cwd=repo.root)
    assert done.returncode == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    steps = lines[lines.index("main: reached") + 1 : lines.index("if it fails, main does not start")]
    assert [step.partition(": ")[0] for step in steps] == [f"{path}:{line}:1" for path, line in CHAIN[:-1]]


def test_the_single_points_of_failure(repo: GitRepo) -> None:
    done = run("trace", "--entry", "main", "--output-format", "json", cwd=repo.root)
    assert (done.returncode, done.stderr) == (0, "")
    (ranking,) = json.loads(done.stdout)["entry_points"]
    points = {point["module"]: (point["stops"], point["carries"]) for point in ranking["points"]}
    assert len(points) == ranking["modules"] - 1 == 13, "the entry point itself is no point of failure of its own"
    assert points["backend.websocket.unified"] == (9, 0)
    assert points["backend.routes"] == (3, 10)
    assert list(points)[:2] == ["backend", "backend.websocket"]
    assert run("trace", cwd=repo.root).stdout.startswith("backend: no modules of 1 stop it by failing\n")


def test_flake8(repo: GitRepo) -> None:
    command = [str(Path(MERGE_GUARD).with_name("flake8")), "--select=MG,E9", "--format=%(path)s:%(row)d %(code)s", "."]
    bad = subprocess.run(command, cwd=repo.root, env=environment(), capture_output=True, text=True, check=False)
    places = [line.removeprefix("./") for line in bad.stdout.splitlines()]
    assert {f"{CONFLICTED}:4 MG101", f"{CONFLICTED}:4 MG303"} <= set(places)
    assert (bad.returncode, bad.stderr) == (1, "")
    repo.commit({CONFLICTED: OURS})
    good = subprocess.run(command, cwd=repo.root, env=environment(), capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")


def test_a_side_that_the_rest_of_the_merge_breaks(tmp_path: Path) -> None:
    """One branch renamed a class; the other's side of the conflict still asks for the old name."""
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"main.py": "import app\n", "app.py": "from state import Old\nx = 1\n", "state.py": "class Old: ...\n"})
    repo.branch("side")
    repo.commit({"app.py": "from state import Old\nx = 2\n"})
    repo.switch("main")
    repo.commit({"app.py": "from state import New\nx = 3\n", "state.py": "class New: ...\n"})
    assert not repo.merge("side")
    status, document = report("check", "--entry", "main", cwd=repo.root)
    assert status == 1
    ours, theirs = findings(document, "MG101")[0]["sides"]
    assert ours["breaks"] == []
    assert len(theirs["breaks"]) == 1
    assert "Old" in theirs["breaks"][0]
    repo.write({"app.py": "from state import Old\nx = 2\n"})
    repo.run("add", "-A")
    assert findings(report("check", "--entry", "main", cwd=repo.root)[1], "MG302")[0]["path"] == "app.py"
    repo.write({"app.py": "from state import New\nx = 3\n"})
    repo.run("add", "-A")
    assert report("check", "--entry", "main", cwd=repo.root)[0] == 0
