"""A matrix says of each pair what judging that merge alone says."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.operations import matrices, merging
from tests.gitrepo import GitRepo
from tests.merges.three_way import put
from tests.merges.trees import edits, whole_tree

PACKAGES = ["lib", "other"]
BROKEN = {"app/main.py": "import lib.m1\nimport app.gone\n"}


def told(report: Report) -> tuple[object, ...]:
    return (
        report.verdict,
        report.findings,
        report.entry_points,
        report.unjudged,
        report.summary.errors,
        report.summary.warnings,
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_pairs_are_single_merges(jobs: int, tmp_path: Path) -> None:
    chance = random.Random(3)
    repo = GitRepo(tmp_path / "repo")
    base = whole_tree(chance, PACKAGES) | {"app/main.py": "import lib.m1\nfrom other import m2\n"}
    put(repo, base)
    repo.commit()
    names = ["one", "two", "three", "broken"]
    for name in names:
        repo.branch(name, "main")
        put(repo, BROKEN if name == "broken" else edits(chance, base, PACKAGES))
        repo.commit()
    request = Request(start=str(repo.root), cache_dir=str(tmp_path / "cache"), jobs=jobs)
    made = matrices.matrix(request, names)
    assert {pair.ours for pair in made.pairs} == {"one", "two", "three"}
    for pair in made.pairs:
        assert pair.report is not None
        alone = merging.predict(Request(start=str(repo.root), cache_dir=None, jobs=1), pair.theirs, pair.ours)
        assert told(pair.report) == told(alone), (pair.ours, pair.theirs)
    assert any(pair.report is not None and pair.report.findings for pair in made.pairs)
