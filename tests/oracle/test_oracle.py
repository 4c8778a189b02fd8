"""CPython is the judge: the same trees, started by real interpreters and by the simulation."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from oracle.interpreters import RUNNING, interpreters
from oracle.table import CASES
from oracle.tree import Case, Version

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the real interpreters fork for each tree")

Differ = Callable[[Version, Case], "list[str]"]


def runs() -> list[object]:
    """Each case on each version that it is about; a syntax that the running interpreter lacks it cannot judge."""
    found = []
    for version in interpreters():
        for case in CASES:
            if case.is_about(version, RUNNING):
                marks = [pytest.mark.xfail(reason=case.known)] if case.known else []
                name = f"{version[0]}.{version[1]} {case.id}"
                found.append(pytest.param(version, case, id=name, marks=marks))
    return found


@pytest.mark.parametrize(("version", "case"), runs())
def test_agrees_with_cpython(version: Version, case: Case, differ: Differ) -> None:
    assert differ(version, case) == []


@pytest.mark.parametrize("version", interpreters())
def test_the_table_is_not_empty_talk(version: Version, differ: Differ) -> None:
    about = [case for case in CASES if case.is_about(version, RUNNING) and not case.silent]
    agreeing = [case for case in about if not differ(version, case)]
    assert len(agreeing) > 0.95 * len(about) > 100


def test_ids_are_unique() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
