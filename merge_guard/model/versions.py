"""The versions of Python that judgements may be about: ranges are cut to these."""

from __future__ import annotations

OLDEST, NEWEST = (3, 8), (3, 14)
