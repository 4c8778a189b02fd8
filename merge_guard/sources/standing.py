"""Whether a work tree stands as it was seen. Imports little: this is asked before anything else."""

from __future__ import annotations

from array import array
from itertools import chain

from merge_guard.model.sighting import Seen, Sighting
from merge_guard.sources.stamps import present, stamps


def stands(root: bytes, seen: Seen, sighting: Sighting) -> bool:
    """Whether a listing would find the same files with the same bytes, by the stamps of all that it looked at."""
    asked = None
    if sighting.git:
        from merge_guard.sources.user import answer, ask

        try:
            asked = ask(sighting.git, "core.excludesFile")
        except OSError:
            return False
    prefix = root.rstrip(b"/") + b"/"
    same = (
        array("q", chain.from_iterable(map(present, sighting.others))).tobytes() == sighting.other_stamps
        and stamps(map(prefix.__add__, sighting.directories)).tobytes() == sighting.directory_stamps
        and stamps(map(prefix.__add__, seen.names())).tobytes() == seen.stamps
    )
    return (asked is None or answer(asked) == sighting.excludes) and same
