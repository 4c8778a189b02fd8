"""Which requirements bring back a module of the standard library."""

from __future__ import annotations

import pytest

from merge_guard.deploy.backports import is_provided, names_requirements

PYPROJECT = '[build-system]\nrequires = ["setuptools>=61"]\n\n[project]\ndependencies = [{}]\n'


@pytest.mark.parametrize(
    ("module", "texts", "expected"),
    [
        pytest.param("cgi", [], None, id="no requirements are known"),
        pytest.param("cgi", [("requirements.txt", "legacy-cgi==2.6\n")], True, id="its provider"),
        pytest.param("cgi", [("requirements.txt", "standard-cgi\n")], True, id="a standard- package"),
        pytest.param("cgi", [("requirements.txt", "Legacy-CGI\n")], True, id="case"),
        pytest.param("cgi", [("requirements.txt", "fastcgi\nwsgi-cgi-tools\n")], False, id="other names"),
        pytest.param("imghdr", [("poetry.lock", 'name = "standard-imghdr"\n')], True, id="a lock file"),
        pytest.param("distutils", [("requirements.txt", "setuptools\n")], True, id="setuptools"),
        pytest.param("distutils", [("requirements.txt", "requests\n")], None, id="setuptools may come along"),
        pytest.param("distutils", [("uv.lock", 'name = "requests"\n')], False, id="a lock file without setuptools"),
        pytest.param("distutils", [("pyproject.toml", PYPROJECT.format(""))], None, id="what builds is not installed"),
        pytest.param("distutils", [("pyproject.toml", PYPROJECT.format('"setuptools"'))], True, id="a dependency"),
        pytest.param("cgi", [("pyproject.toml", '[tool.poetry]\nlegacy-cgi = "*"\n')], True, id="a key"),
        pytest.param("distutils", [("pyproject.toml", "[tool.setuptools]\nzip-safe = false\n")], None, id="a table"),
        pytest.param("distutils", [("setup.py", "from setuptools import setup\n")], None, id="setup.py imports it"),
        pytest.param("distutils", [("setup.py", "install_requires=['setuptools']")], True, id="setup.py requires it"),
        pytest.param("tomllib", [("requirements.txt", "tomllib\ntomli\n")], False, id="nothing brings it"),
        pytest.param("tomllib", [], False, id="nothing brings it, whatever is installed"),
        pytest.param("winreg", [], False, id="a platform's module"),
        pytest.param("asyncio.taskgroups", [], False, id="a submodule"),
    ],
)
def test_provided(module: str, texts: list[tuple[str, str]], expected: bool | None) -> None:
    assert is_provided(module, texts) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("requirements.txt", True), ("a/requirements-dev.in", True), ("requirements/base.txt", True), ("uv.lock", True),
        ("Pipfile", True), ("deploy/Dockerfile.web", True), ("environment.yml", True), ("setup.py", True),
        ("a/setup.py", True), ("notes.txt", False), ("my_setup.py", False), ("poetry.lock.orig", False),
    ],
)  # fmt: skip
def test_files(path: str, expected: bool) -> None:
    assert names_requirements(path) is expected
