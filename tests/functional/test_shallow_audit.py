"""A clone that lacks history: what an audit cannot see is not clean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.functional.command import run
from tests.gitrepo import GitRepo


@pytest.fixture
def origin(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "origin")
    repo.commit({"a.py": "x = 1\n"}, "base")
    repo.run("checkout", "-q", "-b", "side")
    repo.commit({"b.py": "y = 1\n"}, "side")
    repo.run("checkout", "-q", "-")
    repo.commit({"c.py": "z = 1\n"}, "ours")
    repo.run("merge", "-q", "--no-edit", "side")
    return repo


@pytest.mark.parametrize(
    ("depth", "revisions", "status", "said"),
    [
        pytest.param(1, "HEAD", 2, "not judged: the clone is shallow", id="the merge is where history ends"),
        pytest.param(2, "HEAD", 2, "not judged: the clone is shallow", id="its parents are"),
        pytest.param(2, "HEAD~1..HEAD", 2, "not judged: the clone is shallow", id="one of them is in the range"),
        pytest.param(1, "HEAD..HEAD", 0, "no merges", id="nothing in the range"),
        pytest.param(9, "HEAD", 0, "1 merge, 1 of them", id="all is there"),
    ],
)
def test_audit(depth: int, revisions: str, status: int, said: str, origin: GitRepo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--depth", str(depth), f"file://{origin.root}", str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    done = run("audit", revisions, "--no-cache", cwd=clone)
    assert (done.returncode, said in done.stdout) == (status, True), done.stdout
