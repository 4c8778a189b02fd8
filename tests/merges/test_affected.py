"""The files that a simulated merge is judged by say all that the whole tree would say."""

# A case is easier to read on few lines.
# ruff: noqa: E501
from __future__ import annotations

import random
from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.engine.narrowing import without_known, without_repeated
from merge_guard.model.finding import Finding
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.operations import merging
from tests.gitrepo import GitRepo
from tests.merges.three_way import Files, branches, told
from tests.merges.trees import START, edits, whole_tree


def whole(repo: GitRepo) -> Report:
    """The judgement of the merge and of both sides, every file of them."""
    request = Request(start=str(repo.root), cache_dir=None, jobs=1)
    with merging.workshop(request) as shop:
        ours, theirs = shop.replays.commit("main"), shop.replays.commit("theirs")
        replayed = shop.replays.merge(ours, theirs)
        labels = {"ours": "main", "theirs": "theirs", "base": "the merge base", "result": "the merge"}
        merge = merging.three_way(shop, ours, theirs, replayed.tree, labels, replayed.conflicts)
        snapshot = merging.snapshot_of(shop, replayed.tree, "the merge", (ours, theirs))
        report = wiring.judge_snapshot(request, snapshot, shop.root, merge)
        sides = [
            wiring.judge_snapshot(request, merging.snapshot_of(shop, commit, name, ()), shop.root)
            for commit, name in ((ours, "main"), (theirs, "theirs"))
        ]
        return without_repeated(without_known(report, sides))


def same(repo: GitRepo) -> tuple[Finding, ...]:
    expected = whole(repo)
    found = merging.predict(Request(start=str(repo.root), cache_dir=None, jobs=1), "theirs", "main")
    assert [(f.code, f.severity, f.place, f.key) for f in found.findings] == [
        (f.code, f.severity, f.place, f.key) for f in expected.findings
    ]
    assert (found.verdict, [(e.name, e.status) for e in found.entry_points]) == (
        expected.verdict,
        [(e.name, e.status) for e in expected.entry_points],
    )
    return found.findings


def tree(**modules: str) -> Files:
    return {**START, **{f"lib/{name}.py": text for name, text in modules.items()}, "lib/__init__.py": ""}


CASES: list[tuple[str, Files, Files, Files, list[str]]] = [
    ("a name handed on by a star", tree(a="X = 1\nY = 1\n", b="from lib.a import *\n", c="import lib.b\n"), {"lib/a.py": "Y = 1\n"},
     {"lib/c.py": "from lib.b import X\n"}, ["W MG302 lib/c.py:1"]),
    ("handed on twice", tree(a="X = 1\nY = 1\n", b="from .a import *\n", c="from lib.b import *\n", d=""), {"lib/a.py": "Y = 1\n"},
     {"lib/d.py": "from lib.c import X\n"}, ["W MG302 lib/d.py:1"]),
    ("a file that neither side touched", tree(a="X = 1\n", b="X = 1\n", c="from lib.a import *\nfrom lib.b import *\n", d="from lib.c import X\n"),
     {"lib/a.py": "Y = 1\n"}, {"lib/b.py": "Y = 1\n"}, ["W MG302 lib/d.py:1"]),
    ("a module bound twice, each side drops one", tree(a="X = 1\n\n\n\n\n\nX = 2\n", b="from lib.a import X\n"),
     {"lib/a.py": "\n\n\n\n\nX = 2\n"}, {"lib/a.py": "X = 1\n\n\n\n\n\nY = 2\n"}, ["W MG302 lib/b.py:1"]),
    ("a lazy import", tree(a="X = 1\n", b=""), {"lib/a.py": None, "lib/other.py": "X = 1\n"}, {"lib/b.py": "def f():\n    from lib.a import X\n"},
     ["E MG503 lib/b.py:2", "W MG311 lib/b.py:2"]),
    ("a target that one side lowers", {**tree(a="", b=""), "requirements.txt": "click\n", "merge-guard.toml": 'entry = ["app.main"]\ntarget-python = "3.11"\n'},
     {"merge-guard.toml": 'entry = ["app.main"]\ntarget-python = "3.10"\n'}, {"lib/b.py": "import tomllib\n"},
     ["W MG309 lib/b.py:1"]),
    ("a relative import of a deleted module", tree(a="X = 1\n", b=""), {"lib/a.py": None}, {"lib/b.py": "from . import a\n"}, ["E MG503 lib/b.py:1"]),
    ("a package that a module hides", tree(b=""), {"lib/b.py": "X = 1\n"}, {"lib/b/__init__.py": "Z = 1\n"}, ["W MG312 lib/b.py:1"]),
    ("old findings of both", tree(a="import lib.gone\n", b="from lib.a import Q\n"), {"lib/c.py": "from lib.a import R\n"},
     {"lib/d.py": "from lib.a import S\n"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "expected"), [pytest.param(*c[1:], id=c[0]) for c in CASES])
def test_findings(base: Files, ours: Files, theirs: Files, expected: list[str], tmp_path: Path) -> None:
    assert told(same(branches(tmp_path / "repo", base, ours, theirs))) == expected


@pytest.mark.parametrize("seed", range(5))
def test_any_trees(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    packages = ["lib", "lib/inner", "other"]
    base = whole_tree(chance, packages) | {"app/main.py": "import lib.m1\nfrom other import m2\n"}
    ours, theirs = edits(chance, base, packages), edits(chance, base, packages)
    same(branches(tmp_path / "repo", base, ours, theirs))
