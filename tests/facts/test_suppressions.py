"""Comments that silence findings of their line, codes only."""

from __future__ import annotations

import pytest

from merge_guard.facts.suppressions import suppressions


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        pytest.param("x  # noqa: MG302", ("MG302",), id="noqa"),
        pytest.param("x  # NoQA:MG302,MG301", ("MG302", "MG301"), id="several, in any case"),
        pytest.param("x  # noqa: E501, MG302", ("MG302",), id="beside another tool's"),
        pytest.param("x  # noqa: E501 MG302 W291", ("MG302",), id="separated by blanks"),
        pytest.param("x  # merge-guard: ignore[MG302]", ("MG302",), id="our own"),
        pytest.param("x  # merge-guard: ignore[MG302, MG3]", ("MG302", "MG3"), id="a prefix"),
        pytest.param("x  # type: ignore  # noqa: MG302", ("MG302",), id="behind another comment"),
        pytest.param("x  # noqa", None, id="a bare noqa says unused, not missing"),
        pytest.param("x  # noqa: E501", None, id="another tool's"),
        pytest.param("x  # noqa MG302", None, id="without the colon"),
        pytest.param("x  # merge-guard: ignore", None, id="without codes"),
        pytest.param("x  # merge-guard: ignore[]", None, id="with none"),
        pytest.param("MG302", None, id="no comment"),
    ],
)
def test_comments(line: str, codes: tuple[str, ...] | None) -> None:
    found = suppressions(f"a = 1\n{line}\n".encode())
    assert [(item.line, item.codes) for item in found] == ([(2, codes)] if codes else [])


def test_the_reason_is_kept() -> None:
    (found,) = suppressions("import x  # merge-guard: ignore[MG301] made by the build, später  \n".encode())
    assert found.reason == "made by the build, später"


def test_lines_are_counted() -> None:
    found = suppressions(b"a # noqa: MG1\nb\nc # noqa: MG2\n")
    assert [item.line for item in found] == [1, 3]
