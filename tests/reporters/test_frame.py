from __future__ import annotations

import pytest

from merge_guard.model.finding import Place
from merge_guard.reporters.frame import Role, code_frame

PLAIN = {1: "import os", 2: "", 3: "x = undefined_name + 1", 4: "", 5: "def f():"}
LONG = "call(" + ", ".join(f"argument_{n}" for n in range(40)) + ")"


def drawn(place: Place, lines: dict[int, str], width: int = 60) -> list[str]:
    return [f"{line.gutter} | {line.text}".rstrip() for line in code_frame(place, lines, width)]


@pytest.mark.parametrize(
    ("place", "lines", "expected"),
    [
        pytest.param(
            Place("a.py", 3, 5),
            PLAIN,
            ["1 | import os", "2 |", "3 | x = undefined_name + 1", "  |     ^^^^^^^^^^^^^^", "4 |", "5 | def f():"],
            id="the name at the column",
        ),
        pytest.param(
            Place("a.py", 3, 1),
            {2: "", 3: "  from a import b  ", 4: ""},
            ["3 |   from a import b", "  |   ^^^^^^^^^^^^^^^"],
            id="a whole statement, blank rims dropped",
        ),
        pytest.param(Place("a.py", 9, 1), PLAIN, [], id="unknown line"),
        pytest.param(
            Place("a.py", 9, 1, 30),
            {9: "<<<<<<< HEAD", 10: "a", 30: ">>>>>>> x"},
            [" 9 | <<<<<<< HEAD", "   | ^^^^^^^^^^^^", "10 | a", ".. |", "30 | >>>>>>> x"],
            id="the last line of a range",
        ),
        pytest.param(
            Place("a.py", 1, 2),
            {1: "\tx\ty = 1"},
            ["1 |     x   y = 1", "  |     ^^^^^^^^^"],
            id="tabs, statement behind one",
        ),
        pytest.param(
            Place("a.py", 1, 4),
            {1: "\tx\ty = 1"},
            ["1 |     x   y = 1", "  |         ^"],
            id="tabs, name behind two",
        ),
        pytest.param(
            Place("a.py", 1, 12),
            {1: "日本 = 'z' + nope"},
            ["1 | 日本 = 'z' + nope", "  |              ^^^^"],
            id="wide characters",
        ),
        pytest.param(
            Place("a.py", 1, 5),
            {1: "\x1b\u202ea bad"},
            [r"1 | \x1b\u202ea bad", "  | " + " " * 12 + "^^^"],
            id="escapes are as wide as they are shown",
        ),
        pytest.param(Place("a.py", 1, 99), {1: "short"}, ["1 | short", "  |      ^"], id="column beyond the line"),
        pytest.param(Place("a.py", 1, 1), {1: ""}, ["1 |", "  | ^"], id="empty line"),
        pytest.param(
            Place("a.py", 1, LONG.index("argument_30") + 1),
            {1: LONG},
            [
                "1 | ...argument_28, argument_29, argument_30, argument_31, ar...",
                "  | " + " " * 29 + "^^^^^^^^^^^",
            ],
            id="long line, clipped on both sides",
        ),
    ],
)
def test_frame(place: Place, lines: dict[int, str], expected: list[str]) -> None:
    assert drawn(place, lines) == expected


@pytest.mark.parametrize("width", [20, 33, 60, 100, 1000])
@pytest.mark.parametrize("name", ["argument_0", "argument_7", "argument_23", "argument_39"])
def test_the_mark_stands_under_the_name_at_any_width(width: int, name: str) -> None:
    frame = code_frame(Place("a.py", 1, LONG.index(name) + 1), {1: LONG, 2: "x" * 500}, width)
    source, mark, context = (line.text for line in frame)
    start, end = mark.index("^"), len(mark)
    assert source[start:end] == name
    assert max(len(source), len(mark), len(context)) <= width


def test_a_huge_line_is_drawn() -> None:
    frame = code_frame(Place("a.py", 1, 3_000_000), {1: "x" * 5_000_000}, 40)
    assert [line.role for line in frame] == [Role.PLACE, Role.MARK]
    assert all(len(line.text) <= 40 for line in frame)
