"""MG102: a conflict that was half resolved."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import entries_stopped_by


@rule(
    code="MG102", name="stray-marker", scope=Scope.FILE, needs="strays",
    message="conflict marker without its partners: {marker}",
)  # fmt: skip
def stray_marker(judged: JudgedFile) -> Iterator[Finding]:
    """A conflict marker stands alone: somebody resolved a conflict by hand and left a line behind.

    What stood between the markers was perhaps left behind with it, twice or from the wrong side: read the lines around.

    Bad:

        # app/limits.py
        LIMIT = 3
        >>>>>>> feature/limits

    Good:

        # app/limits.py
        LIMIT = 3

    Limits: only markers of git's usual width (or of the path's `conflict-marker-size`) count alone. A `=======` that
    may underline a heading or divide paragraphs is silent, and so are mail quoted seven deep, rows of tables, and
    single markers inside a fenced block.
    """
    for stray in judged.facts.strays:
        yield stray_marker.finding(
            key=stray.digest or stray.text,
            message={"marker": stray.text},
            place=Place(judged.path, stray.line),
            entry_points=entries_stopped_by(judged.path, judged.project),
        )
