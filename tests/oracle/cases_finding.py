"""Where modules are found, and who runs first."""

from __future__ import annotations

from oracle.tree import case

FINDING = (
    case("a package wins over a module", """
        main.py
            from a import package
        a/__init__.py
            package = 1
        a.py
            module = 1
        """),
    case("a module beside a package is not seen", """
        main.py
            from a import module
        a/__init__.py
            package = 1
        a.py
            module = 1
        """),
    case("a module wins over a folder without init", """
        main.py
            import a.b
        a.py
        a/b.py
        """),
    case("a namespace package", """
        main.py
            import space.inner.leaf
        space/inner/leaf.py
            x = 1
        """),
    case("a name out of a namespace package", """
        main.py
            from space import leaf
        space/leaf.py
        """),
    case("a missing module of a regular package", """
        main.py
            import a.b
        a/__init__.py
        """),
    case("a missing module two levels down", """
        main.py
            import a.b.c.d
        a/__init__.py
        a/b/__init__.py
        """),
    case("a module is not a package", """
        main.py
            import a.b
        a.py
            b = 1
        """),
    case("a name of a module is not a package", """
        main.py
            import a.b.c
        a/__init__.py
        a/b.py
            c = 1
        """),
    case("the parent runs first", """
        main.py
            import a.b
        a/__init__.py
            import a.first
        a/first.py
        a/b.py
        """),
    case("the parent's failure is everyone's", """
        main.py
            import a.b.c
        a/__init__.py
        a/b/__init__.py
            import a.nothing
        a/b/c.py
        """),
    case("the parent's failure by a relative import", """
        main.py
            from a.b import c
        a/__init__.py
            from .gone import x
        a/b.py
            c = 1
        """),
    case("parents run once", """
        main.py
            import a.b
            import a.c
            from a.b import x
        a/__init__.py
            import sys
            assert "a.b" not in sys.modules
        a/b.py
            x = 1
        a/c.py
        """),
    case("a source root", """
        src/app/__init__.py
        src/app/run.py
            from app import core
            import helper
        src/app/core.py
        src/helper.py
        """, "app.run"),
    case("a source root that is a package too", """
        src/__init__.py
        src/app.py
            import src.core
        src/core.py
        """, "src.app"),
    case("a case that differs", """
        main.py
            import a.Module
        a/__init__.py
        a/module.py
        """),
    case("a case that differs in a from import", """
        main.py
            from a import Module
        a/__init__.py
        a/module.py
        """),
    case("a case that differs in the package", """
        main.py
            from a.Sub import x
        a/__init__.py
        a/sub/__init__.py
            x = 1
        """),
    case("a package without init inside a package", """
        main.py
            import a.b.c
        a/__init__.py
        a/b/c.py
        """),
    case("a module missing in a namespace portion of a package", """
        main.py
            import a.b.gone
        a/__init__.py
        a/b/c.py
        """),
    case("the standard library is not first-party", """
        main.py
            import json
            import os.path
            from collections import abc
            import xml.dom.minidom
        """),
    case("the standard library wins over a package of the tree only by order", """
        main.py
            import a.json
            a.json.x
        a/__init__.py
        a/json.py
            x = 1
        """),
    case("a third party", """
        main.py
            import third
            from third.deep import thing
            thing.anything
        """, outside="""
        third/__init__.py
        third/deep.py
            class thing:
                anything = 1
        """),
    case("a third party that is not installed", """
        main.py
            import third
        """, silent="the installed environment is not read"),
    case("a lone stub stands for an extension module", """
        main.py
            from a import fast
        a/__init__.py
        a/fast.pyi
            x: int
        """, silent="a build makes the module"),
    case("a version file that a build writes", """
        main.py
            from a._version import version
        a/__init__.py
        """, silent="a build makes the module"),
    case("a class of a module that is called version", """
        main.py
            from a.version import Version, parse
        a/__init__.py
        """),
    case("a stub beside a module says nothing", """
        main.py
            from a import x
        a.py
        a.pyi
            x: int
        """),
    case("__path__ that grows", """
        main.py
            import a.b
        a/__init__.py
            import os
            __path__.append(os.path.join(os.path.dirname(__file__), "more"))
        a/more/b.py
        """, unfollowed="where __path__ leads is not computed"),
    case("extend_path", """
        main.py
            import a.gone
        a/__init__.py
            from pkgutil import extend_path
            __path__ = extend_path(__path__, __name__)
        """, silent="another portion may bring the module"),
    case("a folder named like a file", {"main.py": "import a.b\n", "a/__init__.py": "", "a/b.py/x.txt": ""}),
    case("a dotted import binds the top", """
        main.py
            import a.b.c
            a.b.c.x
        a/__init__.py
        a/b/__init__.py
        a/b/c.py
            x = 1
        """),
    case("a dotted import binds nothing below", """
        main.py
            import a.b
            b.x
        a/__init__.py
        a/b.py
            x = 1
        """),
    case("a submodule that nobody imported is no attribute", """
        main.py
            import a
            a.b
        a/__init__.py
        a/b.py
        """),
    case("a submodule that somebody imported is an attribute", """
        main.py
            import a
            import other
            a.b
        other.py
            import a.b
        a/__init__.py
        a/b.py
        """),
    case("a failed module is tried again", """
        main.py
            try:
                import a.b
            except ImportError:
                pass
            import a.b
        a/__init__.py
        a/b.py
            import a.gone
        """),
    case("a failed module's own imports stay", """
        main.py
            try:
                import a.b
            except ImportError:
                import a.c
            a.c
        a/__init__.py
        a/b.py
            import a.c
            import a.gone
        a/c.py
        """),
    case("a test folder with an init", """
        tests/__init__.py
        tests/run.py
            from tests.support import gone
        tests/support.py
        """, "tests.run"),
    case("a name with unicode", """
        main.py
            import größe
            from größe import maß
        größe.py
            maß = 1
        """),
)  # fmt: skip
