"""Conditions that the target decides, and conditions that nobody knows."""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

import sys

from oracle.tree import Case, case


def _if(condition: str, **options: object) -> Case:
    """Both ways differ: whichever is taken imports a module of its own, and `no` lacks a name."""
    return _program(condition, f"if {condition}:\n    import p.yes\nelse:\n    import p.no\n", **options)


def _program(name: str, source: str, **options: object) -> Case:
    prologue = "import os, sys, typing\nfrom typing import TYPE_CHECKING\n"
    files = {
        "main.py": prologue + source,
        "flags.py": "FAST = False\n",
        "p/__init__.py": "",
        "p/yes.py": "",
        "p/no.py": "from p.yes import gone\n",
        "p/other.py": 'if __name__ == "__main__":\n    import p.no\n',
    }
    return case(name, files, **options)  # type: ignore[arg-type]


_DECIDED = (
    "True", "False", "not True", "0", "1", '""', '"text"', "None", "()", "(1,)",
    "TYPE_CHECKING", "not TYPE_CHECKING", "typing.TYPE_CHECKING", "not typing.TYPE_CHECKING",
    "__debug__", "__name__", '__name__ == "__main__"', '__name__ != "__main__"', '"__main__" == __name__',
    '__name__ == "main"', "__package__",
    "sys.version_info >= (3, 12)", "sys.version_info < (3, 12)", "sys.version_info > (3, 12)",
    "sys.version_info <= (3, 12)", "sys.version_info == (3, 12)", "sys.version_info != (3, 12)",
    "(3, 12) <= sys.version_info", "(3, 12) > sys.version_info", "sys.version_info >= (3,)", "sys.version_info < (3,)",
    "sys.version_info > (3,)", "sys.version_info >= (4,)", "sys.version_info[0] >= 3", "sys.version_info[0] == 2",
    "sys.version_info[1] >= 12", "sys.version_info[:2] >= (3, 12)", "sys.version_info[:2] == (3, 12)",
    "sys.version_info[:2] in ((3, 11), (3, 12))", "sys.version_info[:1] == (3,)", "sys.version_info[0:2] < (3, 12)",
    "sys.version_info.major == 3", "sys.version_info.minor >= 12", "sys.version_info.major < 3",
    "sys.version_info >= (3, 9, 1)", "sys.version_info < (3, 14, 0)", "sys.version_info >= (2, 7)",
    'sys.version_info >= (3, 0, 0, "final")', 'sys.platform == "win32"', 'sys.platform != "win32"',
    'sys.platform.startswith("win")', f'sys.platform == "{sys.platform}"', f'sys.platform in ("{sys.platform}", "none")',
    'os.name == "nt"', 'os.name != "nt"', 'os.name == "posix"', 'sys.implementation.name == "cpython"',
    "TYPE_CHECKING or True", "TYPE_CHECKING and True", "not (TYPE_CHECKING or False)", "True and not TYPE_CHECKING",
    'sys.version_info >= (3, 8) and sys.platform != "nowhere"', 'sys.version_info < (3, 8) or sys.platform == "nowhere"',
    '"a" in ("a", "b")', '"c" in ("a", "b")', '"c" not in ["a", "b"]', "1 < 2", "1 > 2", "None is None",
    "None is not None", "__file__", "os is not None", "print",
)  # fmt: skip

CONDITIONS = (
    *map(_if, _DECIDED),
    _if('__name__ == "__main__" and True', entry="main.py"),
    _program("the main guard of a script", 'if __name__ == "__main__":\n    import p.no\n', entry="main.py"),
    _program("the main guard of an import", 'if __name__ == "__main__":\n    import p.no\n'),
    _program("the main guard of -m", 'if __name__ == "__main__":\n    import p.no\n', entry="-m:main"),
    _program("the main guard calls a function",
             'def go():\n    import p.no\nif __name__ == "__main__":\n    go()\n', entry="main.py"),
    _program("the main guard of what a script imports is false", "import p.other\n", entry="main.py"),
    _program("an unknown condition, one way fails",
             'if os.environ.get("NEVER_SET_ANYWHERE"):\n    import p.no\n'),
    _program("an unknown condition, both ways fail alike",
             'if os.environ.get("PATH") is not None:\n    import p.no\nelse:\n    import p.no\n'),
    _program("an unknown condition and a false one", 'if os.environ and False:\n    import p.no\n'),
    _program("an unknown condition or a true one", 'if os.environ or True:\n    import p.yes\nelse:\n    import p.no\n'),
    _program("an unknown condition and a failing one", "if os.environ is not None and gone:\n    pass\n",
             silent="the second operand may not be reached"),
    _program("an unknown condition before a failure", 'x = os.environ.get("NEVER")\nif x:\n    y = 1\nimport p.no\n'),
    _program("elif", "if False:\n    import p.no\nelif TYPE_CHECKING:\n    import p.no\nelif True:\n    import p.yes\nelse:\n    import p.no\n"),
    _program("a conditional expression", "x = __import__('p.no') if TYPE_CHECKING else 1\n"),
    _program("a flag", "PY = sys.version_info >= (3, 8)\nif PY:\n    import p.yes\nelse:\n    import p.no\n"),
    _program("a flag of another module", "import flags\nif flags.FAST:\n    import p.no\n"),
    _program("while False", "while False:\n    import p.no\n"),
    _program("a constant that is bound again", "X = True\nX = False\nif X:\n    import p.no\n"),
    _program("a constant that a function binds", "X = False\ndef f():\n    global X\n    X = True\nf()\nif X:\n    import p.no\n"),
    _program("a constant that a loop binds", "X = False\nfor i in range(3):\n    X = True\nif X:\n    import p.no\n",
             silent="how often a loop over a call runs is not known"),
    _program("an early raise for old versions", "if sys.version_info < (3, 6):\n    raise RuntimeError\nimport p.yes\n"),
    _program("hasattr of a module", "import p.yes\nif hasattr(p.yes, 'gone'):\n    import p.no\n"),
    _program("hasattr of the standard library", "if hasattr(os, 'fork'):\n    import p.yes\nelse:\n    import p.no\n"),
    _program("a name bound on one version only",
             "if sys.version_info >= (3, 12):\n    x = 1\nelse:\n    y = 1\nx\n"),
    _program("a backport", "if sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import third as tomllib\ntomllib\n",
             outside={"third.py": ""}),
    _program("locals as a condition", 'if "x" in globals():\n    import p.no\n'),
    _program("typing imported as another name", "import typing as t\nif t.TYPE_CHECKING:\n    import p.no\n"),
    _program("TYPE_CHECKING by hand", "MYPY = False\nif MYPY:\n    import p.no\n"),
    _program("TYPE_CHECKING from typing_extensions",
             "from typing_extensions import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.no\n",
             outside={"typing_extensions.py": "TYPE_CHECKING = False\n"}),
    _program("TYPE_CHECKING of one's own is a name like others",
             "TYPE_CHECKING = True\nif TYPE_CHECKING:\n    import p.no\n"),
    _program("match on a constant", "match sys.platform:\n    case 'nowhere':\n        import p.no\n    case _:\n        import p.yes\n"),
)  # fmt: skip
