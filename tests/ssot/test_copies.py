"""Copies of classes: what is one, what is nearly one, and what only shares an interface."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.request import Request
from tests.functional.command import write

BODY = """        total = 0
        for item in self.items:
            total += item.{0}
        self.total = total
        return total
"""
METHODS = [f"    def {name}(self):\n{BODY.format(name)}" for name in ("size", "count", "weight", "price", "tax")]
CLASS = "class Store:\n" + "".join(METHODS)
SHORT = "class Store:\n    def a(self): return 1\n    def b(self): return 2\n    def c(self): return 3\n"
GROUP = '[ssot.store]\nmatch = ["*Store"]\n'


def found(root: Path, one: str, other: str, config: str = "", **files: str) -> list[tuple[str, str, str, int]]:
    write(root, {"merge-guard.toml": config, "app/__init__.py": "", "app/a.py": one, "app/b.py": other, **files})
    select = () if config else ("MG403", "MG404")
    report = wiring.judge(Request(start=str(root), extend_select=select, jobs=1))
    return [
        (f.code, f.severity.value, f.place.path, f.place.line) for f in report.findings if f.code in ("MG403", "MG404")
    ]


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        pytest.param(CLASS, CLASS, "MG403", id="the same"),
        pytest.param(CLASS, CLASS.replace("Store", "Shop"), "MG403", id="under another name"),
        pytest.param(SHORT, SHORT, "MG403", id="three short methods"),
        pytest.param(CLASS, CLASS.replace("(self)", "(self) -> int"), "MG403", id="annotated"),
        pytest.param(
            CLASS, CLASS.replace("        total = 0", '        """Text."""\n        # so\n        total = (0)'),
            "MG403", id="documented and formatted",
        ),
        pytest.param(CLASS, CLASS.replace("Store:", "Store(Base):"), "MG404", id="another base"),
        pytest.param(CLASS, CLASS + "    def new(self): return 1\n", "MG404", id="one method more"),
        pytest.param(CLASS, CLASS.replace("item.tax", "item.vat"), "MG404", id="one method changed"),
        pytest.param(CLASS, "class Other:\n" + "".join(METHODS[:3]) + "".join(
            f"    def m{n}(self): return {n}\n" for n in range(9)), "MG404", id="three long bodies"),
        pytest.param(CLASS, "class Other:\n" + "".join(METHODS[:2]), None, id="two long bodies"),
        pytest.param(CLASS, CLASS.replace("total += item", "total -= item"), None, id="the same interface"),
        pytest.param(SHORT, SHORT.replace("return 1", "return 4"), None, id="short and not the same"),
        pytest.param(SHORT.replace("c(self)", "d(self)"), SHORT, None, id="two methods"),
        pytest.param(CLASS, CLASS.replace("    def", "    async def"), None, id="asynchronous"),
        pytest.param(*[CLASS.replace("Store:", "Store(Protocol):")] * 2, None, id="a Protocol"),
        pytest.param(*[CLASS.replace("Store:", "Store(abc.ABC):")] * 2, None, id="an abstract class"),
        pytest.param(*[CLASS.replace("Store:", "Store(ValueError):")] * 2, None, id="an exception"),
        pytest.param(CLASS, CLASS.replace("Store", "FakeStore"), None, id="a test double outside tests"),
        pytest.param(CLASS, "if x:\n    pass\nclass Outer:\n" + textwrap.indent(CLASS, "    "), None, id="nested"),
    ],
)  # fmt: skip
def test_anywhere(tmp_path: Path, one: str, other: str, code: str | None) -> None:
    line = 1
    assert found(tmp_path, one, other) == ([(code, "warning", "app/b.py", line)] if code else [])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(CLASS, CLASS.replace("Store", "FastStore"), [("MG403", "error")], id="a copy"),
        pytest.param(
            CLASS, CLASS.replace("Store", "FastStore").replace("total +=", "total -="), [("MG404", "warning")],
            id="the same interface",
        ),
        pytest.param(SHORT, SHORT.replace("Store", "FastStore"), [("MG403", "error")], id="a short copy"),
        pytest.param(SHORT, SHORT.replace("Store", "FastStore").replace("return 1", "return 4"), [], id="three names"),
        pytest.param(CLASS, CLASS.replace("Store", "FakeStore"), [], id="a test double"),
        pytest.param(CLASS, CLASS, [], id="an ambiguous name is told once"),
        pytest.param(CLASS, CLASS.replace("Store", "Shop"), [], id="not of the group"),
    ],
)  # fmt: skip
def test_in_a_group(tmp_path: Path, one: str, other: str, expected: list[tuple[str, str]]) -> None:
    assert [item[:2] for item in found(tmp_path, one, other, GROUP)] == expected


def test_a_family_is_told_once_for_each_copy(tmp_path: Path) -> None:
    copies = {f"app/copy{number}.py": CLASS for number in range(60)}
    assert found(tmp_path, CLASS, CLASS, **copies) == [
        ("MG403", "warning", path, 1) for path in sorted(["app/b.py", *copies])
    ]


@pytest.mark.parametrize("path", ["tests/a.py", "app/_vendor/a.py", "backups/a.py", "app/a_pb2.py"])
def test_whose_code_is_not_compared(tmp_path: Path, path: str) -> None:
    assert found(tmp_path, "", CLASS, **{path: CLASS}) == []


def test_the_beginning_of_a_code_does_not_ask_for_all_classes(tmp_path: Path) -> None:
    write(tmp_path, {"app/__init__.py": "", "app/a.py": CLASS, "app/b.py": CLASS})
    assert wiring.judge(Request(start=str(tmp_path), select=("MG4",), jobs=1)).findings == ()
