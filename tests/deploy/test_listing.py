"""Sorted paths against the plain way to ask the same."""

from __future__ import annotations

import pytest

from merge_guard.deploy.listing import Listing

PATHS = (
    "a.py",
    "a/b.py",
    "a/c/d.py",
    "a/c/e/f.py",
    "a-b/x.py",
    "a0/y.py",
    "ab/z.py",
    "b",
    "b/under-a-file.py",
    "é/ü.py",
)


@pytest.mark.parametrize(
    ("directory", "expected"),
    [
        pytest.param(
            "",
            [("a-b", False), ("a.py", True), ("a", False), ("a0", False), ("ab", False), ("b", True), ("b", False),
             ("é", False)],
            id="the root, in the order of the paths",
        ),
        pytest.param("a", [("b.py", True), ("c", False)], id="a directory beside names that begin like it"),
        pytest.param("a/c", [("d.py", True), ("e", False)], id="a directory in one"),
        pytest.param("b", [("under-a-file.py", True)], id="a path that is a file, too"),
        pytest.param("nothing", [], id="none"),
        pytest.param("a.py", [], id="a file"),
    ],
)  # fmt: skip
def test_entries(directory: str, expected: list[tuple[str, bool]]) -> None:
    listing = Listing(PATHS)
    assert list(listing.entries(directory)) == expected
    assert listing.is_directory(directory) == bool(expected)
    assert listing.below(directory) == sorted(p for p in PATHS if not directory or p.startswith(f"{directory}/"))


@pytest.mark.parametrize("levels", [1, 2, 3, 4])
@pytest.mark.parametrize("directory", ["", "a"])
def test_heads(directory: str, levels: int) -> None:
    depth = levels + (1 if directory else 0)
    below = sorted(path for path in PATHS if not directory or path.startswith(f"{directory}/"))
    expected = ["/".join(path.split("/")[:depth]) for path in below]
    assert list(dict.fromkeys(Listing(PATHS).heads(directory, levels))) == list(dict.fromkeys(expected))
