"""Names that exist for type checkers only, and names of `__all__` that nobody binds."""

from __future__ import annotations

from oracle.tree import case

_BASE = """
        base.py
            class B: ...
"""

TYPE_CHECKING = (
    case("a name of type checkers is imported", f"""
        main.py
            from a import B
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("a name of type checkers is imported by an alias of the module", f"""
        main.py
            from a import B as C
        a.py
            import typing as t
            if t.TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("a name of type checkers is asked as an attribute", f"""
        main.py
            import a
            a.B
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("a name of type checkers is a base", f"""
        main.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            class C(B): ...
        {_BASE}"""),
    case("a name of type checkers is an evaluated annotation", f"""
        main.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            def f(b: B): ...
        {_BASE}"""),
    case("a name of type checkers is an annotation of the future", f"""
        main.py
            from __future__ import annotations
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            def f(b: B) -> B: ...
        {_BASE}"""),
    case("a name of type checkers is used in a function that runs", f"""
        main.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            def f():
                return B()
            f()
        {_BASE}"""),
    case("a name of type checkers is used in a function that nobody calls", f"""
        main.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            def f():
                return B()
        {_BASE}"""),
    case("a name of type checkers has a stand-in", f"""
        main.py
            from a import B
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            else:
                B = object
        {_BASE}"""),
    case("a name of type checkers is bound again below", f"""
        main.py
            from a import B
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            B = object
        {_BASE}"""),
    case("a name of type checkers is a submodule", """
        main.py
            from a import b
        a/__init__.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from . import b
        a/b.py
        """),
    case("a name of type checkers comes from __getattr__", f"""
        main.py
            from a import B
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
            def __getattr__(name):
                import base
                return getattr(base, name)
        {_BASE}"""),
    case("a name of type checkers is asked for under a guard", f"""
        main.py
            try:
                from a import B
            except ImportError:
                B = None
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("a name of type checkers is asked for in a cycle", f"""
        main.py
            import a
        a.py
            from typing import TYPE_CHECKING
            import c
            if TYPE_CHECKING:
                from base import B
        c.py
            from a import B
        {_BASE}"""),
    case("a name of type checkers and of a branch is late in a cycle", f"""
        main.py
            import a
        a.py
            from typing import TYPE_CHECKING
            import c
            if TYPE_CHECKING:
                from base import B
            else:
                B = 1
        c.py
            from a import B
        {_BASE}"""),
    case("a constant of the project's own stands for TYPE_CHECKING", f"""
        main.py
            from a import B
        a.py
            TYPE_CHECKING = False
            if TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("a re-export of a name of type checkers", f"""
        main.py
            from c import B
        c.py
            from a import B
        a.py
            from typing import TYPE_CHECKING
            if TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("an __all__ lists a name of type checkers", f"""
        main.py
            from a import *
        a.py
            from typing import TYPE_CHECKING
            __all__ = ["B"]
            if TYPE_CHECKING:
                from base import B
        {_BASE}"""),
    case("an __all__ lists a name that is not there, and nobody stars", """
        main.py
            from a import x
        a.py
            __all__ = ["x", "y"]
            x = 1
        """),
    case("an __all__ of a package lists a module that is not there", """
        main.py
            from a import *
        a/__init__.py
            __all__ = ["b", "c"]
        a/b.py
        """),
    case("an __all__ lists a name that is deleted", """
        main.py
            from a import *
        a.py
            __all__ = ["x"]
            x = 1
            del x
        """),
    case("a star of a broken __all__ under a guard for AttributeError", """
        main.py
            try:
                from a import *
            except AttributeError:
                pass
        a.py
            __all__ = ["x"]
        """),
    case("a star of a broken __all__ under a guard for ImportError", """
        main.py
            try:
                from a import *
            except ImportError:
                pass
        a.py
            __all__ = ["x"]
        """),
    case("a star of a broken __all__ in a chain", """
        main.py
            from b import *
        b.py
            from a import *
        a.py
            __all__ = ["x"]
        """),
    case("an __all__ of another module lacks a name", """
        main.py
            from a import *
        a.py
            from b import __all__
        b.py
            __all__ = ["x"]
            x = 1
        """),
)  # fmt: skip
