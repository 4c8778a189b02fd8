"""Conflicts that decide themselves, and those that somebody has to decide."""

from __future__ import annotations

import ast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from merge_guard.fixes.rewrite import rewrite
from merge_guard.fixes.task import Rewritten, Task


def resolve(text: str | bytes, path: str = "a.py") -> Rewritten:
    return rewrite(text.encode() if isinstance(text, str) else text, Task(path, conflicts=True))


def block(ours: str, theirs: str, base: str | None = None) -> str:
    middle = "" if base is None else f"||||||| 1234567\n{base}"
    return f"<<<<<<< HEAD\n{ours}{middle}=======\n{theirs}>>>>>>> x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(block("x = 1\n", "x = 1\n"), "x = 1\n", id="equal"),
        pytest.param("a = 1\n" + block("x\n", "x\n") + "b\n", "a = 1\nx\nb\n", id="in its place"),
        pytest.param(block("", ""), "", id="both empty"),
        pytest.param(block("x = 1  \n", "x = 1\n"), "x = 1  \n", id="white space at the end"),
        pytest.param(block("x = 1\n", "x  =  1\n"), "x = 1\n", id="white space between"),
        pytest.param(block("x = 'a b'\n", "x = 'ab'\n"), None, id="white space in a string"),
        pytest.param("if y:\n    a\n" + block("    x\n", "x\n"), None, id="white space that indents"),
        pytest.param(block("x = 1\n", "x = 2\n"), None, id="different"),
        pytest.param(block("x = 1\n", ""), None, id="one is empty"),
        pytest.param(
            block("x = 1\n", "x = 1\n") + "y = 1\n" + block("z = 1\n", "z = 2\n"),
            "x = 1\ny = 1\n" + block("z = 1\n", "z = 2\n"),
            id="one of two",
        ),
        pytest.param(
            block("x = 1\n", "x =  1\n") + "y = 1\n" + block("z = 1\n", "z = 2\n"),
            None,
            id="white space beside another",
        ),
        pytest.param(block("import a\n", "import b\n"), "import a\nimport b\n", id="imports"),
        pytest.param(
            block("import a\nimport b\n", "import b\nimport c\n"), "import a\nimport b\nimport c\n", id="one common"
        ),
        pytest.param(block("from m import a\n", "from m import b\n"), "from m import a, b\n", id="names of one module"),
        pytest.param(
            block("from m import b\n", "from m import a\n"), "from m import a, b\n", id="in order if they were"
        ),
        pytest.param(
            block("from m import b, a\n", "from m import c\n"), "from m import b, a, c\n", id="and not if not"
        ),
        pytest.param(
            block("from m import (\n    a,\n)\n", "from m import (\n    b,\n)\n"),
            "from m import (\n    a,\n)\nfrom m import (\n    b,\n)\n",
            id="parentheses",
        ),
        pytest.param(
            block("from .m import a as b\n", "from ..m import a as c\n"),
            "from .m import a as b\nfrom ..m import a as c\n",
            id="relative",
        ),
        pytest.param(
            "def f():\n" + block("    import a\n", "    import b\n") + "    return a\n",
            "def f():\n    import a\n    import b\n    return a\n",
            id="indented",
        ),
        pytest.param(block("import a.b\n", "import a.c\n"), "import a.b\nimport a.c\n", id="one package"),
        pytest.param(block("import a as x\n", "import b as x\n"), None, id="one name for two modules"),
        pytest.param(block("from a import x\n", "from b import x\n"), None, id="one name from two modules"),
        pytest.param(block("from a import *\n", "from b import x\n"), None, id="a star"),
        pytest.param(block("import a\n", "import b\nx = 1\n"), None, id="more than imports"),
        pytest.param(block("import a  # why\n", "import b\n"), None, id="a comment"),
        pytest.param(block("import a\n", ""), None, id="one side took it out"),
        pytest.param(block("import a\nimport c\n", "import b\n", "import c\n"), None, id="one side took the base out"),
        pytest.param(
            block("import a\nimport c\n", "import b\nimport c\n", "import c\n"),
            "import a\nimport c\nimport b\n",
            id="both kept the base",
        ),
        pytest.param("x = '''\n" + block("a\n", "a\n") + "'''\n", None, id="an example in a string"),
    ],
)
def test_python(before: str, after: str | None) -> None:
    done = resolve(before)
    assert done.data == (None if after is None else after.encode()), (done.data or b"").decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(block("x\n", "x\n"), "x\n", id="equal"),
        pytest.param("a\r\n" + block("x\n", "x\r\n"), "a\r\nx\r\n", id="line ends as around it"),
        pytest.param("a\n" + block("x\n", "x\r\n"), "a\nx\n", id="line ends as around it, the other way"),
        pytest.param(block("x  \n", "x\n"), None, id="white space has a meaning in some texts"),
        pytest.param(block("import a\n", "import b\n"), None, id="imports of another language"),
    ],
)
def test_other_texts(before: str, after: str | None) -> None:
    assert resolve(before, "notes.md").data == (None if after is None else after.encode())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16-le", "utf-16-be"])
def test_encodings(codec: str) -> None:
    mark = "" if codec == "utf-8-sig" else "\ufeff"
    before, after = (f"{mark}{text}".encode(codec) for text in (block("é\n", "é\n"), "é\n"))
    assert resolve(before, "notes.txt").data == after


_NAMES = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True)
_IMPORT = st.one_of(
    _NAMES.map(lambda names: f"from m import {', '.join(names)}\n"),
    _NAMES.map(lambda names: "".join(f"import {name}\n" for name in names)),
    _NAMES.map(lambda names: "from n import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"),
)
_SIDE = st.lists(_IMPORT, min_size=1, max_size=3).map("".join)


@given(ours=_SIDE, theirs=_SIDE)
def test_no_import_of_either_side_is_lost_and_no_name_gets_another_meaning(ours: str, theirs: str) -> None:
    assume(ours != theirs)
    done = resolve(f"x = 1\n{block(ours, theirs)}y = 2\n").data
    if done is None:
        return
    assert done.startswith(b"x = 1\n")
    assert done.endswith(b"y = 2\n")
    assert imported(done.decode()) == imported(ours) | imported(theirs)
    meanings = [(bound, what) for bound, what in imported(done.decode())]
    assert len(meanings) == len(dict(meanings))


def imported(source: str) -> set[tuple[str, str]]:
    found = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(alias.name, node.module or "") for alias in node.names}
    return found


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    resolve(b"<<<<<<< HEAD\n" + data + b"\n=======\n" + data + b"\n>>>>>>> x\n")
    resolve(data, "a.txt")
