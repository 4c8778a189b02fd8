"""Any bytes, and inputs made to be slow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge_guard.facts.markers import KINDS, scan, stands_in
from merge_guard.facts.sides import side_texts

L, B, E, G = b"<" * 7, b"|" * 7, b"=" * 7, b">" * 7

PIECES = st.sampled_from(
    [
        L,
        B,
        E,
        G,
        b"+" * 7,
        b"-" * 7,
        b"%" * 7,
        b"\\" * 7,
        L + b"<<",
        E + b"==",
        G + b">>",
        b" label",
        b" SEARCH",
        b" REPLACE",
        b" LOCAL CELL DELETED " + G,
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b"```",
        b'"""',
        b"'",
        b'"',
        b"\\n",
        b"#",
        b"# ",
        b" ",
        b"x",
        b"\xff",
        b"\0",
        b'"nbdime-conflicts":',
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"----",
        b"<pre>",
        b"\\",
    ]
)


def exercise(data: bytes, kind: str, size: int) -> None:
    facts = scan(data, kind=kind, marker_size=size)
    if kind == "python":
        scan(data, kind=kind, marker_size=size, strings=[(1, 2), (4, 9)])
    count = len(data.splitlines())
    last = 0
    for conflict in facts.conflicts:
        assert 1 <= conflict.start <= conflict.end
        if kind != "notebook":
            assert conflict.start > last
            last = conflict.end
        assert stands_in(conflict, data, kind) or size != 7
    for side in side_texts(data, facts.conflicts).values():
        if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            assert len(side.splitlines()) in (count, count - 1)


@given(st.binary(max_size=300), st.sampled_from(KINDS), st.sampled_from([7, 3, 1, 0, 40]))
def test_any_bytes(data: bytes, kind: str, size: int) -> None:
    exercise(data, kind, size)


@given(st.lists(PIECES, max_size=60).map(b"".join), st.sampled_from(KINDS), st.sampled_from([7, 7, 7, 3, 40]))
def test_any_arrangement_of_markers(data: bytes, kind: str, size: int) -> None:
    exercise(data, kind, size)


def operations(action: Callable[[], object]) -> int:
    """How many calls an action makes, of Python functions and of builtins."""
    count = 0

    def hook(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(hook)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


SHAPES = [
    pytest.param(lambda n: (L + b"\n") * n, id="openers"),
    pytest.param(lambda n: (G + b"\n") * n, id="closers"),
    pytest.param(lambda n: (E + b"\n") * n, id="separators"),
    pytest.param(lambda n: (b"\n" + E + b"\nx\n\n") * n, id="stray separators"),
    pytest.param(lambda n: (L + b"\n" + E + b"\n") * n + (G + b"\n") * n, id="nested conflicts"),
    pytest.param(lambda n: (L + b"\n" + E + b"\n" + G + b"\n") * n, id="conflicts"),
    pytest.param(lambda n: L + b"\n" + (b"x\n" + E + b"\n") * n + G + b"\n", id="a conflict full of headings"),
    pytest.param(lambda n: L + b" a\n" + (b"+" * 7 + b" x\ny\n") * n + G + b"\n", id="a conflict of many sides"),
    pytest.param(lambda n: (b"```\n" + L + b"\n") * n, id="fences"),
    pytest.param(lambda n: L + b"\n" + b'\\"""' * n, id="escaped quotes"),
    pytest.param(lambda n: (b"# " + L + b"\nx\n# " + E + b"\n# " + G + b"\n") * n, id="commented conflicts"),
    pytest.param(lambda n: (b"<<<<<<< SEARCH\n" + E + b"\n>>>>>>> REPLACE\n") * n, id="edit blocks"),
    pytest.param(lambda n: b'"<<<<<<< local\\n' * n, id="a notebook's openers in one line"),
    pytest.param(lambda n: (b'"<<<<<<< local","=======",">>>>>>> remote"\n') * n, id="a notebook's conflicts"),
    pytest.param(lambda n: b'"' + b'\\"<<<<<<< a' * n, id="quotes in a notebook's string"),
    pytest.param(lambda n: L + b"\r" + (b"x\r" + E + b"\r") * n + G + b"\r", id="bare CR"),
    pytest.param(lambda n: b"x" * n + L + b"\n", id="a long line"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_operations_grow_with_the_input(shape: Callable[[int], bytes], kind: str) -> None:
    def work(data: bytes) -> None:
        side_texts(data, scan(data, kind=kind).conflicts)

    work(shape(10))  # fills the cache of compiled patterns
    small, double, quadruple = (operations(partial(work, shape(n))) for n in (150, 300, 600))
    assert double <= 2.1 * small + 50
    assert quadruple <= 2.1 * double + 50
