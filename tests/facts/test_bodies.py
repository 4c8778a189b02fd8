"""The second tier: what a function does when it is called."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model import events as ev


def bodies(source: str) -> dict[tuple[int, int], ev.FunctionBody]:
    return {(body.line, body.column): body for body in extract_bodies(source.encode()).functions}


def only(source: str) -> ev.FunctionBody:
    (body,) = bodies(source).values()
    return body


@pytest.mark.parametrize(
    ("source", "places"),
    [
        pytest.param("def f(): ...\n", [(1, 1)], id="a function"),
        pytest.param("@d\n@e\nasync def f(): ...\n", [(3, 1)], id="below its decorators"),
        pytest.param("class A:\n    def f(self): ...\n", [(2, 5)], id="a method"),
        pytest.param("def f():\n    def g(): ...\n", [(1, 1), (2, 5)], id="one in another"),
        pytest.param("x = lambda: 1\n", [(1, 5)], id="a lambda"),
        pytest.param("x = (lambda: 1, lambda: 2)\n", [(1, 6), (1, 17)], id="two lambdas"),
        pytest.param("def f(a=lambda: 1): ...\n", [(1, 1), (1, 9)], id="a lambda in a default"),
        pytest.param(
            "try:\n    def f(): ...\nexcept A:\n    def g(): ...\nelse:\n    def h(): ...\n"
            "finally:\n    def i(): ...\n",
            [(2, 5), (4, 5), (6, 5), (8, 5)],
            id="in try",
        ),
        pytest.param("match x:\n    case 1:\n        def f(): ...\n", [(3, 9)], id="in a case"),
        pytest.param("with x:\n    while y:\n        def f(): ...\n", [(3, 9)], id="in with and while"),
    ],
)
def test_every_function_has_its_place(source: str, places: list[tuple[int, int]]) -> None:
    assert sorted(bodies(source)) == places


@pytest.mark.parametrize(
    "source", ["@d\ndef f(): ...\n", "class A:\n    async def f(self): ...\n", "if x:\n    def f(): ...\n"]
)
def test_definitions_and_bodies_have_the_same_place(source: str) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None

    def definitions(body: tuple[ev.Stmt, ...]) -> list[tuple[int, int]]:
        found = []
        for node in body:
            if isinstance(node, ev.FunctionDef):
                found.append((node.line, node.column))
            elif isinstance(node, (ev.ClassDef, ev.If)):
                found += definitions(node.body)
        return found

    assert definitions(module.body) == list(bodies(source))


@pytest.mark.parametrize(
    ("source", "local"),
    [
        pytest.param("def f(a, /, b, *c, d, **e): x = 1\n", "abcdex", id="parameters and assignments"),
        pytest.param("def f():\n    global x\n    x = y = 1\n", "y", id="global"),
        pytest.param("def f():\n    nonlocal_ = 1\n    for x, *z in w: pass\n", ("nonlocal_", "x", "z"), id="for"),
        pytest.param("def f():\n    import a.b, c as d\n    from e import f as g, h\n", "adgh", id="imports"),
        pytest.param("def f():\n    with a as (b, c): pass\n", "bc", id="with"),
        pytest.param("def f():\n    try: pass\n    except E as e: pass\n", "e", id="except"),
        pytest.param("def f():\n    print(a := 1, [b := 2 for c in d])\n", "ab", id="walrus"),
        pytest.param("def f():\n    def g(): h = 1\n    class I: j = 1\n", "Ig", id="definitions, not what is in them"),
        pytest.param("def f():\n    match a:\n        case [b, *c, {'d': d, **e}] | f: pass\n", "bcdef", id="match"),
        pytest.param("def f():\n    del a\n", "a", id="del"),
        pytest.param("def f():\n    a += 1\n    b: int = 1\n", "ab", id="augmented and annotated"),
        pytest.param("x = lambda a, *b: (c := a)\n", "abc", id="a lambda"),
    ],
)  # fmt: skip
def test_local_names(source: str, local: str | tuple[str, ...]) -> None:
    first = next(iter(bodies(source).values()))
    assert first.local == tuple(sorted(local))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): yield 1\n", True),
        ("def f(): x = yield\n", True),
        ("def f(): yield from x\n", True),
        ("async def f(): yield 1\n", True),
        ("x = lambda: (yield)\n", True),
        ("def f(): return 1\n", False),
        ("def f():\n    '''yield'''\n", False),
        ("def f(): return (x for x in y)\n", False),
    ],
)
def test_generators(source: str, expected: bool) -> None:
    assert only(source).is_generator is expected


def test_a_generator_inside_makes_none_of_its_outside() -> None:
    found = bodies("def f():\n    def g():\n        yield 1\n")
    assert [body.is_generator for _, body in sorted(found.items())] == [False, True]


def test_parameters() -> None:
    body = only("def f(a, b=1, /, c=2, *d, e, g=3, **h): ...\n")
    assert [(item.name, item.kind, item.default) for item in body.parameters] == [
        ("a", "pos", False), ("b", "pos", True), ("c", "any", True), ("d", "var", False), ("e", "kw", False),
        ("g", "kw", True), ("h", "kwvar", False),
    ]  # fmt: skip


def test_what_only_the_compiler_sees_is_told_with_the_bodies() -> None:
    assert extract_bodies(b"def f():\n    break\n").problem is not None
    assert extract_bodies(b"def f():\n    break\n", compiled=True).problem is None
    assert extract_bodies(b"def f(:\n").functions == ()
