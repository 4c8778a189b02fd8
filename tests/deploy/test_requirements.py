"""What requirement files ask for, and which import names that may bring."""

from __future__ import annotations

import packaging.utils
import pytest

from merge_guard.deploy import names
from merge_guard.deploy.provided import could_provide
from merge_guard.deploy.requirements import Wanted, declared_below, name_of, names_requirements, read_requirements


@pytest.mark.parametrize(
    ("text", "names", "local", "complete"),
    [
        pytest.param("Flask==3.0\nruamel.yaml>=0.17 # why\n", {"flask", "ruamel-yaml"}, (), True, id="names"),
        pytest.param("uvicorn[standard]>=0.2; python_version < '4'\n", {"uvicorn"}, (), True, id="extras and markers"),
        pytest.param("a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:01\nb\n", {"a", "b"}, (), True, id="hashes"),
        pytest.param("-r more/base.in\n--requirement=other.txt\n", {"base", "other"}, (), True, id="other files"),
        pytest.param("-c constraints.txt\na\n", {"a"}, (), True, id="constraints ask for nothing"),
        pytest.param("-r gone.txt\na\n", {"a"}, (), False, id="a file that is not there"),
        pytest.param("-r requirements.txt\na\n", {"a"}, (), True, id="a circle"),
        pytest.param("-e .\n./libs/common[x]\n", set(), (".", "libs/common"), True, id="projects of the tree"),
        pytest.param("git+https://x/y/tool.git@main#egg=the_tool\n", {"the-tool"}, (), True, id="egg"),
        pytest.param("git+https://x/y/tool.git@main\n", {"tool"}, (), True, id="version control"),
        pytest.param("tool @ https://x/y.whl\n", {"tool"}, (), True, id="a direct reference"),
        pytest.param("--index-url https://x\n--no-binary :all:\n\n# a\n", set(), (), True, id="options"),
        pytest.param("{{ jinja }}\n", set(), (), False, id="a template"),
    ],
)
def test_requirements_files(text: str, names: set[str], local: tuple[str, ...], complete: bool) -> None:
    tree = {"requirements.txt": text, "more/base.in": "base\n", "other.txt": "other\n"}
    wanted = read_requirements("requirements.txt", lambda path: tree[path].encode() if path in tree else None)
    assert wanted == Wanted(frozenset(names), local, complete)


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        pytest.param(
            "pyproject.toml",
            '[project]\ndependencies = ["a>=1"]\noptional-dependencies = { x = ["b"] }\n[dependency-groups]\n'
            'dev = ["c", {include-group = "x"}]\n[build-system]\nrequires = ["hatchling"]\n',
            {"a", "b", "c"},
            id="PEP 621 and 735",
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython = "^3.11"\nFast_API = "*"\n'
            "[tool.poetry.group.dev.dependencies]\nb = {}\n",
            {"fast-api", "b"},
            id="Poetry",
        ),
        pytest.param("Pipfile", '[packages]\na = "*"\n[dev-packages]\nb = "*"\n[requires]\npython_version = "3"\n',
            {"a", "b"}, id="Pipfile"),
        pytest.param("setup.cfg", "[options]\ninstall_requires =\n    a>=1\n[options.extras_require]\nx =\n    b\n",
            {"a", "b"}, id="setup.cfg"),
        pytest.param("uv.lock", 'version = 1\n[[package]]\nname = "a"\nversion = "1"\n[[package]]\nname = "b.c"\n',
            {"a", "b-c"}, id="uv.lock"),
        pytest.param("requirements/prod.txt", "a\n", {"a"}, id="a directory of requirements"),
    ],
)  # fmt: skip
def test_other_files(path: str, text: str, names: set[str]) -> None:
    assert names_requirements(path)
    assert declared_below("", [path], lambda name: text.encode() if name == path else None) == Wanted(frozenset(names))


@pytest.mark.parametrize("path", ["setup.py", "pyproject.toml", "setup.cfg", "Pipfile"])
def test_what_is_not_read_is_not_complete(path: str) -> None:
    assert not declared_below("", [path], lambda name: b"\0 = [").complete


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("A.b_C", "a-b-c"), ("x>1", "x"), ("git+ssh://git@x/y/z.git", "z"), ("***", None), ("", None)],
)
def test_names(requirement: str, name: str | None) -> None:
    assert name_of(requirement) == name


@pytest.mark.parametrize(
    ("distribution", "module", "provided"),
    [
        ("pyyaml", "yaml", True), ("beautifulsoup4", "bs4", True), ("scikit-learn", "sklearn", True),
        ("requests", "requests", True), ("typing-extensions", "typing_extensions", True), ("pillow", "PIL", True),
        ("python-jose", "jose", True), ("google-cloud-bigquery", "google", True), ("django-environ", "environ", True),
        ("flask-login", "flask_login", True), ("opencv-python-headless", "cv2", True), ("pymysql", "pymysql", True),
        ("redis", "shared", False), ("pyyaml", "utils", False), ("requests", "request", False),
    ],
)  # fmt: skip
def test_what_a_distribution_may_bring(distribution: str, module: str, provided: bool) -> None:
    assert could_provide({distribution}, module) is provided


@pytest.mark.parametrize("name", ["Django", "zope.interface", "ruamel_yaml", "A--b__C..d", "x", "", "Ünï.code"])
def test_names_are_compared_as_packaging_does(name: str) -> None:
    assert names.canonicalize_name(name) == packaging.utils.canonicalize_name(name)
