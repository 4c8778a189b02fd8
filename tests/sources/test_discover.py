from __future__ import annotations

import os
from pathlib import Path

import pytest

from merge_guard.errors import GitError, UsageError
from merge_guard.sources.discover import find_root
from tests.gitrepo import GitRepo


def test_from_below_a_repository(repo: GitRepo) -> None:
    repo.write({"a/b/c.py": ""})
    for start in ("", "a", "a/b", "a/b/c.py", ".git/hooks"):
        assert find_root(str(repo.root / start)) == (str(repo.root), "git")


def test_links_are_resolved(repo: GitRepo, tmp_path: Path) -> None:
    repo.write({"a/b.py": ""})
    (tmp_path / "link").symlink_to(repo.root / "a")
    assert find_root(str(tmp_path / "link")) == (str(repo.root), "git")


def test_a_plain_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert find_root(str(tmp_path / "a")) == (str(tmp_path / "a"), "folder")


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        find_root(str(tmp_path / "gone"))


def test_bare(tmp_path: Path) -> None:
    bare = GitRepo(tmp_path / "bare.git", bare=True)
    assert find_root(str(bare.root)) == (str(bare.root), "bare")
    assert find_root(str(bare.root / "refs")) == (str(bare.root), "bare")


def test_a_bare_repository_embedded_in_a_work_tree_is_a_folder_of_it(repo: GitRepo) -> None:
    GitRepo(repo.root / "evil", bare=True)
    assert find_root(str(repo.root / "evil")) == (str(repo.root), "git")


def test_a_work_tree_beside_its_bare_repository(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a.py": ""})
    (tmp_path / "project").mkdir()
    repo.run("clone", "-q", "--bare", ".", str(tmp_path / "project/.git"))
    bare = GitRepo.at(tmp_path / "project")
    bare.run("worktree", "add", "-q", "tree", "main")
    assert find_root(str(tmp_path / "project"))[1] == "bare"
    assert find_root(str(tmp_path / "project/tree")) == (str(tmp_path / "project/tree"), "git")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda path: path.mkdir(), "repo", id="an empty directory is passed over"),
        pytest.param(lambda path: os.mkfifo(path), "repo", id="a FIFO is passed over"),
        pytest.param(lambda path: path.symlink_to(path), "repo", id="a link to itself is passed over"),
        pytest.param(lambda path: path.write_bytes(b"gitdir: ../gone\n"), "repo/sub", id="a file that leads nowhere"),
        pytest.param(lambda path: path.write_bytes(b"\0\xff garbage"), "repo/sub", id="a file of garbage"),
        pytest.param(lambda path: path.write_bytes(b"gitdir: a\0b\n"), "repo/sub", id="a file with a NUL"),
    ],
)
def test_a_git_that_is_no_repository(repo: GitRepo, make: object, expected: str) -> None:
    (repo.root / "sub").mkdir()
    make(repo.root / "sub/.git")  # type: ignore[operator]
    kind = "folder" if expected == "repo/sub" else "git"
    assert find_root(str(repo.root / "sub")) == (str(repo.root.parent / expected), kind)


def test_a_link_to_a_git_directory(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/.git").symlink_to(repo.root / ".git")
    assert find_root(str(tmp_path / "other")) == (str(tmp_path / "other"), "git")


def test_git_dir_counts_in_the_work_tree_that_it_states(repo: GitRepo, tmp_path: Path) -> None:
    (tmp_path / "tree/sub").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    environ = {"GIT_DIR": str(repo.root / ".git"), "GIT_WORK_TREE": str(tmp_path / "tree")}
    assert find_root(str(tmp_path / "tree/sub"), environ) == (str(tmp_path / "tree"), "git")
    assert find_root(str(tmp_path / "elsewhere"), environ) == (str(tmp_path / "elsewhere"), "folder")


def test_git_dir_that_is_none(tmp_path: Path) -> None:
    environ = {"GIT_DIR": str(tmp_path / "gone"), "GIT_WORK_TREE": str(tmp_path)}
    with pytest.raises(GitError, match="GIT_DIR"):
        find_root(str(tmp_path), environ)


def test_core_worktree_is_not_believed(repo: GitRepo) -> None:
    repo.run("config", "core.worktree", "/")
    assert find_root(str(repo.root)) == (str(repo.root), "git")
