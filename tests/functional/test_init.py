"""`merge-guard init`: what it proposes, and that it writes once and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard import config
from tests.functional.command import run, state, write

METHODS = "".join(
    f"    def {name}(self, item):\n        return item\n" for name in ("open", "close", "send", "receive")
)
OTHER = METHODS.replace("return item", "return [item]")
TREE = {
    "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.10"\n[project.scripts]\nserve = "app.main:main"\n',
    "app/__init__.py": "",
    "app/main.py": "from app.core import UserManager\n\n\ndef main(): ...\n",
    "app/core.py": f"class UserManager:\n{METHODS}",
    "app/legacy.py": f"class UserManager:\n{OTHER}",
    "app/fast.py": "class FastUserManager: ...\n",
    "app/one.py": "class Command: ...\n",
    "app/two.py": "class Command: ...\n",
    "tests/test_user.py": f"class UserManager:\n{METHODS}",
}


def test_a_proposal(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    before = state(tmp_path)
    done = run("init", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert 'target-python = ">=3.10"' in lines
    assert "#   app.main:main: starts (pyproject.toml [project.scripts] serve)" in lines, lines
    at = lines.index("# 2 classes are called UserManager; 3 match the pattern:")
    assert lines[at + 1 :] == [
        "#   app/core.py:1, imported by 1",
        "#   app/legacy.py:1, imported by 0",
        "#: [ssot.user-manager]",
        '#: match = ["*User*Manager*"]',
        '#: names = ["UserManager"]',
        '#: canonical = "app.core:UserManager"',
    ]
    assert state(tmp_path) == before


def test_a_proposal_can_be_taken_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    text = run("init", cwd=tmp_path).stdout
    taken = config.load({"merge-guard.toml": text.replace("#: ", "")})
    assert (taken.target_python, list(taken.ssot)) == (">=3.10", ["user-manager"])
    write(tmp_path, {"merge-guard.toml": text.replace("#: ", "")})
    assert "MG401 app.legacy:UserManager is a second UserManager" in run("ssot", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param(
            {"app/a.py": f"class Log:\n{METHODS}", "app/b.py": f"class Log:\n{METHODS}"},
            "called Log; 1 is (nearly)", id="a copy",
        ),
        pytest.param({"app/a.py": "class Log: ...", "app/b.py": "class Log: ..."}, "No classes", id="a name alone"),
        pytest.param(
            {"app/a.py": f"class LogManager:\n{METHODS}", "app/b.py": "class LogManager:\n    def other(self): ...\n"},
            "No classes", id="with nothing in common",
        ),
        pytest.param({}, "No classes", id="nothing"),
    ],
)  # fmt: skip
def test_groups(tmp_path: Path, files: dict[str, str], words: str) -> None:
    write(tmp_path, {"app/__init__.py": "", **files})
    assert words in run("init", cwd=tmp_path).stdout


def test_it_writes_once(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    done = run("init", "--write", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    text = (tmp_path / "merge-guard.toml").read_text()
    assert text == run("init", "--isolated", cwd=tmp_path).stdout
    again = run("init", "--write", cwd=tmp_path)
    assert (again.returncode, (tmp_path / "merge-guard.toml").read_text()) == (2, text)
    assert "configures merge-guard already" in again.stderr
