"""Which versions of Python the judgement is about."""

from __future__ import annotations

import sys

import pytest

from merge_guard.deploy.target import NEWEST, OLDEST, resolve_target, version_range
from merge_guard.errors import UsageError


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        pytest.param("3.11", (3, 11), (3, 11), id="a version"),
        pytest.param("3.11.4", (3, 11), (3, 11), id="a patch release"),
        pytest.param(">=3.10", (3, 10), NEWEST, id="from"),
        pytest.param(">=3.9,<3.12", (3, 9), (3, 11), id="from and below"),
        pytest.param(">=3.9, !=3.9.0", (3, 9), NEWEST, id="but for one"),
        pytest.param(">3.10.3", (3, 10), NEWEST, id="a patch release's later ones"),
        pytest.param("==3.12.*", (3, 12), (3, 12), id="any of one"),
        pytest.param("~=3.10", (3, 10), NEWEST, id="compatible"),
        pytest.param(">=2.7", OLDEST, NEWEST, id="older than is known"),
        pytest.param("^3.11", (3, 11), NEWEST, id="Poetry's caret"),
        pytest.param("~3.11", (3, 11), (3, 11), id="Poetry's tilde"),
    ],
)
def test_ranges(text: str, lowest: tuple[int, int], highest: tuple[int, int]) -> None:
    assert version_range(text) == (lowest, highest)


@pytest.mark.parametrize("text", ["", "three", "4.0", "<3", ">=3.99", "3", "3.x"])
def test_what_is_none(text: str) -> None:
    try:
        found = version_range(text)
    except ValueError:
        return
    assert text == "", found  # an empty specifier admits every version


@pytest.mark.parametrize(
    ("asked", "configured", "declared", "expected", "origin"),
    [
        pytest.param("3.11", "3.12", ">=3.9", "3.11", "--target-python", id="asked for"),
        pytest.param(None, "3.12", ">=3.9", "3.12", "configuration", id="configured"),
        pytest.param(None, None, ">=3.9", ">=3.9", "requires-python", id="declared"),
        pytest.param(None, None, "nonsense", f"3.{sys.version_info[1]}", "this interpreter", id="declared wrongly"),
        pytest.param(None, None, None, f"3.{sys.version_info[1]}", "this interpreter", id="nothing"),
    ],
)
def test_who_decides(
    asked: str | None, configured: str | None, declared: str | None, expected: str, origin: str
) -> None:
    target = resolve_target(asked, configured, declared, None)
    assert (target.python, target.origin, target.platform) == (expected, origin, "unknown")


@pytest.mark.parametrize(("asked", "configured"), [("nonsense", None), (None, "nonsense")])
def test_a_wrong_wish_is_an_error_that_names_it(asked: str | None, configured: str | None) -> None:
    with pytest.raises(UsageError, match="'nonsense'"):
        resolve_target(asked, configured, ">=3.9", None)
