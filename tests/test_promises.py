"""The promises about what merge-guard never does, through the installed command, in every command that reads a tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.command import MERGE_GUARD, environment, state, write
from tests.functional.watched import Watch
from tests.gitrepo import GitRepo
from tests.sources.hostile import hostile_repository

CONFLICT = "<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"
CANARIES = (
    "conftest", "sitecustomize", "usercustomize", "setup", "json", "re", "ast", "click", "msgspec", "pathspec",
    "merge_guard", "multiprocessing", "encodings", "flake8", "libcst", "yaml", "noxfile",
    "tests/conftest", "app/plugin",
)  # fmt: skip
COMMANDS = {
    "check": [MERGE_GUARD, "check", "--jobs", "2"],
    "check --staged": [MERGE_GUARD, "check", "--staged", "--jobs", "2"],
    "check --rev": [MERGE_GUARD, "check", "--rev", "HEAD", "--jobs", "2"],
    "gate": [MERGE_GUARD, "gate", "--changed-since", "HEAD", "--policy-from", "HEAD", "--jobs", "2"],
    "hook": [MERGE_GUARD, "hook"],
    "conflicts": [MERGE_GUARD, "conflicts", "app/core.py", "app/main.py", "setup.py"],
    "trace": [MERGE_GUARD, "trace", "app/core.py"],
    "merge": [MERGE_GUARD, "merge", "HEAD", "--jobs", "2"],
    "audit": [MERGE_GUARD, "audit"],
    "ssot": [MERGE_GUARD, "ssot"],
    "init": [MERGE_GUARD, "init"],
    "fix": [MERGE_GUARD, "fix", "--diff", "--jobs", "2"],
    "config show": [MERGE_GUARD, "config", "show"],
    "baseline show": [MERGE_GUARD, "baseline", "show"],
    # flake8 itself dies of a file so deep.
    "flake8": [str(Path(MERGE_GUARD).with_name("flake8")), "--select=MG", "-j2", "--extend-exclude=deep.py", "."],
}
MERGING = ("merge", "audit")
QUIET = ("config", "trace", "baseline", "fix", "audit", "ssot", "init")
EVERY = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


def run(command: list[str], cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=cwd, env=environment(**changes), stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
        encoding="utf-8", errors="surrogateescape", check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def armed(tmp_path: Path) -> GitRepo:
    """Every module of the tree leaves a mark when it runs; one is in conflict, one goes to a worker of its own."""
    repo = GitRepo(tmp_path / "armed")
    mark = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    files: dict[str, str | bytes] = {f"{name}.py": mark for name in CANARIES}
    files |= {f"app/m{number}.py": mark for number in range(90)}
    files |= {
        "app/__init__.py": mark,
        "app/main.py": f"{mark}import json, click, msgspec, conftest\nfrom app import core, plugin, deep\n",
        "app/core.py": f"{mark}{CONFLICT}",
        "app/deep.py": f"x = {'-' * 100_000}1\n",
        "app/bad.py": f"{mark}return\n",
        "app/moved.py": "from app.m1 import x\n",
        "pyproject.toml": '[tool.merge-guard]\nentry = ["app.main"]\n'
        '[tool.merge-guard.ssot.x]\ndeprecated-paths = { "app.m1:x" = "app.m2:x" }\n',
        "merge-guard-baseline.json": '{"version": 1, "entries": []}',
        "app/run.py": f"if __name__ == '__main__':\n    {mark}",
    }
    repo.commit(files)
    return repo


def test_the_watch_sees(tmp_path: Path) -> None:
    """Without this the tests below prove nothing."""
    tree = tmp_path / "tree"
    write(tree, {"module.py": "x = 1\n", "program": "#!/bin/sh\n"})
    (tree / "program").chmod(0o755)
    watch = Watch(tmp_path / "watch", tree)
    program = (
        "import module, os, socket, subprocess\n"
        "open('new', 'w').close(); os.mkdir('made'); subprocess.run(['./program'])\n"
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))\n"
        "if os.fork() == 0:\n    os.remove('new')\n"
    )
    done = run([sys.executable, "-c", program], tree, **watch.environment)
    assert done.returncode == 0, done.stderr
    assert {line.partition(" ")[0] for line in watch.seen} == {
        "exec", "write", "os.mkdir", "start", "network", "os.remove",
    }  # fmt: skip
    assert watch.processes == 2


@EVERY
def test_nothing_of_the_tree_is_run_and_nothing_is_written(armed: GitRepo, tmp_path: Path, command: list[str]) -> None:
    """Promises 1, 17 and 19."""
    watch = Watch(tmp_path / "watch", armed.root)
    before = state(armed.root, object_times=command[1] not in MERGING)
    done = run(command, armed.root, **watch.environment)
    status = {"config": 0, "trace": 0, "baseline": 0, "fix": 0, "audit": 0, "ssot": 0, "init": 0, "merge": 2}.get(
        command[1], 1
    )
    assert done.returncode == status, done.stderr
    assert watch.seen == []
    assert not (tmp_path / "ran").exists()
    assert state(armed.root, object_times=command[1] not in MERGING) == before
    assert watch.processes >= (2 if "--jobs" in command else 1), "the workers are watched, too"


@EVERY
def test_no_program_of_the_repository_is_run(tmp_path: Path, command: list[str]) -> None:
    """Promise 2."""
    canary = tmp_path / "canary"
    canary.mkdir()
    repo = hostile_repository(tmp_path / "hostile", tmp_path / "programs", canary)
    before = state(repo.root, object_times=command[1] not in MERGING)
    names = {"app/core.py": "a.py", "app/main.py": "sub/b.py", "setup.py": "untracked.py", ".": "a.py"}
    done = run([names.get(part, part) for part in command], repo.root, GIT_PAGER="false")
    assert done.returncode in (0, 1, 2)
    assert list(canary.iterdir()) == []
    assert state(repo.root, object_times=command[1] not in MERGING) == before


def test_every_command_that_reads_a_tree_is_here() -> None:
    """`explain`, `rules` and the schema read nothing but the package."""
    from merge_guard.cli.application import COMMANDS as ALL

    named = {command[1] for command in COMMANDS.values() if command[0] == MERGE_GUARD}
    assert set(ALL) - named == {"explain", "rules"}
