"""`from m import x`, and what a submodule does to its package."""

from __future__ import annotations

from oracle.tree import case

FROM = (
    case("an attribute", """
        main.py
            from a import x
        a.py
            x = 1
        """),
    case("a name that is not there", """
        main.py
            from a import x
        a.py
            y = 1
        """),
    case("the root of a chain of re-exports", """
        main.py
            from a import x
        a/__init__.py
            from .b import x
        a/b.py
            from .c import x
        a/c.py
            y = 1
        """),
    case("an attribute wins over a submodule", """
        main.py
            from a import b
            b.upper()
        a/__init__.py
            b = "text"
        a/b.py
            import a.gone
        """),
    case("a submodule", """
        main.py
            from a import b
            b.x
        a/__init__.py
        a/b.py
            x = 1
        """),
    case("a submodule that fails", """
        main.py
            from a import b
        a/__init__.py
        a/b.py
            from a import gone
        """),
    case("importing a submodule overwrites an attribute", """
        main.py
            import a.b
            from a import b
            b.x
        a/__init__.py
            b = "text"
        a/b.py
            x = 1
        """),
    case("a submodule overwrites, and the attribute's own name is lost", """
        main.py
            import a
            import a.b
            a.b.y
        a/__init__.py
            class b:
                y = 1
        a/b.py
            x = 1
        """),
    case("a package overwrites the submodule again", """
        main.py
            from a import b
            b.y
        a/__init__.py
            import a.b
            class b:
                y = 1
        a/b.py
            x = 1
        """),
    case("a from import of a submodule binds it on the package", """
        main.py
            import a
            a.b.x
        a/__init__.py
            from .b import x as y
        a/b.py
            x = 1
        """),
    case("a module's __getattr__", """
        main.py
            from a import anything
        a.py
            def __getattr__(name):
                return 1
        """),
    case("a module's __getattr__ that refuses", """
        main.py
            from a import anything
        a.py
            def __getattr__(name):
                raise AttributeError(name)
        """),
    case("a package's __getattr__ and a submodule", """
        main.py
            from a import b
        a/__init__.py
            def __getattr__(name):
                raise AttributeError(name)
        a/b.py
        """),
    case("import as binds the attribute", """
        main.py
            import a.b as c
            c.upper()
        a/__init__.py
        a/b.py
            import sys
            sys.modules["a"].b = "text"
        """),
    case("import as of a module that is being imported", """
        main.py
            import a
        a/__init__.py
            import a.b
        a/b.py
            import a.b as me
            me.__name__
        """),
    case("several names, the second is not there", """
        main.py
            from a import (
                x,
                y,
            )
        a.py
            x = 1
        """),
    case("an alias does not bind the name", """
        main.py
            from a import x as z
            x
        a.py
            x = 1
        """),
    case("a special attribute of modules", """
        main.py
            from a import __name__ as n, __file__ as f, __doc__ as d
        a.py
        """),
    case("__path__ of a package", """
        main.py
            from a import __path__
        a/__init__.py
        """),
    case("__path__ of a module", """
        main.py
            from a import __path__
        a.py
        """),
    case("__all__ that was never bound", """
        main.py
            from a import __all__
        a.py
        """),
    case("a name that was deleted", """
        main.py
            from a import x
        a.py
            x = 1
            del x
        """),
    case("a name of a builtin is no attribute", """
        main.py
            from a import print
        a.py
        """),
    case("an attribute of a module that is not there", """
        main.py
            import a
            a.x
        a.py
        """),
    case("an attribute of a submodule's module", """
        main.py
            import a.b
            a.b.c.d
        a/__init__.py
        a/b.py
            import a.c as c
        a/c.py
        """),
    case("an assignment into a module", """
        main.py
            import a
            a.x = 1
            from a import x
        a.py
        """),
    case("an assignment into a module by another", """
        main.py
            import other
            from a import x
        other.py
            import a
            a.x = 1
        a.py
        """),
    case("a deletion out of a module", """
        main.py
            import a
            del a.x
            from a import x
        a.py
            x = 1
        """),
    case("the same name from two modules", """
        main.py
            from a import x
            from b import x
            x.y
        a.py
            class x:
                y = 1
        b.py
            class x:
                y = 2
        """),
    case("from a package import itself", """
        main.py
            from a import a
        a/__init__.py
            from . import a
        a/a.py
        """),
    case("a from import of nothing but the module", """
        main.py
            from a.b import c
        a/__init__.py
        a/b/__init__.py
        a/b/c/__init__.py
            from ..d import y
        a/b/d.py
        """),
)  # fmt: skip
