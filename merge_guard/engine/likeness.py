"""Which of many names is most like another."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher


def most_like(word: str, names: Iterable[str], cutoff: float) -> str:
    """What `difflib.get_close_matches` puts first, "" where it gives nothing.

    Names that share a package are all alike by its measure, and it measures each in full. Here those come first whose
    letters promise most, and the others are left as soon as they cannot come up to what was found.
    """
    matcher = SequenceMatcher()
    matcher.set_seq2(word)
    promising = []
    for name in names:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= cutoff:
            promise = matcher.quick_ratio()
            if promise >= cutoff:
                promising.append((promise, name))
    best = (cutoff, "")
    for promise, name in sorted(promising, reverse=True):
        if promise < best[0]:
            break
        matcher.set_seq1(name)
        best = max(best, (matcher.ratio(), name))
    return best[1]
