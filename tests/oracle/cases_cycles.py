"""Cycles, and relative imports."""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

from oracle.tree import Case, case

_PAIR = """
a/__init__.py
a/models.py
    from a.services import save
    class Model: ...
a/services.py
    from a.models import Model
    def save(): ...
"""


def _pair(name: str, entry: str, models: str, services: str) -> Case:
    return case(name, {"a/__init__.py": "", "a/models.py": models, "a/services.py": services}, entry)


CYCLES = (
    case("a fatal cycle", _PAIR, "a.models"),
    case("a fatal cycle from the other end", _PAIR, "a.services"),
    _pair("a cycle that is harmless from here", "a.models", "import a.services\nclass Model: ...\n",
          "from a.models import *\ndef save(): ...\n"),
    _pair("a cycle whose name is bound before", "a.models", "class Model: ...\nfrom a.services import save\n",
          "from a.models import Model\ndef save(): ...\n"),
    _pair("a cycle whose name is bound before, from the other end", "a.services",
          "class Model: ...\nfrom a.services import save\n", "from a.models import Model\ndef save(): ...\n"),
    _pair("a cycle of modules", "a.models", "import a.services\nclass Model: ...\n", "import a.models\ndef save(): ...\n"),
    _pair("a cycle of modules by name", "a.models", "from a import services\nclass Model: ...\n",
          "from a import models\ndef save(): ...\n"),
    _pair("a cycle of modules as", "a.models", "import a.services as s\nclass Model: ...\n",
          "import a.models as m\ndef save(): ...\n"),
    _pair("a cycle that uses an attribute too early", "a.models", "import a.services\nclass Model: ...\n",
          "import a.models\nclass S(a.models.Model): ...\n"),
    _pair("a cycle that uses an attribute too early by name", "a.models", "from a import services\nclass Model: ...\n",
          "from a import models\nclass S(models.Model): ...\n"),
    _pair("a cycle that uses an attribute in a function", "a.models", "import a.services\nclass Model: ...\n",
          "import a.models\ndef save():\n    return a.models.Model\n"),
    _pair("a cycle whose function is called too early", "a.models", "import a.services\na.services.save()\nclass Model: ...\n",
          "import a.models\ndef save():\n    return a.models.Model\n"),
    _pair("a cycle inside a function", "a.models", "from a.services import save\nclass Model: ...\n",
          "def save():\n    from a.models import Model\n"),
    _pair("a cycle inside a function that is called too early", "a.models",
          "from a.services import save\nsave()\nclass Model: ...\n", "def save():\n    from a.models import Model\n"),
    _pair("a cycle under TYPE_CHECKING", "a.models", "from a.services import save\nclass Model: ...\n",
          "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.models import Model\ndef save(): ...\n"),
    _pair("a guarded cycle", "a.models", "from a.services import save\nclass Model: ...\n",
          "try:\n    from a.models import Model\nexcept ImportError:\n    Model = None\ndef save(): ...\n"),
    _pair("a cycle and a name that nobody binds", "a.models", "from a.services import save\nclass Model: ...\n",
          "from a.models import Other\ndef save(): ...\n"),
    _pair("a module that imports itself", "a.models", "import a.models\nfrom a import models\nclass Model: ...\n", ""),
    _pair("a module that takes its own name too early", "a.models", "from a.models import Model\nclass Model: ...\n", ""),
    case("a cycle through the package", """
        a/__init__.py
            from .models import Model
        a/models.py
            from a import Base
            class Model: ...
        """, "a"),
    case("a cycle through the package, bound before", """
        a/__init__.py
            class Base: ...
            from .models import Model
        a/models.py
            from a import Base
            class Model(Base): ...
        """, "a"),
    case("a cycle through the package by an attribute", """
        a/__init__.py
            from .models import Model
            class Base: ...
        a/models.py
            import a
            class Model(a.Base): ...
        """, "a"),
    case("a sibling through its package while it is loading", """
        a/__init__.py
            from . import one
        a/one.py
            from . import two
        a/two.py
            from . import one
            from a import one as again
        """, "a"),
    case("a sibling's name while the package is loading", """
        a/__init__.py
            from .one import x
            from .two import y
        a/one.py
            from a.two import y
            x = 1
        a/two.py
            from a.one import x
            y = 1
        """, "a"),
    case("a long cycle", """
        main.py
            import a
        a.py
            from b import b
            a = 1
        b.py
            from c import c
            b = 1
        c.py
            from a import a
            c = 1
        """),
    case("a cycle entered below its weak place", """
        main.py
            import c
        a.py
            from b import b
            a = 1
        b.py
            import c
            b = 1
        c.py
            from a import a
            c = 1
        """),
    case("a cycle with a script", """
        run.py
            from other import y
            x = 1
        other.py
            from run import x
            y = 1
        """, "run.py"),
    case("a submodule of a loading package", """
        main.py
            import a.b
        a/__init__.py
        a/b.py
            import a.c
            a.c.x
            a.b
        a/c.py
            x = 1
        """),
    case("import as in a cycle before the attribute is set", """
        main.py
            import a.b
        a/__init__.py
        a/b/__init__.py
            import a.b.c
        a/b/c.py
            import a.b as m
            from a import b
        """),
    case("a cycle by a name that a submodule gives", """
        main.py
            import a
        a/__init__.py
            from a.one import x
        a/one.py
            from a import two
            x = 1
        a/two.py
        """),
    case("a loaded module's name goes with a failure", """
        main.py
            try:
                import a
            except ImportError:
                pass
            import b
        a.py
            import b
            from b import gone
        b.py
            import a
            b = a.__name__
        """),
)  # fmt: skip


def _relative(name: str, importer: str, source: str, entry: str, **options: object) -> Case:
    files = {
        "a/__init__.py": "", "a/x.py": "v = 1\n", "a/b/__init__.py": "", "a/b/x.py": "v = 2\n", "a/b/c/__init__.py": "",
        "a/b/c/x.py": "v = 3\n", "x.py": "v = 0\n", importer: source,
    }  # fmt: skip
    return case(name, files, entry, **options)  # type: ignore[arg-type]


RELATIVE = (
    _relative("one dot", "a/b/m.py", "from .x import v\n", "a.b.m"),
    _relative("one dot alone", "a/b/m.py", "from . import x\nx.v\n", "a.b.m"),
    _relative("two dots", "a/b/m.py", "from ..x import v\nfrom .. import x\n", "a.b.m"),
    _relative("three dots", "a/b/c/m.py", "from ...x import v\nfrom ...b import x\n", "a.b.c.m"),
    _relative("beyond the top", "a/b/m.py", "from ...x import v\n", "a.b.m"),
    _relative("beyond the top alone", "a/b/m.py", "from ... import x\n", "a.b.m"),
    _relative("far beyond the top", "a/m.py", "from .... import x\n", "a.m"),
    _relative("in an init", "a/b/__init__.py", "from .x import v\nfrom ..x import v as w\n", "a.b"),
    _relative("in an init beyond the top", "a/__init__.py", "from ..x import v\n", "a"),
    _relative("in a top-level module", "m.py", "from .x import v\n", "m"),
    _relative("in a top-level module alone", "m.py", "from . import x\n", "m"),
    _relative("in a script", "a/m.py", "from .x import v\n", "a/m.py"),
    _relative("in a script alone", "a/m.py", "from . import x\n", "a/m.py"),
    _relative("in a guarded script", "a/m.py", "try:\n    from .x import v\nexcept ImportError:\n    from x import v\n", "a/m.py"),
    _relative("in a script's function", "a/m.py", "def f():\n    from .x import v\n", "a/m.py"),
    _relative("in a script's function that is called", "a/m.py", "def f():\n    from .x import v\nf()\n", "a/m.py"),
    _relative("with -m", "a/m.py", "from .x import v\n", "-m:a.m"),
    _relative("with -m at the top", "m.py", "from .x import v\n", "-m:m"),
    _relative("with -m beyond the top", "a/m.py", "from ..x import v\n", "-m:a.m"),
    _relative("a missing module", "a/b/m.py", "from .gone import v\n", "a.b.m"),
    _relative("a missing name", "a/b/m.py", "from .x import gone\n", "a.b.m"),
    _relative("a missing sibling", "a/b/m.py", "from . import gone\n", "a.b.m"),
    _relative("__package__ that is set", "m.py", "__package__ = 'a'\nfrom .x import v\n", "m",
              unfollowed="a module that sets its own __package__"),
)  # fmt: skip
