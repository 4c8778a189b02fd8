"""Unused suppressions: told only where it is certain that there is nothing to suppress."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from merge_guard import wiring
from merge_guard.model.request import Request

STRAY = "x = 1\n<<<<<<< HEAD  # noqa: MG102\n"


def unused(root: Path, source: str, **request: Any) -> list[tuple[int, str]]:
    (root / "app.py").write_bytes(source.encode())
    (root / "pyproject.toml").write_text('[tool.merge-guard]\nentry = ["app"]\n')
    report = wiring.judge(Request(start=str(root), jobs=1, **request))
    return [(f.place.line, f.message.partition(": ")[2]) for f in report.findings if f.code == "MG901"]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        pytest.param("x = 1  # noqa: MG302\n", [(1, "MG302")], id="a full code"),
        pytest.param("x = 1  # noqa: MG102, MG302\n", [(1, "MG102, MG302")], id="two codes"),
        pytest.param("x = 1  # merge-guard: ignore[MG302] made later\n", [(1, "MG302")], id="our own form"),
        pytest.param("x = 1  # noqa: MG999\n", [(1, "MG999")], id="a code that there is not"),
        pytest.param("x = 1  # noqa: E501\n", [], id="another tool's"),
        pytest.param("import app.gone  # noqa: MG301\n", [], id="used"),
        pytest.param("import app.gone  # noqa: MG301, MG302\n", [(1, "MG302")], id="one of two is used"),
        pytest.param("import app.gone  # noqa: MG3\n", [], id="a beginning that is used"),
        pytest.param("x = 1  # noqa: MG1\n", [(1, "MG1")], id="a beginning"),
        pytest.param("x = 1  # noqa: MG302, MG901\n", [], id="suppressed itself"),
        pytest.param("x = 1  # noqa: MG901\n", [], id="its own code"),
        pytest.param("x = '# noqa: MG302'\n", [], id="in a string"),
        pytest.param('"""Write\n\n    x = 1  # noqa: MG302\n"""\n', [], id="in a docstring"),
        pytest.param("y = 1\nx = f'{y}# noqa: MG302'\n", [], id="in an f-string"),
        pytest.param("x = '#'  # noqa: MG302\n", [(1, "MG302")], id="behind a string"),
        pytest.param("x = 'é#'  # noqa: MG302\n", [(1, "MG302")], id="columns are bytes"),
        pytest.param("x = 1  # noqa: MG302\ny = (\n", [], id="a file that does not parse"),
        pytest.param(f"y = 1  # noqa: MG302\n{STRAY}", [], id="a conflicted file"),
        pytest.param("from __future__ import annotations\nx = 1  # noqa: MG302\r\n", [(2, "MG302")], id="CRLF"),
    ],
)  # fmt: skip
def test_places(tmp_path: Path, source: str, lines: list[tuple[int, str]]) -> None:
    assert unused(tmp_path, source) == lines


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        pytest.param({}, ["MG102, MG302"], id="all rules"),
        pytest.param({"select": ("MG3", "MG9")}, ["MG302"], id="only rules that ran"),
        pytest.param({"ignore": ("MG302",)}, ["MG102"], id="a rule that is ignored"),
        pytest.param({"entry": ("app",)}, ["MG102"], id="other entry points"),
        pytest.param({"target_python": "3.12"}, ["MG102"], id="another target"),
        pytest.param({"ignore": ("MG901",)}, [], id="not wanted"),
        pytest.param({"per_file_ignores": ("app.py:MG901",)}, [], id="not wanted in the file"),
    ],
)
def test_only_rules_that_could_have_found_it(tmp_path: Path, request_: dict[str, Any], codes: list[str]) -> None:
    assert [code for _, code in unused(tmp_path, "x = 1  # noqa: MG102, MG302\n", **request_)] == codes
