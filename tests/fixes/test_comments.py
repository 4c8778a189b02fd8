"""Suppressions that silence nothing: what goes, and what stays of the comment."""

from __future__ import annotations

import pytest

from merge_guard.fixes.rewrite import rewrite
from merge_guard.fixes.task import Task, Unused


@pytest.mark.parametrize(
    ("line", "codes", "after"),
    [
        pytest.param("x = 1  # noqa: MG302\n", ("MG302",), "x = 1\n", id="the whole comment"),
        pytest.param("x = 1\t#noqa:MG302\r\n", ("MG302",), "x = 1\r\n", id="another form"),
        pytest.param("x = 1  # noqa: MG302", ("MG302",), "x = 1", id="at the end of the file"),
        pytest.param("# noqa: MG302\nx = 1\n", ("MG302",), "x = 1\n", id="a line of its own"),
        pytest.param(
            "x = 1  # noqa: E501, MG302\n", ("MG302",), "x = 1  # noqa: E501\n", id="another tool's code stays"
        ),
        pytest.param("x = 1  # noqa: MG302 E501\n", ("MG302",), "x = 1  # noqa: E501\n", id="separated by a blank"),
        pytest.param("x = 1  # noqa: MG301,MG302\n", ("MG302",), "x = 1  # noqa: MG301\n", id="a used code stays"),
        pytest.param("x = 1  # noqa: MG301, MG302\n", ("MG301", "MG302"), "x = 1\n", id="two codes"),
        pytest.param(
            "x = 1  # noqa: MG302  # type: ignore\n", ("MG302",), "x = 1  # type: ignore\n", id="before another"
        ),
        pytest.param(
            "x = 1  # type: ignore  # noqa: MG302\n", ("MG302",), "x = 1  # type: ignore\n", id="behind another"
        ),
        pytest.param("x = 1  # noqa: MG302 see below\n", ("MG302",), "x = 1  # see below\n", id="what else it says"),
        pytest.param(
            "x = 1  # merge-guard: ignore[MG302] why\n", ("MG302",), "x = 1\n", id="our form, with its reason"
        ),
        pytest.param(
            "x = 1  # merge-guard: ignore[MG301, MG302] why\n",
            ("MG302",),
            "x = 1  # merge-guard: ignore[MG301] why\n",
            id="our form, in part",
        ),
        pytest.param("x = 1  # noqa: MG301\n", ("MG302",), None, id="another code"),
        pytest.param(
            "x = 'é# noqa: MG302'  # noqa: MG302\n",
            ("MG302",),
            "x = 'é# noqa: MG302'\n",
            id="a string keeps what it says",
        ),
    ],
)
def test_lines(line: str, codes: tuple[str, ...], after: str | None) -> None:
    first = "y = '# noqa: MG302'  # noqa: MG302\n"
    done = rewrite(f"{first}{line}".encode(), Task("a.py", unused=(Unused(2, codes),)))
    assert done.data == (None if after is None else f"{first}{after}".encode())
