"""Source that CPython refuses: at the parser, at the compiler's later stages, at decoding."""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

import codecs

from oracle.tree import Case, case

# Misuse that the parser takes and what it does not take: `Python/symtable.c`, `Python/compile.c`, `Python/future.c`.
_REFUSED = (
    "return 1", "class A:\n    return 1", "break", "continue", "if 1:\n    break", "def f():\n    break",
    "while 1:\n    def f():\n        break", "for x in y:\n    class A:\n        continue", "while 1:\n    pass\nelse:\n    break",
    "try:\n    pass\nfinally:\n    continue", "with x:\n    break", "match x:\n    case 1:\n        break",
    "yield 1", "x = yield", "class A:\n    yield 1", "await x", "def f():\n    await x", "def f():\n    return [await x]",
    "async with x: pass", "def f():\n    async for x in y: pass", "[x async for x in y]",
    "nonlocal x", "def f():\n    nonlocal x", "def f(x):\n    global x", "def f(x):\n    def g():\n        global x\n        nonlocal x",
    "def f():\n    x = 1\n    global x", "def f():\n    print(x)\n    global x", "def f():\n    x: int\n    global x",
    "def f(x):\n    nonlocal x", "class A:\n    nonlocal x", "x = 1\nglobal x",
    "def f():\n    x = 1\n    def g():\n        x\n        nonlocal x",
    "def f(a, a): ...", "def f(a, *a): ...", "def f(a, *, a): ...", "def f(a, **a): ...", "lambda a, a: 1", "def f(*a, **a): ...",
    "f(a=1, a=2)", "f(**x, *y)", "class A(a=1, a=2): ...",
    "x = 1\nfrom __future__ import annotations", "from __future__ import nothing", "from __future__ import braces",
    "def f():\n    from __future__ import annotations", "import os\nfrom __future__ import division",
    "def f():\n    from os import *", "class A:\n    from os import *",
    "try:\n    pass\nexcept:\n    pass\nexcept KeyError:\n    pass", "*x = 1", "*x", "a, *b, *c = x", "x = *y", "del *x",
    "[*x, *y] = z", "for *x in y: pass", "__debug__ = 1", "def f(__debug__): ...", "f(__debug__=1)", "del __debug__",
    "x.__debug__ = 1", "import __debug__", "class __debug__: ...", "for __debug__ in x: pass",
    "[x := 1 for x in y]", "[y for x in (z := 1)]", "class A:\n    [x := 1 for y in z]", "[[x := 1 for x in y] for z in w]",
    "[i for i in range(3) if (i := 1)]", "(lambda: [x for x in (yield)])", "[(yield) for x in y]",
    "def f():\n    return [(yield x) for x in y]", "async def f():\n    yield 1\n    return 2", "async def f():\n    yield from x",
    "match x:\n    case y:\n        pass\n    case 1:\n        pass", "match x:\n    case y, y:\n        pass",
    "match x:\n    case (1 | y):\n        pass", "match x:\n    case {**a, 'b': 1}:\n        pass",
    "match x:\n    case {'a': 1, 'a': 2}:\n        pass", "match x:\n    case A(b=1, b=2):\n        pass",
    "match x:\n    case [*a, *b]:\n        pass", "match x:\n    case _ as _:\n        pass",
    "x: int: str", "(x, y): int", "[x]: int", "x + 1 = 2", "f() = 1", "None = 1", "x = None = 1", "1 += x", "(x, y) += 1", "f() += 1",
    "del f()", "del x + 1", "for f() in x: pass", "with x as f(): pass", "import a.b as c.d", "from . import *x", "import",
    "def f(x=1, y): ...", "def f(*): ...", "def f(*, **k): ...", "def f(/): ...", "f(x for x in y, 1)", "f(a=1, 2)", "f(1=2)",
    "class A(x for x in y): ...", "print 1", "exec 'x'", "raise A, B", "except", "else: pass", "if x", "if x:\npass",
    "x = (1", "x = 1)", "x = [1)", "x = 'a", 'x = """a', "x = 1 +", "x = 0777", "x = 1__0", "x = 0b12", "x = 1a", "x = $", "x = ?",
    "  x = 1", "if x:\n    y\n  z", "def f():\nx", "x = 1;;", "x == 1 = 2", "assert x, y, z", "@", "@x", "lambda: x = 1", "(x = 1)",
    "(x := 1) = 2", "x := 1", "f(x := 1, y := 2) = 1", "from x import (a, b", "from x import ()", "from x import a, *",
    "from x import a,", "async def f(): await", "not x = 1", "x if y = 1", "'a' 1", "b'é'", "u'a' b'b'", "'\\N{nothing}'",
    "'\\x1'", "b'\\x1'", "'\\U11111111'", "f'{'", "f'}'", "f'{}'", "f'{x!z}'", "f'{a b}'", "f'{lambda x: 1}'",
    "try:\n    pass", "try:\n    pass\nelse:\n    pass", "while 1: break; else: pass", "global x, 1", "nonlocal", "pass x",
)  # fmt: skip
_NEWER = (
    "type X = (yield)", "def f[T, T](): ...", "class A[T](x := 1): ...", "type X[T] = (T := 1)", "def f[T: (yield)](): ...",
    "class A[T = int, U]: ...", "try:\n    pass\nexcept* A:\n    pass\nexcept B:\n    pass",
    "while 1:\n    try:\n        pass\n    except* A:\n        break", "def f():\n    try:\n        pass\n    except* A:\n        return",
    "try:\n    pass\nexcept*:\n    pass", "f'{x:{y:{z}}}'", "f'{'a'}'", "f'{\"\\n\"}'", "x = f'{a[\"b\"]}'",
    "with (x as y, z as w,): pass", "x[*y]", "def f(*a: *b): ...", "for x in *a, *b: pass", "return_ = lambda *a: *a",
)  # fmt: skip
_TAKEN = (
    "def f():\n    return 1", "while 1:\n    break", "for x in ():\n    continue", "def f():\n    yield 1", "f = lambda: (yield)",
    "async def f():\n    await x\n    async with y: pass\n    return [z async for z in w]", "async def f():\n    yield 1\n    return",
    "def f():\n    x = 1\n    def g():\n        nonlocal x", "global x\nx = 1", "def f(a, *b, c, **d): ...", "class A(metaclass=type, **{}): ...",
    "from __future__ import annotations, division", "'''d'''\nfrom __future__ import annotations", "a, *b = 1, 2", "[*a] = 1, 2",
    "x = *(1, 2), 3", "for i in range(2):\n    try:\n        continue\n    finally:\n        pass", "x = __debug__",
    "y = [z for z in range(3) if (w := z)]", "match 1:\n    case 1 | 2:\n        pass\n    case y:\n        pass", "print(*[1], end='', *[2])",
    "if 1:\n\tx = 1\n\ty = 2", "x = 1;", "\f\nx = 1", "x = 1\\\n + 2", "x = '\\d'", "x = 1if 1else 2", "def f(a, /, b): ...",
    "class A:\n    def f(self):\n        return __class__", "x = (yield_ := 1)", "# -*- coding: latin-1 -*-\nx = 1", "class A:\n    global x\n    x = 1",
    "async def f():\n    return [await x for x in y]", "def f():\n    return (x async for x in y)", "pass",
)  # fmt: skip


def _title(source: str) -> str:
    return " / ".join(source.split("\n")).replace("\\", "\\\\").encode("ascii", "backslashreplace").decode()


def _module(name: str, data: bytes | str, **options: object) -> Case:
    return case(name, {"main.py": "import broken\n", "broken.py": data}, **options)  # type: ignore[arg-type]


def _refused(source: str, **options: object) -> Case:
    # Every version's own test run judges these by its own grammar; the words of the others differ.
    return _module(f"refused: {_title(source)}", f"{source}\n", native=True, **options)


L, B, E, G = "<" * 7, "|" * 7, "=" * 7, ">" * 7

SOURCE = (
    *map(_refused, _REFUSED),
    *map(_refused, _NEWER),
    *(_module(f"taken: {_title(source)}", f"{source}\n", native=True) for source in _TAKEN),
    _module("an empty file", ""),
    _module("no newline at the end", "x = 1"),
    _module("CRLF", "x = (1,\r\n     2)\r\nif x:\r\n    y = 1\r\n"),
    _module("CR", "x = 1\ry = 2\r"),
    _module("a BOM", codecs.BOM_UTF8 + "x = 'é'\n".encode()),
    _module("a BOM and its cookie", codecs.BOM_UTF8 + "# coding: utf-8\nx = 'é'\n".encode()),
    _module("a BOM and another cookie", codecs.BOM_UTF8 + b"# coding: latin-1\nx = 1\n"),
    _module("a BOM twice", codecs.BOM_UTF8 * 2 + b"x = 1\n"),
    _module("UTF-16", codecs.BOM_UTF16_LE + "x = 1\n".encode("utf-16-le")),
    _module("bytes that are not UTF-8", b"x = 1\ny = '\xe9'\n"),
    _module("bytes that are not UTF-8 in a comment", b"x = 1\n# \xe9\n"),
    _module("Latin-1 that says so", b"# -*- coding: latin-1 -*-\ny = '\xe9'\n"),
    _module("Latin-1 that says so in the second line", b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\ny = '\xe9'\n"),
    _module("Latin-1 that says so in the third line", b"#\n#\n# coding: latin-1\ny = '\xe9'\n"),
    _module("an encoding that does not exist", "# coding: no-such\nx = 1\n"),
    _module("an encoding that is none of text", "# coding: hex\nx = 1\n"),
    _module("a NUL byte", b"x = 1\n\0y = 2\n"),
    _module("a NUL byte in a comment", b"x = 1\n# \0\n"),
    _module("a NUL byte in a string", b"x = '\0'\n"),
    _module("tabs and spaces", "if 1:\n\tx = 1\n        y = 2\n"),
    _module("tabs and spaces, nested", "if 1:\n        if 1:\n\tx = 1\n"),
    _module("a form feed", "x = 1\n\f\ny = 2\n"),
    _module("a control character", "x = 1\n\x01\n"),
    _module("a no-break space", "x =\u00a01\n"),
    _module("a zero-width space", "x = 1\u200b\n"),
    _module("curly quotes", "x = “a”\n"),
    _module("a fullwidth name", "ｘ = 1\nx\n"),
    _module("a conflict", f"a = 1\n{L} HEAD\nx = 1\n{E}\nx = 2\n{G} topic\n"),
    _module("a conflict with a base", f"a = 1\n{L} HEAD\nx = 1\n{B} base\nx = 0\n{E}\nx = 2\n{G} topic\n"),
    _module("a conflict at the start", f"{L} HEAD\nx = 1\n{E}\nx = 2\n{G} topic\n"),
    _module("a conflict in a function", f"def f():\n    a = 1\n{L} HEAD\n    return 1\n{E}\n    return 2\n{G} topic\n"),
    _module("a conflict in a string", f"x = '''\n{L} HEAD\na\n{E}\nb\n{G} topic\n'''\n"),
    _module("a conflict in a comment", f"# {L} HEAD\nx = 1\n# {E}\n# {G} topic\n"),
    _module("a stray opener", f"a = 1\n{L} HEAD\nx = 1\n"),
    _module("a stray divider", f"a = 1\n{E}\nx = 1\n"),
    _module("a stray closer", f"a = 1\n{G} topic\nx = 1\n"),
    _module("a conflict after a syntax error", f"def f(:\n    pass\n{L} HEAD\nx = 1\n{E}\nx = 2\n{G} topic\n"),
    _module("a conflict in an open bracket", f"x = [\n    1,\n{L} HEAD\n    2,\n{E}\n    3,\n{G} topic\n]\n"),
    case("a syntax error in the entry", {"main.py": "x = 1\nreturn 1\n"}),
    case("a syntax error in a script", {"main.py": "x = 1\nreturn 1\n"}, "main.py"),
    case("a syntax error with -m", {"main.py": "x = 1\nreturn 1\n"}, "-m:main"),
    case("a syntax error in a package's init", {"p/__init__.py": "x = 1\nreturn 1\n", "p/a.py": ""}, "p.a"),
    case("a syntax error in a function that nobody calls", {"main.py": "def f():\n    break\n"}),
    case("a syntax error in a module that nobody imports", {"main.py": "x = 1\n", "other.py": "return\n"}),
    case("a syntax error behind a call", {
        "main.py": "def f():\n    import p.broken\nf()\n", "p/__init__.py": "", "p/broken.py": "x = 1\n\nbreak\n",
    }),
)  # fmt: skip
