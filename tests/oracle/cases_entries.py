"""Entry points: imports, attributes, `-m` and scripts."""

from __future__ import annotations

from oracle.tree import case

ENTRIES = (
    case("an entry's package runs first", """
        app/__init__.py
            from app.missing import x
        app/run.py
        """, "app.run"),
    case("an entry that is a package", """
        app/__init__.py
            from . import core
        app/core.py
        """, "app"),
    case("an entry with an attribute", """
        app/__init__.py
        app/cli.py
            def main(): ...
        """, "app.cli:main"),
    case("an entry whose attribute is a submodule", """
        app/__init__.py
            import app.cli
        app/cli.py
        """, "app:cli"),
    case("an entry without its attribute", """
        app/__init__.py
        app/cli.py
            def run(): ...
        """, "app.cli:main"),
    case("an entry with an attribute of a class", """
        app.py
            class A:
                def run(): ...
        """, "app:A.run"),
    case("an entry that is not there", """
        app/__init__.py
        """, "app.cli"),
    case("an entry that is nowhere", """
        app/__init__.py
        """, "nothing"),
    case("an entry run with -m", """
        app/__init__.py
        app/cli.py
            from . import core
            if __name__ == "__main__":
                from .inner import go
        app/core.py
        app/inner.py
            go = 1
        """, "-m:app.cli"),
    case("a package run with -m", """
        app/__init__.py
            import app.core
        app/__main__.py
            from .core import go
        app/core.py
            go = 1
        """, "-m:app"),
    case("a package run with -m that fails inside", """
        app/__init__.py
        app/__main__.py
            from .core import gone
        app/core.py
        """, "-m:app"),
    case("a namespace package run with -m", """
        app/__main__.py
            import app.core
        app/core.py
        """, "-m:app"),
    case("a package run with -m whose init fails", """
        app/__init__.py
            from .core import gone
        app/__main__.py
        app/core.py
        """, "-m:app"),
    case("a module run with -m is loaded again under its name", """
        app/__init__.py
        app/cli.py
            import app.core
            x = 1
        app/core.py
            from app.cli import x
        """, "-m:app.cli"),
    case("a script", """
        tools/run.py
            import helper
        tools/helper.py
        """, "tools/run.py"),
    case("a script's folder comes before the root", """
        tools/run.py
            from helper import here
        tools/helper.py
            here = 1
        helper.py
            there = 1
        """, "tools/run.py"),
    case("a script that is imported again", """
        run.py
            import other
            x = 1
        other.py
            from run import x
        """, "run.py"),
    case("a script is not in the modules under its own name", """
        run.py
            import other
            y = 1
        other.py
            import run
            run.y
        """, "run.py"),
)  # fmt: skip
