"""What fails in modules that no start-up runs: certain, or silent."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Terms
from merge_guard.startup.latent import LatentJudge
from merge_guard.startup.latent_names import package_of
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
    "p/odd.py": "import sys\ndef export(cls):\n    setattr(sys.modules[cls.__module__], 'made', 1)\n    return cls\n",
    "p/made.py": "from p.odd import export\n@export\nclass A: ...\n",
    "p/frame.py": "import sys\ndef twin(f):\n    sys._getframe(1).f_globals['made'] = f\n    return f\n",
    "p/framed.py": "from p.frame import twin\n@twin\ndef f(): ...\n",
    "p/passes.py": "import sys\ndef pass_on(name, to):\n    sys.modules[name].__class__ = type(sys)\n",
    "p/passed.py": "from p.passes import pass_on\npass_on(__name__, '.names')\n",
    "p/fills.py": "def fill(names):\n    vars(names)\n    exec('made = 1', names)\n",
    "p/filled.py": "from p import fills\nfills.fill(names=globals())\n",
    "p/logs.py": "from p.names import x\nimport logging\nlogging.getLogger(__name__)\nx(__name__)\n",
    "space/space.py": "",
    "p/stores.py": "from p import names\nnames.stored = 1\n",
    "p/typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.names import x, y\ny = 1\n",
    "space/leaf.py": "",
    "wide/inner/__init__.py": "",
    "wide/inner/frame.py": "import sys\ndef twin(f):\n    sys._getframe(1).f_globals['made'] = f\n    return f\n",
    "wide/inner/framed.py": "from wide.inner.frame import twin\n@twin\ndef f(): ...\n",
}


def failures(source: str, path: str = "p/here.py", what: str = "failures") -> list[tuple[str, int, str]]:
    files = {path: source, **{name: text for name, text in TREE.items() if name != path}}
    facts = {name: extract(text.encode(), "python") for name, text in files.items()}
    judge = LatentJudge(
        SourceTree(SourceFile(name) for name in files),
        facts,
        Terms((3, 12), (3, 13), "linux", provided=lambda name: None if name == "distutils" else False),
    )
    module = facts[path].module
    assert module is not None
    found = (
        judge.exports(path, module)
        if what == "exports"
        else getattr(judge, what)(path, module, ("", "space") if path.startswith("space") else ("",))
    )
    return [(f.cause.value, f.place.line, f.subject) for f in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import p.gone\n", ("missing-module", 1, "p.gone"), id="a missing module"),
        pytest.param("import p.gone.deep\n", ("missing-module", 1, "p.gone"), id="a missing package"),
        pytest.param("from p.gone import x\n", ("missing-module", 1, "p.gone"), id="a missing module's name"),
        pytest.param("import p.names.gone\n", ("missing-module", 1, "p.names.gone"), id="a module is no package"),
        pytest.param("from p.names import gone\n", ("missing-name", 1, "gone"), id="a missing name"),
        pytest.param("from p.star import gone\n", ("missing-name", 1, "gone"), id="a name that no star brings"),
        pytest.param(
            "from p.logs import gone\n", ("missing-name", 1, "gone"), id="a module that says its name to others"
        ),
        pytest.param("from . import gone\n", ("missing-name", 1, "gone"), id="a missing sibling"),
        pytest.param("from .gone import x\n", ("missing-module", 1, "p.gone"), id="a missing relative module"),
        pytest.param("from ..gone import x\n", ("beyond-top", 1, "..gone"), id="beyond the top"),
        pytest.param("\nfrom p.names import (\n    x,\n    gone,\n)\n", ("missing-name", 4, "gone"), id="its own line"),
        pytest.param("from p.typed import x, y\n", ("type-checking-only", 1, "x"), id="a name of type checkers"),
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
        pytest.param("import p.hook.gone\n", id="a __getattr__ that may give a __path__"),
        pytest.param("from p._version import version\n", id="what a build writes"),
        pytest.param("import space.gone\n", id="another portion of a namespace"),
        pytest.param("import nowhere.gone\n", id="perhaps a third party"),
        pytest.param("from p.names import *\n", id="a star"),
        pytest.param("try:\n    import p.gone\nexcept ImportError:\n    pass\n", id="a guard"),
        pytest.param("try:\n    import p.gone\nexcept KeyError:\n    pass\n", id="any guard"),
        pytest.param("if x:\n    import p.gone\n", id="a condition"),
        pytest.param("def f():\n    import p.gone\n", id="a function"),
        pytest.param("import this_may_be_a_script.gone\n", id="a name that is nowhere"),
        pytest.param("from p.names import stored\n", id="a name that another module stores"),
        pytest.param("from p.made import made\n", id="a name that a decorator binds"),
        pytest.param("from p.framed import made\n", id="a name that a decorator binds in its caller's frame"),
        pytest.param("from wide.inner.framed import made\n", id="the same in a package of a namespace"),
        pytest.param("from p.passed import made\n", id="names of a module that hands its name over"),
        pytest.param("from p.filled import made\n", id="names of a module that hands its globals over"),
        pytest.param("import winreg\n", id="a module of another platform"),
        pytest.param("import distutils\n", id="the standard library, perhaps installed"),
    ],
)
def test_silent(source: str) -> None:
    assert failures(source) == []


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        pytest.param("p/here.py", "__all__ = ['x', 'y']\nx = 1\n", [(1, "y")], id="a name that nothing binds"),
        pytest.param("p/here.py", "__all__ = ['x']\n\n__all__ += ['y']\nx = 1\n", [(3, "y")], id="+="),
        pytest.param("p/here.py", "__all__ = []\n__all__.append('y')\n", [(2, "y")], id="append"),
        pytest.param("p/here.py", "__all__ = []\n__all__.extend(('y',))\n", [(2, "y")], id="extend"),
        pytest.param("p/here.py", "__all__ = ['x'] + ['y']\nx = 1\n", [(1, "y")], id="a sum"),
        pytest.param("p/here.py", "from p.names import *\n__all__ = ['x', 'gone']\n", [(2, "gone")], id="a star"),
        pytest.param("p/here.py", "if TYPE_CHECKING:\n    import a\n__all__ = ['a']\n", [(3, "a")], id="a type's name"),
        pytest.param("p/sub/__init__.py", "__all__ = ['gone']\n", [(1, "gone")], id="a submodule that is not there"),
        pytest.param("p/__init__.py", "__all__ = ['sub', 'names', '__doc__']\n", [], id="submodules"),
        pytest.param("p/here.py", "__all__ = ['y']\n__all__ = ['x']\nx = 1\n", [], id="the last one counts"),
        pytest.param("p/here.py", "__all__ = ['y', *other]\n", [], id="unpacked"),
        pytest.param("p/here.py", "__all__ = ['y']\n__all__.remove('y')\n", [], id="removed"),
        pytest.param("p/here.py", "__all__ = ['y']\nif z:\n    __all__.remove('y')\n", [], id="removed perhaps"),
        pytest.param("p/here.py", "__all__ = sorted(['y'])\n", [], id="computed"),
        pytest.param("p/here.py", "if z:\n    __all__ = ['y']\n", [], id="under a condition"),
        pytest.param("p/here.py", "__all__ = ['y']\ndef __getattr__(name): ...\n", [], id="a module with __getattr__"),
        pytest.param("p/here.py", "__all__ = ['y']\nglobals()['y'] = 1\n", [], id="an open module"),
        pytest.param("p/here.py", "__all__ = ['y']\nfrom third import *\n", [], id="a star of a third party"),
        pytest.param("p/here.py", "__all__ = ['y']\ndef f():\n    global y\n    y = 1\n", [], id="a global"),
    ],
)  # fmt: skip
def test_exports(path: str, source: str, expected: list[tuple[int, str]]) -> None:
    assert failures(source, path, "exports") == [("missing-export", *item) for item in expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("def f():\n    import p.gone\n", [("lazy-import", 2, "p.gone")], id="a module"),
        pytest.param("def f():\n    from .names import gone\n", [("lazy-import", 2, "gone")], id="a name"),
        pytest.param("def f():\n    from . import gone\n", [("lazy-import", 2, "gone")], id="a sibling"),
        pytest.param("async def f():\n    from .typed import x\n", [("lazy-import", 2, "x")], id="a type's name"),
        pytest.param("class A:\n    def f(s):\n        import p.gone\n", [("lazy-import", 3, "p.gone")], id="a method"),
        pytest.param("def f():\n    import annotationlib\n", [], id="a newer standard library"),
        pytest.param("def f():\n    import imp\n", [("stdlib-absent", 2, "imp")], id="the standard library"),
        pytest.param("def f():\n    def g():\n        import p.gone\n", [("lazy-import", 3, "p.gone")], id="nested"),
        pytest.param("def f():\n    import p.names, third, os\n", [], id="all there"),
        pytest.param("def f():\n    try:\n        import p.gone\n    except ImportError: ...\n", [], id="a guard"),
        pytest.param("def f():\n    try: ...\n    except E:\n        import p.gone\n", [], id="a handler"),
        pytest.param("def f():\n    with suppress(E):\n        import p.gone\n", [], id="with"),
        pytest.param("def f():\n    if x:\n        import p.gone\n", [], id="a condition"),
        pytest.param("def f():\n    if x: ...\n    else:\n        import p.gone\n", [], id="another condition"),
        pytest.param("def f():\n    for x in y:\n        import p.gone\n", [], id="a loop"),
        pytest.param("def f():\n    match x:\n        case 1:\n            import p.gone\n", [], id="a case"),
        pytest.param("try:\n    def f():\n        import p.gone\nexcept E: ...\n", [("lazy-import", 3, "p.gone")],
                     id="a guard around the definition"),
        pytest.param("if x:\n    def f():\n        import p.gone\n", [], id="a condition around the definition"),
        pytest.param("import p.gone\n", [], id="not lazy"),
    ],
)  # fmt: skip
def test_lazy(source: str, expected: list[tuple[str, int, str]]) -> None:
    assert failures(source, what="lazy") == expected


def test_a_part_of_a_namespace_is_no_root() -> None:
    assert failures("import space.gone\n", "space/deep/here.py") == []


def test_a_relative_import_outside_any_package_is_silent() -> None:
    assert failures("from .gone import x\n", "scripts/run.py") == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [("p/names.py", ("p",)), ("p/sub/__init__.py", ("p", "sub")), ("space/leaf.py", ()), ("top.py", ())],
)
def test_packages(path: str, expected: tuple[str, ...]) -> None:
    assert package_of(path, SourceTree(SourceFile(name) for name in TREE)) == expected


def test_the_same_import_may_be_sound_for_one_file_only() -> None:
    """What was found out for one file is used for others, in whichever order they are asked."""
    files = {
        "p/__init__.py": "",
        "p/self.py": "from p.self import gone as one\nfrom .self import gone as two\n",
        "p/other.py": "from p.self import gone\nfrom .self import gone\n",
        "p/q/__init__.py": "",
        "p/q/self.py": "gone = 1\n",
        "p/q/third.py": "from .self import gone\nfrom ..self import gone\n",
        "setup.py": "import distutils\n",
        "setting.py": "import distutils\n",
        "loose/self.py": "from p.self import gone\nfrom .self import gone\n",
    }
    facts = {name: extract(text.encode(), "python") for name, text in files.items()}

    def told(judge: LatentJudge, path: str) -> list[tuple[str, int]]:
        module = facts[path].module
        assert module is not None
        return [(f.place.path, f.place.line) for f in judge.failures(path, module, ("",))]

    def judge() -> LatentJudge:
        terms = Terms((3, 12), (3, 13), "linux", provided=lambda name: False)
        return LatentJudge(SourceTree(SourceFile(name) for name in files), facts, terms)

    alone = {path: told(judge(), path) for path in files}
    assert sorted(place for places in alone.values() for place in places) == [
        ("loose/self.py", 1), ("p/other.py", 1), ("p/other.py", 2), ("p/q/third.py", 2), ("setting.py", 1),
    ]  # fmt: skip
    for order in (list(files), list(files)[::-1]):
        one = judge()
        assert {path: told(one, path) for path in order} == alone
