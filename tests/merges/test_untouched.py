"""Work tree, index, refs and objects are the same, byte for byte, after every command about merges."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.gitrepo import GitRepo, isolated_environment
from tests.merges.three_way import branches, merged

BASE = "LIMIT = 1\n\n\nX = 1\n"


def state(root: Path) -> dict[str, str]:
    """Every file with its mode and digest, and every directory."""
    return {
        str(path.relative_to(root)): f"{path.lstat().st_mode} "
        + (sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in sorted(root.rglob("*"))
    }


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Two branches that conflict, a third one, a merge behind them, and one that is going on."""
    repo = branches(tmp_path / "repo", BASE, f"def f(): ...\n{BASE}", f"{BASE}def f(): ...\n")
    merged(repo, None)
    repo.branch("left")
    repo.commit({"app.py": f"Y = 1\n{BASE}"})
    repo.branch("right", "main")
    repo.commit({"app.py": f"Z = 1\n{BASE}", "new.py": "X = 1\n"})
    assert not repo.merge("left")
    repo.write({"untracked.py": "X = 1\n"})
    return repo


@pytest.mark.parametrize(
    "arguments",
    [
        ["merge", "left"],
        ["merge", "left", "--into", "main"],
        ["merge", "--matrix", "left", "right", "main", "theirs"],
        ["merge", "--merge-in-progress"],
        ["audit"],
        ["audit", "main~1..main"],
        ["merge", "--matrix", "left", "right", "main", "theirs", "--jobs", "1", "--no-cache"],
        ["audit", "--jobs", "1", "--no-cache"],
    ],
    ids=" ".join,
)
def test_nothing_changes(arguments: list[str], repo: GitRepo) -> None:
    before = state(repo.root)
    done = subprocess.run(
        [sys.executable, "-m", "merge_guard", *arguments],
        cwd=repo.root, env=isolated_environment() | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert state(repo.root) == before
