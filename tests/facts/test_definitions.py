"""The tier of definitions: what counts as the same, what does not, and where things stand."""

from __future__ import annotations

import textwrap

import pytest

from merge_guard.facts.definitions import extract_definitions
from merge_guard.model.definitions import Arm, Definition


def defined(source: str) -> dict[str, Definition]:
    return {item.qualname: item for item in extract_definitions(source.encode()).items}


def only(source: str) -> Definition:
    (found,) = extract_definitions(source.encode()).items
    return found


SAME = [
    pytest.param(
        "def f(a):\n    return a + 1\n", "def f(a):\n    # why\n    return (a + 1)\n", id="comments, brackets"
    ),
    pytest.param("def f(a):\n    return a\n", 'def f(a):\n    """Text."""\n    return a\n', id="a docstring"),
    pytest.param("def f(a):\n    return a\n", "def f(a: int) -> int:\n    return a\n", id="annotations"),
    pytest.param("def f():\n    x = 1\n", "def f():\n    x: int = 1\n", id="annotations of variables"),
    pytest.param("def f():\n    return 'a' 'b'\n", 'def f():\n    return "ab"\n', id="strings"),
    pytest.param("def f():\n    pass\n", "def f(): ...\n", id="nothing"),
    pytest.param("def f(n):\n    return f(n)\n", "def g(n):\n    return g(n)\n", id="the own name"),
    pytest.param("if x:\n    def f():\n        g()\n", "\n\ndef f(): g()\n", id="place"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_bodies(one: str, other: str) -> None:
    assert only(one).body == only(other).body


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("def f():\n    return 1\n", "def f():\n    return 2\n", id="a constant"),
        pytest.param("def f():\n    return 1\n", "def f():\n    return True\n", id="1 and True"),
        pytest.param("def f():\n    return 1\n", "def f():\n    return '1'\n", id="1 and '1'"),
        pytest.param("def f():\n    return 1\n", "def f():\n    return 1.0\n", id="1 and 1.0"),
        pytest.param("def f(a=1): ...\n", "def f(a=2): ...\n", id="a default"),
        pytest.param("def f():\n    g()\n", "def f():\n    h()\n", id="a name"),
        pytest.param("def f():\n  if a:\n    b()\n  c()\n", "def f():\n  if a:\n    b()\n    c()\n", id="indent"),
        pytest.param("def f():\n    a < b\n", "def f():\n    a <= b\n", id="an operator"),
        pytest.param("def f():\n try: a()\n except B: c()\n", "def f():\n try: a()\n except C: c()\n", id="handler"),
        pytest.param("def f():\n    x[1:]\n", "def f():\n    x[:1]\n", id="a slice"),
        pytest.param("def f():\n    from a import b\n", "def f():\n    from .a import b\n", id="an import's level"),
        pytest.param("def f():\n    import a as b\n", "def f():\n    import b as a\n", id="an alias"),
        pytest.param("def f():\n    return f'{a}'\n", "def f():\n    return f'{a!r}'\n", id="a conversion"),
        pytest.param("def f():\n    return lambda a, b: a\n", "def f():\n    return lambda a, *b: a\n", id="a lambda"),
    ],
)  # fmt: skip
def test_other_bodies(one: str, other: str) -> None:
    assert only(one).body != only(other).body


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        pytest.param("class A:\n    x: int\n", "class A:\n    x: str\n", False, id="fields are declarations"),
        pytest.param(
            "class A:\n    def f(self): ...\n", "class A:\n    def g(self): ...\n", False, id="a method's name"
        ),
        pytest.param("class A:\n    def f(self): ...\n", "class A:\n    def f(self, a): ...\n", False, id="parameters"),
        pytest.param(
            "class A:\n    def f(self): ...\n", "class A:\n    @d\n    def f(self): ...\n", False, id="a decorator"
        ),
        pytest.param("class A(B): ...\n", "class A(C): ...\n", True, id="bases are told apart elsewhere"),
        pytest.param(
            "class A:\n    def f(self):\n        return A()\n",
            "class B:\n    '''Text.'''\n    def f(self) -> 'B':\n        return B()\n",
            True,
            id="the own name",
        ),
    ],
)
def test_bodies_of_classes(one: str, other: str, equal: bool) -> None:
    first, second = (extract_definitions(source.encode()).items[0] for source in (one, other))
    assert (first.body == second.body) is equal


def test_annotations_are_a_digest_of_their_own() -> None:
    plain, one, other = (only(f"def f({arg}): ...\n").annotations for arg in ("a", "a: int", "a: str"))
    assert (plain, one == other) == ("", False)


def test_everything_that_is_told_of_a_definition() -> None:
    source = (
        "class A(B, metaclass=M, flag=1):\n"
        "    x = 1\n"
        "    @router.get('/items/{id}')\n"
        "    @guarded\n"
        "    async def f(self, a, /, b=1, *c, d, **e):\n"
        "        '''Text.'''\n"
        "        try:\n"
        "            def g(): ...\n"
        "        except (KeyError, errors.Lost):\n"
        "            raise\n"
        "        except:\n"
        "            pass\n"
    )
    every = defined(source)
    assert list(every) == ["A", "A.f", "A.f.g"]
    cls, method, inner = every.values()
    assert (cls.kind, cls.bases, cls.keywords) == ("class", ("B",), (("metaclass", "M"), ("flag", "1")))
    assert (method.kind, method.line, method.first_line, method.end_line) == ("async", 5, 3, 12)
    assert [(p.name, p.kind, p.default) for p in method.parameters] == [
        ("self", "pos", False), ("a", "pos", False), ("b", "any", True), ("c", "var", False), ("d", "kw", False),
        ("e", "kwvar", False),
    ]  # fmt: skip
    assert method.decorators == ("router.get('/items/{id}')", "guarded")
    assert (method.routes, method.handlers) == ((("GET", "/items/{id}"),), ("KeyError", "errors.Lost", ""))
    assert (method.statements, cls.statements) == (3, 5)
    assert (inner.scope, inner.in_function, inner.branch) == (("A", "f"), True, (Arm(7, "try"),))


@pytest.mark.parametrize(
    ("decorator", "routes"),
    [
        pytest.param("app.route('/a', methods=['GET', 'post'])", (("GET", "/a"), ("POST", "/a")), id="methods"),
        pytest.param("app.route('/a')", (("GET", "/a"),), id="the default"),
        pytest.param("router.websocket('/ws')", (("WEBSOCKET", "/ws"),), id="websocket"),
        pytest.param("router.delete(path='/a')", (("DELETE", "/a"),), id="a keyword"),
        pytest.param("router.get(PATH)", (), id="computed"),
        pytest.param("cache.put('/a')(x)", (), id="something else"),
        pytest.param("get", (), id="no call"),
    ],
)
def test_routes(decorator: str, routes: tuple[tuple[str, str], ...]) -> None:
    assert only(f"@{decorator}\ndef f(): ...\n").routes == routes


def test_alternatives_have_one_line_and_two_arms() -> None:
    source = (
        "if a:\n    def f(): ...\nelif b:\n    def f(): ...\nelse:\n    try:\n        def f(): ...\n    finally: x\n"
    )
    branches = [item.branch for item in extract_definitions(source.encode()).items]
    assert branches == [
        (Arm(1, "if"),),
        (Arm(1, "else"), Arm(3, "if")),
        (Arm(1, "else"), Arm(3, "else"), Arm(6, "try")),
    ]


def test_the_top_level_counts_without_what_it_defines() -> None:
    one, other, third = (
        extract_definitions(source).top
        for source in (b"x = 1\ndef f(): ...\n", b"'''Text.'''\nx = 1\n", b"x = 2\ndef f(): ...\n")
    )
    assert one is not None
    assert other is not None
    assert third is not None
    assert one.body == other.body != third.body


def test_both_sides_of_a_conflict() -> None:
    source = "class A:\n<<<<<<< HEAD\n    def f(self): ...\n=======\n    def g(self): ...\n>>>>>>> feature\n"
    found = extract_definitions(source.encode())
    assert found.problem is not None
    assert {side.role: [item.qualname for item in side.items] for side in found.sides} == {
        "ours": ["A", "A.f"],
        "theirs": ["A", "A.g"],
    }


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"def f(:\n", id="a syntax error"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b"x = " + b"a." * 20_000 + b"b\n", id="too deep"),
    ],
)
def test_what_cannot_be_read_has_a_problem(source: bytes) -> None:
    found = extract_definitions(source)
    assert found.problem is not None


def test_a_number_without_end_is_read() -> None:
    assert only(f"def f(): return 0x{'f' * 5000}\n").body


PARTS = "import a\nclass A:\n    def m(self): return 'é'\n\nclass B(A):\n    def n(self):\n        if x: return 2\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PARTS.encode(), id="plain"),
        pytest.param(PARTS.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + PARTS.encode(), id="a byte order mark"),
        pytest.param(b"\xef\xbb\xbf# -*- coding: utf-8 -*-\n" + PARTS.encode(), id="both"),
        pytest.param(b"# coding: latin-1\n" + PARTS.encode("latin-1"), id="an encoding"),
        pytest.param(b"#!/usr/bin/python\n# coding: latin-1\n" + PARTS.encode("latin-1"), id="on the second line"),
        pytest.param(b"import x\n# coding: latin-1\n" + PARTS.encode(), id="too late"),
        pytest.param(b"if y:\n" + textwrap.indent(PARTS, "  ").encode(), id="indented"),
    ],
)
def test_classes_are_the_same_without_what_is_around_them(data: bytes) -> None:
    whole = extract_definitions(data)
    classes = [item for item in whole.items if item.kind == "class"]
    assert len(classes) == 2
    for cls in classes:
        alone = extract_definitions(data, spans=[(cls.line, cls.end_line)])
        inside = [item for item in whole.items if cls.line <= item.line <= cls.end_line]
        assert [item for item in alone.items if cls.line <= item.line <= cls.end_line] == inside
