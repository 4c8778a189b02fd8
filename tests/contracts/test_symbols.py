"""Required symbols: what is kept, broken and undecided, with CPython as the judge of what is decided."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from merge_guard.contracts import symbols
from merge_guard.contracts.answer import Answer, Kept
from merge_guard.contracts.definitions import Definitions
from merge_guard.facts.extract import extract
from merge_guard.model.contract import required_symbol
from merge_guard.model.source import SourceFile
from merge_guard.startup.resolve import SourceTree
from tests.functional.command import environment, write

YES, NO, UNKNOWN = Kept.YES, Kept.NO, Kept.UNKNOWN
MANAGER = "class Manager:\n    def get(self, a, b=1, *, c=2, **rest): ...\n"
DECORATED = "import contextlib, functools\nclass M:\n    @contextlib.contextmanager\n    def get(self, a): yield\n"
# Asks the running interpreter: the module, the names, the parameters by name of what a decorator wraps.
ASK = """
import importlib, inspect, sys
module, names, parameters = sys.argv[1], sys.argv[2], sys.argv[3]
value = importlib.import_module(module)
for name in filter(None, names.split(".")):
    value = getattr(value, name)
if parameters != "-":
    value = value.fget if isinstance(value, property) else value
    named = {p.name for p in inspect.signature(value).parameters.values() if p.kind not in (2, 4)}
    sys.exit(not set(filter(None, parameters.split(","))) <= named)
"""


def judged(files: Mapping[str, str], contract: str) -> Answer:
    facts = {path: extract(source.encode(), "python") for path, source in files.items()}
    tree = SourceTree(SourceFile(path) for path in files)

    def line_text(path: str, number: int) -> str:
        lines = files[path].splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""

    return symbols.judge(required_symbol(contract), lambda side: Definitions(tree, facts.get, ("",), side), line_text)


def kept_by_cpython(root: Path, files: Mapping[str, str], contract: str) -> bool:
    write(root, files)
    asked = required_symbol(contract)
    parameters = "-" if asked.parameters is None else ",".join(asked.parameters)
    done = subprocess.run(
        [sys.executable, "-B", "-c", ASK, asked.module, ".".join(asked.names), parameters],
        cwd=root, env=environment(), capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


@pytest.mark.parametrize(
    ("files", "contract", "kept"),
    [
        pytest.param({"m.py": ""}, "m", YES, id="a module"),
        pytest.param({"m.py": ""}, "n", NO, id="no module"),
        pytest.param({"p/__init__.py": ""}, "p.m", NO, id="no submodule"),
        pytest.param({"m.py": "x = 1"}, "m:x", YES, id="a name"),
        pytest.param({"m.py": "x = 1"}, "m:y", NO, id="no name"),
        pytest.param({"m.py": "x = 1\ndel x"}, "m:x", NO, id="deleted"),
        pytest.param({"m.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = 1"}, "m:x", NO, id="types"),
        pytest.param({"m.py": MANAGER}, "m:Manager.get(a, b, c)", YES, id="a method with its parameters"),
        pytest.param({"m.py": MANAGER}, "m:Manager.get(d)", NO, id="**rest does not satisfy"),
        pytest.param({"m.py": MANAGER}, "m:Manager.get(rest)", NO, id="its own name neither"),
        pytest.param({"m.py": MANAGER}, "m:Manager.put", NO, id="no method"),
        pytest.param({"m.py": MANAGER}, "m:Manager.get()", YES, id="a call without parameters"),
        pytest.param({"m.py": "async def f(a, /, b): ..."}, "m:f(a, b)", YES, id="async, positional only"),
        pytest.param({"m.py": "def f(a): ...\ndef f(b): ..."}, "m:f(a)", NO, id="the last definition counts"),
        pytest.param(
            {"m.py": MANAGER, "p/__init__.py": "from m import Manager as M"}, "p:M.get(a)", YES, id="a re-export"
        ),
        pytest.param(
            {"p/__init__.py": "from .a import *", "p/a.py": "from .b import *", "p/b.py": MANAGER},
            "p:Manager.get(a)",
            YES,
            id="through stars",
        ),
        pytest.param({"p/__init__.py": "from .a import *", "p/a.py": "_x = 1"}, "p:_x", NO, id="private, by a star"),
        pytest.param(
            {"p/__init__.py": "from .a import *", "p/a.py": "__all__ = ['y']\nx = y = 1"}, "p:x", NO, id="not in all"
        ),
        pytest.param(
            {"p/__init__.py": "from .a import *", "p/a.py": "__all__ = ['x']\nx = 1"}, "p:x", YES, id="in all"
        ),
        pytest.param({"p/__init__.py": "from .a import f", "p/a.py": "def f(a): ..."}, "p:f(b)", NO, id="root of it"),
        pytest.param({"m.py": f"{MANAGER}N = Manager"}, "m:N.get(a)", YES, id="an alias"),
        pytest.param(
            {"m.py": "import a.b\nN = a.b.Manager", "a/__init__.py": "", "a/b.py": MANAGER},
            "m:N.get(a)",
            YES,
            id="an alias of an attribute",
        ),
        pytest.param({"p/__init__.py": "", "p/a.py": MANAGER}, "p.a:Manager", YES, id="in a package"),
        pytest.param({"p/__init__.py": "from . import a", "p/a.py": "x = 1"}, "p:a.x", YES, id="a submodule"),
        pytest.param({"m.py": f"{MANAGER}class N(Manager): ..."}, "m:N.get(a)", YES, id="inherited"),
        pytest.param(
            {"m.py": "from n import Manager\nclass N(Manager): ...", "n.py": MANAGER},
            "m:N.get(d)",
            NO,
            id="inherited from another module",
        ),
        pytest.param(
            {
                "m.py": "class A:\n    def f(self, a): ...\nclass B(A): ...\nclass C(A):\n    def f(self, c): ...\n"
                "class D(B, C): ..."
            },
            "m:D.f(c)",
            YES,
            id="the order of a diamond",
        ),
        pytest.param({"m.py": "class E(ValueError):\n    x = 1"}, "m:E.y", NO, id="a builtin base"),
        pytest.param({"m.py": "class E(ValueError):\n    x = 1"}, "m:E.args", YES, id="what a builtin base has"),
        pytest.param(
            {"m.py": "import abc, typing\nT = typing.TypeVar('T')\nclass E(abc.ABC, typing.Generic[T]):\n    x = 1"},
            "m:E.y",
            NO,
            id="bare bases",
        ),
        pytest.param({"m.py": "class A:\n    class B:\n        def f(self, a): ..."}, "m:A.B.f(a)", YES, id="nested"),
        pytest.param({"m.py": DECORATED}, "m:M.get(a)", YES, id="below a decorator"),
        pytest.param({"m.py": DECORATED}, "m:M.get(b)", NO, id="below a decorator, without it"),
        pytest.param(
            {
                "m.py": "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def wrapper(*args, **kwargs):\n"
                "        return f(*args, **kwargs)\n    return wrapper\n@deco\ndef g(a): ..."
            },
            "m:g(a)",
            YES,
            id="a decorator of its own",
        ),
        pytest.param(
            {"m.py": "class A:\n    @property\n    def p(self): ...\n    @p.setter\n    def p(self, v): ..."},
            "m:A.p",
            YES,
            id="a property",
        ),
        pytest.param(
            {"m.py": "class A:\n    def _f(self, a): ...\n    f = _f"}, "m:A.f(a)", YES, id="alias in a class"
        ),
        pytest.param(
            {"m.py": "class A:\n    def f(cls, a): ...\n    f = classmethod(f)"},
            "m:A.f(a)",
            YES,
            id="f = classmethod(f)",
        ),
        pytest.param({"m.py": "class A: ...\nA.x = 1"}, "m:A.x", YES, id="set behind the class"),
        pytest.param({"m.py": "class A:\n    def __init__(self, a): ..."}, "m:A(a)", YES, id="a constructor"),
        pytest.param({"m.py": "class A:\n    def __init__(self, a): ..."}, "m:A(b)", NO, id="a constructor without it"),
        pytest.param(
            {"m.py": "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n    y: str = ''"},
            "m:A(x, y)",
            YES,
            id="a dataclass",
        ),
        pytest.param(
            {"m.py": "import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass A:\n    x: int\n    y = ''"},
            "m:A(y)",
            NO,
            id="no field of a dataclass",
        ),
        pytest.param(
            {"m.py": "try:\n    from n import f\nexcept ImportError:\n    f = None", "n.py": "def f(a): ..."},
            "m:f(a)",
            YES,
            id="a handler that is not needed",
        ),
        pytest.param({"m.py": "if True:\n    def f(a): ...\nelse:\n    x = 1"}, "m:x", NO, id="a branch never taken"),
        pytest.param({"p/__init__.py": "x = (", "p/m.py": "x = 1"}, "p.m:x", NO, id="a parent does not compile"),
    ],
)
def test_as_cpython_says(tmp_path: Path, files: dict[str, str], contract: str, kept: Kept) -> None:
    assert (judged(files, contract).kept, kept_by_cpython(tmp_path, files, contract)) == (kept, kept is YES)


@pytest.mark.parametrize(
    ("files", "contract", "kept"),
    [
        pytest.param({"m.py": "from django.db import M\nclass A(M): ..."}, "m:A.x", UNKNOWN, id="a foreign base"),
        pytest.param({"m.py": "from x import A\nclass B(A):\n    y = 1"}, "m:B.y", YES, id="before a foreign base"),
        pytest.param({"m.py": "from x import A"}, "m:A.f(a)", UNKNOWN, id="from outside"),
        pytest.param({"m.py": "from x import *"}, "m:A", UNKNOWN, id="a star from outside"),
        pytest.param({"m.py": "def __getattr__(name): ..."}, "m:A", UNKNOWN, id="module __getattr__"),
        pytest.param({"m.py": "globals()['A'] = 1"}, "m:A", UNKNOWN, id="globals"),
        pytest.param({"m.py": "f = make()"}, "m:f", YES, id="a computed name is there"),
        pytest.param({"m.py": "f = make()"}, "m:f(a)", UNKNOWN, id="its parameters are not known"),
        pytest.param({"m.py": "try:\n    import z\nexcept ImportError:\n    f = 1"}, "m:f", UNKNOWN, id="a handler"),
        pytest.param({"m.py": "if x:\n    def f(a): ...\nelse:\n    def f(b): ..."}, "m:f(a)", UNKNOWN, id="branches"),
        pytest.param({"m.py": "if x:\n    def f(a): ...\nelse:\n    def f(a, b): ..."}, "m:f(a)", YES, id="either has"),
        pytest.param({"m.py": "class A(metaclass=M): ..."}, "m:A.x", UNKNOWN, id="a metaclass"),
        pytest.param({"m.py": "@decorate\nclass A: ..."}, "m:A.x", UNKNOWN, id="a class decorator"),
        pytest.param({"m.py": "import attr\n@attr.define\nclass A:\n    x: int"}, "m:A(x)", UNKNOWN, id="attrs"),
        pytest.param({"m.py": "class A:\n    x: int"}, "m:A.x", YES, id="a bare annotation counts"),
        pytest.param({"m.py": "from m import x"}, "m:x", UNKNOWN, id="a name that leads to itself"),
        pytest.param({"m.pyi": "x: int"}, "m:x", UNKNOWN, id="built from something else"),
        pytest.param({"m.py": "x = ("}, "m:x", NO, id="does not compile"),
        pytest.param({"m.py": ""}, "json:loads", UNKNOWN, id="the standard library"),
    ],
)
def test_what_cpython_is_not_asked(files: dict[str, str], contract: str, kept: Kept) -> None:
    assert judged(files, contract).kept is kept


OURS_ONLY = ["our side would keep it", "their side: 'get' has no parameter 'b'"]
THEIRS_ONLY = ["their side would keep it", "our side: 'get' has no parameter 'b'"]
NEITHER = ["our side: 'get' has no parameter 'b'", "their side: 'get' has no parameter 'a'"]


def conflict(ours: str, theirs: str) -> str:
    sides = f"<<<<<<< HEAD\n    def get({ours}): ...\n=======\n    def get({theirs}): ...\n>>>>>>> b\n"
    return f"class Manager:\n{sides}"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param(conflict("self, a, b", "self, a"), OURS_ONLY, id="ours"),
        pytest.param(conflict("self, a", "self, a, b"), THEIRS_ONLY, id="theirs"),
        pytest.param(conflict("self, a", "self, b"), NEITHER, id="neither"),
        pytest.param(conflict("self, a, b", "self, a, *, b"), ["either side would keep it"], id="both"),
    ],
)
def test_the_sides_of_a_conflict(source: str, words: list[str]) -> None:
    answer = judged({"m.py": source}, "m:Manager.get(a, b)")
    assert (answer.kept, answer.place.path if answer.place else None) == (NO, "m.py")
    assert all(word in answer.problem for word in words), answer.problem


def test_the_place_is_the_definition() -> None:
    answer = judged({"p/__init__.py": "from .m import *", "p/m.py": "\n" + MANAGER}, "p:Manager.get(z)")
    assert answer.place is not None
    assert (answer.place.path, answer.place.line) == ("p/m.py", 3)
