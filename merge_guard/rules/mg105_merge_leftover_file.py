"""MG105: files that merge tools leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule

_ROLES = "BACKUP|BASE|LOCAL|REMOTE"
# patch, hg and git-mergetool's keepBackup; Breezy and Bazaar; git-mergetool, by process id.
_SUFFIX = re.compile(r"(?P<base>.*[^/])\.(?:orig|rej|THIS|OTHER|BASE)(?:\.~\d+~)?")
_MERGETOOL = re.compile(rf"(?P<stem>.*[^/])[._](?:{_ROLES})[._]\d+(?P<extension>\.[^./]*)?")
_ENDS = (".orig", ".rej", ".THIS", ".OTHER", ".BASE", "~")
_WORDS = (*_ROLES.split("|"), ".jjconflict-", "JJ-CONFLICT-README")
"""Every leftover has one of these ends, or of these words in its path."""
_JJ_DIRECTORY = re.compile(r"(?P<directory>\.jjconflict-[^/]+)/.*", re.DOTALL)


@rule(
    code="MG105", name="merge-leftover-file", severity=Severity.WARNING,
    message="left behind by a merge: {what}",
)  # fmt: skip
def merge_leftover_file(project: Project) -> Iterator[Finding]:
    """A merge or patch tool left a copy or a reject file beside the file that it belongs to.

    A `.rej` file holds changes that were *not* applied; the others are stale copies that get shipped, searched and
    edited by mistake. jj keeps the sides of an unresolved conflict as `.jjconflict-*` directories in commits that git
    users should not build on.

    Bad:

        # app/main.py
        LIMIT = 1
        # app/main.py.rej
        -LIMIT = 1
        +LIMIT = 2

    Good:

        # app/main.py
        LIMIT = 2

    Limits: only beside the file that the name speaks of.
    """
    paths = {file.path for file in project.snapshot.files}
    directories: set[str] = set()
    everything = "\0".join(paths)
    words = [word for word in _WORDS if word in everything]
    for path in sorted(path for path in paths if path.endswith(_ENDS) or any(word in path for word in words)):
        what = ""
        if match := _JJ_DIRECTORY.fullmatch(path):
            if match["directory"] in directories:
                continue
            directories.add(match["directory"])
            what = f"jj's {match['directory']}/, one side of an unresolved conflict"
        elif path == "JJ-CONFLICT-README":
            what = "jj's note on an unresolved conflict"
        elif base := _belongs_to(path, paths):
            what = f"a copy of {base}" if not path.endswith(".rej") else f"changes to {base} that were not applied"
        if what:
            yield merge_leftover_file.finding(key=path.rpartition(".")[2], message={"what": what}, place=Place(path))


def _belongs_to(path: str, paths: set[str]) -> str | None:
    """The file of the snapshot that a leftover's name speaks of."""
    if (match := _SUFFIX.fullmatch(path)) and match["base"] in paths:
        return match["base"]
    if match := _MERGETOOL.fullmatch(path):
        for base in (match["stem"] + (match["extension"] or ""), match["stem"]):
            if base in paths:
                return base
    return None
