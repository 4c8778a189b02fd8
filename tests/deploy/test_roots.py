"""Source roots that are declared, customary, or neither."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from merge_guard.deploy.declarations import Declared
from merge_guard.deploy.roots import is_incidental, project_directories
from merge_guard.model.source import SourceFile
from merge_guard.startup.resolve import SourceTree


def roots(paths: Iterable[str], **declared: Declared) -> dict[str, tuple[str, ...]]:
    names = SourceTree(SourceFile(path) for path in paths).names
    directories = {key.replace("__", "/").replace("root", ""): value for key, value in declared.items()}
    return {project.directory: project.roots for project in project_directories(directories, names)}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["app/__init__.py"], ("",), id="flat"),
        pytest.param(["src/app/__init__.py"], ("src", ""), id="src"),
        pytest.param(["src/app.py"], ("src", ""), id="a module below src"),
        pytest.param(["src/space/leaf.py"], ("src", ""), id="a namespace package below src"),
        pytest.param(["src/__init__.py", "src/app.py"], ("",), id="src is a package"),
        pytest.param(["src/main.c"], ("",), id="src of another language"),
        pytest.param(["lib/app/__init__.py"], ("lib", ""), id="lib"),
    ],
)
def test_customary(paths: list[str], expected: tuple[str, ...]) -> None:
    assert roots(paths) == {"": expected}


def test_declared_roots_come_first_and_alone() -> None:
    paths = ["code/app/__init__.py", "src/other/__init__.py"]
    assert roots(paths, root=Declared(package_roots=("code",))) == {"": ("code", "")}


def test_a_declared_root_that_is_not_there_is_none() -> None:
    assert roots(["src/app/__init__.py"], root=Declared(package_roots=("code",))) == {"": ("src", "")}


def test_each_project_has_its_own() -> None:
    paths = ["services/a/src/app/__init__.py", "services/b/app/__init__.py", "tool.py"]
    assert roots(paths, services__a=Declared(), services__b=Declared()) == {
        "": ("",),
        "services/a": ("services/a/src", "services/a"),
        "services/b": ("services/b",),
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pyproject.toml", False),
        ("services/a/pyproject.toml", False),
        ("tests/data/pyproject.toml", True),
        ("Examples/one/setup.cfg", True),
        ("tests", False),
    ],
)
def test_incidental(path: str, expected: bool) -> None:
    assert is_incidental(path) is expected
