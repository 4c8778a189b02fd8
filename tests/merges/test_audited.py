"""Past merges: what they damaged, who repaired it, and what could not be judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from merge_guard.model.audit import Audit, Deed
from merge_guard.model.request import Request
from merge_guard.operations import auditing
from tests.gitrepo import GitRepo, isolated_environment
from tests.merges.three_way import branches, merged, told

BASE = "A = 1\n\n\nB = 1\n"
METHODS = "class Manager:\n    def start(self): return 1\n"
SIDES = (
    f"{METHODS}\n    def send(self, user): return user\n\n    def close(self): return 1\n",
    f"{METHODS}\n    def send(self, user, run): return run\n\n    def close(self): return 2\n",
)


def audit(repo: GitRepo, revisions: str = "HEAD") -> Audit:
    return auditing.audit(Request(start=str(repo.root), cache_dir=None), revisions)


def seen(result: Audit) -> list[tuple[str, list[str]]]:
    return [(item.deed.value, told(tuple(damage.finding for damage in item.damages))) for item in result.commits]


def doubled(root: Path) -> GitRepo:
    repo = branches(root, BASE, f"def f(): return 1\n{BASE}", f"{BASE}def f(): return 2\n")
    merged(repo, None)
    return repo


def test_a_merge_without_damage(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", BASE, f"C = 1\n{BASE}", f"{BASE}D = 1\n")
    merged(repo, None)
    result = audit(repo)
    assert (result.merges, result.identical, result.commits, result.exit_status()) == (1, 1, (), 0)


def test_damage_that_stays(tmp_path: Path) -> None:
    result = audit(doubled(tmp_path / "repo"))
    assert seen(result) == [("merge", ["E MG502 6"])]
    assert [damage.repaired_by for damage in result.commits[0].damages] == [""]
    assert (result.identical, result.exit_status()) == (1, 1)


def test_the_commit_that_repaired_it(tmp_path: Path) -> None:
    repo = doubled(tmp_path / "repo")
    repo.commit({"app.py": f"X = 1\ndef f(): return 1\n{BASE}def f(): return 2\n"})
    repair = repo.commit({"app.py": f"X = 1\n{BASE}def f(): return 2\n"})
    repo.commit({"app.py": f"X = 2\n{BASE}def f(): return 2\n"})
    result = audit(repo)
    assert [damage.repaired_by for damage in result.commits[0].damages] == [repair]
    assert result.exit_status() == 0


def test_a_repair_that_did_not_last(tmp_path: Path) -> None:
    repo = doubled(tmp_path / "repo")
    repo.commit({"app.py": f"{BASE}def f(): return 2\n"})
    repo.commit({"app.py": f"def f(): return 1\n{BASE}def f(): return 2\n"})
    assert [damage.repaired_by for damage in audit(repo).commits[0].damages] == [""]


def test_a_file_that_was_deleted_later(tmp_path: Path) -> None:
    repo = doubled(tmp_path / "repo")
    (repo.root / "app.py").unlink()
    gone = repo.commit()
    assert [damage.repaired_by for damage in audit(repo).commits[0].damages] == [gone]


def test_a_conflict_that_was_committed_and_settled_by_deleting_the_markers(tmp_path: Path) -> None:
    """As in the incident: both halves of each conflict were left, and four methods stood twice."""
    repo = branches(tmp_path / "repo", METHODS, *SIDES)
    assert not repo.merge("theirs")
    conflicted = (repo.root / "app.py").read_text(encoding="utf-8")
    repo.run("add", "-A")
    repo.run("commit", "-q", "-m", "merge")
    lines = [line for line in conflicted.splitlines(keepends=True) if line[:7] not in ("<<<<<<<", "=======", ">>>>>>>")]
    settled = repo.commit({"app.py": "".join(lines)})
    repair = repo.commit({"app.py": SIDES[1]})
    result = audit(repo)
    by_deed = {item.deed: item for item in result.commits}
    assert told(tuple(damage.finding for damage in by_deed[Deed.MERGE].damages)) == ["E MG501 4"]
    item = by_deed[Deed.SETTLED]
    assert item.commit == settled
    assert {damage.finding.code for damage in item.damages} == {"MG502"}
    assert {damage.repaired_by for damage in item.damages} == {repair}
    assert (result.merges, result.settled) == (1, 1)


def test_a_conflict_that_was_settled_well(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", METHODS, *SIDES)
    repo.merge("theirs")
    repo.run("add", "-A")
    repo.run("commit", "-q", "-m", "merge")
    repo.commit({"app.py": SIDES[0]})
    assert [item.deed for item in audit(repo).commits] == [Deed.MERGE]


def test_a_range(tmp_path: Path) -> None:
    repo = doubled(tmp_path / "repo")
    repo.commit({"x.py": "X = 1\n"})
    assert audit(repo, "HEAD~1..HEAD").merges == 0
    assert audit(repo, "HEAD~2..HEAD").merges == 1


def test_octopus(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"app.py": f"{BASE}\n\nC = 1\n"})
    for name, text in (("one", f"def f(): ...\n{BASE}\n\nC = 1\n"), ("two", f"{BASE}\n\nC = 1\ndef f(): ...\n")):
        repo.branch(name, "main")
        repo.commit({"app.py": text})
    repo.switch("main")
    repo.commit({"x.py": "X = 1\n"})
    assert repo.merge("one", "two")
    result = audit(repo)
    assert (seen(result), result.identical) == ([("merge", ["E MG502 9"])], 1)


def test_octopus_without_damage(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"app.py": BASE, "gone.py": "def f(): ...\n", "kept.py": "def g(): ...\n"})
    for name in ("one", "two", "three"):
        repo.branch(name, "main")
        repo.commit({f"{name}.py": "def f(): ...\n"})
    repo.switch("one")
    repo.commit({"app.py": f"{BASE}ONE = 1\n"})
    repo.switch("main")
    repo.run("rm", "-q", "gone.py")
    repo.commit()
    assert repo.merge("one", "two", "three")
    assert audit(repo).commits == ()


def test_unrelated_histories(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"app.py": "def f(): return 1\n"})
    repo.run("checkout", "-q", "--orphan", "theirs")
    repo.commit({"app.py": "def f(): return 2\n"})
    repo.switch("main")
    repo.run("merge", "-q", "--allow-unrelated-histories", "-m", "merge", "theirs", check=False)
    repo.commit({"app.py": "def f(): return 1\ndef f(): return 2\n"}, "merge")
    assert len(repo.run("rev-list", "--parents", "-1", "HEAD").split()) == 3
    assert seen(audit(repo)) == [("merge", ["E MG502 2"])]


def test_a_shallow_clone(tmp_path: Path) -> None:
    repo = doubled(tmp_path / "repo")
    clone = tmp_path / "clone"
    repo.run("clone", "-q", "--depth", "2", f"file://{repo.root}", str(clone))
    result = audit(GitRepo.at(clone))
    assert result.commits
    assert all("shallow" in item.unjudged for item in result.commits)
    assert result.exit_status() == 2


def test_an_object_that_is_missing(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", BASE, f"C = 1\n{BASE}", f"{BASE}D = 1\n")
    merged(repo, None)
    blob = repo.run("rev-parse", "HEAD^1:app.py")
    (repo.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    result = audit(repo)
    assert [bool(item.unjudged) for item in result.commits] == [True]
    assert result.exit_status() == 2


def test_a_side_that_does_not_parse(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", BASE, f"C = (\n{BASE}", f"{BASE}D = 1\n")
    merged(repo, f"C = 2\n{BASE}D = 1\n")
    (item,) = audit(repo).commits
    assert item.unjudged.startswith("app.py: a side does not parse")


@pytest.mark.parametrize("fmt", ["full", "json", "markdown"])
def test_formats(fmt: str, tmp_path: Path) -> None:
    name = "a\x1b[31m|`é\n::error::.py"
    repo = branches(tmp_path / "repo", {name: BASE}, {name: f"def f(): ...\n{BASE}"}, {name: f"{BASE}def f(): ...\n"})
    merged(repo, None)
    done = subprocess.run(
        [sys.executable, "-m", "merge_guard", "audit", "--no-cache", "--output-format", fmt],
        cwd=repo.root, env=isolated_environment() | {"PYTHONPATH": os.environ.get("PYTHONPATH", "")},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "MG502" in done.stdout
    assert "\x1b" not in done.stdout
    assert not any(line.startswith("::") for line in done.stdout.splitlines())
    if fmt == "json":
        document = json.loads(done.stdout)
        assert document["summary"]["merges"] == 1
        assert document["commits"][0]["damages"][0]["code"] == "MG502"
