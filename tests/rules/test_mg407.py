"""MG407: what is a copy, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.request import Request


def lines(tmp_path: Path, source: str, name: str = "m.py") -> list[int]:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(source)
    report = wiring.judge(Request(start=str(tmp_path), isolated=True, select=("MG407",), jobs=1))
    return [finding.place.line for finding in report.findings]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("class A: ...\nx = 1\nclass A: ...\n", [3], id="a class"),
        pytest.param("def f(): ...\ndef g(): ...\ndef f(): ...\ndef f(): ...\n", [3, 4], id="three times"),
        pytest.param("class A:\n    def f(self): ...\n    def f(self, x): ...\n", [3], id="a method"),
        pytest.param("class A:\n    class B:\n        def f(self): ...\n        def f(self): ...\n", [4], id="nested"),
        pytest.param("if x:\n    def f(): ...\n    def f(): ...\n", [3], id="within one branch"),
        pytest.param("def f(): ...\ndef f(n):\n    return f(n - 1)\n", [2], id="recursion is no use"),
        pytest.param("@d\ndef f(): ...\ndef f(): ...\n", [], id="decorated first"),
        pytest.param("def f(): ...\n@d\ndef f(): ...\n", [], id="decorated second"),
        pytest.param("if x:\n    def f(): ...\nelse:\n    def f(): ...\n", [], id="branches of an if"),
        pytest.param("try:\n    def f(): ...\nexcept E:\n    def f(): ...\n", [], id="branches of a try"),
        pytest.param("def f(): ...\nif x:\n    def f(): ...\n", [], id="one in a branch"),
        pytest.param("def f(): ...\nf()\ndef f(): ...\n", [], id="used"),
        pytest.param("def f(): ...\ndef g():\n    f()\ng()\ndef f(): ...\n", [], id="used in a function"),
        pytest.param("def f(): ...\nregister('f')\ndef f(): ...\n", [], id="named in a string"),
        pytest.param("def f(): ...\ndel f\ndef f(): ...\n", [], id="deleted"),
        pytest.param("def f(): ...\nf = g\ndef f(): ...\n", [], id="bound again"),
        pytest.param("def f(): ...\nfrom x import f\ndef f(): ...\n", [], id="imported between"),
        pytest.param("def f(): ...\ndef f(g=f): ...\n", [], id="in a default"),
        pytest.param("class A: ...\nclass A(A): ...\n", [], id="as a base"),
        pytest.param("class A: ...\nclass A:\n    B = A\n", [], id="in a class body"),
        pytest.param("class A(B, key=1): ...\nclass A(B, key=2): ...\n", [], id="keywords register"),
        pytest.param(
            "class R:\n    def __init_subclass__(c): ...\nclass A(R): ...\nclass A(R): ...\n", [], id="a base registers"
        ),
        pytest.param("def _(): ...\ndef _(): ...\n", [], id="no name"),
        pytest.param("def f(): ...\nclass f: ...\n", [], id="of another kind"),
        pytest.param("class A:\n    def f(self): ...\ndef f(): ...\n", [], id="in another scope"),
    ],
)
def test_places(tmp_path: Path, source: str, expected: list[int]) -> None:
    assert lines(tmp_path, source) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("tests/test_m.py", [2], id="the first of two tests never runs"),
        pytest.param("app/_vendor/m.py", [], id="vendored"),
        pytest.param("app/m_pb2.py", [], id="generated"),
    ],
)
def test_files(tmp_path: Path, name: str, expected: list[int]) -> None:
    assert lines(tmp_path, "def f(): ...\ndef f(): ...\n", name) == expected
