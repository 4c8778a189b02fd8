"""Which rule of git ignores a path that is not there, as `git check-ignore` says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard.sources.index import index_snapshot
from merge_guard.sources.revision import revision_snapshot
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo

TREE = {
    ".gitignore": "*.pyc\n# a comment\nlib/\n/build\n!keep.pyc\n",
    "app/.gitignore": "local_*.py\n!lib/\n",
    "app/main.py": "",
}
PATHS = (
    "x.pyc", "a/b/x.pyc", "keep.pyc", "lib/x.py", "a/lib/x/y.py", "lib", "build/x.py", "a/build/x.py", "app/lib/x.py",
    "app/local_settings.py", "local_settings.py", "app/a/local_x.py", "app/main.py", "app/other.py",
)  # fmt: skip


def expected(repo: GitRepo, path: str) -> str:
    said = repo.run("check-ignore", "--verbose", "--no-index", path, check=False)
    if not said:
        return ""
    name, line, pattern = said.split("\t")[0].split(":", 2)
    return "" if pattern.startswith("!") else f"{name} line {line}"


@pytest.mark.parametrize("path", PATHS)
def test_git_agrees(path: str, tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit(TREE)
    wanted = expected(repo, path)
    root = str(repo.root)
    for snapshot in (work_tree_snapshot(root), index_snapshot(root), revision_snapshot(root, "HEAD")):
        assert snapshot.ignored(path) == wanted, snapshot.label


def test_rules_outside_the_tree_count_in_the_work_tree(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit(TREE)
    before = work_tree_snapshot(str(repo.root)).exclusions
    (repo.root / ".git/info/exclude").write_text("secret.py\n")
    snapshot = work_tree_snapshot(str(repo.root))
    assert snapshot.ignored("app/secret.py") == "exclude line 1"
    assert snapshot.exclusions != before, "what is kept between runs must know of it"
    assert index_snapshot(str(repo.root)).ignored("app/secret.py") == ""


def test_how_rules_match_is_known_of(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit({".gitignore": "Secret.py\n"})
    before = work_tree_snapshot(str(repo.root))
    repo.run("config", "core.ignorecase", "true")
    after = work_tree_snapshot(str(repo.root))
    assert (before.ignored("secret.py"), after.ignored("secret.py")) == ("", ".gitignore line 1")
    assert after.exclusions != before.exclusions
