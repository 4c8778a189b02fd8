"""`merge-guard ssot`: the inventory as people and programs see it, and how it came to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.command import run, state, write
from tests.gitrepo import GitRepo
from tests.ssot.eleven_paths import TREE


def test_the_table(tmp_path: Path) -> None:
    write(tmp_path, {**TREE, "app/second.py": "class WebSocketManagerFactory: ...\n"})
    before = state(tmp_path)
    done = run("ssot", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "websocket-manager: canonical app.core.manager:WebSocketManager, 6 classes, 1 canonical, 1 adapter, 3 exempt,"
        " 1 second, 16 import paths"
    )
    assert lines[1:5] == [
        "  canonical     app.core.manager:WebSocketManager  app/core/manager.py:5:1",
        "                class, 1 method, imported by 4 files",
        "                  app:WebSocketManager  import, imported by 1 file (1 in tests)",
        "                  app.compat:WebSocketManager  __getattr__, imported by 1 file",
    ]
    assert "  exempt        1 more in tests (--verbose lists them)" in lines
    assert "                class, 1 method, imported by 0 files, looks at managers, is none" in lines
    assert lines[-1].startswith("app/second.py:1:1: MG401 app.second:WebSocketManagerFactory is a second")
    assert "tests.test_manager:FakeWebSocketManager" in run("ssot", "-v", cwd=tmp_path).stdout
    assert state(tmp_path) == before


def test_the_document(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    document = json.loads(run("ssot", "--output-format", "json", cwd=tmp_path).stdout)
    (group,) = document["groups"]
    assert (document["version"], group["canonical"]) == (1, "app.core.manager:WebSocketManager")
    canonical = group["members"][0]
    assert {key: canonical[key] for key in ("path", "line", "kind", "role", "reason", "methods", "new")} == {
        "path": "app/core/manager.py", "line": 5, "kind": "class", "role": "canonical", "reason": "", "methods": 1,
        "new": False,
    }  # fmt: skip
    assert canonical["paths"][1] == {
        "symbol": "app:WebSocketManager", "via": "import", "path": "app/__init__.py", "line": 1, "importers": 1,
        "importers_in_tests": 1,
    }  # fmt: skip


def test_names_cannot_leave_a_table(tmp_path: Path) -> None:
    config = '[ssot."a.b"]\ncanonical = "app:Manager"\n[ssot."a.b".exempt]\n"app:Other" = "a | b ` c"\n'
    write(tmp_path, {"merge-guard.toml": config, "app.py": "class Manager: ...\nclass Other: ...\n"})
    text = run("ssot", "--output-format", "markdown", cwd=tmp_path).stdout
    assert "| exempt | `app:Other` | `app.py:2` | class | 0 | ``a \\| b ` c`` |" in text.splitlines()


def test_what_is_new_since_the_baseline(tmp_path: Path) -> None:
    write(tmp_path, {**TREE, "app/old.py": "class OldWebSocketManager: ...\n"})
    assert run("baseline", "create", cwd=tmp_path).returncode == 0
    (tmp_path / "app/old.py").unlink()
    write(tmp_path, {"app/new.py": "class NewWebSocketManager: ...\n"})
    text = run("ssot", cwd=tmp_path).stdout
    assert "  unclassified NEW app.new:NewWebSocketManager  app/new.py:1:1" in text.splitlines()
    assert "gone since the baseline: app.old:OldWebSocketManager" in text.splitlines()


def test_history(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    write(tmp_path, {"app.py": "class Manager: ...\n", "b.py": "class Manager: ...\n", "c.py": "class Manager: ...\n"})
    repo.commit()
    (tmp_path / "c.py").unlink()
    repo.commit()
    write(tmp_path, {"b.py": "from app import Manager\n", "merge-guard.toml": '[ssot.m]\ncanonical = "app:Manager"\n'})
    repo.commit()
    before = state(tmp_path)
    document = json.loads(run("ssot", "--since", "5", "--output-format", "json", cwd=tmp_path).stdout)
    assert [step["groups"]["m"]["second"] for step in document["history"]] == [2, 1, 0]
    assert "m over 2 commits:" in run("ssot", "--since", "2", cwd=tmp_path).stdout.splitlines()
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param((), "no group is configured under `ssot`", id="no group"),
        pytest.param(("--since", "0"), "0 is not in the range", id="nothing"),
        pytest.param(("--since", "501"), "501 is not in the range", id="too much"),
    ],
)
def test_refusals(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = run("ssot", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
