from __future__ import annotations

import os
from pathlib import Path

import pytest

from merge_guard.errors import GitError
from merge_guard.sources.git import executable, read_config, shadow_of
from merge_guard.sources.repository import Repository, repository_at
from tests.gitrepo import GitRepo


def _located(repo: GitRepo) -> Repository:
    repository = repository_at(str(repo.root))
    assert repository is not None
    return repository


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_git_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="not installed"):
        executable()


def test_git_is_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _program(tmp_path / "git", "echo git version 2.29.3")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match=r"2\.29\.3.*2\.30 or newer"):
        executable()


def test_a_git_that_the_tree_brings_along_is_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, repo: GitRepo
) -> None:
    _program(repo.root / "git", f"touch {tmp_path}/canary; echo git version 2.40")
    monkeypatch.chdir(repo.root)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    assert os.path.isabs(executable())
    assert not (tmp_path / "canary").exists()


def test_the_shadow_goes_whatever_the_way_out(repo: GitRepo) -> None:
    seen: list[str] = []

    def interrupted() -> None:
        with shadow_of(_located(repo)) as git:
            seen.append(git.directory)
            assert os.path.isfile(os.path.join(git.directory, "config"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not os.path.exists(seen[0])


def test_what_is_written_stays_in_the_shadow(repo: GitRepo) -> None:
    repo.commit({"a.py": "a = 1\n"})
    with shadow_of(_located(repo)) as git:
        blob = git.run("hash-object", "-w", "--stdin", stdin=b"new").decode().strip()
        assert git.run("cat-file", "blob", blob) == b"new"
        assert git.run("cat-file", "-p", repo.run("rev-parse", "HEAD:a.py")) == b"a = 1\n"
    with pytest.raises(AssertionError):
        repo.run("cat-file", "blob", blob)


def test_scratch_is_not_in_the_judged_tree(monkeypatch: pytest.MonkeyPatch, repo: GitRepo) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(repo.root))
    with shadow_of(_located(repo)) as git:
        assert not git.directory.startswith(str(repo.root))


@pytest.mark.parametrize("name", ["a:b", 'a"b', "a\nb", "a\\b", "a b", "ü", "#a"])
def test_object_stores_in_odd_places(tmp_path: Path, name: str) -> None:
    repo = GitRepo(tmp_path / name)
    repo.commit({"a.py": "a = 1\n"})
    with shadow_of(_located(repo)) as git:
        assert git.run("cat-file", "-p", repo.run("rev-parse", "HEAD:a.py")) == b"a = 1\n"


def test_a_failure_is_one_line(repo: GitRepo) -> None:
    with shadow_of(_located(repo)) as git, pytest.raises(GitError, match=r"\Agit ls-tree failed: fatal: [^\n]+\Z"):
        git.run("ls-tree", "0" * 40)


def test_configuration_is_read_without_its_includes(repo: GitRepo, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with (repo.root / ".git/config").open("a") as file:
        file.write(f'[include]\n\tpath = {tmp_path}/fifo\n[branch "a.B"]\n\tRemote = o\n\tremote = p\n')
    settings = read_config(str(repo.root / ".git/config"))
    assert settings["branch.a.B.remote"] == ["o", "p"]
    assert settings["core.bare"] == ["false"]


def test_a_damaged_configuration_is_one_line(repo: GitRepo) -> None:
    (repo.root / ".git/config").write_text("[core\n")
    with pytest.raises(GitError, match=r"config: [^\n]*bad config[^\n]*\Z"):
        read_config(str(repo.root / ".git/config"))
