"""Sources that parse and do not compile: each has to be found without compiling everything."""

from __future__ import annotations

import ast
import sys
import warnings

import pytest

from merge_guard.facts import compile_checks
from merge_guard.facts.extract import extract

REFUSED = [
    # Places that statements may not stand in.
    ("return outside a function", "return 1"),
    ("return in a class", "class A:\n    return"),
    ("return in a class in a function", "def f():\n    class A:\n        return 1"),
    ("return under a module's if", "if x:\n    pass\nelse:\n    return"),
    ("break outside a loop", "break"),
    ("break in a function in a loop", "for x in y:\n    def f():\n        break"),
    ("break in a class in a loop", "while x:\n    class A:\n        break"),
    ("break in a loop's else", "def f():\n    while x:\n        pass\n    else:\n        break"),
    ("continue outside a loop", "def f():\n    if x:\n        continue"),
    ("continue in with", "with x:\n    continue"),
    ("bare except is not last", "try:\n    pass\nexcept:\n    pass\nexcept ValueError:\n    pass"),
    ("star import in a function", "def f():\n    from os import *"),
    ("star import in a class", "class A:\n    from os import *"),
    ("star import in a class in a function", "def f():\n    class A:\n        from os import *"),
    # Futures.
    ("future after code", "x = 1\nfrom __future__ import annotations"),
    ("future after a number", "1\nfrom __future__ import annotations"),
    ("future in a function", "def f():\n    from __future__ import annotations"),
    ("future in a class", "class A:\n    from __future__ import annotations"),
    ("future in a block", "if True:\n    from __future__ import annotations"),
    ("future after another import", "import os\nfrom __future__ import division"),
    ("unknown future", "from __future__ import teleportation"),
    ("braces", "from __future__ import braces"),
    # Coroutines and generators.
    ("yield at module level", "yield 1"),
    ("yield in a class", "class A:\n    x = yield"),
    ("yield in a class in a function", "def f():\n    class A:\n        yield 1"),
    ("yield in a class's bases", "class A((yield)):\n    pass"),
    ("yield in a default of a module's function", "def f(x=(yield)):\n    pass"),
    ("yield in a one-line function's default", "def f(x=(yield)): yield"),
    ("yield in a decorator at module level", "@(yield)\ndef f():\n    pass"),
    ("yield in an expression at module level", "print((yield))"),
    ("yield in a list comprehension", "def f():\n    return [(yield x) for x in y]"),
    ("yield alone on a line of a comprehension", "def f():\n    x = [(\n        yield y\n    ) for y in z]"),
    ("yield in a generator expression", "def f():\n    return list((yield x) for x in y)"),
    ("yield in a nested part of a comprehension", "def f():\n    return {k: g(h((yield v))) for k, v in y}"),
    ("yield from in a coroutine", "async def f():\n    yield from x"),
    ("yield from in a coroutine's assignment", "async def f():\n    x = yield from y"),
    ("yield from in a coroutine's call", "async def f():\n    g((yield from y))"),
    ("return with a value in an async generator", "async def f():\n    yield 1\n    return 2"),
    ("a value returned before the yield", "async def f():\n    if x:\n        return 2\n    yield 1"),
    ("a value returned beside a yield in a call", "async def f():\n    g((yield 1))\n    return 2"),
    ("yield in a class below a coroutine", "async def f():\n    class A:\n        x = yield"),
    ("await at module level", "await x"),
    ("await in a plain function", "def f():\n    return await x"),
    ("await in a plain function in a coroutine", "async def f():\n    def g():\n        await x"),
    ("await in a lambda in a coroutine", "async def f():\n    return lambda: await x"),
    ("await in a class in a coroutine", "async def f():\n    class A:\n        x = await y"),
    ("await in a default of a module's coroutine", "async def f(x=await y):\n    pass"),
    ("await in a one-line coroutine's default", "async def f(x=await y): await x"),
    ("await after the coroutine", "async def f():\n    await x\nawait y"),
    ("await after a coroutine on its line", "async def f(): await x\nx = [await y]"),
    ("async for in a plain function", "def f():\n    async for x in y:\n        pass"),
    ("async with at module level", "async with x:\n    pass"),
    ("async comprehension in a plain function", "def f():\n    return [x async for x in y]"),
    ("async comprehension over lines", "def f():\n    return [x\n        async\n        for x in y]"),
    ("async comprehension in a lambda", "async def f():\n    return lambda: [x async for x in y]"),
    ("await in a list comprehension of a plain function", "def f():\n    return [await x for x in y]"),
    # Names.
    ("nonlocal at module level", "nonlocal x"),
    ("nonlocal without a binding", "def f():\n    nonlocal x"),
    ("nonlocal of a global", "x = 1\ndef f():\n    nonlocal x\n    x = 2"),
    ("nonlocal of a class's name", "class A:\n    x = 1\n    def f(self):\n        nonlocal x"),
    ("nonlocal of a name declared global around", "def f():\n    global x\n    x = 1\n    def g():\n        nonlocal x"),
    ("nonlocal after use", "def f():\n    x = 1\n    def g():\n        print(x)\n        nonlocal x"),
    ("nonlocal of a parameter", "def f(x):\n    def g(x):\n        nonlocal x"),
    ("nonlocal of an annotated name", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x: int = 2"),
    ("global of a parameter", "def f(x):\n    global x"),
    ("global of a keyword-only parameter", "def f(*, a, b):\n    global b"),
    ("global after assignment", "def f():\n    x = 1\n    global x"),
    ("global after use on the same line", "def f():\n    print(x); global x"),
    ("global after use in a nested block", "def f():\n    if a:\n        print(x)\n    else:\n        global x"),
    ("global after an import and a use", "def f():\n    import x\n    x.y()\n    global x"),
    ("global after a for target", "def f():\n    for x in y:\n        global x"),
    ("global in a handler, used in else", "def f():\n    try:\n        a\n    except b:\n        global x\n    else:\n        x = 1"),
    ("global and nonlocal", "def f():\n    x = 1\n    def g():\n        global x\n        nonlocal x"),
    ("global of an annotated name", "def f():\n    global x\n    x: int = 1"),
    ("global of a name at module level after use", "x = 1\nglobal x"),
    ("global in a class after use", "class A:\n    x = 1\n    global x"),
    ("global of a compatible name", "def f():\n    ﬁ = 1\n    global fi"),
    ("debug is assigned", "__debug__ = 1"),
    ("debug is a parameter", "def f(__debug__):\n    pass"),
    ("debug is a keyword", "f(__debug__=1)"),
    ("debug is an attribute", "x.__debug__ = 1"),
    # Arguments.
    ("a parameter twice", "def f(a, b, a):\n    pass"),
    ("a parameter and its star", "def f(a, *a):\n    pass"),
    ("a positional-only parameter twice", "def f(a, /, b, *, a):\n    pass"),
    ("a method's parameter twice", "class A:\n    def f(self, self):\n        pass"),
    ("a lambda's parameter twice", "lambda x, x: 1"),
    ("a lambda's parameter and star", "f = [lambda x, *x: 1]"),
    ("a lambda's parameter twice, with defaults", "g(lambda x={1: 2}, y=lambda: 3, x=4: 1)"),
    ("a lambda's parameter twice, over lines", "g(lambda a,\n    a: 1)"),
    ("a keyword twice", "f(a=1, a=2)"),
    ("a keyword twice among others", "f(1, a=1, b=g(c=1, d=2), e=(1, 2), a=2)"),
    ("a keyword twice around its nested likes", "f(a=g(a=1), b=h(a=2), a=3)"),
    ("a keyword twice, with spaces", "f(a = 1,b = 2 , a  =  3)"),
    ("a keyword twice, over lines", "f(\n    a=1,\n    b=2,\n    a=3,\n)"),
    ("a keyword twice, over continued lines", "f(a=1, \\\n  b=2, \\\n  a=3)"),
    ("a keyword twice, behind comments", "f(  # first\n    a=1,  # see f(a=1)\n    # more )\n    a=2,\n)"),
    ("a keyword twice, its sign on the next line", "f(a=1, a  # why\n  =2)"),
    ("a keyword twice around a bracket in a string", "f(a=')', a=2)"),
    ("a keyword twice around an escaped quote", 'f(a="\\")", a=2)'),
    ("a keyword twice around a long string", 'f(a="""a"b) c""", a=2)'),
    ("a keyword twice around a raw string", r"f(a=r'\\', b=')', a=2)"),
    ("a keyword twice, deep in a statement", "x = [g(1, {2: h(a='x', b=[i(), j()], a=4)})]"),
    ("a keyword twice around a lambda", "f(a=lambda: g(1)(2), b=(((3))), a=4)"),
    ("a keyword twice in a decorator", "@f(a=1, a=2)\ndef g():\n    pass"),
    ("a keyword twice in a default", "def g(x=f(a=1, a=2)):\n    pass"),
    ("a keyword twice below a class and a block", "class A:\n    def f(self):\n        with x:\n            return f(a=1, a=2)"),
    ("a keyword twice by its compatible name", "f(ﬁ=1, fi=2)"),
    ("a class keyword twice", "class A(a=1, a=2):\n    pass"),
    ("a class keyword twice, far apart", "class A(B, a=f(')'), b=2, a=2):\n    pass"),
    # Stars.
    ("a starred statement", "*x"),
    ("a starred value", "x = *y"),
    ("a starred target", "*x = y"),
    ("two stars in a target", "a, *b, *c = d"),
    ("two stars in a nested target", "a, (*b, *c) = d"),
    ("two stars below a star", "*(*a, *b), = d"),
    ("a starred return", "def f():\n    return *x"),
    ("a starred yield", "def f():\n    yield *x"),
    ("a starred yield in a call", "def f():\n    g((yield *x))"),
    ("a starred loop target", "for *a in b:\n    pass"),
    ("two stars in a loop target", "for a, *b, *c in d:\n    pass"),
    ("a starred iterable", "for a in *b:\n    pass"),
    ("a starred with target", "with x as *a:\n    pass"),
    ("two stars in a with target", "with x as (*a, *b):\n    pass"),
    ("a starred augmented value", "x += *a"),
    ("a starred annotated value", "x: int = *a"),
    ("a starred comprehension target", "x = [a for *a in b]"),
    ("two stars in a comprehension target", "x = [a for a, (*b, *c) in d]"),
    ("a starred comprehension target that is a subscript", "x = [a for *a['in'] in b]"),
    ("a starred comprehension target over lines", "x = {a for\n     *a in\n     b}"),
    ("a star in a long comprehension target", f"x = [a for *a, {', '.join(f'name_{n}' for n in range(40))}, *b in c]"),
    ("a starred field", "x = f'{*a}'"),
    ("a starred field over lines", "x = f'''{\n *a\n}'''"),
    ("a star after 256 targets", ", ".join(f"a{n}" for n in range(256)) + ", *b = c"),
    # Assignment expressions.
    ("walrus rebinds a comprehension's variable", "x = [(a := 1) for a in b]"),
    ("walrus in a comprehension's iterable", "x = [a for a in (b := c)]"),
    ("walrus in a comprehension of a class", "class A:\n    x = [(a := b) for b in c]"),
    ("walrus over lines", "x = [\n    f(\n        a\n        := 1\n    )\n    for a in b\n]"),
    ("inner comprehension rebinds a walrus", "x = [[(a := b) for b in c] for a in d]"),
    ("walrus in a comprehension in a lambda", "x = lambda: [(a := 1) for a in b]"),
    ("walrus in a deferred annotation", "from __future__ import annotations\nx: (y := 1) = 2"),
    ("walrus in a deferred parameter", "from __future__ import annotations\ndef f(x: (y := 1)):\n    pass"),
    ("yield in a deferred annotation", "from __future__ import annotations\ndef f():\n    x: (yield) = 2"),
    ("yield in a deferred return", "from __future__ import annotations\ndef f():\n    def g() -> (yield):\n        pass"),
    ("await in a deferred annotation", "from __future__ import annotations\nasync def f():\n    x: g[await y] = 2"),
    ("await in a deferred parameter", "from __future__ import annotations\nasync def f():\n    def g(x: (await y)):\n        pass"),
    # Patterns.
    ("a capture before other patterns", "match x:\n    case a:\n        pass\n    case 1:\n        pass"),
    ("alternatives bind different names", "match x:\n    case [a] | [b, c]:\n        pass"),
    ("a pattern binds a name twice", "match x:\n    case [a, a]:\n        pass"),
    ("a class pattern repeats an attribute", "match x:\n    case A(b=1, b=2):\n        pass"),
    ("a mapping pattern repeats a key", "match x:\n    case {1: a, 1: b}:\n        pass"),
    # Nesting.
    ("21 loops", "".join(" " * n + "for x in y:\n" for n in range(21)) + " " * 21 + "pass"),
    ("21 contexts in one statement", "with " + ", ".join(["x"] * 21) + ":\n    pass"),
    ("11 tries with finally", "".join(" " * n + "try:\n" for n in range(11)) + " " * 11 + "pass\n"
        + "".join(" " * n + "except x:\n" + " " * n + " pass\n" + " " * n + "finally:\n" + " " * n + " pass\n" for n in reversed(range(11)))),
    ("8 handlers in each other", "".join(" " * n + "try:\n" + " " * n + " pass\n" + " " * n + "except x as y:\n" for n in range(8)) + " " * 8 + "with a, b, c, d, e, f:\n         pass"),
]  # fmt: skip

if sys.version_info >= (3, 11):
    REFUSED += [("break in except*", "for x in y:\n    try:\n        pass\n    except* ValueError:\n        break")]
if sys.version_info >= (3, 12):
    REFUSED += [
        ("yield in a type alias", "def f():\n    type X = (yield)"),
        ("type parameter twice", "def f[T, T]():\n    pass"),
        ("walrus in a bound", "class A[T: (x := 1)]:\n    pass"),
    ]


def compiler_says(source: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source.encode(), "<source>", "exec", dont_inherit=True)
        except SyntaxError as error:
            return error.msg
    return None


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in REFUSED])
def test_what_the_compiler_refuses_is_found(source: str) -> None:
    message = compiler_says(source)
    facts = extract(source.encode(), "python")
    assert (facts.problem and facts.problem.message) == message
    assert message is None or facts.module is None


def test_most_of_the_table_is_refused_here() -> None:
    # Some cases are errors in some Pythons only; a table that nothing refuses would prove nothing.
    assert sum(compiler_says(source) is not None for _, source in REFUSED) > len(REFUSED) * 0.9


UNSUSPECTED = [
    ("plain code", "import os\n\ndef f(a, b=1):\n    return g(a=a, b=b)\n\nx = f(1, b=2)\nf(a=1)\nf(a=2)"),
    ("a global that is declared first", "def f():\n    global x\n    x = 1"),
    ("the word global", "# global warming\nx = 'global '"),
    ("a nonlocal with a binding", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2"),
    ("a nonlocal of a parameter around", "def f(x):\n    def g():\n        nonlocal x\n        x += 1"),
    ("a walrus in a condition", "if (x := 1) > 2:\n    print([y for y in x])"),
    ("the word yield in a docstring", '"""Results yield more."""\ndef f():\n    """Does not await."""\n    return 1'),
    ("a generator and a coroutine", "def f():\n    x = yield 1\n    yield from x\nasync def g():\n    async with x:\n"
        "        return [await y async for y in z]"),
    ("the same keyword in two calls", "f(a=g(1), b='x')\nf(a=g(2), b='y')\nx = h(f(a=')'), f(a='('))"),
    ("lambdas", "x = sorted(y, key=lambda a: a.b)\nz = reduce(lambda a, b=1, *c: a + b, x)"),
    ("stars", "a, *b = c\nf(*a, **b)\nx = [*a, *b]\nfor c, *d in e:\n    print(*d)\ny = [a for a, *b in c]"),
]  # fmt: skip


@pytest.mark.parametrize("source", [pytest.param(source, id=name) for name, source in UNSUSPECTED])
def test_ordinary_code_is_not_compiled(source: str) -> None:
    assert compiler_says(source) is None
    assert not compile_checks.scan(ast.parse(source), source.encode()).suspicious


def test_carriage_returns_do_not_hide_a_line() -> None:
    source = b"x = 1\rdef f():\r    return [(yield x) for x in y]\r"
    facts = extract(source, "python")
    assert facts.problem is not None
    assert facts.problem.message == "'yield' inside list comprehension"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(("f(" + ", ".join(f"a{n}=1" for n in range(2000)) + ")\n") * 2, id="many keywords"),
        pytest.param("f(a=" * 80 + "1" + ")" * 80, id="calls in calls"),
        pytest.param("x = [\n" + "    f(a='(', b=[g(a=(1, (2, (3))))]),\n" * 2000 + "]", id="a long display of calls"),
        pytest.param("for " * 2000 + "# * in\n", id="words without end"),
    ],
)
def test_large_sources_end(source: str) -> None:
    text = source if "=" in source else f"# {source}"
    assert extract(text.encode(), "python").problem is None
