"""The baseline through the installed command, on real repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.command import findings, report, run, state, write
from tests.gitrepo import GitRepo

FILE = "merge-guard-baseline.json"
SOUND = {
    "app/__init__.py": "",
    "app/main.py": "x = 1\n",
    "pyproject.toml": '[tool.merge-guard]\nentry = ["app.main"]\n',
}
BLOCK = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"
STRAY = "text\n<<<<<<< HEAD\n"


def codes_of(root: Path) -> list[str]:
    return [entry["code"] for entry in json.loads((root / FILE).read_text())["entries"]]


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Sound but for a conflict in a text."""
    made = GitRepo(tmp_path / "repo")
    made.commit({**SOUND, "notes.txt": BLOCK})
    return made


def test_what_is_accepted_does_not_decide(repo: GitRepo) -> None:
    assert report("check", cwd=repo.root)[0] == 1
    done = run("baseline", "create", cwd=repo.root)
    assert (done.returncode, done.stdout) == (0, f"{FILE}: 1 accepted, 1 added\n")
    status, document = report("check", cwd=repo.root)
    assert (status, document["verdict"], document["findings"]) == (0, "ready", [])
    assert document["summary"]["baselined"] == 1
    assert report("check", "--isolated", cwd=repo.root)[0] == 1
    shown = run("baseline", "show", cwd=repo.root)
    assert shown.stdout.startswith("MG101 notes.txt: ")
    assert shown.stdout.endswith("\n1 accepted\n")


def test_it_survives_drift_and_sees_what_is_new(repo: GitRepo) -> None:
    run("baseline", "create", cwd=repo.root)
    write(repo.root, {"notes.txt": f"above\n\n{BLOCK}"})
    assert report("check", cwd=repo.root)[0] == 0
    write(repo.root, {"more.txt": STRAY})
    status, document = report("check", cwd=repo.root)
    assert status == 1
    assert [finding["path"] for finding in document["findings"]] == ["more.txt"]


def test_it_may_only_shrink(repo: GitRepo) -> None:
    write(repo.root, {"more.txt": STRAY})
    run("baseline", "create", cwd=repo.root)
    before = (repo.root / FILE).read_text().splitlines()
    write(repo.root, {"more.txt": "clean\n", "new.txt": STRAY})
    told = run("check", cwd=repo.root)
    assert f"{FILE}: stale, remove with `merge-guard baseline update`: MG102 in more.txt" in " ".join(
        told.stdout.split()
    )
    done = run("baseline", "update", cwd=repo.root)
    assert done.stdout == (
        f"{FILE}: 1 accepted, 1 stale removed, 1 found and not accepted (--allow-growth --reason TEXT accepts them)\n"
    )
    assert {line.rstrip(",") for line in (repo.root / FILE).read_text().splitlines()} < {x.rstrip(",") for x in before}
    assert report("check", cwd=repo.root)[0] == 1
    for arguments in (["--allow-growth"], ["--reason", "why"], ["--allow-growth", "--reason", " "]):
        assert run("baseline", "update", *arguments, cwd=repo.root).returncode == 2
    run("baseline", "update", "--allow-growth", "--reason", "until Friday", cwd=repo.root)
    assert report("check", cwd=repo.root)[0] == 0
    assert [e.get("reason") for e in json.loads((repo.root / FILE).read_text())["entries"]] == [None, "until Friday"]
    unchanged = state(repo.root)
    assert run("baseline", "update", cwd=repo.root).returncode == 0
    assert state(repo.root) == unchanged


def test_an_accepted_cause_makes_no_entry_point_ready(repo: GitRepo) -> None:
    write(repo.root, {"app/main.py": "from app import missing\n"})
    done = run("baseline", "create", cwd=repo.root)
    assert done.stdout.endswith(", 1 that no baseline accepts\n")
    assert codes_of(repo.root) == ["MG101", "MG302"]
    status, document = report("check", cwd=repo.root)
    assert (status, document["verdict"]) == (1, "blocked")
    assert [entry["status"] for entry in document["entry_points"]] == ["fails"]
    (blocked,) = document["findings"]
    assert (blocked["code"], blocked["entry_points"]) == ("MG303", ["app.main"])


def test_each_snapshot_has_its_own(repo: GitRepo) -> None:
    run("baseline", "create", cwd=repo.root)
    assert report("check", "--staged", cwd=repo.root)[0] == 1
    assert run("baseline", "show", "--staged", cwd=repo.root).returncode == 2
    repo.run("add", "-A")
    assert report("check", "--staged", cwd=repo.root)[0] == 0
    assert report("check", "--rev", "HEAD", cwd=repo.root)[0] == 1
    repo.commit()
    (repo.root / FILE).unlink()
    assert report("check", "--rev", "HEAD", cwd=repo.root)[0] == 0
    assert report("check", cwd=repo.root)[0] == 1
    assert run("baseline", "show", "--rev", "HEAD", cwd=repo.root).stdout.endswith("1 accepted\n")


@pytest.mark.parametrize(
    ("arguments", "content", "why"),
    [
        pytest.param(["create"], '{"version": 1, "entries": []}', "update` lets it shrink", id="create twice"),
        pytest.param(["update"], None, "there is no baseline", id="update without one"),
        pytest.param(["update"], BLOCK, "an unresolved merge conflict", id="update in a conflict"),
        pytest.param(["show"], None, "there is no baseline", id="show without one"),
        pytest.param(["show"], "{", "not JSON", id="show a broken one"),
    ],
)
def test_refused(repo: GitRepo, arguments: list[str], content: str | None, why: str) -> None:
    if content is not None:
        write(repo.root, {FILE: content})
    before = state(repo.root)
    done = run("baseline", *arguments, cwd=repo.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert state(repo.root) == before


def test_a_broken_baseline_fails_closed(repo: GitRepo) -> None:
    write(repo.root, {FILE: "{"})
    done = run("check", cwd=repo.root)
    assert done.returncode == 2
    assert "merge-guard-baseline.json: not JSON" in done.stderr
    # The text rules go on: what broke it may be the very conflict that they look for.
    write(repo.root, {FILE: BLOCK})
    assert findings(report("conflicts", FILE, cwd=repo.root)[1], "MG101")


def test_a_rule_that_did_not_run_makes_nothing_stale(repo: GitRepo) -> None:
    run("baseline", "create", cwd=repo.root)
    write(repo.root, {"notes.txt": "clean\n"})
    assert "stale" not in run("check", "--select", "MG3", cwd=repo.root).stdout
    assert "stale" in run("check", cwd=repo.root).stdout


GROUP = """[tool.merge-guard]
entry = ["app.main"]
[tool.merge-guard.ssot.manager]
match = ["*Manager*"]
names = []
canonical = "app.new:Manager"
"""


def test_an_existing_mess_may_shrink_and_not_grow(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    factory = "class {}:\n    def make(self): return {}\n"
    repo.commit(
        {
            "pyproject.toml": GROUP,
            "app/__init__.py": "",
            "app/main.py": "import app.new\n",
            "app/new.py": "class Manager: ...\n",
            "app/mess.py": factory.format("OldManager", 1),
        }
    )
    status, document = report("check", cwd=repo.root)
    assert (status, [f["severity"] for f in findings(document, "MG408")]) == (0, ["warning"])
    run("baseline", "create", cwd=repo.root)
    assert report("check", cwd=repo.root)[1]["findings"] == []
    # Moved down, it is the same; changed, or another one, it is new.
    write(repo.root, {"app/mess.py": "\n\n" + factory.format("OldManager", 1)})
    assert report("check", cwd=repo.root)[1]["findings"] == []
    write(repo.root, {"app/more.py": factory.format("NewManagerFactory", 2)})
    status, document = report("check", cwd=repo.root)
    assert (status, document["verdict"]) == (1, "ready"), "an error, which no deploy has to wait for"
    assert [(f["code"], f["severity"], f["path"]) for f in document["findings"]] == [("MG408", "error", "app/more.py")]
