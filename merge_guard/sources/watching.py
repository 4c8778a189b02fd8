"""Where the listing of a work tree looks, so that another run can tell that it would find the same."""

from __future__ import annotations

import os
from array import array
from collections.abc import Sequence
from itertools import chain

from merge_guard.errors import GitError
from merge_guard.model.sighting import Sighting
from merge_guard.sources.bounded import read_optional
from merge_guard.sources.git import executable
from merge_guard.sources.ignore import Exclusions
from merge_guard.sources.repository import MERGING, Repository
from merge_guard.sources.stamps import are_settled, present, relied_on
from merge_guard.sources.walk import Walk

_STATED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def sighting(
    begun: int, root: str, starts: Sequence[str], repository: Repository | None, excluded: Exclusions | None, walk: Walk
) -> Sighting:
    """`starts` are the paths, as the user wrote them, from which the root was looked for, or which were looked at."""
    whole = not any(name in os.environ for name in _STATED)
    others = [os.fsdecode(path + name) for path in walk.beyond for name in (b"", b"/HEAD", b"/refs", b"/objects")]
    others += map(os.fsdecode, walk.hidden)
    for start in starts:
        climbed = _climbed(start, root, repository is not None)
        whole = whole and climbed is not None
        others += climbed or ()
    if repository is not None and excluded is not None:
        here = _in_repository(repository)
        whole = whole and here is not None
        others += [*(here or ()), *excluded.sources]
    # Of a nested repository that a file names more would have to be watched.
    whole = whole and not any(os.path.isfile(path) or os.path.islink(path) for path in walk.beyond)
    names = tuple(os.fsencode(path) for path in dict.fromkeys(others))
    stamps = array("q", chain.from_iterable(map(present, names)))
    return Sighting(
        begun,
        tuple(walk.looked),
        relied_on(walk.stamps, begun).tobytes(),
        b"".join(walk.listings),
        names,
        stamps.tobytes(),
        executable() if repository is not None else "",
        excluded.asked if excluded is not None else None,
        whole and are_settled(stamps, begun),
    )


def _climbed(start: str, root: str, is_repository: bool) -> list[str] | None:
    """What finding the root looked at; None where links led to it, or something that only looks like a repository."""
    folder = os.path.realpath(start)
    if folder != os.path.normpath(os.path.join(os.getcwd(), start)):
        return None
    looked = [folder]
    folder = folder if os.path.isdir(folder) else os.path.dirname(folder)
    while True:
        if is_repository and folder == root:
            return looked
        signs = [os.path.join(folder, ".git"), os.path.join(folder, "HEAD")]
        if any(map(os.path.lexists, signs)):
            return None
        looked += signs
        outer = os.path.dirname(folder)
        if outer == folder:
            return None if is_repository else looked
        folder = outer


def _in_repository(repository: Repository) -> list[str] | None:
    """What the listing asks of the repository; None where more than names and files decides."""
    git_dir, common = repository.git_dir, repository.common_dir
    door = os.path.join(repository.root or "", ".git")
    stated = os.fsdecode((read_optional(door, 1 << 16) or b"").removeprefix(b"gitdir:").strip())
    if os.path.islink(door) or (stated and os.path.normpath(os.path.join(repository.root or "", stated)) != git_dir):
        return None
    if any(name.startswith("sharedindex.") for name in os.listdir(git_dir)):
        return None
    try:
        refs = repository.steps_to_head()
    except GitError:
        return None
    return [
        door,
        repository.index,
        *refs,
        *(os.path.join(git_dir, name) for name in ("HEAD", "commondir", *MERGING)),
        *(os.path.join(common, name) for name in ("config", "refs", "objects", "shallow", "packed-refs", "reftable")),
        os.path.join(common, "info", "attributes"),
    ]
