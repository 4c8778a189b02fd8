"""Conditions under ranges of versions and unknown platforms, which no one interpreter can show."""

from __future__ import annotations

import pytest
from startup.simulating import start

from merge_guard.startup.frames import Terms

TAKEN, NOT_TAKEN, EITHER = "taken", "not taken", "either"


def verdict(condition: str, terms: Terms) -> str:
    """Whether the branch of a condition runs."""
    files = {
        "main.py": f"import os, sys\nif {condition}:\n    import yes\nelse:\n    import no\n",
        "yes.py": "",
        "no.py": "",
    }
    outcome = start(files, terms=terms)
    assert not outcome.failures
    if outcome.possible:
        assert outcome.possible == {"yes", "no"}
        return EITHER
    return TAKEN if "yes" in outcome.loaded else NOT_TAKEN


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param("sys.version_info >= (3, 10)", TAKEN, id="the lowest"),
        pytest.param("sys.version_info >= (3, 11)", EITHER, id="between"),
        pytest.param("sys.version_info >= (3, 14)", NOT_TAKEN, id="above the highest"),
        pytest.param("sys.version_info < (3, 10)", NOT_TAKEN, id="below the lowest"),
        pytest.param("sys.version_info > (3, 13)", EITHER, id="a patch release is greater"),
        pytest.param("sys.version_info[:2] > (3, 13)", NOT_TAKEN, id="unless it is cut off"),
        pytest.param("sys.version_info[:2] == (3, 12)", EITHER, id="one of them"),
        pytest.param("sys.version_info[0] == 3", TAKEN, id="the major version"),
        pytest.param("sys.version_info[1] >= 10", EITHER, id="the minor version is not compared over a range"),
        pytest.param("(3, 8) <= sys.version_info < (3, 14)", TAKEN, id="a chain"),
        pytest.param("(3, 8) <= sys.version_info < (3, 12)", EITHER, id="a chain between"),
        pytest.param("sys.version_info >= (3, 11) and False", NOT_TAKEN, id="unknown and false"),
        pytest.param("sys.version_info >= (3, 11) or True", TAKEN, id="unknown or true"),
        pytest.param("not sys.version_info >= (3, 14)", TAKEN, id="not"),
        pytest.param("sys.version_info >= (3, 13, 1)", EITHER, id="a patch release is not known"),
    ],
)
def test_a_range_of_versions(condition: str, expected: str) -> None:
    assert verdict(condition, Terms((3, 10), (3, 13), "linux")) == expected


@pytest.mark.parametrize(
    ("platform", "expected"),
    [("linux", TAKEN), ("darwin", TAKEN), ("win32", NOT_TAKEN), ("", EITHER)],
    ids=["linux", "darwin", "win32", "unknown"],
)
@pytest.mark.parametrize(
    "condition", ['os.name == "posix"', 'sys.platform != "win32"', 'not sys.platform.startswith("win")']
)
def test_platforms(condition: str, platform: str, expected: str) -> None:
    assert verdict(condition, Terms((3, 11), (3, 11), platform)) == expected


def test_annotations_are_not_evaluated_if_any_version_of_the_range_leaves_them() -> None:
    files = {"main.py": "def f(a: gone): ...\n"}
    assert start(files, terms=Terms((3, 13), (3, 13))).failures
    assert not start(files, terms=Terms((3, 13), (3, 14))).failures


def test_names_that_the_deploy_injects_are_builtins() -> None:
    assert not start({"main.py": "made\n"}, terms=Terms((3, 11), (3, 11), builtins=frozenset({"made"}))).failures
