"""A seeded sample of the mutation oracle; `benchmarks/mutation_oracle.py` is the long run over many packages."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from oracle.mutation.campaign import Campaign, Judged

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the real interpreter forks for each module")

# What the test extra installs, with how many mutations of each.
_SAMPLE = {"click": 25, "pluggy": 12, "packaging": 15, "pathspec": 20, "flake8": 15, "markdown_it": 20}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Judged]]:
    found = {}
    for top, count in _SAMPLE.items():
        spec = importlib.util.find_spec(top)
        assert spec is not None
        assert spec.origin is not None
        site_packages = Path(spec.origin).parent.parent
        campaign = Campaign(sys.executable, site_packages, [top], tmp_path_factory.mktemp(top), top)
        try:
            found[top] = list(campaign.run(range(count)))
        finally:
            campaign.close()
    return found


def test_agrees_with_cpython_about_mutated_packages(judged: dict[str, list[Judged]]) -> None:
    """Which modules fail, and where: the figures that the long run has to reach, on packages of whatever version."""
    counts: Counter[str] = Counter()
    notes = []
    for top, results in judged.items():
        for result in results:
            verdict = result.verdict
            counts["both"] += len(verdict.both)
            counts["false alarms"] += len(verdict.false_alarms)
            counts["missed"] += 0 if verdict.dynamic else len(verdict.missed)
            counts["wrong cause"] += 0 if verdict.dynamic else len(verdict.wrong_cause)
            counts["dynamic"] += verdict.dynamic
            notes += [f"{top} {result.number} {result.mutation}: {note}" for note in verdict.notes]
    every = sum(_SAMPLE.values())
    assert counts["both"] > every, "too few mutations break anything: the sample says nothing"
    assert counts["false alarms"] <= 0.005 * counts["both"], notes
    assert counts["missed"] <= 0.02 * counts["both"], notes
    assert counts["wrong cause"] <= 0.03 * counts["both"], notes
    assert counts["dynamic"] <= 0.1 * every, notes


def test_the_sample_has_every_kind_of_mutation(judged: dict[str, list[Judged]]) -> None:
    kinds = {result.mutation.kind.partition("+")[0] for results in judged.values() for result in results}
    assert kinds == {
        "delete-definition", "rename-definition", "remove-module", "conflict", "remove-import", "close-cycle",
        "swap-imports", "guard",
    }  # fmt: skip
