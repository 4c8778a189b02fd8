"""MG106: an edit block that was pasted instead of being applied."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place
from merge_guard.model.project import JudgedFile
from merge_guard.model.rule import Scope, rule
from merge_guard.rules.failures import entries_stopped_by


@rule(
    code="MG106", name="edit-block-marker", scope=Scope.FILE, needs="edits",
    message="edit block of a coding assistant, not applied: {marker}",
)  # fmt: skip
def edit_block_marker(judged: JudgedFile) -> Iterator[Finding]:
    """A coding assistant's SEARCH/REPLACE block was written into the file instead of being applied to it.

    The text to look for and the text to put in its place both stand in the file, with the markers.

    Bad:

        # app/limits.py
        <<<<<<< SEARCH
        LIMIT = 1
        =======
        LIMIT = 2
        >>>>>>> REPLACE

    Good:

        # app/limits.py
        LIMIT = 2

    Limits: a block inside one string constant (a prompt) or one fenced block of a document is silent.
    """
    for edit in judged.facts.edits:
        yield edit_block_marker.finding(
            key=edit.digest or edit.text,
            message={"marker": edit.text},
            place=Place(judged.path, edit.line, end_line=edit.end_line),
            entry_points=entries_stopped_by(judged.path, judged.project),
        )
