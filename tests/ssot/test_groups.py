"""Groups: who is counted, what each class is to its group, and which paths lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.finding import Severity
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.model.ssot import Inventory, Member
from tests.functional.command import write
from tests.ssot.eleven_paths import TREE

SECOND = "class WebSocketManagerFactory:\n    def build(self): return None\n"
FACTORY = "class EnhancedWebSocketManagerBuilder:\n    def build(self): return None\n"
PLAIN = """
[ssot.g]
match = ["*Manager"]
canonical = "app.core:Manager"
"""
CORE = {"app/__init__.py": "", "app/core.py": "class Manager:\n    def run(self): return 1\n"}


def judged(root: Path, files: dict[str, str]) -> tuple[Report, Inventory]:
    write(root, files)
    report, project = wiring.judged(Request(start=str(root), jobs=1))
    (inventory,) = project.inventories
    return report, inventory


def codes(root: Path, files: dict[str, str]) -> list[tuple[str, str, int]]:
    report, _ = judged(root, files)
    return [(f.code, f.place.path, f.place.line) for f in report.findings if f.severity is Severity.ERROR]


def member(inventory: Inventory, name: str) -> Member:
    return next(member for member in inventory.members if member.symbol.endswith(name))


def test_eleven_paths_are_no_finding(tmp_path: Path) -> None:
    report, inventory = judged(tmp_path, TREE)
    assert report.findings == ()
    assert {m.symbol: (m.role.value, m.reason) for m in inventory.members} == {
        "app.core.manager:WebSocketManager": ("canonical", ""),
        "app.core.factory:WebSocketManagerFactory": ("adapter", ""),
        "app.core.validator:WebSocketManagerValidator": ("exempt", "looks at managers, is none"),
        "app.core.types:WebSocketManagerMode": ("exempt", "an Enum"),
        "app.core.protocols:WebSocketManagerProtocol": ("exempt", "a Protocol"),
        "tests.test_manager:FakeWebSocketManager": ("exempt", "in tests"),
    }
    paths = {
        path.symbol: (path.via, len(path.importers), path.tests)
        for path in member(inventory, "r:WebSocketManager").paths
    }
    assert paths == {
        "app.core.manager:WebSocketManager": ("definition", 4, 0),
        "app:WebSocketManager": ("import", 1, 1),
        "app.compat:WebSocketManager": ("__getattr__", 1, 0),
        "app.core:WebSocketManager": ("import", 1, 0),
        "app.core.factory:WebSocketManager": ("import", 0, 0),
        "app.core:UnifiedWebSocketManager": ("import", 0, 0),
        "app.legacy:WebSocketManager": ("alias", 0, 0),
        "app.main:WebSocketManager": ("import", 0, 0),
    }
    assert {path.symbol for path in member(inventory, "Mode").paths} == {
        "app.core.types:WebSocketManagerMode", "app.core:WebSocketManagerMode", "app.main:WebSocketManagerMode",
    }  # fmt: skip


def test_a_second_class_with_the_name_of_a_factory(tmp_path: Path) -> None:
    assert codes(tmp_path, {**TREE, "app/second.py": SECOND}) == [("MG401", "app/second.py", 1)]


def test_with_a_baseline_an_unclassified_member_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {**TREE, "app/old.py": "class OldWebSocketManagerTool:\n    x = 1\n"})
    assert codes(tmp_path, {"app/other.py": FACTORY}) == []
    (tmp_path / "app/other.py").unlink()
    from merge_guard.operations.baseline import create

    create(Request(start=str(tmp_path), jobs=1))
    assert codes(tmp_path, {}) == []
    assert codes(tmp_path, {"app/other.py": FACTORY}) == [("MG408", "app/other.py", 1)]
    assert codes(tmp_path, {"app/other.py": SECOND}) == [("MG401", "app/other.py", 1)]


@pytest.mark.parametrize(
    ("files", "role", "reason"),
    [
        pytest.param({"app/a.py": "class Manager: ..."}, "second", "beside app.core:Manager", id="a second"),
        pytest.param({"app/a.py": "class FastManager: ..."}, "unclassified", "", id="of another name"),
        pytest.param(
            {"app/a.py": "from app.core import Manager as M\nclass Manager(M): ..."}, "subclass", "of Manager", id="sub"
        ),
        pytest.param(
            {"app/b.py": "from app.core import *", "app/a.py": "import app.b as b\nclass Manager(b.Manager): ..."},
            "subclass", "of Manager", id="a subclass through a star",
        ),
        pytest.param(
            {"app/a.py": "import typing as t\nclass Manager(t.Protocol): ..."}, "exempt", "a Protocol", id="Protocol"
        ),
        pytest.param(
            {"app/a.py": "from abc import ABC\nclass Manager(ABC): ..."}, "exempt", "an abstract class", id="ABC"
        ),
        pytest.param(
            {"app/a.py": "import abc\nclass Manager:\n    @abc.abstractmethod\n    def f(self): ..."},
            "exempt", "an abstract class", id="abstract methods",
        ),
        pytest.param(
            {
                "app/b.py": "import enum\nclass Base(str, enum.Enum): ...",
                "app/a.py": "from .b import Base\nclass Manager(Base): A = 1",
            },
            "exempt", "an Enum", id="an Enum by its base",
        ),
        pytest.param({"app/a.py": "class Manager(KeyError): ..."}, "exempt", "an exception", id="an exception"),
        pytest.param(
            {"app/a.py": "from typing import NamedTuple\nclass Manager(NamedTuple):\n    x: int"},
            "exempt", "a NamedTuple", id="a NamedTuple",
        ),
        pytest.param({"app/a.py": "class MockManager: ..."}, "exempt", "a test double", id="a mock by name"),
        pytest.param(
            {"app/a.py": "from unittest.mock import Mock\nclass Manager(Mock): ..."}, "exempt", "a test double",
            id="a mock",
        ),
        pytest.param(
            {
                "app/b.py": "from abc import ABC\nclass A(ABC): ...\nclass B(ABC): ...",
                "app/a.py": "from .b import A, B\nclass Manager(A, B): ...",
            },
            "exempt", "an abstract class", id="interfaces joined",
        ),
        pytest.param(
            {"backups/1/a.py": "class Manager: ..."}, "exempt", "a backup, an example or the like", id="a backup"
        ),
        pytest.param({"app/a.py": "class A:\n    class Manager: ..."}, "exempt", "inside class A", id="nested"),
        pytest.param({"app/a.py": "def f():\n    class Manager: ..."}, "exempt", "inside a function", id="in a def"),
        pytest.param({"tests/a.py": "class Manager: ..."}, "exempt", "in tests", id="in tests"),
        pytest.param(
            {"app/_vendor/a.py": "class Manager: ..."}, "exempt", "vendored, generated or excluded", id="vendored"
        ),
        pytest.param(
            {"app/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    class Manager: ..."},
            "exempt", "for type checkers only", id="for type checkers",
        ),
        pytest.param(
            {"app/a.py": "try:\n    from app.core import Manager\nexcept ImportError:\n    class Manager: ..."},
            "exempt", "an alternative of another branch", id="a fallback",
        ),
    ],
)  # fmt: skip
def test_roles(tmp_path: Path, files: dict[str, str], role: str, reason: str) -> None:
    _, inventory = judged(tmp_path, {"merge-guard.toml": PLAIN, **CORE, **files})
    (other,) = (m for m in inventory.members if m.symbol != "app.core:Manager")
    assert (other.role.value, other.reason) == (role, reason)


@pytest.mark.parametrize(
    ("files", "errors"),
    [
        pytest.param({"app/a.py": "from app.core import Manager\nFastManager = Manager"}, [], id="an alias"),
        pytest.param(
            {"app/a.py": "class Fast: ...", "app/b.py": "from app.a import Fast as Manager"},
            [("MG402", "app/b.py", 1)], id="another class under the name",
        ),
        pytest.param(
            {"app/a.py": "class Fast: ...\nManager = Fast"}, [("MG402", "app/a.py", 2)], id="by assignment"
        ),
        pytest.param(
            {"app/a.py": "class FastManager: ...", "app/b.py": "class FastManager: ..."},
            [("MG402", "app/b.py", 1)], id="two others of one name",
        ),
        pytest.param(
            {
                "app/a.py": "class FastManager: ...", "app/b.py": "class FastManager: ...",
                "app/c.py": "try: from app.a import FastManager\nexcept ImportError: from app.b import FastManager\n",
            },
            [], id="alternatives of one module",
        ),
        pytest.param(
            {"app/a.py": "class _Manager: ...", "app/b.py": "class _Manager: ..."}, [], id="private names"
        ),
        pytest.param(
            {"app/a.py": "from enum import Enum\nclass FastManager(Enum): ...", "app/b.py": "class FastManager: ..."},
            [], id="one of them exempt",
        ),
    ],
)  # fmt: skip
def test_ambiguous_names(tmp_path: Path, files: dict[str, str], errors: list[tuple[str, str, int]]) -> None:
    assert codes(tmp_path, {"merge-guard.toml": PLAIN, **CORE, **files}) == errors


DEPRECATED = PLAIN + 'deprecated-paths = { "app.old:Manager" = "app.core:Manager", "app.older" = "app.core" }\n'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("from app.old import Manager\n", [("error", 1)], id="an import"),
        pytest.param("from app import core\nfrom .old import (\n    Manager as M,\n)\n", [("error", 3)], id="relative"),
        pytest.param("def f():\n    from app.old import Manager\n", [("error", 2)], id="in a function"),
        pytest.param(
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.old import Manager\n",
            [("warning", 3)], id="for type checkers",
        ),
        pytest.param("from app.old import other\n", [], id="another name"),
        pytest.param("from app.core import Manager\n", [], id="the right path"),
        pytest.param("from app.older import anything\n", [("error", 1)], id="a module"),
        pytest.param("import app.older\n", [("error", 1)], id="a module by name"),
        pytest.param("from app import older\n", [("error", 1)], id="a module from its package"),
    ],
)  # fmt: skip
def test_deprecated_paths(tmp_path: Path, source: str, found: list[tuple[str, int]]) -> None:
    old = {
        "app/old.py": "from app.core import Manager\nother = 1\n",
        "app/older.py": "from app.core import *\nanything = 1\n",
    }
    report, _ = judged(tmp_path, {"merge-guard.toml": DEPRECATED, **CORE, **old, "app/a.py": source})
    assert [(f.severity.value, f.place.line) for f in report.findings if f.code == "MG405"] == found


def test_who_gets_a_deprecated_name_from_another_is_counted_at_its_root(tmp_path: Path) -> None:
    files = {
        "app/old.py": "from app.core import Manager\n", "app/older.py": "",
        "app/api.py": "from app.old import Manager\n",
        "app/a.py": "from app.api import Manager\n", "app/b.py": "from app.api import *\n",
        "tests/t.py": "from app.old import Manager\n",
    }  # fmt: skip
    report, inventory = judged(tmp_path, {"merge-guard.toml": DEPRECATED, **CORE, **files})
    assert [(f.severity.value, f.place.path) for f in report.findings] == [
        ("error", "app/api.py"), ("warning", "tests/t.py"),
    ]  # fmt: skip
    assert inventory.uses[0].onward == ("app/a.py", "app/b.py")


@pytest.mark.parametrize(
    ("core", "place", "words"),
    [
        pytest.param("class Other: ...\n", ("app/core.py", 1), "does not exist", id="no such class"),
        pytest.param("def Manager(): ...\n", ("app/core.py", 1), "is a function", id="a function"),
        pytest.param("class Manager\n", ("app/core.py", 1), "does not parse", id="a syntax error"),
        pytest.param(
            "import os\nif os.environ:\n    class Manager: ...\nelse:\n    class Manager:\n        x = 1\n",
            ("app/core.py", 3), "is 2 classes", id="two in branches",
        ),
        pytest.param(
            "<<<<<<< HEAD\nclass Manager: ...\n=======\nclass Manager:\n    x = 1\nclass Second: ...\n>>>>>>> b\n",
            ("app/core.py", 1), "unresolved conflict", id="a conflict",
        ),
    ],
)  # fmt: skip
def test_a_canonical_that_cannot_be(tmp_path: Path, core: str, place: tuple[str, int], words: str) -> None:
    report, _ = judged(tmp_path, {"merge-guard.toml": PLAIN, "app/__init__.py": "", "app/core.py": core})
    (finding,) = (f for f in report.findings if f.code == "MG406")
    assert (finding.place.path, finding.place.line) == place
    assert words in finding.message
    if words == "unresolved conflict":
        assert [r.message for r in finding.related] == ["class Manager of both sides", "class Second of theirs"]


def test_two_groups_that_disagree(tmp_path: Path) -> None:
    config = PLAIN + '\n[ssot.h]\ncanonical = "app.two:Manager"\n'
    write(tmp_path, {"merge-guard.toml": config, **CORE, "app/two.py": "class Manager: ...\n"})
    report, _ = wiring.judged(Request(start=str(tmp_path), jobs=1))
    assert [f.message for f in report.findings if f.code == "MG406"] == [
        "group g: groups g and h disagree on Manager: app.core:Manager and app.two:Manager"
    ]


@pytest.mark.parametrize(
    ("source", "related"),
    [
        pytest.param("class FastManager:\n    def f(:\n", [], id="a syntax error"),
        pytest.param(
            "<<<<<<< a\nclass FastManager: ...\n=======\nclass SlowManager: ...\n>>>>>>> b\n",
            ["class FastManager of ours", "class SlowManager of theirs"],
            id="a conflict",
        ),
        pytest.param("class Fast:\n    def f(:\n", None, id="of no group"),
    ],
)
def test_a_file_of_a_group_is_never_skipped(tmp_path: Path, source: str, related: list[str] | None) -> None:
    report, _ = judged(tmp_path, {"merge-guard.toml": PLAIN, **CORE, "tools/a.py": source})
    found = [finding for finding in report.findings if finding.code == "MG406"]
    assert [[r.message for r in finding.related] for finding in found] == ([related] if related is not None else [])
    assert all(finding.severity is Severity.ERROR for finding in found)


def test_a_file_of_a_group_that_cannot_be_analysed_is_unjudged(tmp_path: Path) -> None:
    source = f"class FastManager:\n    x = {'-' * 100_000}1\n"
    report, _ = judged(tmp_path, {"merge-guard.toml": PLAIN, **CORE, "tools/a.py": source})
    assert [(item.path, item.matters) for item in report.unjudged] == [("tools/a.py", True)]


def test_what_is_configured_and_gone_is_told(tmp_path: Path) -> None:
    config = PLAIN + 'adapters = ["app.gone:Adapter"]\n'
    report, inventory = judged(tmp_path, {"merge-guard.toml": config, **CORE})
    assert inventory.stale == ("app.gone:Adapter",)
    assert "group g names app.gone:Adapter, which the tree does not have" in report.notices


def test_without_configuration_repeated_names_are_silent(tmp_path: Path) -> None:
    write(tmp_path, {f"app/{name}.py": "class Config:\n    def load(self): return 1\n" for name in "abcdefgh"})
    assert wiring.judge(Request(start=str(tmp_path), select=("MG4",), jobs=1)).findings == ()
