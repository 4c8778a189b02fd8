"""The hooks as pre-commit runs them: installed by pre-commit itself from a checkout, on real commits and pushes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import merge_guard
from tests.functional.incident import CHAIN, CONFLICTED, OURS, incident
from tests.gitrepo import GitRepo, isolated_environment

pytestmark = pytest.mark.slow

ROOT = Path(merge_guard.__file__).resolve().parent.parent
CONFLICT = "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"
SOUND = {
    "merge-guard.toml": 'entry = ["app.main"]\n',
    "app/__init__.py": "",
    "app/main.py": "from app import core\n",
    "app/core.py": "x = 1\n",
}
BUILT_FROM = ("merge_guard", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository with what this checkout holds now, committed or not."""
    root = tmp_path_factory.mktemp("hooks") / "merge-guard"
    root.mkdir()
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, root / name)
    repo = GitRepo(root)
    repo.commit()
    return repo


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment: built once."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="module", autouse=True)
def environment(home: Path) -> Iterator[pytest.MonkeyPatch]:
    """The hooks run below `git commit`: pre-commit's own variables have to come through git's."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("GIT_", "PRE_COMMIT", "GITHUB_", "NO_COLOR", "FORCE_COLOR", "PYTHONPATH")):
                patch.delenv(name)
        patch.setenv("PRE_COMMIT_HOME", str(home))
        yield patch


@pytest.fixture
def repo(tmp_path: Path, hooks: GitRepo) -> GitRepo:
    """A project that uses both hooks, with the hooks installed and one sound commit."""
    repo = GitRepo(tmp_path / "project")
    repo.write({".pre-commit-config.yaml": configuration(hooks)})
    for stage in ("pre-commit", "pre-merge-commit", "pre-push"):
        pre_commit(repo, "install", "-t", stage)
    done = commit(repo, dict(SOUND))
    assert done.returncode == 0, done.stdout + done.stderr
    return repo


def configuration(hooks: GitRepo) -> str:
    repo = f"- repo: {hooks.root}\n  rev: {hooks.run('rev-parse', 'HEAD')}\n"
    return f"repos:\n{repo}  hooks:\n  - id: merge-guard\n  - id: merge-guard-conflicts\n"


def pre_commit(repo: GitRepo, *arguments: str) -> subprocess.CompletedProcess[str]:
    return git_like(repo, sys.executable, "-m", "pre_commit", *arguments)


def git_like(repo: GitRepo, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=repo.root, env=isolated_environment(), capture_output=True, encoding="utf-8", check=False
    )


def commit(repo: GitRepo, files: dict[str, str | bytes]) -> subprocess.CompletedProcess[str]:
    repo.write(files)
    repo.run("add", "-A")
    return git_like(repo, "git", "commit", "-m", "change")


def head(repo: GitRepo) -> str:
    return repo.run("rev-parse", "HEAD")


def test_a_staged_conflict_is_stopped_though_the_work_tree_is_sound(repo: GitRepo) -> None:
    before = head(repo)
    repo.write({"app/core.py": CONFLICT})
    repo.run("add", "-A")
    repo.write({"app/core.py": "x = 1\n"})
    done = git_like(repo, "git", "commit", "-m", "bad")
    assert done.returncode == 1
    assert "MG101" in done.stdout + done.stderr
    assert head(repo) == before
    assert (repo.root / "app/core.py").read_text(encoding="utf-8") == "x = 1\n"


def test_a_sound_index_passes_though_the_work_tree_is_broken(repo: GitRepo) -> None:
    repo.write({"app/core.py": "x = 2\n"})
    repo.run("add", "-A")
    repo.write({"app/core.py": CONFLICT})
    done = git_like(repo, "git", "commit", "-m", "good")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (repo.root / "app/core.py").read_text(encoding="utf-8") == CONFLICT


def test_a_commit_that_only_deletes(repo: GitRepo) -> None:
    """Neither file name reaches the hook, and the import of the deleted module is broken."""
    before = head(repo)
    repo.run("rm", "-q", "app/core.py")
    done = git_like(repo, "git", "commit", "-m", "bad")
    assert done.returncode == 1
    assert "app/main.py" in done.stdout + done.stderr
    assert head(repo) == before


@pytest.mark.parametrize("arguments", [["-a"], ["app/core.py"]], ids=["commit -a", "commit PATH"])
def test_the_index_that_the_commit_uses(repo: GitRepo, arguments: list[str]) -> None:
    """Git makes another index for these; `git add` was never called."""
    repo.write({"app/core.py": CONFLICT})
    done = git_like(repo, "git", "commit", "-m", "bad", *arguments)
    assert done.returncode == 1
    assert "MG101" in done.stdout + done.stderr


def test_a_conflict_in_any_kind_of_file(repo: GitRepo) -> None:
    done = commit(repo, {"notes.md": CONFLICT, "table.csv": CONFLICT.encode("utf-16")})
    assert done.returncode == 1
    assert "notes.md" in done.stdout + done.stderr
    assert "table.csv" in done.stdout + done.stderr


def test_push_judges_what_is_pushed(repo: GitRepo, tmp_path: Path) -> None:
    remote = GitRepo(tmp_path / "remote", bare=True)
    repo.run("remote", "add", "origin", str(remote.root))
    assert git_like(repo, "git", "push", "-q", "origin", "main").returncode == 0
    repo.write({"app/core.py": CONFLICT})
    repo.run("add", "-A")
    repo.run("commit", "-q", "--no-verify", "-m", "bad")
    repo.run("rm", "-q", "--cached", "app/core.py")
    repo.write({"app/core.py": "x = 1\n"})
    repo.run("add", "-A")
    done = git_like(repo, "git", "push", "-q", "origin", "main")
    assert done.returncode != 0
    assert "MG101" in done.stdout + done.stderr


def test_run_from_ref_to_ref(repo: GitRepo) -> None:
    good = head(repo)
    repo.write({"app/core.py": CONFLICT})
    repo.run("add", "-A")
    repo.run("commit", "-q", "--no-verify", "-m", "bad")
    bad = head(repo)
    assert pre_commit(repo, "run", "merge-guard", "--from-ref", good, "--to-ref", bad).returncode == 1
    assert pre_commit(repo, "run", "merge-guard", "--from-ref", bad, "--to-ref", good).returncode == 0


def test_the_incident(tmp_path: Path, hooks: GitRepo) -> None:
    """A conflicted merge is concluded with its markers in: the commit is stopped, and shown where start-up ends."""
    repo = incident(tmp_path / "shop")
    repo.write({".pre-commit-config.yaml": configuration(hooks)})
    pre_commit(repo, "install")
    repo.run("add", "-A")
    before = head(repo)
    done = git_like(repo, "git", "commit", "-m", "resolved, they say")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert head(repo) == before
    places = [said.index(f'File "{path}", line {line}') for path, line in CHAIN]
    assert places == sorted(places)
    assert said.count("MG303") == 1
    repo.write({CONFLICTED: OURS})
    repo.run("add", "-A")
    done = git_like(repo, "git", "commit", "-m", "resolved")
    assert done.returncode == 0, done.stdout + done.stderr


def test_try_repo(repo: GitRepo, hooks: GitRepo) -> None:
    done = pre_commit(repo, "try-repo", str(hooks.root), "merge-guard", "--all-files")
    assert done.returncode == 0, done.stdout + done.stderr


DOUBLED = "def run(): return 1\n"


def merging(repo: GitRepo, hooks: GitRepo, *stages: str) -> None:
    """Two branches of which each adds the same function at another place; only the hook about merges is installed."""
    config = configuration(hooks).split("  hooks:")[0] + "  hooks:\n  - id: merge-guard-merge\n    verbose: true\n"
    for stage in ("pre-commit", "pre-merge-commit", "pre-push"):
        pre_commit(repo, "uninstall", "-t", stage)
    repo.commit({".pre-commit-config.yaml": config, "app/core.py": "x = 1\n\n\ny = 1\n"})
    repo.branch("theirs")
    repo.commit({"app/core.py": f"x = 1\n\n\ny = 1\n{DOUBLED}"})
    repo.switch("main")
    repo.commit({"app/core.py": f"{DOUBLED}x = 1\n\n\ny = 1\n"})
    for stage in stages:
        pre_commit(repo, "install", "-t", stage)


def test_a_clean_merge_that_doubles_is_stopped(repo: GitRepo, hooks: GitRepo) -> None:
    merging(repo, hooks, "pre-merge-commit")
    before = head(repo)
    done = git_like(repo, "git", "merge", "--no-edit", "theirs")
    assert done.returncode == 1
    assert "MG502" in done.stdout + done.stderr
    assert head(repo) == before


def test_a_resolution_that_doubles_is_stopped(repo: GitRepo, hooks: GitRepo) -> None:
    merging(repo, hooks, "pre-commit")
    before = head(repo)
    repo.run("merge", "-q", "--no-commit", "theirs")
    done = git_like(repo, "git", "commit", "-m", "merge")
    assert done.returncode == 1
    assert "MG502" in done.stdout + done.stderr
    assert head(repo) == before
    done = commit(repo, {"app/core.py": f"{DOUBLED}x = 1\n\n\ny = 2\n"})
    assert done.returncode == 0, done.stdout + done.stderr


def test_after_a_merge_it_is_said(repo: GitRepo, hooks: GitRepo) -> None:
    merging(repo, hooks, "post-merge")
    done = git_like(repo, "git", "merge", "--no-edit", "theirs")
    assert "MG502" in done.stdout + done.stderr


def test_outside_of_a_merge_the_hook_about_merges_is_silent(repo: GitRepo, hooks: GitRepo) -> None:
    merging(repo, hooks, "pre-commit")
    done = commit(repo, {"app/core.py": "def f(): ...\ndef f(): ...\n"})
    assert done.returncode == 0, done.stdout + done.stderr
