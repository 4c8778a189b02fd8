"""Bytes of one file to facts."""

from __future__ import annotations

import codecs

import msgspec
import pytest

from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts

L, E, G = "<" * 7, "=" * 7, ">" * 7


def problem_of(data: bytes | str) -> tuple[str, int, str]:
    problem = extract(data if isinstance(data, bytes) else data.encode(), "python").problem
    return (problem.kind, problem.line, problem.exception) if problem else ("", 0, "")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("x = 1\n", ("", 0, ""), id="nothing"),
        pytest.param("", ("", 0, ""), id="an empty file"),
        pytest.param("x = 1\nx = (\n", ("syntax", 2, "SyntaxError"), id="the parser's"),
        pytest.param("x = 1\nif x:\ny = 1\n", ("syntax", 3, "IndentationError"), id="indentation"),
        pytest.param("x = 1\nreturn 1\n", ("syntax", 2, "SyntaxError"), id="the compiler's"),
        pytest.param(b"x = 1\ny = '\xe9'\n", ("undecodable", 2, "SyntaxError"), id="bytes that are not UTF-8"),
        pytest.param("# coding: no-such\n", ("undecodable", 1, "SyntaxError"), id="an unknown encoding"),
        pytest.param(
            codecs.BOM_UTF8 + b"# coding: latin-1\n", ("undecodable", 1, "SyntaxError"), id="a BOM against it"
        ),
        pytest.param(b"# coding: latin-1\nx = '\xe9'\n", ("", 0, ""), id="another encoding"),
    ],
)
def test_problems(data: bytes | str, expected: tuple[str, int, str]) -> None:
    assert problem_of(data) == expected


def test_nul_bytes() -> None:
    assert problem_of(b"x = 1\ny = '\0'\n")[:2] == ("undecodable", 2)


def test_too_deep_is_not_analysable_rather_than_wrong() -> None:
    assert problem_of("-" * 40_000 + "1\n")[0] == "not-analysable"


def test_newer_syntax_keeps_its_module() -> None:
    facts = extract(b"match 1:\n    case 1:\n        x = 1\n", "python", feature=(3, 9))
    assert facts.problem is not None
    assert (facts.problem.kind, facts.problem.needs) == ("newer", "3.10")
    assert facts.module is not None


@pytest.mark.parametrize("kind", ["text", "notebook"])
def test_other_files_have_no_module(kind: str) -> None:
    facts = extract(b"return 1\n", kind)
    assert (facts.python, facts.problem, facts.module) == (False, None, None)


def test_sides_of_a_conflict() -> None:
    facts = extract(f"{L} a\nimport one\n{E}\nimport two\nreturn\n{G} b\n".encode(), "python")
    assert facts.problem is not None
    assert facts.module is None
    ours, theirs = facts.sides
    assert ours.module is not None
    assert [node.name for node in ours.module.body if isinstance(node, ev.Import)] == ["one"]
    assert theirs.module is None
    assert theirs.problem is not None
    assert theirs.problem.line == 5


def test_a_conflict_in_a_string_leaves_the_module() -> None:
    facts = extract(f"x = '''\n{L} a\n1\n{E}\n2\n{G} b\n'''\n".encode(), "python")
    assert facts.module is not None
    assert facts.sides == ()
    assert [block.documented for block in facts.conflicts] == [True]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if __name__ == '__main__':\n    pass\n", True),
        ("if '__main__' == __name__: pass\n", True),
        ("if (__name__ == '__main__'): pass\n", True),
        ("x = 1\nif __name__ == '__main__': pass\n", True),
        ("def f():\n    if __name__ == '__main__': pass\n", False),
        ("__name__ == '__main__'\n", False),
    ],
)
def test_main_guards(source: str, expected: bool) -> None:
    assert extract(source.encode(), "python").main_guard is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from __future__ import annotations\n", True),
        ("'''d'''\nfrom __future__ import division\nfrom __future__ import annotations\n", True),
        ("from __future__ import division\n", False),
        ("", False),
    ],
)
def test_future_annotations(source: str, expected: bool) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None
    assert module.future_annotations is expected


def test_what_a_module_tells_of_its_functions() -> None:
    source = (
        "def f():\n    global g\n    import a.b\n    from ..c import d, e\n"
        "class A:\n    def h(self):\n        from . import i\n"
    )
    module = extract(source.encode(), "python").module
    assert module is not None
    assert module.function_globals == ("g",)
    assert sorted(module.lazy_imports) == [("", 1, ("i",), 7, 9), ("a.b", 0, (), 3, 5), ("c", 2, ("d", "e"), 4, 5)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if TYPE_CHECKING:\n    from a import b as c, d\n    import e.f\n", ("c", "d", "e")),
        ("if typing.TYPE_CHECKING:\n    class A: ...\n    x: int\n", ("A", "x")),
        ("if TYPE_CHECKING:\n    from a import *\nelse:\n    b = 1\n", ()),
        ("if not TYPE_CHECKING:\n    b = 1\n", ()),
    ],
)
def test_names_for_type_checkers(source: str, expected: tuple[str, ...]) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None
    assert module.type_checking == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n",
        "class A[T]: ...\n" if hasattr(__import__("ast"), "TypeAlias") else "",
        f"{L} a\nx\n{E}\ny\n{G} b\n",
        "(\n",
    ],
)
def test_facts_survive_their_encoding(source: str) -> None:
    facts = extract(source.encode(), "python")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts


def test_the_limit_of_recursion_is_left_as_it_was() -> None:
    import sys

    before = sys.getrecursionlimit()
    extract(b"x = " + b"-" * 40_000 + b"1\n", "python")
    extract_bodies(b"x = 1\n")
    assert sys.getrecursionlimit() == before
