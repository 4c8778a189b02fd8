"""Whether a work tree stands as it was seen. Imports little: this is asked before anything else."""

from __future__ import annotations

from array import array
from itertools import chain

from merge_guard.model.sighting import LISTING, STAMP, Seen, Sighting
from merge_guard.sources.stamps import listed, present, stamps


def changed_files(root: bytes, seen: Seen, sighting: Sighting) -> list[int] | None:
    """The numbers of the files with other stamps than they were seen with; None where a listing may find other files.

    Where there are none the tree stands as it was seen.
    """
    asked = None
    if sighting.git:
        from merge_guard.sources.user import answer, ask

        try:
            asked = ask(sighting.git, "core.excludesFile")
        except OSError:
            return None
    prefix = root.rstrip(b"/") + b"/"
    same = array(
        "q", chain.from_iterable(map(present, sighting.others))
    ).tobytes() == sighting.other_stamps and _list_the_same(prefix, sighting)
    now = stamps(map(prefix.__add__, seen.names())).tobytes() if same else b""
    if (asked is not None and answer(asked) != sighting.excludes) or len(now) != len(seen.stamps) or not same:
        return None
    if now == seen.stamps:
        return []
    return [
        start // STAMP
        for start in range(0, len(now), STAMP)
        if now[start : start + STAMP] != seen.stamps[start : start + STAMP]
    ]


def _list_the_same(prefix: bytes, sighting: Sighting) -> bool:
    """Whether every directory is as it was or, where its stamp is another, holds what it held."""
    now, before = stamps(map(prefix.__add__, sighting.directories)).tobytes(), sighting.directory_stamps
    if now == before:
        return True
    if len(now) != len(before) or len(sighting.listings) != len(sighting.directories) * LISTING:
        return False
    for number, directory in enumerate(sighting.directories):
        start, there = number * STAMP, number * LISTING
        if now[start : start + STAMP] != before[start : start + STAMP] and (
            listed(prefix + directory) != sighting.listings[there : there + LISTING]
        ):
            return False
    return True
