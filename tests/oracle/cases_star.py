"""Star imports and `__all__`."""

from __future__ import annotations

from oracle.tree import case

STAR = (
    case("a star without __all__", """
        main.py
            from a import *
            x
        a.py
            x = 1
        """),
    case("a star leaves underscored names", """
        main.py
            from a import *
            _x
        a.py
            _x = 1
        """),
    case("a star with __all__ brings underscored names", """
        main.py
            from a import *
            _x
        a.py
            __all__ = ["_x"]
            _x = 1
        """),
    case("a star with __all__ leaves others", """
        main.py
            from a import *
            y
        a.py
            __all__ = ("x",)
            x = y = 1
        """),
    case("a star of a name in __all__ that is not there", """
        main.py
            from a import *
        a.py
            __all__ = ["x", "y"]
            x = 1
        """),
    case("a star loads submodules that __all__ lists", """
        main.py
            from a import *
            b.x
        a/__init__.py
            __all__ = ["b"]
        a/b.py
            x = 1
        """),
    case("a star does not load other submodules", """
        main.py
            from a import *
            b
        a/__init__.py
        a/b.py
        """),
    case("a star brings submodules that are loaded", """
        main.py
            from a import *
            b.x
        a/__init__.py
            from .b import x as _
        a/b.py
            x = 1
        """),
    case("__all__ +=", """
        main.py
            from a import *
            y
        a.py
            __all__ = ["x"]
            __all__ += ["y"]
            x = y = 1
        """),
    case("__all__ += of a name that is not there", """
        main.py
            from a import *
        a.py
            __all__ = ["x"]
            __all__ += ["y"]
            x = 1
        """),
    case("__all__.append", """
        main.py
            from a import *
            y
        a.py
            __all__ = []
            __all__.append("y")
            x = y = 1
        """),
    case("__all__.append leaves the rest", """
        main.py
            from a import *
            x
        a.py
            __all__ = []
            __all__.append("y")
            x = y = 1
        """),
    case("__all__.extend with another's __all__", """
        main.py
            from a import *
            y, x
        a/__init__.py
            from . import b
            from .b import *
            __all__ = ["x"]
            __all__.extend(b.__all__)
            x = 1
        a/b.py
            __all__ = ["y"]
            y = 1
        """),
    case("__all__ as a sum", """
        main.py
            from a import *
            z
        a/__init__.py
            from . import b, c
            from .b import *
            from .c import *
            __all__ = b.__all__ + c.__all__ + ["w"]
            w = 1
        a/b.py
            __all__ = ["y"]
            y = 1
        a/c.py
            __all__ = ["z"]
            z = 1
        """),
    case("__all__ as a sum lacks a name", """
        main.py
            from a import *
        a/__init__.py
            from . import b
            __all__ = b.__all__ + ["w"]
            w = 1
        a/b.py
            __all__ = ["y"]
            y = 1
        """),
    case("__all__ unpacked", """
        main.py
            from a import *
            y
        a/__init__.py
            from .b import *
            from .b import __all__ as _b
            __all__ = [*_b, "x"]
            x = 1
        a/b.py
            __all__ = ["y"]
            y = 1
        """),
    case("__all__.remove", """
        main.py
            from a import *
            y
        a.py
            __all__ = ["x", "y"]
            __all__.remove("y")
            x = y = 1
        """),
    case("__all__ computed", """
        main.py
            from a import *
            x
        a.py
            x = 1
            __all__ = [name for name in dir() if name == "x"]
        """),
    case("__all__ as a comprehension that leaves a name", """
        main.py
            from a import *
            y
        a.py
            x = y = 1
            __all__ = [name for name in dir() if name == "x"]
        """, silent="what a computed __all__ holds is not known"),
    case("a star after a star", """
        main.py
            from a import *
            x
        a.py
            from b import *
        b.py
            from c import *
        c.py
            x = 1
        """),
    case("a star after a star with __all__ between", """
        main.py
            from a import *
            y
        a.py
            from b import *
            __all__ = ["x"]
        b.py
            x = y = 1
        """),
    case("a star brings what was imported", """
        main.py
            from a import *
            os.getcwd()
        a.py
            import os
        """),
    case("a star in a cycle brings what is there", """
        main.py
            import a
        a.py
            x = 1
            import b
            y = 1
        b.py
            from a import *
            x
        """),
    case("a star in a cycle misses what comes later", """
        main.py
            import a
        a.py
            x = 1
            import b
            y = 1
        b.py
            from a import *
            y
        """),
    case("a star of a third party", """
        main.py
            from third import *
            whatever
        """, outside="""
        third.py
            whatever = 1
        """),
    case("a star of a third party may lack the name", """
        main.py
            from third import *
            whatever
        """, silent="what a third party's star brings is not known", outside="""
        third.py
        """),
    case("a star from a package with a relative import", """
        main.py
            from a import *
            x, y
        a/__init__.py
            from .b import *
            from .c import *
        a/b.py
            x = 1
        a/c.py
            y = 1
        """),
    case("a star overwrites", """
        main.py
            class x:
                mine = 1
            from a import *
            x.theirs
        a.py
            class x:
                theirs = 1
        """),
    case("a star of globals()", """
        main.py
            from a import *
            made
        a.py
            globals()["made"] = 1
        """),
)  # fmt: skip
