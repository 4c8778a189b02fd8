"""Two equal definitions of one suite: when the second goes."""

from __future__ import annotations

import pytest

from merge_guard.fixes.rewrite import rewrite
from merge_guard.fixes.task import Doubled, Task

F = "def f(x: int = 1) -> int:\n    return x\n"


@pytest.mark.parametrize(
    ("before", "first", "second", "after"),
    [
        pytest.param(f"{F}\n\n{F}", 1, 5, F, id="at the end of the file"),
        pytest.param(f"{F}\n\n{F}\n\nx = 1\n", 1, 5, f"{F}\n\nx = 1\n", id="the blank lines above go"),
        pytest.param(f"{F}y = 1\n{F}x = 1\n", 1, 4, f"{F}y = 1\nx = 1\n", id="without blank lines"),
        pytest.param(
            "class A:\n    def f(self): ...\n\n    def f(self): ...\n",
            2,
            4,
            "class A:\n    def f(self): ...\n",
            id="methods",
        ),
        pytest.param("class A:\n    x = 1\n\n\nclass A:\n    x = 1\n", 1, 5, "class A:\n    x = 1\n", id="classes"),
        pytest.param(
            "if x:\n    def f(): ...\n    def f(): ...\n", 2, 3, "if x:\n    def f(): ...\n", id="in a branch"
        ),
        pytest.param("def f(): ...\r\n\r\ndef f(): ...\r\nx = 1\r\n", 1, 3, "def f(): ...\r\nx = 1\r\n", id="CRLF"),
        pytest.param("def f():\n    return 1\n\ndef f():\n    return 2\n", 1, 4, None, id="different"),
        pytest.param('def f():\n    "a"\n\ndef f():\n    "b"\n', 1, 4, None, id="different docstrings"),
        pytest.param("def f(x: int): ...\ndef f(x: str): ...\n", 1, 2, None, id="different annotations"),
        pytest.param("def f(): ...\ndef f(): ...  # why\n", 1, 2, None, id="a comment that only the second has"),
        pytest.param("if x:\n    def f(): ...\nelse:\n    def f(): ...\n", 2, 4, None, id="alternatives"),
        pytest.param("def f(x=g()): ...\ndef f(x=g()): ...\n", 1, 2, None, id="a call in a default"),
        pytest.param("class A(B): ...\nclass A(B): ...\n", 1, 2, None, id="a base may count its subclasses"),
        pytest.param("class A:\n    x = g()\nclass A:\n    x = g()\n", 1, 3, None, id="a call in a class body"),
        pytest.param("x = 1\n", 1, 1, None, id="no definitions"),
    ],
)
def test_pairs(before: str, first: int, second: int, after: str | None) -> None:
    done = rewrite(before.encode(), Task("a.py", doubled=(Doubled("f", first, second),)))
    assert done.data == (None if after is None else after.encode()), (done.data or b"").decode()


@pytest.mark.parametrize("source", ["def f(x=g()): ...\ndef f(x=g()): ...\n", "class A(B): ...\nclass A(B): ...\n"])
def test_unsafe(source: str) -> None:
    done = rewrite(source.encode(), Task("a.py", doubled=(Doubled("f", 1, 2),), unsafe=True))
    assert done.data == source.splitlines(keepends=True)[0].encode()
