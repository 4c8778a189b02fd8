"""What packaging metadata declares."""

from __future__ import annotations

import pytest

from merge_guard.deploy.declarations import Declared, read_pyproject, read_setup_cfg


def scripts(declared: Declared) -> list[tuple[str, str, int]]:
    return [(script.name, script.target, script.line) for script in declared.scripts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('[project.scripts]\nserve = "app.cli:main"\n', [("serve", "app.cli:main", 2)], id="scripts"),
        pytest.param('[project.gui-scripts]\n"serve-ui" = "app:ui"\n', [("serve-ui", "app:ui", 2)], id="gui scripts"),
        pytest.param('[project]\nname = "x"\nscripts = {go = "app:go"}\n', [("go", "app:go", 3)], id="an inline table"),
        pytest.param('[tool.poetry.scripts]\n\ngo = "app:go"\n', [("go", "app:go", 3)], id="Poetry"),
        pytest.param(
            '[tool.poetry.scripts]\ngo = {reference = "app:go", type = "console"}\n',
            [("go", "app:go", 2)],
            id="Poetry's table",
        ),
        pytest.param("[project.scripts]\ngo = 1\n", [], id="not a text"),
        pytest.param('project = "x"\n', [], id="not a table"),
        pytest.param("", [], id="empty"),
    ],
)  # fmt: skip
def test_scripts_of_pyproject(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert scripts(read_pyproject("pyproject.toml", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('[tool.setuptools.packages.find]\nwhere = ["src"]\n', ("src",), id="setuptools"),
        pytest.param('[tool.setuptools.package-dir]\n"" = "lib"\n', ("lib",), id="package-dir"),
        pytest.param('[[tool.poetry.packages]]\ninclude = "a"\nfrom = "python"\n', ("python",), id="Poetry"),
        pytest.param('[tool.hatch.build.targets.wheel]\npackages = ["src/a", "b"]\n', ("src",), id="Hatch"),
        pytest.param('[tool.setuptools.packages.find]\nwhere = ["../elsewhere"]\n', (), id="outside"),
    ],
)
def test_roots_of_pyproject(text: str, expected: tuple[str, ...]) -> None:
    assert read_pyproject("pyproject.toml", text).package_roots == expected


def test_requires_python() -> None:
    assert read_pyproject("p", '[project]\nrequires-python = ">=3.10"\n').requires_python == ">=3.10"
    assert read_setup_cfg("s", "[options]\npython_requires = >=3.9\n").requires_python == ">=3.9"


@pytest.mark.parametrize("text", ["[project\n", "a = \n", 'x = "\\q"\n'])
def test_a_broken_pyproject_is_a_problem_and_no_crash(text: str) -> None:
    declared = read_pyproject("sub/pyproject.toml", text)
    assert not declared.scripts
    assert declared.problems[0].startswith("sub/pyproject.toml does not load")


def test_a_broken_setup_cfg_is_a_problem_and_no_crash() -> None:
    assert read_setup_cfg("setup.cfg", "no section\n").problems[0].startswith("setup.cfg does not load")


def test_setup_cfg() -> None:
    declared = read_setup_cfg("setup.cfg", (
        "[options]\npackage_dir =\n    = src\n[options.packages.find]\nwhere = src\n"
        "[options.entry_points]\nconsole_scripts =\n    serve = app.cli:main [extra]\n    # off = app:off\n"
        "gui_scripts =\n    ui = app.ui:main\n"
    ))  # fmt: skip
    assert scripts(declared) == [("serve", "app.cli:main", 8), ("ui", "app.ui:main", 11)]
    assert declared.package_roots == ("src", "src")
