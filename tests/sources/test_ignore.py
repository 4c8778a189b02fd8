"""The judge is git: what `ls-files --others --exclude-standard` lists in the same tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merge_guard.model.source import FileKind
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo

FILES = (
    "a.py",
    "b.txt",
    "build/a.py",
    "build/keep/a.py",
    "pkg/a.py",
    "pkg/b.txt",
    "pkg/sub/a.py",
    "x y",
    "#c",
    "!d",
    "f ",
)


def _listed(repo: GitRepo) -> set[str]:
    files = work_tree_snapshot(str(repo.root)).files
    return {file.path for file in files if file.kind is not FileKind.DIRECTORY}


def _listed_by_git(repo: GitRepo) -> set[str]:
    arguments = ("ls-files", "--cached", "--others", "--exclude-standard", "-z")
    xdg = os.environ["XDG_CONFIG_HOME"]
    return set(repo.run(*arguments, XDG_CONFIG_HOME=xdg).rstrip("\0").split("\0")) - {""}


@pytest.mark.parametrize(
    ("rules", "ignored"),
    [
        pytest.param({".gitignore": "*.py\n"}, {"a.py", "build/a.py", "pkg/a.py"}, id="any depth"),
        pytest.param({".gitignore": "/a.py"}, {"a.py"}, id="no newline at the end"),
        pytest.param(
            {".gitignore": "build/\n!build/keep/\n"}, {"build/a.py", "build/keep/a.py"}, id="a parent decides"
        ),
        pytest.param({".gitignore": "build/*\n!build/keep/\n"}, {"build/a.py"}, id="re-included"),
        pytest.param({".gitignore": "*.py\n", "pkg/.gitignore": "!a.py\n"}, {"a.py", "build/a.py"}, id="deeper wins"),
        pytest.param({"pkg/.gitignore": "/a.py\n"}, {"pkg/a.py"}, id="anchored in its directory"),
        pytest.param({".gitignore": "#c\n\\#c\n\\!d\nf\\ \n"}, {"#c", "!d", "f "}, id="escapes"),
        pytest.param({".gitignore": "\ufeffa.py\r\nx y   \r\n"}, {"a.py", "x y"}, id="mark, CRLF and trailing spaces"),
        pytest.param({".gitignore": "[a\npkg\\\n"}, set(), id="patterns that match nothing"),
        pytest.param({".git/info/exclude": "b.txt\n"}, {"b.txt", "pkg/b.txt"}, id="info/exclude"),
        pytest.param({".git/info/exclude": "b.txt\n", ".gitignore": "!b.txt"}, set(), id="which is weaker"),
    ],
)
def test_as_git_does(repo: GitRepo, rules: dict[str, str | bytes], ignored: set[str]) -> None:
    repo.write(dict.fromkeys(FILES, ""))
    repo.write(rules)
    listed = _listed(repo)
    assert listed == _listed_by_git(repo)
    assert ignored.isdisjoint(listed)
    assert {"a.py", "b.txt"} - ignored <= listed


@pytest.mark.parametrize("place", ["repository", "user", "default"])
def test_the_excludes_file(repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    repo.write({"a.py": "", "b.py": ""})
    file = tmp_path / "xdg/git/ignore"
    file.parent.mkdir(parents=True)
    file.write_text("a.py\n")
    if place == "repository":
        repo.run("config", "core.excludesFile", str(file))
    elif place == "user":
        (tmp_path / "user").write_text(f"[core]\n\texcludesFile = {file}\n")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "user"))
    else:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert _listed(repo) == {"b.py"}


def test_ignored_but_tracked(repo: GitRepo) -> None:
    repo.write({"build/a.py": "", "build/b.py": "", "build/deep/c.py": "", ".gitignore": "build\n"})
    repo.run("add", "-f", "build/a.py")
    assert _listed(repo) == {".gitignore", "build/a.py"} == _listed_by_git(repo)


@pytest.mark.parametrize("kind", ["fifo", "link", "directory"])
def test_a_gitignore_that_is_no_file(repo: GitRepo, kind: str) -> None:
    """Git would wait on the FIFO for ever."""
    repo.write({"a.py": "", "rules": "a.py\n"})
    path = repo.root / ".gitignore"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("rules")
    else:
        path.mkdir()
    assert "a.py" in _listed(repo)


_atoms = st.sampled_from(
    [
        "a",
        "b",
        "pkg",
        "build",
        ".py",
        "*",
        "**",
        "?",
        "[ab]",
        "[!a]",
        "[[:alpha:]]",
        "/",
        "**/",
        "/**",
        "\\",
        "!",
        "#",
        " ",
    ]
)
_lines = st.lists(st.lists(_atoms, min_size=1, max_size=5).map("".join), max_size=4).map("\n".join)


@given(root=_lines, below=_lines)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_patterns_as_git_does(repo: GitRepo, root: str, below: str) -> None:
    repo.write(dict.fromkeys(FILES, ""))
    repo.write({".gitignore": root, "pkg/.gitignore": below})
    assert _listed(repo) == _listed_by_git(repo)
