from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge_guard.reporters.sanitise import LONGEST, encodable, place, read_path, unowned, visible, visible_path

NAMES = st.text(st.characters(codec=None) | st.sampled_from("\\\n\r\t\x1b:xun\udc80\udcff\u202e\x85é0"), max_size=30)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a b", "a b", id="plain text stays"),
        pytest.param("naïve 日本 😀", "naïve 日本 😀", id="letters of any script stay"),
        pytest.param("क्\u200dष", "क्\u200dष", id="a joiner that a script needs stays"),
        pytest.param(r"re.compile('\d+')", r"re.compile('\d+')", id="backslashes of source code stay"),
        pytest.param("\x1b[31mred", r"\x1b[31mred", id="ESC"),
        pytest.param("\x1b]8;;http://x\x07", r"\x1b]8;;http://x\x07", id="OSC-8 link"),
        pytest.param("\x9b31m", r"\u009b31m", id="C1 control sequence introducer"),
        pytest.param("a\r\n\tb", r"a\r\n\tb", id="line ends and tabs"),
        pytest.param("\x7f", r"\x7f", id="DEL"),
        pytest.param("\u202etxt.\u2066", r"\u202etxt.\u2066", id="bidi controls"),
        pytest.param("\u200f\u061c", r"\u200f\u061c", id="bidi marks"),
        pytest.param("\u2028\u2029\u0085", r"\u2028\u2029\u0085", id="other line ends"),
        pytest.param("\ufeff\u200b", r"\ufeff\u200b", id="invisible"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag character"),
        pytest.param("caf\udce9", r"caf\xe9", id="a byte that is not UTF-8"),
        pytest.param("\ud800", r"\ud800", id="a lone surrogate"),
        pytest.param("x" * (LONGEST + 5), "x" * LONGEST + "... (5 more characters)", id="huge"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(NAMES)
def test_a_path_comes_back(path: str) -> None:
    shown = visible_path(path)
    assert read_path(shown) == path
    assert read_path(encodable(shown, "ascii")) == path
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("a.py", "a.py:3:1", id="plain"),
        pytest.param("a:b.py", "a:b.py:3:1", id="a colon before a letter"),
        pytest.param("a:7:1: MG101 x", r"a\x3a7\x3a1: MG101 x:3:1", id="looks like a finding"),
        pytest.param("a\\b.py", r"a\\b.py:3:1", id="a backslash"),
    ],
)
def test_place(path: str, shown: str) -> None:
    assert place(path, 3, 1) == shown
    assert read_path(shown.removesuffix(":3:1")) == path


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("::error::x", r"\x3a:error::x", id="command"),
        pytest.param("  \u00a0::set-output name=a::b", "  \u00a0\\x3a:set-output name=a::b", id="after blanks"),
        pytest.param("\x1b[1m::error::x\x1b[0m", "\x1b[1m\\x3a:error::x\x1b[0m", id="behind a colour"),
        pytest.param("a ::error::x", "a ::error::x", id="within a line"),
        pytest.param("x ##[error]y", r"x \x23#[error]y", id="old form, anywhere"),
        pytest.param("x ##vso[task.setvariable]y", r"x \x23#vso[task.setvariable]y", id="azure"),
        pytest.param("##teamcity[x]", r"\x23#teamcity[x]", id="teamcity"),
        pytest.param("###[x]", r"#\x23#[x]", id="longer run"),
        pytest.param("## [x]", "## [x]", id="a heading"),
        pytest.param("std::vector", "std::vector", id="scope operator"),
    ],
)
def test_unowned(line: str, shown: str) -> None:
    assert unowned(line) == shown


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        pytest.param("utf-8", "é 日 😀", id="utf-8"),
        pytest.param("ascii", r"\u00e9 \u65e5 \U0001f600", id="ascii"),
        pytest.param("latin-1", r"é \u65e5 \U0001f600", id="latin-1"),
        pytest.param("cp1252", r"é \u65e5 \U0001f600", id="cp1252"),
        pytest.param("no-such-encoding", r"\u00e9 \u65e5 \U0001f600", id="unknown"),
    ],
)
def test_encodable(encoding: str, shown: str) -> None:
    assert encodable("é 日 😀", encoding) == shown
