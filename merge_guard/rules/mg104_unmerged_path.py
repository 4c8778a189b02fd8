"""MG104: a conflict without markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from merge_guard.facts.marker_standing import Standing, standing
from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.model.source import Unmerged, UnreadableError

# As `git status` words the stages (wt-status.c): 1 is the base, 2 ours, 3 theirs.
_STAGES = {
    frozenset({1}): "both sides deleted it",
    frozenset({2}): "added by us",
    frozenset({3}): "added by them",
    frozenset({1, 2}): "deleted by them, changed by us",
    frozenset({1, 3}): "deleted by us, changed by them",
    frozenset({2, 3}): "both sides added it",
    frozenset({1, 2, 3}): "both sides changed it",
}
# What merge-ort's `unique_path` appends where a file and a directory, or two kinds of file, want the same name. Commits
# that a rebase or cherry-pick applies are named by their abbreviated hash.
_LEFTOVER = re.compile(r"(?P<base>.*[^/])~(?:HEAD|Updated upstream|Stashed changes|[0-9a-f]{7,40}\b[^/]*)(?:_\d+)?")
_SNIFFED = 8_000  # git's own measure for telling text from binary
_ANY_BRANCH = re.compile(r"(?P<base>.*[^/])~[^/~]*[^/~\d][^/~]*")


@rule(code="MG104", name="unmerged-path", message="{what}")
def unmerged_path(project: Project) -> Iterator[Finding]:
    """A merge left a path undecided, without markers that a search could find.

    One side deleted what the other changed, the file is binary, or a file and a directory want the same name: git then
    keeps several versions in the index, or writes one of them as `path~HEAD` beside the other. Decide with `git add` or
    `git rm`. A text file that was resolved but not yet added is a warning.

    Bad:

        # app/models.py
        LIMIT = 1
        # app/models.py~HEAD
        LIMIT = 2

    Good:

        # app/models.py
        LIMIT = 2
    """
    paths = {file.path for file in project.snapshot.files}
    for item in sorted(project.snapshot.unmerged, key=lambda item: item.path):
        if not _has_markers(project, item.path):
            resolved = _is_resolved(project, item)
            state = _STAGES.get(item.stages, "several versions")
            yield unmerged_path.finding(
                key="unmerged",
                severity=Severity.WARNING if resolved else Severity.ERROR,
                message={"what": "resolved here, not yet added" if resolved else f"unmerged in the index: {state}"},
                place=Place(item.path),
            )
    unmerged = {item.path for item in project.snapshot.unmerged}
    suspects = sorted(path for path in paths - unmerged if "~" in path)
    if not suspects:
        return
    directories = {path[:index] for path in paths | unmerged for index, char in enumerate(path) if char == "/"}
    pattern = _ANY_BRANCH if project.snapshot.merging else _LEFTOVER
    for path in suspects:
        match = _LEFTOVER.fullmatch(path) or pattern.fullmatch(path)
        if match and match["base"] in paths | directories | unmerged:
            yield unmerged_path.finding(
                key="leftover",
                message={"what": f"left by a merge beside {match['base']}"},
                place=Place(path),
            )


def _is_resolved(project: Project, item: Unmerged) -> bool:
    """Whether the work tree holds text without markers where both sides had a version: somebody has chosen.

    Of a binary file git leaves one side's version, so that its being there says nothing.
    """
    if project.snapshot.changed is not None or not item.stages >= {2, 3}:
        return False
    file = project.snapshot.by_path().get(item.path)
    if file is None or item.path not in project.facts:
        return False
    try:
        return b"\0" not in project.snapshot.reader.read(file)[:_SNIFFED]
    except UnreadableError:
        return False


def _has_markers(project: Project, path: str) -> bool:
    facts = project.facts.get(path)
    if facts is None:
        return False
    if facts.strays or facts.edits:
        return True
    return any(
        standing(conflict, new=None, unmerged=True, judging_change=True) is Standing.REAL
        for conflict in facts.conflicts
    )
