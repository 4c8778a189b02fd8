"""Where the configuration states something."""

from __future__ import annotations

from collections.abc import Callable

from merge_guard.model.finding import Place

_MOST_LINES = 20_000


def stated(text: str, origin: str, line_text: Callable[[str, int], str], has_file: Callable[[str], bool]) -> Place:
    """The line of the configuration file that holds a text, else the file."""
    if not has_file(origin):
        # Stated on the command line, or in a file outside the tree.
        return Place(origin.rpartition("/")[2] or "merge-guard.toml")
    blank = 0
    for number in range(1, _MOST_LINES):
        line = line_text(origin, number)
        if text in line:
            return Place(origin, number, line.index(text) + 1)
        blank = 0 if line else blank + 1
        if blank > 200:
            break
    return Place(origin)
