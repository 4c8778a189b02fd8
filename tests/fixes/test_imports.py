"""Imports of what has moved: which statements are rewritten to what, and which stay."""

from __future__ import annotations

import pytest

from merge_guard.fixes.rewrite import rewrite
from merge_guard.fixes.task import Move, Rewritten, Task

MOVES = (
    Move("pkg.old", "Name", "pkg.new", "Name"),
    Move("pkg.old", "Was", "pkg.new", "Is"),
    Move("pkg.old", "Far", "lib.far", "Far"),
    Move("pkg.gone", "", "pkg.here", ""),
    Move("pkg", "Top", "pkg.new", "Top"),
)


def fix(source: str | bytes, *, path: str = "app/use.py", **fields: object) -> Rewritten:
    data = source.encode() if isinstance(source, str) else source
    return rewrite(data, Task(path, **{"packages": ("app",), "modules": ("app.use",), "moves": MOVES} | fields))  # type: ignore[arg-type]


def check(before: str, after: str | None, **fields: object) -> Rewritten:
    done = fix(before, **fields)
    assert done.data == (None if after is None else after.encode()), (done.data or b"").decode()
    if after is not None:
        again = fix(after, **fields)
        assert again.data is None, "a second run changes nothing"
        assert not any(note.refused for note in done.notes)
    return done


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("from pkg.old import Name\n", "from pkg.new import Name\n", id="a name"),
        pytest.param("from pkg.old import Name as N\n", "from pkg.new import Name as N\n", id="under another name"),
        pytest.param("from pkg.old import Was\n", "from pkg.new import Is as Was\n", id="a renamed name stays bound"),
        pytest.param("from pkg.old import Was as W\n", "from pkg.new import Is as W\n", id="renamed, under another"),
        pytest.param("from pkg import Top\n", "from pkg.new import Top\n", id="from a package"),
        pytest.param("from  pkg . old  import  Name # x\n", "from  pkg.new  import  Name # x\n", id="odd spaces"),
        pytest.param("from pkg.old import (Name)\n", "from pkg.new import (Name)\n", id="parentheses"),
        pytest.param("from pkg.old import(Name)\n", "from pkg.new import(Name)\n", id="no space"),
        pytest.param("from pkg.old import Other\n", None, id="a name that did not move"),
        pytest.param("from pkg.older import Name\n", None, id="another module"),
        pytest.param("from other.pkg.old import Name\n", None, id="another package"),
        pytest.param("x = 'from pkg.old import Name'\n", None, id="a string"),
        pytest.param('"""from pkg.old import Name"""\n# from pkg.old import Name\n', None, id="docstring and comment"),
        pytest.param(
            "from pkg.old import A, Name, B\n",
            "from pkg.new import Name\nfrom pkg.old import A, B\n",
            id="in the middle",
        ),
        pytest.param("from pkg.old import Name, B\n", "from pkg.new import Name\nfrom pkg.old import B\n", id="first"),
        pytest.param("from pkg.old import A, Name\n", "from pkg.new import Name\nfrom pkg.old import A\n", id="last"),
        pytest.param(
            "from pkg.old import A, Name, Was, B\n",
            "from pkg.new import Name, Is as Was\nfrom pkg.old import A, B\n",
            id="two to one place",
        ),
        pytest.param(
            "from pkg.old import Name, A, Far\n",
            "from pkg.new import Name\nfrom lib.far import Far\nfrom pkg.old import A\n",
            id="two to two places",
        ),
        pytest.param(
            "from pkg.old import Name, Far\n",
            "from lib.far import Far\nfrom pkg.new import Name\n",
            id="all, to two places",
        ),
        pytest.param(
            "from pkg.old import Name, Was\n", "from pkg.new import Name, Is as Was\n", id="all, to one place"
        ),
        pytest.param(
            "from pkg.old import (\n    A,\n    Name,\n    B,\n)\n",
            "from pkg.new import Name\nfrom pkg.old import (\n    A,\n    B,\n)\n",
            id="a line of its own",
        ),
        pytest.param(
            "from pkg.old import (\n    Name,  # why\n    A,  # a\n)\n",
            "from pkg.new import Name\nfrom pkg.old import (\n    A,  # a\n)\n",
            id="the first line of several",
        ),
        pytest.param(
            "from pkg.old import (\n    A,  # a\n    Name\n)\n",
            "from pkg.new import Name\nfrom pkg.old import (\n    A,  # a\n)\n",
            id="the last line of several",
        ),
        pytest.param(
            "from pkg.old import (\n    A, Name,\n    B, Was)\n",
            "from pkg.new import Name, Is as Was\nfrom pkg.old import (\n    A,\n    B)\n",
            id="lines of several names",
        ),
        pytest.param(
            "from pkg.old import (A, Name,\n    Was,\n    Far)\n",
            "from pkg.new import Name, Is as Was\nfrom lib.far import Far\nfrom pkg.old import (A,\n    )\n",
            id="neighbours on lines of their own, to the end",
        ),
        pytest.param(
            "from pkg.old import A, Name, \\\n    Was\n",
            "from pkg.new import Name, Is as Was\nfrom pkg.old import A\n",
            id="neighbours on two lines without parentheses",
        ),
        pytest.param(
            "from pkg.old import (A,  # a\n    Name)\n",
            "from pkg.new import Name\nfrom pkg.old import (A,  # a\n    )\n",
            id="a comment before it",
        ),
        pytest.param(
            "from pkg.old import (Name,\n    A)\n",
            "from pkg.new import Name\nfrom pkg.old import (\n    A)\n",
            id="behind (",
        ),
        pytest.param(
            "from pkg.old import A, \\\n    Name\n",
            "from pkg.new import Name\nfrom pkg.old import A\n",
            id="a backslash",
        ),
        pytest.param(
            "from pkg.old import Name, \\\n    A\n",
            "from pkg.new import Name\nfrom pkg.old import A\n",
            id="before one",
        ),
        pytest.param(
            "from pkg.old import A, Name  # noqa: F401\n",
            "from pkg.new import Name  # noqa: F401\nfrom pkg.old import A  # noqa: F401\n",
            id="a comment for tools goes with both",
        ),
        pytest.param("import x; from pkg.old import Name\n", "import x; from pkg.new import Name\n", id="a semicolon"),
        pytest.param(
            "import x; from pkg.old import A, Name; y = 1\n",
            "import x; from pkg.new import Name; from pkg.old import A; y = 1\n",
            id="between semicolons",
        ),
        pytest.param(
            "if x: from pkg.old import A, Name\n",
            "if x: from pkg.new import Name; from pkg.old import A\n",
            id="one-line if",
        ),
        pytest.param(
            "if TYPE_CHECKING:\n    from pkg.old import A, Name\n",
            "if TYPE_CHECKING:\n    from pkg.new import Name\n    from pkg.old import A\n",
            id="TYPE_CHECKING",
        ),
        pytest.param(
            "def f():\n\tfrom pkg.old import A, Name\r\n\treturn A\n",
            "def f():\n\tfrom pkg.new import Name\r\n\tfrom pkg.old import A\r\n\treturn A\n",
            id="a function, tabs and CRLF",
        ),
        pytest.param(
            "try:\n    from pkg.old import Name\nexcept ImportError:\n    Name = None\n",
            "try:\n    from pkg.new import Name\nexcept ImportError:\n    Name = None\n",
            id="a fallback stays one",
        ),
        pytest.param(
            "from pkg.old import A, Name", "from pkg.new import Name\nfrom pkg.old import A", id="no end of line"
        ),
        pytest.param("\ufefffrom pkg.old import Name\n", "\ufefffrom pkg.new import Name\n", id="a byte order mark"),
        pytest.param("from pkg.gone import X, Y as Z\n", "from pkg.here import X, Y as Z\n", id="a module"),
        pytest.param("from pkg import gone\n", "from pkg import here as gone\n", id="a module by its name"),
        pytest.param(
            "from pkg import gone as g, other\n",
            "from pkg import here as g\nfrom pkg import other\n",
            id="a module of two",
        ),
    ],
)
def test_from(before: str, after: str | None) -> None:
    check(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("import pkg.old\npkg.old.Name()\n", "import pkg.new\npkg.new.Name()\n", id="all of it"),
        pytest.param("import pkg.old\npkg.old.Was()\n", "import pkg.new\npkg.new.Is()\n", id="renamed"),
        pytest.param(
            "import pkg.old\npkg.old.Name(pkg.old.A)\n",
            "import pkg.new\nimport pkg.old\npkg.new.Name(pkg.old.A)\n",
            id="a part of it",
        ),
        pytest.param(
            "import pkg.old\nx = pkg.other\npkg.old.Name\n",
            "import pkg.new\nimport pkg.old\nx = pkg.other\npkg.new.Name\n",
            id="the package is needed for more",
        ),
        pytest.param("import os, pkg.old\npkg.old.Name\n", "import os, pkg.new\npkg.new.Name\n", id="among others"),
        pytest.param("import pkg.old as o\no.Name(o.Was)\n", "import pkg.new as o\no.Name(o.Is)\n", id="an alias"),
        pytest.param(
            "import pkg.old as o\no.Name(o.A)\n",
            "import pkg.new\nimport pkg.old as o\npkg.new.Name(o.A)\n",
            id="a part of an alias",
        ),
        pytest.param(
            "from pkg import old\nold.Name\n", "from pkg import new as old\nold.Name\n", id="from the package"
        ),
        pytest.param("from pkg import old as o\no.Was\n", "from pkg import new as o\no.Is\n", id="from it, an alias"),
        pytest.param(
            "from pkg import a, old\nold.Far\n",
            "from lib import far as old\nfrom pkg import a\nold.Far\n",
            id="to another package",
        ),
        pytest.param(
            "from pkg import old\nold.Name(old.A)\n",
            "import pkg.new\nfrom pkg import old\npkg.new.Name(old.A)\n",
            id="from it, a part",
        ),
        pytest.param(
            "import pkg.old\npkg.old.Name(pkg.old.Far)\n",
            "import pkg.new\nimport lib.far\nimport pkg.old\npkg.new.Name(lib.far.Far)\n",
            id="two places",
        ),
        pytest.param(
            "import pkg.old as o\ndef f(o):\n    return o.Name\nx: o.Name\n",
            "import pkg.new as o\ndef f(o):\n    return o.Name\nx: o.Name\n",
            id="a parameter of that name is another",
        ),
        pytest.param(
            "import pkg.old as o\ndef f(o):\n    return o.Was\no.Was\n",
            "import pkg.new as o\ndef f(o):\n    return o.Was\no.Is\n",
            id="and is not renamed",
        ),
        pytest.param(
            "def f():\n    import pkg.old as o\n    return o.Was\n",
            "def f():\n    import pkg.new as o\n    return o.Is\n",
            id="in a function",
        ),
        pytest.param(
            "if TYPE_CHECKING:\n    import pkg.old\ndef f(x: pkg.old.Name): ...\n",
            "if TYPE_CHECKING:\n    import pkg.new\ndef f(x: pkg.new.Name): ...\n",
            id="annotations",
        ),
        pytest.param(
            "import pkg.gone\npkg.gone.f(pkg.gone)\n", "import pkg.here\npkg.here.f(pkg.here)\n", id="a module"
        ),
        pytest.param("import pkg.gone as g\ng.x = g.f\n", "import pkg.here as g\ng.x = g.f\n", id="a module, an alias"),
        pytest.param("import pkg.old\npkg.old.A\n", None, id="nothing that moved"),
        pytest.param("import pkg.old\nx.pkg.old.Name\n", None, id="an attribute of something else"),
        pytest.param("import pkg.old as o\no.Name = 1\n", None, id="an assignment"),
    ],
)
def test_uses(before: str, after: str | None) -> None:
    check(before, after)


@pytest.mark.parametrize(
    ("before", "after", "package"),
    [
        pytest.param("from .old import Name\n", "from .new import Name\n", "pkg", id="beside"),
        pytest.param("from ..old import Name\n", "from ..new import Name\n", "pkg.sub", id="above"),
        pytest.param("from ..old import Far\n", "from lib.far import Far\n", "pkg.sub", id="to another package"),
        pytest.param("from .. import Top\n", "from ..new import Top\n", "pkg.sub", id="from the package"),
        pytest.param("from..import Top\n", "from..new import Top\n", "pkg.sub", id="without spaces"),
        pytest.param("from .old import A, Name\n", "from .new import Name\nfrom .old import A\n", "pkg", id="of two"),
        pytest.param("from . import old\nold.Name\n", "from . import new as old\nold.Name\n", "pkg", id="a module"),
        pytest.param("from . import gone\n", "from . import here as gone\n", "pkg", id="a module that moved"),
        pytest.param("from .old import Name\n", None, "other", id="another package"),
        pytest.param("from ...old import Name\n", None, "pkg.sub", id="beyond the top"),
    ],
)
def test_relative(before: str, after: str | None, package: str) -> None:
    check(before, after, packages=(f"src.{package}", package), path="x.py")


@pytest.mark.parametrize(
    ("source", "why", "fields"),
    [
        pytest.param("from pkg.old import *\nName\n", "a star import of pkg.old", {}, id="a star"),
        pytest.param("from pkg.gone import *\n", "a star import of pkg.gone", {}, id="a star of a module that moved"),
        pytest.param(
            "from pkg.old import Name\n",
            "which is this very file",
            {"modules": ("pkg.new",)},
            id="the new place itself",
        ),
        pytest.param(
            "try:\n    import pkg.old as o\nexcept ImportError:\n    o = None\no.Name\n",
            "bound in other ways",
            {},
            id="a fallback",
        ),
        pytest.param(
            "import pkg.old as o\npkg = 1\no.Name(o.A)\n", "its first name is bound", {}, id="the first name is taken"
        ),
        pytest.param(
            "import pkg.gone\nx: 'pkg.gone.T' = pkg.gone.f\n", "cannot be followed", {}, id="a string annotation"
        ),
        pytest.param("from pkg.old import A, Name\nx = (\n", "does not parse", {}, id="broken source"),
        pytest.param(b"# coding: nope\nfrom pkg.old import Name\n", "encoding", {}, id="an unknown encoding"),
        pytest.param(b"from pkg.old import Name\n\xff", "cannot be decoded", {}, id="bytes"),
        pytest.param(
            "# coding: latin-1\nfrom pkg.old import Name\n",
            "cannot hold",
            {"moves": (Move("pkg.old", "Name", "pkg.ň", "Name"),)},
            id="an encoding without the letter",
        ),
    ],
)
def test_refused(source: str | bytes, why: str, fields: dict[str, object]) -> None:
    done = fix(source, **fields)
    assert done.data is None
    assert any(why in note.text for note in done.notes if note.refused), done.notes


def test_a_silenced_line_stays() -> None:
    source = "from pkg.old import Name  # noqa: MG405\nfrom pkg.old import Was\n"
    assert fix(source, kept=(1,)).data == source.replace("old import Was", "new import Is as Was").encode()


def test_encodings_come_back() -> None:
    source = "# coding: latin-1\nfrom pkg.old import Name  # é\nx = 'ü'\n".encode("latin-1")
    assert fix(source).data == source.replace(b"old", b"new", 1)


def test_what_was_done_is_said() -> None:
    done = fix("x = 1\nfrom pkg.old import A, Was\n")
    assert [(note.line, note.text) for note in done.notes] == [(2, "pkg.old:Was -> pkg.new:Is")]
