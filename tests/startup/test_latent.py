"""What fails in modules that no start-up runs: certain, or silent."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract
from merge_guard.model.source import SourceFile
from merge_guard.startup.latent import LatentJudge, package_of
from merge_guard.startup.resolve import SourceTree

TREE = {
    "p/__init__.py": "",
    "p/names.py": "x = 1\nif x:\n    y = 2\n",
    "p/star.py": "from p.names import *\nz = 3\n",
    "p/open.py": "globals()['made'] = 1\n",
    "p/hook.py": "def __getattr__(name): ...\n",
    "p/grows/__init__.py": "__path__ = []\n",
    "p/third.py": "from third import *\n",
    "p/sub/__init__.py": "",
    "space/leaf.py": "",
}


def failures(source: str, path: str = "p/here.py") -> list[tuple[str, int, str]]:
    files = {path: source, **{name: text for name, text in TREE.items() if name != path}}
    facts = {name: extract(text.encode(), "python") for name, text in files.items()}
    judge = LatentJudge(SourceTree(SourceFile(name) for name in files), facts.get)
    module = facts[path].module
    assert module is not None
    return [(f.cause.value, f.place.line, f.subject) for f in judge.failures(path, module, ("",))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import p.gone\n", ("missing-module", 1, "p.gone"), id="a missing module"),
        pytest.param("import p.gone.deep\n", ("missing-module", 1, "p.gone"), id="a missing package"),
        pytest.param("from p.gone import x\n", ("missing-module", 1, "p.gone"), id="a missing module's name"),
        pytest.param("import p.names.gone\n", ("missing-module", 1, "p.names.gone"), id="a module is no package"),
        pytest.param("from p.names import gone\n", ("missing-name", 1, "gone"), id="a missing name"),
        pytest.param("from p.star import gone\n", ("missing-name", 1, "gone"), id="a name that no star brings"),
        pytest.param("from . import gone\n", ("missing-name", 1, "gone"), id="a missing sibling"),
        pytest.param("from .gone import x\n", ("missing-module", 1, "p.gone"), id="a missing relative module"),
        pytest.param("from ..gone import x\n", ("beyond-top", 1, "..gone"), id="beyond the top"),
        pytest.param("\nfrom p.names import (\n    x,\n    gone,\n)\n", ("missing-name", 4, "gone"), id="its own line"),
    ],
)
def test_certain(source: str, expected: tuple[str, int, str]) -> None:
    assert failures(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import p.names, p.sub, os, third\n", id="all there"),
        pytest.param("from p.names import x, y, __name__\n", id="names, in any branch"),
        pytest.param("from p.star import x, y, z\n", id="what a star brings"),
        pytest.param("from p import names, sub, here\n", id="submodules"),
        pytest.param("from p.open import made\n", id="an open module"),
        pytest.param("from p.hook import made\n", id="a module with __getattr__"),
        pytest.param("from p.third import made\n", id="a star of a third party"),
        pytest.param("import p.grows.gone\n", id="a __path__ that grows"),
        pytest.param("from p._version import version\n", id="what a build writes"),
        pytest.param("import space.gone\n", id="another portion of a namespace"),
        pytest.param("import nowhere.gone\n", id="perhaps a third party"),
        pytest.param("from p.names import *\n", id="a star"),
        pytest.param("try:\n    import p.gone\nexcept ImportError:\n    pass\n", id="a guard"),
        pytest.param("try:\n    import p.gone\nexcept KeyError:\n    pass\n", id="any guard"),
        pytest.param("if x:\n    import p.gone\n", id="a condition"),
        pytest.param("def f():\n    import p.gone\n", id="a function"),
        pytest.param("import this_may_be_a_script.gone\n", id="a name that is nowhere"),
    ],
)
def test_silent(source: str) -> None:
    assert failures(source) == []


def test_a_relative_import_outside_any_package_is_silent() -> None:
    assert failures("from .gone import x\n", "scripts/run.py") == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [("p/names.py", ("p",)), ("p/sub/__init__.py", ("p", "sub")), ("space/leaf.py", ()), ("top.py", ())],
)
def test_packages(path: str, expected: tuple[str, ...]) -> None:
    assert package_of(path, SourceTree(SourceFile(name) for name in TREE)) == expected
