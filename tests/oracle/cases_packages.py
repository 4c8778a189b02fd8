"""What mutated real packages showed: shapes that they have, and that small trees made up at a desk have not."""

from __future__ import annotations

from oracle.tree import case

_LAZY = """
        p/__init__.py
            from .core import make

            def __getattr__(name):
                if name == "old":
                    import warnings
                    warnings.warn("gone soon")
                    from .core import _old
                    return _old
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
"""
_TABLE = """
        p/__init__.py
            import importlib
            _WHERE = {"a": ".one", "b": ".two"}

            def __getattr__(name):
                if name in _WHERE:
                    return getattr(importlib.import_module(_WHERE[name], __name__), name)
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        p/one.py
            a = 1
        p/two.py
            b = 2
"""

PACKAGES = (
    case("a namespace package in a package lacks a module", """
        p/__init__.py
        p/n/a.py
            x = 1
        main.py
            import p.n.a
            from p.n.b import x
        """),
    case("a namespace package in a package lacks a name", """
        p/__init__.py
        p/n/a.py
            x = 1
        main.py
            from p.n import b
        """),
    case("a namespace package in a package lacks an attribute", """
        p/__init__.py
        p/n/a.py
            x = 1
        main.py
            import p.n
            p.n.a
        """),
    case("a namespace package in a package", """
        p/__init__.py
        p/n/m/a.py
            x = 1
        p/n/c.py
        main.py
            from p.n.m.a import x
            from p.n.m import a
            import p.n.c
            p.n.c, p.n.m.a.x
        """),
    case("a namespace package in a package that extends its path", """
        p/__init__.py
            __path__ = __import__("pkgutil").extend_path(__path__, __name__)
        p/n/a.py
            x = 1
        main.py
            import p.n.b
        """, outside="""
        p/__init__.py
        p/n/b.py
        """),
    case("a package that will bind its version imports a module that asks for it", """
        p/__init__.py
            from p import cli
            __version__ = "1"
        p/cli.py
            from p import __version__
        main.py
            import p
        """),
    case("a package that has bound its version", """
        p/__init__.py
            __version__ = "1"
            from p import cli
        p/cli.py
            from p import __version__
        main.py
            import p
        """),
    case("a module's __getattr__ that refuses what is gone", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        main.py
            from p import gone
        """),
    case("a module's __getattr__ that refuses an attribute", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        main.py
            import p
            p.make
            p.__name__
            p.gone
        """),
    case("a module's __getattr__ that knows the name", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        main.py
            from p import old, make
            import p
            p.old, p.__path__, p.__file__, p.__doc__
        """),
    case("a module's __getattr__ that is asked for a submodule", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        p/sub.py
            y = 1
        main.py
            from p import sub
            sub.gone
        """),
    case("a module's __getattr__ with a table", _TABLE + """
        main.py
            from p import a, b
            import p
            p.a
        """),
    case("a module's __getattr__ with a table that lacks the name", _TABLE + """
        main.py
            from p import a
            from p import c
        """),
    case("a module's __getattr__ that is a partial one", """
        p/__init__.py
            import os
            if os.environ.get("NO_SUCH_VARIABLE"):
                def __getattr__(name):
                    raise AttributeError(name)
            x = 1
        main.py
            from p import x
        """),
    case("a module's __getattr__ that guards what it imports", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                try:
                    return importlib.import_module("." + name, __name__)
                except ImportError:
                    raise AttributeError(name) from None
        p/a.py
            x = 1
        main.py
            from p import a
            import p
            p.a.x
        """),
    case("a module's __getattr__ that fails to import", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                try:
                    return importlib.import_module("." + name, __name__)
                except ImportError:
                    raise AttributeError(name) from None
        main.py
            from p import gone
        """),
    case("a package that puts a lazy object in its place", """
        p/__init__.py
            import sys
            import types

            class Lazy(types.ModuleType):
                def __getattr__(self, name):
                    raise AttributeError(name)

            new = Lazy(__name__)
            new.__dict__.update(__path__=__path__, __file__=__file__)
            sys.modules[__name__] = new
        p/a.py
            from p import b
            from . import b
            import p.b
        p/b.py
            x = 1
        main.py
            import p.a
            from p.b import gone
        """),
    case("a module that puts an object in its place", """
        p.py
            import sys

            class Lazy:
                x = 1

            sys.modules[__name__] = Lazy()
        main.py
            from p import x
            import p
            p.x
        """),
    case("an instance that changes its class", """
        main.py
            class Base:
                def __init__(self):
                    self.__class__ = type("Made", (Base,), {"register": lambda self: None})
                    self.register()
                def register(self):
                    raise NotImplementedError
            Base()
        """),
)  # fmt: skip
