"""A resolution before it is committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard.model.request import Request
from merge_guard.operations import in_progress
from tests.gitrepo import GitRepo
from tests.merges.three_way import branches, told

BASE = "LIMIT = 1\n\n\nclass A:\n    def a(self): return 1\n"
OURS = f"{BASE}\n    def ours(self): return 1\n"
THEIRS = f"{BASE}\n    def theirs(self): return 2\n"
BOTH = f"{OURS}\n    def theirs(self): return 2\n"


def resolution(repo: GitRepo, **environ: str) -> list[str] | None:
    report = in_progress.resolution(Request(start=str(repo.root), cache_dir=None), environ)
    return told(report.findings) if report is not None else None


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = branches(tmp_path / "repo", BASE, OURS, THEIRS)
    assert not repo.merge("theirs")
    return repo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(BOTH, [], id="both sides survive"),
        pytest.param(OURS, [], id="taken whole from ours"),
        pytest.param(OURS.replace("1\n", "1\n\n", 1), ["W MG506 5"], id="theirs is lost"),
        pytest.param(f"{BOTH}\n    def ours(self): return 1\n", ["E MG502 11"], id="ours is doubled"),
        pytest.param(BOTH.replace("1\n", "(\n", 1), ["E MG501 1"], id="broken"),
    ],
)
def test_the_index(text: str, expected: list[str], repo: GitRepo) -> None:
    repo.write({"app.py": text})
    repo.run("add", "-A")
    assert [item for item in resolution(repo) or () if "MG5" in item] == expected


def test_markers_that_were_added(repo: GitRepo) -> None:
    repo.run("add", "-A")
    assert any("MG101" in item for item in resolution(repo) or ())


def test_a_path_that_is_unmerged_still(repo: GitRepo) -> None:
    repo.write({"app.py": f"{BOTH}\n    def ours(self): return 1\n"})
    assert resolution(repo) == ["E MG104 1", "E MG502 11"]


def test_no_merge(tmp_path: Path) -> None:
    assert resolution(branches(tmp_path / "repo", BASE, OURS, THEIRS)) is None


def test_no_commit_yet(tmp_path: Path) -> None:
    assert resolution(GitRepo(tmp_path / "repo")) is None


def test_before_git_writes_down_the_merge(tmp_path: Path) -> None:
    """When the hook pre-merge-commit runs, only the environment tells what is merged."""
    repo = branches(tmp_path / "repo", BASE, f"def f(): ...\n{BASE}", f"{BASE}def f(): ...\n")
    theirs = repo.run("rev-parse", "theirs")
    repo.run("merge", "-q", "--no-commit", "theirs")
    (repo.root / ".git/MERGE_HEAD").unlink()
    assert resolution(repo) is None
    assert resolution(repo, **{f"GITHEAD_{theirs}": "theirs", "PRE_COMMIT": "1"}) == ["E MG502 7"]


def test_after_the_merge(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", BASE, f"def f(): ...\n{BASE}", f"{BASE}def f(): ...\n")
    repo.merge("theirs")
    assert resolution(repo) is None
    theirs = repo.run("rev-parse", "theirs")
    hook = {"PRE_COMMIT_IS_SQUASH_MERGE": "0", "PRE_COMMIT": "1", f"GITHEAD_{theirs}": "theirs"}
    assert resolution(repo, **hook) == ["E MG502 7"]


def test_after_a_fast_forward(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", BASE, f"def f(): ...\n{BASE}", f"{BASE}def f(): ...\n")
    repo.merge("theirs")
    repo.switch("theirs")
    repo.run("merge", "-q", "--ff-only", "main")
    assert resolution(repo, PRE_COMMIT_IS_SQUASH_MERGE="0") is None
