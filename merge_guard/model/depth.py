"""How deep a file may be nested: the same bound for its syntax tree, its facts and what is done with them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 4_000
"""Deep but honest source (a long chain of `+`) needs more frames than Python's default; a runaway is stopped here."""
CODED = 3 * FRAMES
"""To encode and decode what `FRAMES` were enough to make: a level of facts takes fewer and smaller frames than this."""


@contextmanager
def deep_frames(frames: int = FRAMES) -> Iterator[None]:
    """At least so many frames until the block ends."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, frames))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
