"""A merge before it happens: what is broken in the result and on neither side."""

# A case is easier to read on few lines.
# ruff: noqa: E501
from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard.errors import UsageError
from merge_guard.model.report import EntryStatus, Report, Verdict
from merge_guard.model.request import Request
from merge_guard.operations import matrices, merging
from tests.gitrepo import GitRepo
from tests.merges.three_way import Files, branches, told

START = {"merge-guard.toml": 'entry = ["app.main"]\n', "app/__init__.py": "", "app/main.py": "from app import core\n"}


def predict(repo: GitRepo, theirs: str = "theirs", ours: str = "HEAD") -> Report:
    return merging.predict(Request(start=str(repo.root), cache_dir=None), theirs, ours)


def start(**modules: str) -> Files:
    return {**START, **{f"app/{name}.py": text for name, text in modules.items()}}


CASES: list[tuple[str, Files, Files, Files, Verdict, list[str]]] = [
    ("nothing", start(core="X = 1\n"), start(core="X = 2\n"), start(other="X = 1\n"), Verdict.READY, []),
    ("a conflict", start(core="X = 1\n"), start(core="X = 2\n"), start(core="X = 3\n"), Verdict.BLOCKED,
     ["E MG101 app/core.py:1", "E MG303 app/core.py:1"]),
    ("a conflict in a text", start(core="X = 1\n") | {"a.txt": "1\n"}, {"a.txt": "2\n"}, {"a.txt": "3\n"},
     Verdict.BLOCKED, ["E MG101 a.txt:1"]),
    ("a name that the other side removed", start(core="def f(): ...\nX = 1\n"), start(core="X = 1\n"),
     {"app/main.py": "from app.core import f\n"}, Verdict.BLOCKED, ["E MG303 app/main.py:1", "E MG503 app/main.py:1"]),
    ("a module that the other side removed", start(core="X = 1\n", old="Y = 1\n"), {"app/old.py": None},
     {"app/core.py": "import app.old\nX = 1\n"}, Verdict.BLOCKED, ["E MG303 app/core.py:1", "E MG503 app/core.py:1"]),
    ("a call that no longer binds", start(core="def f(a): ...\n"), start(core="def f(a, b): ...\n"),
     {"app/main.py": "from app.core import f\n\ndef run(): f(1)\n"}, Verdict.READY, ["E MG508 app/main.py:3"]),
    ("a name that is bound nowhere any more", start(core="import os\nA = 1\nB = 2\nC = 3\nX = os.name\n"),
     start(core="A = 1\nB = 2\nC = 3\nX = 1\n"), start(core="import os\nA = 1\nB = os.sep\nC = 3\nX = os.name\n"),
     Verdict.BLOCKED, ["E MG303 app/core.py:2", "E MG504 app/core.py:2"]),
    ("broken before on ours", start(core="X = 1\n"), start(core="import missing_app.x\nimport app.gone\n"),
     start(other="X = 1\n"), Verdict.READY, []),
    ("broken before on theirs", start(core="X = 1\n"), start(other="X = 1\n"), start(core="import app.gone\n"),
     Verdict.READY, []),
    ("an old conflict on ours", start(core="X = 1\n"),
     start(core="<<<<<<< a\nX = 1\n=======\nX = 2\n>>>>>>> b\n"), start(other="X = 1\n"), Verdict.READY, []),
    ("a definition twice", start(core="A = 1\nB = 2\nC = 3\n"), start(core="def f(): ...\nA = 1\nB = 2\nC = 3\n"),
     start(core="A = 1\nB = 2\nC = 3\ndef f(): ...\n"), Verdict.READY, ["E MG502 app/core.py:5"]),
    ("one side does not parse", start(core="X = 1\n"), start(core="X = (\n"), start(other="X = 1\n"), Verdict.READY, []),
    ("a side that does not parse cannot be compared", start(core="A = 1\nB = 2\nC = 3\n"), start(core="A = (\nB = 2\nC = 3\n"),
     start(core="A = 1\nB = 2\nC = 4\n"), Verdict.UNJUDGED, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "verdict", "expected"), [pytest.param(*c[1:], id=c[0]) for c in CASES]
)
def test_the_result_alone(
    base: Files, ours: Files, theirs: Files, verdict: Verdict, expected: list[str], tmp_path: Path
) -> None:
    report = predict(branches(tmp_path / "repo", base, ours, theirs))
    assert (told(report.findings), report.verdict) == (expected, verdict)


def test_what_cannot_be_compared_is_told(tmp_path: Path) -> None:
    base = "A = 1\nB = 2\nC = 3\n"
    report = predict(branches(tmp_path / "repo", base, base.replace("1", "("), base.replace("3", "4")))
    assert [(item.path, item.matters, "does not parse" in item.reason) for item in report.unjudged] == [
        ("app.py", True, True)
    ]
    assert report.exit_status() == 2


def test_a_conflict_has_its_sides(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", start(core="X = 1\n"), start(core="X = 2\n"), start(core="X = (\n"))
    (conflict,) = [finding for finding in predict(repo, ours="main").findings if finding.code == "MG101"]
    assert [(side.label, side.parses) for side in conflict.sides] == [("main", True), ("theirs", False)]


def test_the_sides_are_named(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", start(core="def f(): ...\n"), start(core="X = 1\n"),
                    {"app/main.py": "from app.core import f\n"})  # fmt: skip
    (removed,) = [finding for finding in predict(repo, ours="main").findings if finding.code == "MG503"]
    assert removed.message == "theirs imports f from app.core here, main removed it"
    (blocked,) = [finding for finding in predict(repo).findings if finding.code == "MG303"]
    assert blocked.cause == removed.fingerprint
    assert [entry.status for entry in predict(repo).entry_points] == [EntryStatus.FAILS]


def criss_cross(root: Path) -> GitRepo:
    """Two branches with two merge bases: each was merged into the other before either went on."""
    repo = GitRepo(root)
    repo.commit({"app.py": "A = 1\n\n\nB = 1\n\n\nC = 1\n"})
    repo.branch("theirs")
    repo.commit({"app.py": "A = 1\n\n\nB = 1\n\n\nC = 2\n"})
    repo.switch("main")
    repo.commit({"app.py": "A = 2\n\n\nB = 1\n\n\nC = 1\n"})
    main, theirs = repo.run("rev-parse", "main"), repo.run("rev-parse", "theirs")
    repo.merge(theirs)
    repo.switch("theirs")
    repo.merge(main)
    repo.commit({"app.py": "A = 2\n\n\nB = 1\n\n\nC = 2\n\n\ndef f(): return 1\n"})
    repo.switch("main")
    repo.commit({"app.py": "def f(): return 2\n\n\nA = 2\n\n\nB = 1\n\n\nC = 2\n"})
    return repo


def test_criss_cross(tmp_path: Path) -> None:
    repo = criss_cross(tmp_path / "repo")
    assert len(repo.run("merge-base", "--all", "main", "theirs").split()) == 2
    assert told(predict(repo).findings) == ["E MG502 13"]


def test_sha256(tmp_path: Path) -> None:
    base = "A = 1\n\n\nB = 1\n"
    repo = branches(tmp_path / "repo", base, f"def f(): ...\n{base}", f"{base}def f(): ...\n", object_format="sha256")
    assert told(predict(repo).findings) == ["E MG502 6"]


def test_names_of_files(tmp_path: Path) -> None:
    base, name = "A = 1\n\n\nB = 1\n", "a b\n\x1b\udcff'\"-é.py"
    repo = branches(tmp_path / "repo", {name: base}, {name: f"def f(): ...\n{base}"}, {name: f"{base}def f(): ...\n"})
    (finding,) = predict(repo).findings
    assert (finding.code, finding.place.path) == ("MG502", name)


def test_an_attribute_widens_the_markers(tmp_path: Path) -> None:
    files = {"app.py": "A = 1\n", ".gitattributes": "*.py conflict-marker-size=12\n"}
    repo = branches(tmp_path / "repo", files, "A = 2\n", "A = 3\n")
    assert told(predict(repo).findings)[0] == "E MG101 1"


def test_unrelated_histories_are_refused(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"app.py": "A = 1\n"})
    repo.run("checkout", "-q", "--orphan", "theirs")
    repo.commit({"other.py": "A = 1\n"})
    with pytest.raises(UsageError, match="no common ancestor"):
        predict(repo, ours="main")


def test_a_shallow_clone_says_what_it_needs(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", "A = 1\n", "A = 2\n", "B = 1\n")
    clone = tmp_path / "clone"
    repo.run("clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo.root}", str(clone))
    with pytest.raises(UsageError, match="shallow"):
        predict(GitRepo.at(clone), theirs="origin/theirs")


def test_a_branch_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        predict(branches(tmp_path / "repo", "A = 1\n", "A = 2\n", "A = 3\n"), theirs="nowhere")


def test_every_pair(tmp_path: Path) -> None:
    repo = branches(tmp_path / "repo", start(core="def f(): ...\nX = 1\n"), start(core="X = 1\n"),
                    {"app/main.py": "from app.core import f\n"})  # fmt: skip
    repo.run("branch", "third", "main~1")
    repo.run("checkout", "-q", "--orphan", "alone")
    repo.commit({"other.py": "A = 1\n"})
    repo.switch("main")
    made = matrices.matrix(Request(start=str(repo.root), cache_dir=None), ["main", "theirs", "third", "alone", "main"])
    assert [(pair.ours, pair.theirs, pair.report and pair.report.verdict.value) for pair in made.pairs] == [
        ("main", "theirs", "blocked"),
        ("main", "third", "ready"),
        ("main", "alone", None),
        ("theirs", "third", "ready"),
        ("theirs", "alone", None),
        ("third", "alone", None),
    ]
    assert made.exit_status() == 1
