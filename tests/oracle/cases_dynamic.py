"""Imports that are calls, and games with `sys.modules`."""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

from oracle.tree import Case, case


def _program(name: str, source: str, entry: str = "p.run", **options: object) -> Case:
    files = {
        "p/__init__.py": "",
        "p/run.py": source,
        "p/yes.py": "x = 1\n",
        "p/no.py": "from p.yes import gone\n",
        "p/sub/__init__.py": "",
        "p/sub/leaf.py": "y = 1\n",
    }
    return case(name, files, entry, **options)  # type: ignore[arg-type]


_FRAMES = {
    "p/h.py": "import sys, inspect\ndef inject():\n    sys._getframe(1).f_globals['made'] = 1\ndef back():\n    inspect.currentframe().f_back.f_globals['made'] = 1\ndef drop():\n    names = sys._getframe(1).f_globals\n    del names['drop']\ndef far():\n    inner()\ndef inner():\n    sys._getframe(2).f_globals['made'] = 1\ndef name():\n    return sys._getframe(1).f_globals['__name__']\ndef taken():\n    sys._getframe(1).f_globals.pop('kept')\n"
}


def _frames(name: str, source: str, more: dict[str, str] | None = None) -> Case:
    return case(name, {"main.py": source, "p/__init__.py": "", "p/no.py": "import p.gone\n", **_FRAMES, **(more or {})})


DYNAMIC = (
    _program("import_module", "import importlib\nm = importlib.import_module('p.yes')\nm.x\n"),
    _program("import_module of what is not there", "import importlib\nimportlib.import_module('p.gone')\n"),
    _program("import_module of what fails", "import importlib\nimportlib.import_module('p.no')\n"),
    _program("import_module of a missing package", "import importlib\nimportlib.import_module('p.gone.leaf')\n"),
    _program("import_module, guarded", "import importlib\ntry:\n    importlib.import_module('p.gone')\nexcept ImportError:\n    pass\n"),
    _program("import_module by name", "from importlib import import_module\nimport_module('p.no')\n"),
    _program("import_module as another", "from importlib import import_module as load\nload('p.no')\n"),
    _program("import_module and an attribute", "import importlib\nimportlib.import_module('p.yes').gone\n"),
    _program("import_module and getattr", "import importlib\ngetattr(importlib.import_module('p.yes'), 'gone')\n"),
    _program("import_module and getattr with a default",
             "import importlib\ngetattr(importlib.import_module('p.yes'), 'gone', None)\n"),
    _program("import_module, relative", "import importlib\nimportlib.import_module('.no', 'p')\n"),
    _program("import_module, relative to __package__", "import importlib\nimportlib.import_module('.no', __package__)\n"),
    _program("import_module, relative by keyword", "import importlib\nimportlib.import_module('.no', package=__package__)\n"),
    _program("import_module, two dots", "import importlib\nimportlib.import_module('..no', 'p.sub')\n"),
    _program("import_module, relative to __name__", "import importlib\nimportlib.import_module('.gone', __name__)\n"),
    _program("import_module, relative to __name__ of a package", "import importlib\nimportlib.import_module('p.sub.leaf')\n"),
    _program("import_module of an f-string", "import importlib\nn = 'no'\nimportlib.import_module(f'p.{n}')\n"),
    _program("import_module of an f-string with __package__", "import importlib\nimportlib.import_module(f'{__package__}.no')\n"),
    _program("import_module of a sum", "import importlib\nimportlib.import_module('p.' + 'no')\n"),
    _program("import_module of a constant", "import importlib\nNAME = 'p.no'\nimportlib.import_module(NAME)\n"),
    _program("import_module in a loop", "import importlib\nfor n in ('yes', 'no'):\n    importlib.import_module('p.' + n)\n"),
    _program("import_module in a function", "import importlib\ndef load(n):\n    return importlib.import_module(n)\nload('p.no')\n"),
    _program("import_module of the standard library", "import importlib\nimportlib.import_module('json')\n"),
    _program("import_module of a third party", "import importlib\nimportlib.import_module('third').x\n", outside={"third.py": "x = 1\n"}),
    _program("import_module with format", "import importlib\nimportlib.import_module('p.{}'.format('yes'))\nimport p.yes\n"),
    _program("__import__", "m = __import__('p.no')\n"),
    _program("__import__ gives the top", "m = __import__('p.yes')\nm.yes.x\n"),
    _program("__import__ gives the top, and that lacks it", "m = __import__('p.yes')\nm.x\n"),
    _program("__import__ with a from list", "m = __import__('p.yes', fromlist=['x'])\nm.x\nimport p.yes\n"),
    _program("sys.modules[…] after an import", "import sys, p.yes\nsys.modules['p.yes'].x\n"),
    _program("sys.modules[…] and a name that is not there", "import sys, p.yes\nsys.modules['p.yes'].gone\n"),
    _program("sys.modules[…] = before an import", "import sys, types\nsys.modules['p.made'] = types.ModuleType('p.made')\nimport p.made\n"),
    _program("sys.modules[…] = and a from import", "import sys, types\nm = sys.modules['p.made'] = types.ModuleType('p.made')\nm.z = 1\nfrom p.made import z\n"),
    _program("sys.modules[…] = an alias", "import sys, p.yes\nsys.modules['p.alias'] = p.yes\nfrom p.alias import x\n"),
    _program("sys.modules[…] = an alias that lacks the name", "import sys, p.yes\nsys.modules['p.alias'] = p.yes\nfrom p.alias import gone\n"),
    _program("sys.modules[…] = None", "import sys\nsys.modules['p.yes'] = None\nimport p.yes\n",
             silent="a module that is blocked on purpose"),
    _program("sys.modules.setdefault", "import sys, types\nsys.modules.setdefault('p.made', types.ModuleType('p.made'))\nimport p.made\n"),
    _program("sys.modules.update", "import sys, types\nsys.modules.update({'p.made': types.ModuleType('p.made')})\nimport p.made\n"),
    _program("sys.modules in a loop", "import sys, types\nfor n in ('p.a', 'p.b'):\n    sys.modules[n] = types.ModuleType(n)\nimport p.a, p.b\n"),
    _program("del sys.modules[…]", "import sys, p.yes\ndel sys.modules['p.yes']\nimport p.yes\n"),
    _program("sys.modules.pop", "import sys, p.yes\nsys.modules.pop('p.yes', None)\nimport p.yes\n"),
    _program("sys.modules[__name__]", "import sys\nme = sys.modules[__name__]\nme.__name__\n"),
    _program("sys.path.insert", "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'sub'))\nimport leaf\nleaf.y\n",
             unfollowed="where sys.path leads is not computed"),
    _program("pkgutil.iter_modules", "import importlib, pkgutil\nimport p.sub\nfor m in pkgutil.iter_modules(p.sub.__path__):\n    importlib.import_module(f'p.sub.{m.name}')\nimport p.sub.leaf\n"),
    _frames("frames: what a function binds in its caller", "from p.h import inject\ninject()\nmade\n"),
    _frames("frames: what it binds in its caller is not its caller's caller's", "import p.a\nmade\n", {"p/a.py": "from p.h import inject\ninject()\nmade\n"}),
    _frames("frames: two callers", "import p.a\nfrom p.h import inject\ninject()\nmade\nfrom p.a import made\n", {"p/a.py": "from p.h import inject\ninject()\n"}),
    _frames("frames: one of two callers", "import p.a\nmade\n", {"p/a.py": "import p.b\nfrom p.h import inject\ninject()\n", "p/b.py": "from p.h import inject\ninject()\n"}),
    _frames("frames: f_back", "import p.a\nmade\n", {"p/a.py": "from p.h import back\nback()\nmade\n"}),
    _frames("frames: two up", "import p.a\nmade\n", {"p/a.py": "from p.h import far\nfar()\nmade\n"}),
    _frames("frames: two up, twice", "import p.a\nfrom p.h import far\nfar()\nmade\n", {"p/a.py": "from p.h import far\nfar()\nmade\n"}),
    _frames("frames: a name that is deleted", "from p.h import drop\ndrop()\ndrop\n"),
    _frames("frames: reading changes nothing", "from p.h import name\nname()\nmade\n"),
    _frames("frames: something else is done to the names", "kept = 1\nfrom p.h import taken\ntaken()\nif 'kept' in globals():\n    import p.no\n"),
    _frames("frames: f_locals of a top level", "import sys\nsys._getframe(0).f_locals['made'] = 1\nmade\n"),
    _frames("frames: in a class body", "import sys\nclass A:\n    sys._getframe(1).f_globals['made'] = 1\nmade\n"),
    _program("exec of an import", "exec('import p.yes')\nimport p.yes\n"),
    _program("setattr on another module", "import p.yes\nsetattr(p.yes, 'made', 1)\nfrom p.yes import made\n"),
    _program("vars(module) written", "import p.yes\nvars(p.yes)['made'] = 1\nfrom p.yes import made\n"),
    _program("__dict__ of a module written", "import p.yes\np.yes.__dict__['made'] = 1\nfrom p.yes import made\n"),
    _program("a module handed to a third party", "import third, p.yes\nthird.fill(p.yes)\nfrom p.yes import made\n",
             outside={"third.py": "def fill(m):\n    m.made = 1\n"}),
    _program("builtins that are added", "import builtins\nbuiltins.made = 1\nmade\n"),
    _program("builtins that are added by setattr", "import builtins\nsetattr(builtins, 'made', 1)\nmade\n"),
    _program("gettext.install", "import gettext\ngettext.install('x')\n_('text')\n"),
    _program("importlib.reload", "import importlib, p.yes\nimportlib.reload(p.yes)\n"),
    _program("find_spec", "import importlib.util\nif importlib.util.find_spec('p.gone') is None:\n    import p.yes\nelse:\n    import p.no\n"),
    _program("find_spec of what is there", "import importlib.util\nif importlib.util.find_spec('p.yes'):\n    import p.yes\n"),
    _program("runpy", "import runpy, p.yes\nrunpy.run_module('p.yes')\n"),
    case("a lazy package", """
        p/__init__.py
            import importlib
            _LAZY = {"leaf": ".leaf"}
            def __getattr__(name):
                if name in _LAZY:
                    return importlib.import_module(_LAZY[name], __name__)
                raise AttributeError(name)
        p/leaf.py
            y = 1
        main.py
            import p
            p.leaf.y
            from p import leaf
        """),
    case("a lazy package loads by attribute", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                return importlib.import_module("p.leaf")
        p/leaf.py
        main.py
            import p
            p.anything
        """),
    case("a lazy package and its __all__", """
        p/__init__.py
            __all__ = ["x"]
            def __getattr__(name):
                return 1
        main.py
            from p import *
            x
        """),
    case("a lazy package under TYPE_CHECKING", """
        p/__init__.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from .leaf import y
            else:
                def __getattr__(name):
                    return 1
        p/leaf.py
            y = 1
        main.py
            from p import y
        """),
    case("a name that only type checkers have", """
        p/__init__.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from .leaf import y
        p/leaf.py
            y = 1
        main.py
            from p import y
        """),
    case("a shim that moves a package", """
        old.py
            import sys
            import new
            sys.modules[__name__] = new
        new.py
            x = 1
        main.py
            from old import x
            import old
            old.x
        """),
    case("a shim that moves a package and lacks a name", """
        old.py
            import sys
            import new
            sys.modules[__name__] = new
        new.py
            x = 1
        main.py
            from old import gone
        """),
    case("a module whose __getattr__ gives a __path__", """
        main.py
            import a.b
        a.py
            def __getattr__(name):
                if name == "__path__":
                    import other
                    return other.__path__
                raise AttributeError(name)
        other/__init__.py
        other/b.py
        """, unfollowed="a path that a function gives is not followed"),
)  # fmt: skip
