"""Edit blocks of coding assistants that were written into the file instead of being applied to it."""

from __future__ import annotations

import re

from merge_guard.facts.marker_digests import digest
from merge_guard.facts.text import count_lines
from merge_guard.model.facts import EditMarker

_DASHED = (b"------- SEARCH", b"+++++++ REPLACE")
_ANGLED = (b"<<<<<<< SEARCH", b">>>>>>> REPLACE")

# Aider accepts up to 9 of `<` and `>`; Cline writes `-` and `+` because models confuse the others with conflicts.
_EDIT = re.compile(
    rb"[\r\n](?:(?P<search>(?:<{7,9}|-{7}) SEARCH>?)|(?P<replace>(?:>{7,9}|\+{7}) REPLACE))[ \t]*(?=[\r\n]|\Z)"
)
LIMIT = 10_000


def may_hold_dashed_edits(data: bytes) -> bool:
    """Whether edit markers can be there that a search for conflict markers does not find."""
    return any(needle in data for needle in _DASHED)


def may_hold_edits(data: bytes) -> bool:
    return any(needle in data for needle in _DASHED + _ANGLED)


def edit_markers(content: bytes) -> list[EditMarker]:
    """Each SEARCH with the next REPLACE as one, and those that have no partner."""
    padded = b"\n" + content
    edits: list[EditMarker] = []
    search: EditMarker | None = None
    searched = 0
    line = counted = 0
    for match in _EDIT.finditer(padded):
        at = match.start() + 1
        line += count_lines(padded, counted, at)
        counted = at
        if len(edits) >= LIMIT:
            break
        text = (match["search"] or match["replace"]).decode("ascii")
        if match["replace"]:
            begin = searched if search else at
            known = digest(*padded[begin : match.end()].splitlines())
            edits.append(EditMarker(search.line if search else line, line, search.text if search else text, known))
            search = None
            continue
        if search is not None:
            edits.append(search)
        search, searched = EditMarker(line, line, text, digest(text.encode())), at
    if search is not None:
        edits.append(search)
    return edits
