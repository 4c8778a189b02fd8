"""What the rules say of a merge commit: clean merges that break, conflicts resolved badly, and all that is let be."""

# A case is easier to read on few lines.
# ruff: noqa: E501
from __future__ import annotations

from pathlib import Path

import pytest

from tests.merges.three_way import Files, branches, merged, resolved

TOP = "import os\n\n\ndef first(): return os.name\n\n\n"
END = "\n\ndef last(): return 9\n"
BASE = f"{TOP}LIMIT = 1\n{END}"


def around(middle: str, top: str = TOP, end: str = END) -> str:
    """A file with something between what never changes."""
    return f"{top}{middle}\n{end}"


def package(**modules: str) -> Files:
    return {"app/__init__.py": "", **{f"app/{name}.py": text for name, text in modules.items()}}


TWICE = ("def one(): return 1\n", "def one(): return 2\n")
CLASS = "class A:\n    def a(self): return 1\n\n    def b(self): return 2\n"
TRY = "def run():\n    try:\n        return 1\n    except KeyError:\n        return 2\n"
ROUTES = "@app.get('/a')\ndef a(): return 1\n"

CASES: list[tuple[str, str | Files, str | Files, str | Files, str | Files | None, list[str]]] = [
    # Damage that git does by itself, and damage of hands.
    ("both add a function at other places", BASE, f"{TWICE[0]}{BASE}", f"{BASE}{TWICE[1]}", None, ["E MG502 12"]),
    ("both add the same function at other places", BASE, f"{TWICE[0]}{BASE}", f"{BASE}{TWICE[0]}", None,
     ["E MG502 12"]),
    ("both add a method at other places", CLASS, CLASS.replace("class A:\n", "class A:\n    def n(self): return 3\n"),
     f"{CLASS}\n    def n(self): return 4\n", None, ["E MG502 7"]),
    ("markers deleted with both halves left", BASE, BASE.replace("LIMIT = 1", "def f(): return 1"),
     BASE.replace("LIMIT = 1", "def f(): return 2"), BASE.replace("LIMIT = 1", "def f(): return 1\ndef f(): return 2"),
     ["E MG502 8"]),
    ("a doubled class", BASE, f"class N: x = 1\n{BASE}", f"{BASE}class N: x = 2\n", None, ["E MG502 12"]),
    ("a doubled class with what is in it", BASE, f"class N:\n    def m(self): return {{'a': 1}}\n\n\n{BASE}",
     f"{BASE}class N:\n    def m(self):\n        d = {{'a': 1}}\n        return d\n", None, ["E MG502 15"]),
    ("a doubled function with a dictionary", BASE, f"def n():\n    d = {{'a': 1}}\n    return d\n\n\n{BASE}",
     f"{BASE}def n():\n    d = {{'a': 2}}\n    return d\n", None, ["E MG502 16"]),
    ("a doubled property", CLASS, CLASS.replace("class A:\n", "class A:\n    @property\n    def n(self): return 3\n"),
     f"{CLASS}\n    @property\n    def n(self): return 4\n", None, ["E MG502 9"]),
    # What MG502 lets be.
    ("doubled on one side already", f"{TWICE[0]}{BASE}{TWICE[1]}", f"{TWICE[0]}{BASE}{TWICE[1]}X = 1\n",
     f"Y = 1\n{TWICE[0]}{BASE}{TWICE[1]}", None, []),
    ("overloads", BASE, f"from typing import overload\n@overload\ndef f(a: int): ...\n{BASE}",
     f"{BASE}def f(a): return a\n", None, []),
    ("a setter", BASE, f"class A:\n    @property\n    def x(self): return 1\n{BASE}",
     f"{BASE}class B:\n    def x(self): return 1\n", None, []),
    ("a setter beside its property", CLASS,
     CLASS.replace("class A:\n", "class A:\n    @property\n    def x(self): return 1\n"),
     f"{CLASS}\n    @x.setter\n    def x(self, v): pass\n", None, []),
    ("registrations", "import app\nX = 1\n\n\nY = 2\n", "import app\n@app.on('a')\ndef _h(): return 1\nX = 1\n\n\nY = 2\n",
     "import app\nX = 1\n\n\nY = 2\n@app.on('b')\ndef _h(): return 2\n", None, []),
    ("alternatives of one if", around("if os.name:\n    def f(): return 1\nelse:\n    F = 1"),
     around("if os.name:\n    def f(): return 1\nelse:\n    F = 1", top=f"A = 1\n{TOP}"),
     around("if os.name:\n    def f(): return 1\nelse:\n    def f(): return 2"), None, []),
    ("alternatives of one try", around("try:\n    import json\nexcept ImportError:\n    pass"),
     around("try:\n    def f(): return 1\nexcept ImportError:\n    pass"),
     around("try:\n    import json\nexcept ImportError:\n    def f(): return 2"),
     around("try:\n    def f(): return 1\nexcept ImportError:\n    def f(): return 2"), []),
    ("the same name in two classes", BASE, f"class A:\n    def n(self): return 1\n{BASE}",
     f"{BASE}class B:\n    def n(self): return 1\n", None, []),
    ("functions called _", BASE, f"def _(): return 1\n{BASE}", f"{BASE}def _(): return 2\n", None, []),
    # Syntax.
    ("a block without its body", "def f():\n    return 1\n", "def f():\n    return 2\n", "def f():\n    return 3\n",
     "def f():\n", ["E MG501 1"]),
    ("a bracket without its partner", BASE, around("LIMIT = [1]"), around("LIMIT = [2]"), around("LIMIT = [1"),
     ["E MG501 7"]),
    ("return outside of a function", around("def f():\n    return 1"), around("def f():\n    return 2"),
     around("def f():\n    return 3"), around("return 3"), ["E MG501 7"]),
    ("markers left in the commit", BASE, around("LIMIT = 2"), around("LIMIT = 3"),
     around("<<<<<<< HEAD\nLIMIT = 2\n=======\nLIMIT = 3\n>>>>>>> theirs"), ["E MG501 7"]),
    ("one side was broken already", BASE, around("LIMIT = ("), around("LIMIT = 3"), around("LIMIT = ["), []),
    # Lost definitions.
    ("a function of ours is gone", BASE, around("LIMIT = 2\n\n\ndef f(): return LIMIT"), around("LIMIT = 3"),
     around("LIMIT = 4"), ["W MG506 1"]),
    ("a function of theirs is gone, and called", BASE, around("LIMIT = 2\n\n\ndef g(): return f()"),
     around("LIMIT = 3\n\n\ndef f(): return LIMIT"), around("LIMIT = 2\n\n\ndef g(): return f()\nf()"), ["E MG506 1"]),
    ("a method is gone", CLASS, CLASS + "\n    def c(self): return 3\n", CLASS + "\n    def d(self): return 4\n",
     CLASS + "\n    def d(self): return 4\n\n    def e(self): return 5\n", ["W MG506 1"]),
    ("a method of both is gone", CLASS, CLASS + "\n    def c(self): return 3\n", CLASS + "\n    def d(self): return 4\n",
     "class A:\n    def a(self): return 1\n\n    def c(self): return 3\n\n    def d(self): return 4\n", ["W MG506 1"]),
    ("ours deleted it", f"{BASE}def f(): return 1\n", around("LIMIT = 2"), f"{around('LIMIT = 3')}def f(): return 1\n",
     around("LIMIT = 4"), []),
    ("renamed", BASE, around("LIMIT = 2\n\n\ndef f(a): return a + 1"), around("LIMIT = 3"),
     around("LIMIT = 4\n\n\ndef g(a): return a + 1"), []),
    ("became an import", BASE, around("LIMIT = 2\n\n\ndef f(a): return a + 1"), around("LIMIT = 3"),
     around("from other import f\nLIMIT = 4"), []),
    ("became an assignment", BASE, around("LIMIT = 2\n\n\ndef f(a): return a + 1"), around("LIMIT = 3"),
     around("f = len\nLIMIT = 4"), []),
    ("moved to another file", BASE, around("LIMIT = 2\n\n\ndef f(a): return a + 1"), around("LIMIT = 3"),
     {"app.py": around("LIMIT = 4"), "new.py": "def f(a): return a + 1\n"}, []),
    ("moved into a class", BASE, around("LIMIT = 2\n\n\ndef f(a): return a + 1"), around("LIMIT = 3"),
     around("LIMIT = 4\n\n\nclass A:\n    def f(self, a): return a + 1"), []),
    ("a method that the merge moved into a class that was there", f"{CLASS}\n\nclass Z:\n    x = 1\n",
     f"{CLASS}    def new(self): return 3\n\n\nclass Z:\n    x = 1\n", f"{CLASS}\n\nclass Z:\n    x = 2\n",
     f"{CLASS}\n\nclass Z:\n    x = 2\n\n    def new(self, a): return 3 + a\n", []),
    ("a star import may bring it", BASE, around("LIMIT = 2\n\n\ndef f(a): return a + 1"), around("LIMIT = 3"),
     around("from other import *\nLIMIT = 4"), []),
    ("a copy of the body that was there before is no rename", f"def g(): return 1\n{BASE}",
     f"def g(): return 1\n{around('LIMIT = 2')}def f(): return 1\n", f"def g(): return 1\n{around('LIMIT = 3')}",
     f"def g(): return 1\n{around('LIMIT = 4')}", ["W MG506 1"]),
    ("the same method of another class is no move", CLASS, f"{CLASS}\n    def c(self): return 3\n",
     {"app.py": f"{CLASS}    x = 1\n", "new.py": "class B:\n    def c(self): return 4\n"},
     {"app.py": f"{CLASS}    x = 2\n"}, ["W MG506 1"]),
    ("exec in all versions binds it in none", around("LIMIT = 1\nexec('', {})"),
     around("import json\nLIMIT = json\nexec('', {})"), around("LIMIT = 3\nexec('', {})"),
     around("LIMIT = json\nexec('', {'a': 1})"), ["E MG504 7"]),
    ("exec that only the result has may bind it", around("LIMIT = 1"), around("import json\nLIMIT = json"),
     around("LIMIT = 3"), around("exec('')\nLIMIT = json"), []),
    ("a function is gone from a module with globals()", around("LIMIT = globals()"),
     around("LIMIT = globals()\nX = 1\n\n\ndef f(): return LIMIT"), around("LIMIT = globals()\nX = 2"),
     around("LIMIT = globals()\nX = 3"), ["W MG506 1"]),
    ("setattr on something is no binding", around("LIMIT = 1\nsetattr(first, 'a', 1)"),
     around("import json\nLIMIT = json\nsetattr(first, 'a', 1)"), around("LIMIT = 3\nsetattr(first, 'a', 1)"),
     around("LIMIT = json\nsetattr(first, 'a', 2)"), ["E MG504 7"]),
    ("setattr on the module itself may bind it", f"import sys\n{around('LIMIT = 1')}",
     f"import sys\n{around('import json' + chr(10) + 'LIMIT = json')}", f"import sys\n{around('LIMIT = 3')}",
     f"import sys\n{around('setattr(sys.modules[__name__], str(1), 1)' + chr(10) + 'LIMIT = json')}", []),
    ("the file was taken whole from ours", BASE, around("LIMIT = 2"), around("LIMIT = 3\n\n\ndef f(): return LIMIT"),
     around("LIMIT = 2"), []),
    ("the file was taken whole from theirs", BASE, around("LIMIT = 2\n\n\ndef f(): return 1"), around("LIMIT = 3"),
     around("LIMIT = 3"), []),
    # Brought back, set back.
    ("deleted by ours, and back", f"{BASE}def f(): return 1\n", around("LIMIT = 2"),
     f"{around('LIMIT = 3')}def f(): return 1\n", f"{around('LIMIT = 4')}def f(): return 1\n", ["E MG505 11"]),
    ("deleted by theirs, and back", f"{BASE}def f(): return 1\n", f"{around('LIMIT = 3')}def f(): return 1\n",
     around("LIMIT = 2"), f"{around('LIMIT = 4')}def f(): return 1\n", ["E MG505 11"]),
    ("deleted by ours, changed by theirs", f"{BASE}def f(): return 1\n", around("LIMIT = 2"),
     f"{BASE}def f(): return 2\n", f"{around('LIMIT = 2')}\n\ndef f(): return 2\n", []),
    ("a deleted method is back", CLASS, CLASS.replace("    def a(self): return 1\n", "    x = 1\n"),
     CLASS.replace("2", "22"), CLASS.replace("2", "23"), ["E MG505 2"]),
    ("moved by the side that deleted it", CLASS, "class A:\n    def b(self): return 2\n\n\nclass B(A):\n"
     "    def a(self): return 1\n", CLASS + "\n    x = 1\n", CLASS + "\n    x = 1\n\n\nclass B(A):\n    y = 1\n", []),
    ("changed by ours, and as before", around("def f(): return 1\nX = 1"), around("def f(): return 99\nX = 2"),
     around("def f(): return 1\nX = 3"), around("def f(): return 1\nX = 4"), ["W MG507 7"]),
    ("a method changed by theirs, and as before", CLASS, CLASS + "    x = 1\n", CLASS.replace("1", "11") + "    x = 2\n",
     CLASS + "    x = 3\n", ["W MG507 2"]),
    ("changed by both, and as before", around("def f(): return 1\nX = 1"), around("def f(): return 2\nX = 2"),
     around("def f(): return 3\nX = 3"), around("def f(): return 1\nX = 4"), []),
    ("only a comment and a docstring changed", around("def f():\n    return 1\nX = 1"),
     around("def f():\n    'Text.'\n    return 1  # one\nX = 2"), around("def f():\n    return 1\nX = 3"),
     around("def f():\n    return 1\nX = 4"), []),
    # Names.
    ("an import of ours is gone", BASE, around("import json\nLIMIT = json.dumps(1)"), around("import re\nLIMIT = re.A"),
     around("import re\nLIMIT = json.dumps(re.A)"), ["E MG504 8"]),
    ("an import of both is gone", BASE, around("LIMIT = 2"), around("LIMIT = 3"),
     "\n\ndef first(): return os.name\n\n\nLIMIT = 4\n", ["E MG504 3", "W MG506 1"]),
    ("used in a function", BASE, around("import json\ndef f(): return json"), around("LIMIT = 3"),
     around("LIMIT = 3\ndef f(): return json"), ["E MG504 8"]),
    ("bound by another import", BASE, around("import json\nLIMIT = json.dumps(1)"), around("LIMIT = 3"),
     around("import ujson as json\nLIMIT = json.dumps(3)"), []),
    ("bound in a branch", BASE, around("import json\nLIMIT = json.dumps(1)"), around("LIMIT = 3"),
     around("if os.name:\n    import json\nLIMIT = json.dumps(3)"), []),
    ("a star import may bind it", BASE, around("import json\nLIMIT = json.dumps(1)"), around("LIMIT = 3"),
     around("from other import *\nLIMIT = json.dumps(3)"), []),
    ("unbound on the side that reads it, too", BASE, around("LIMIT = magic(1)"), around("LIMIT = 3"),
     around("LIMIT = magic(3)"), []),
    ("a builtin", BASE, around("LIMIT = len('a')"), around("LIMIT = 3"), around("LIMIT = len('aaa')"), []),
    ("a name of annotations that nobody evaluates", f"from __future__ import annotations\n{BASE}",
     f"from __future__ import annotations\n{around('import json' + chr(10) + 'def f(a: json): return a')}",
     f"from __future__ import annotations\n{around('LIMIT = 3')}",
     f"from __future__ import annotations\n{around('LIMIT = 3' + chr(10) + 'def f(a: json): return a')}", []),
    # Two files that disagree.
    ("a removed function is imported", package(store="def load(): ...\nX = 1\n", main=""), package(store="X = 1\n"),
     package(store="def load(): ...\nX = 1\n", main="from app.store import load\n"), None, ["E MG503 app/main.py:1"]),
    ("a renamed function is imported", package(store="def load(): ...\n", main=""), package(store="def fetch(): ...\n"),
     package(main="from .store import load\n"), None, ["E MG503 app/main.py:1"]),
    ("a removed module is imported", package(store="X = 1\n", main=""), {"app/store.py": None},
     package(main="import app.store\n"), None, ["E MG503 app/main.py:1"]),
    ("a removed submodule is imported", package(store="X = 1\n", main=""), {"app/store.py": None},
     package(main="from app import store\n"), None, ["E MG503 app/main.py:1"]),
    ("a removed function is imported in a function", package(store="def load(): ...\nX = 1\n", main=""),
     package(store="X = 1\n"), package(main="def f():\n    from app.store import load\n"), None,
     ["E MG503 app/main.py:2"]),
    ("from a package that lost the name", {"app/__init__.py": "from app.store import load\n", "app/store.py": "load = 1\n",
     "app/main.py": ""}, {"app/__init__.py": "X = 1\n"}, {"app/main.py": "from . import load\n"}, None,
     ["E MG503 app/main.py:1"]),
    ("in a try", package(store="def load(): ...\nX = 1\n", main=""), package(store="X = 1\n"),
     package(main="try:\n    from app.store import load\nexcept ImportError:\n    load = None\n"), None, []),
    ("under TYPE_CHECKING", package(store="def load(): ...\nX = 1\n", main=""), package(store="X = 1\n"),
     package(main="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.store import load\n"), None, []),
    ("the module has a __getattr__", package(store="def load(): ...\nX = 1\n", main=""),
     package(store="def __getattr__(name): return 1\nX = 1\n"), package(main="from app.store import load\n"), None, []),
    ("moved, and imported from where it went", package(store="def load(): ...\nX = 1\n", main=""),
     package(store="from app.disk import load\nX = 1\n", disk="def load(): ...\n"),
     package(main="from app.store import load\n"), None, []),
    ("a module became a package", package(store="X = 1\n", main=""),
     {"app/store.py": None, "app/store/__init__.py": "X = 1\n"}, package(main="from app.store import X\n"), None, []),
    ("the import stood there before", package(store="def load(): ...\nX = 1\n", main="from app.store import load\n"),
     package(store="X = 1\n", main="X = 2\n"), package(main="from app.store import load\nY = 1\n"),
     package(main="from app.store import load\nY = 2\n"), []),
    ("a parameter more", package(store="def load(a): ...\n", main=""), package(store="def load(a, b): ...\n"),
     package(main="from app.store import load\nload(1)\n"), None, ["E MG508 app/main.py:2"]),
    ("a parameter less", package(store="def load(a, b): ...\n", main=""), package(store="def load(a): ...\n"),
     package(main="from app import store\nstore.load(1, b=2)\n"), None, ["E MG508 app/main.py:2"]),
    ("a constructor's parameter more", package(store="class S:\n    def __init__(self): ...\n", main=""),
     package(store="class S:\n    def __init__(self, a): ...\n"), package(main="from app.store import S\nS()\n"), None,
     ["E MG508 app/main.py:2"]),
    ("a method of the own class", CLASS, CLASS.replace("def a(self)", "def a(self, n)"),
     f"{CLASS}\n    def c(self): return self.a()\n", None, ["E MG508 6"]),
    ("a parameter with a default", package(store="def load(a): ...\n", main=""), package(store="def load(a, b=1): ...\n"),
     package(main="from app.store import load\nload(1)\n"), None, []),
    ("a call with a star", package(store="def load(a): ...\n", main=""), package(store="def load(a, b): ...\n"),
     package(main="from app.store import load\nload(*range(2))\n"), None, []),
    ("a decorator may change the parameters", package(store="@wrap\ndef load(a): ...\n", main=""),
     package(store="@wrap\ndef load(a, b): ...\n"), package(main="from app.store import load\nload(1)\n"), None, []),
    ("a name that is bound again", package(store="def load(a): ...\n", main=""), package(store="def load(a, b): ...\n"),
     package(main="from app.store import load\ndef f(load): load(1)\n"), None, []),
    ("the call stood there before", package(store="def load(a): ...\n", main="from app.store import load\nload(1)\n"),
     package(store="def load(a, b): ...\n"), package(main="from app.store import load\nload(1)\nX = 1\n"), None, []),
    # Guards and entries.
    ("a handler of ours is gone", TRY, TRY.replace("KeyError", "(KeyError, OSError)"), TRY.replace("2", "3"),
     TRY.replace("2", "4"), ["W MG509 1"]),
    ("a decorator of theirs is gone", CLASS, CLASS.replace("1", "11"), CLASS.replace("    def a", "    @cached\n    def a"),
     CLASS.replace("1", "12"), ["W MG509 2"]),
    ("a decorator with the arguments of both", CLASS, CLASS.replace("    def a", "    @mark(1)\n    def a"),
     CLASS.replace("    def a", "    @mark(2)\n    def a"), CLASS.replace("    def a", "    @mark(1, 2)\n    def a"), []),
    ("a route of theirs is gone", ROUTES, ROUTES.replace("1", "11"), f"@app.post('/a')\n{ROUTES}",
     ROUTES.replace("1", "12"), ["W MG509 2"]),
    ("a parameter of theirs is gone", "def f(a): return 1\n", "def f(a): return 2\n", "def f(a, b): return 1\n",
     "def f(a): return 3\n", ["W MG509 1"]),
    ("the merge gave it other parameters", "def f(a, b=1): return 1\n", "def f(a, b=1): return 2\n", "def f(a, b=1): return 3\n",
     "def f(a, c=1): return 4\n", []),
    ("ours took the decorator away", CLASS.replace("    def a", "    @cached\n    def a"), CLASS,
     CLASS.replace("    def a", "    @cached\n    def a").replace("2", "22"), None, []),
    ("a key twice", "D = {\n    1: 1,\n    2: 2,\n}\n", "D = {\n    3: 3,\n    1: 1,\n    2: 2,\n}\n",
     "D = {\n    1: 1,\n    2: 2,\n    3: 4,\n}\n", None, ["E MG510 5"]),
    ("an entry of __all__ twice", "__all__ = [\n    'a',\n    'b',\n]\n", "__all__ = [\n    'c',\n    'a',\n    'b',\n]\n",
     "__all__ = [\n    'a',\n    'b',\n    'c',\n]\n", None, ["E MG510 5"]),
    ("a member twice", "from enum import Enum\nclass E(Enum):\n    A = 1\n    B = 2\n",
     "from enum import Enum\nclass E(Enum):\n    C = 3\n    A = 1\n    B = 2\n",
     "from enum import Enum\nclass E(Enum):\n    A = 1\n    B = 2\n    C = 4\n", None, ["E MG510 6"]),
    ("a key twice on one side already", "D = {\n    1: 1,\n    2: 2,\n    1: 3,\n}\n",
     "X = 1\nD = {\n    1: 1,\n    2: 2,\n    1: 3,\n}\n", "D = {\n    1: 1,\n    2: 2,\n    1: 3,\n}\nY = 1\n", None, []),
    ("other keys", "D = {\n    1: 1,\n    2: 2,\n}\n", "D = {\n    3: 3,\n    1: 1,\n    2: 2,\n}\n",
     "D = {\n    1: 1,\n    2: 2,\n    4: 4,\n}\n", None, []),
    # Merges without damage.
    ("each side adds something else", BASE, f"{TWICE[0]}{BASE}", f"{BASE}def two(): return 2\n", None, []),
    ("both make the same change", BASE, around("LIMIT = 2"), around("LIMIT = 2"), None, []),
    ("a good resolution", BASE, around("LIMIT = 2\n\n\ndef f(): return 1"), around("LIMIT = 3\n\n\ndef g(): return 2"),
     around("LIMIT = 3\n\n\ndef f(): return 1\n\n\ndef g(): return 2"), []),
    ("a suppressed finding", BASE, f"{TWICE[0]}{BASE}", f"{BASE}def one(): return 2  # noqa: MG502\n", None, []),
    ("not Python", {"a.txt": "1\n2\n3\n"}, {"a.txt": "0\n1\n2\n3\n"}, {"a.txt": "1\n2\n3\n4\n"}, None, []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result", "expected"), [pytest.param(*c[1:], id=c[0]) for c in CASES]
)
def test_a_merge(
    base: str | Files,
    ours: str | Files,
    theirs: str | Files,
    result: str | Files | None,
    expected: list[str],
    tmp_path: Path,
) -> None:
    repo = branches(tmp_path / "repo", base, ours, theirs)
    merged(repo, result)
    assert resolved(repo) == expected
