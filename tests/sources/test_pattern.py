from __future__ import annotations

import time

import pytest

from merge_guard.sources.pattern import BadPatternError, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "is_directory", "expected"),
    [
        pytest.param(b"a", b"x/a", False, True, id="without a slash: any depth"),
        pytest.param(b"/a", b"x/a", False, False, id="a leading slash anchors"),
        pytest.param(b"x/a", b"y/x/a", False, False, id="a middle slash anchors"),
        pytest.param(b"a/", b"a", False, False, id="a trailing slash wants a directory"),
        pytest.param(b"a/", b"x/a", True, True, id="and does not anchor"),
        pytest.param(b"*.py", b"a.py", False, True, id="star and literal"),
        pytest.param(b"a*a", b"a", False, False, id="both ends of a star are text of their own"),
        pytest.param(b"a*b*c", b"a-b-b-c", False, True, id="two stars"),
        pytest.param(b"x/*", b"x/a/b", False, False, id="a star stays in its name"),
        pytest.param(b"**/a", b"a", False, True, id="leading ** is also nothing"),
        pytest.param(b"x/**/a", b"x/a", False, True, id="middle ** is also nothing"),
        pytest.param(b"x/**/a", b"x/1/2/a", False, True, id="middle ** is any depth"),
        pytest.param(b"x/**", b"x", True, False, id="trailing ** is what lies inside"),
        pytest.param(b"x/**", b"x/1/2", False, True, id="trailing ** is any depth"),
        pytest.param(b"[a-c]?", b"b9", False, True, id="range and question mark"),
        pytest.param(b"[!a-c]", b"b", False, False, id="negated"),
        pytest.param(b"[]x]", b"]", False, True, id="a bracket first in brackets"),
        pytest.param(b"[[:digit:]_]", b"7", False, True, id="named class"),
        pytest.param(b"\\*", b"x", False, False, id="an escaped star is a star"),
        pytest.param(b"\\*", b"*", False, True, id="and nothing else"),
        pytest.param(b"\xff*", b"\xff\xfe", False, True, id="bytes that are no text"),
    ],
)
def test_matches(pattern: bytes, path: bytes, is_directory: bool, expected: bool) -> None:
    assert compile_pattern(pattern).matches(path.split(b"/"), is_directory) is expected


@pytest.mark.parametrize("pattern", [b"[a", b"a\\", b"[[:nonsense:]]"])
def test_patterns_that_match_nothing(pattern: bytes) -> None:
    with pytest.raises(BadPatternError):
        compile_pattern(pattern)


def test_case_is_folded_on_request() -> None:
    assert compile_pattern(b"Rea*.MD", fold_case=True).matches([b"README.md"], False)
    assert not compile_pattern(b"Rea*.MD").matches([b"README.md"], False)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param(b"*a" * 60 + b"b", b"a" * 255, id="stars in a name"),
        pytest.param(b"**/a/" * 60 + b"b", b"/".join([b"a"] * 2000), id="stars in a path"),
    ],
)
def test_no_pattern_is_slow(pattern: bytes, path: bytes) -> None:
    started = time.process_time()
    assert not compile_pattern(pattern).matches(path.split(b"/"), False)
    assert time.process_time() - started < 5, "backtracking would take longer than the universe has"
