"""The best of the close matches, without measuring all of them."""

from __future__ import annotations

import random
from difflib import get_close_matches

import pytest

from merge_guard.engine.likeness import most_like


@pytest.mark.parametrize("cutoff", [0.3, 0.6, 0.75, 0.9])
def test_is_what_difflib_puts_first(cutoff: float) -> None:
    chance = random.Random(int(cutoff * 100))

    def name() -> str:
        return ".".join("".join(chance.choices("abcd", k=chance.randint(0, 6))) for _ in range(chance.randint(1, 3)))

    found = 0
    for _ in range(400):
        word, names = name(), [name() for _ in range(chance.randint(0, 30))]
        first = get_close_matches(word, names, 1, cutoff)
        assert most_like(word, names, cutoff) == (first[0] if first else ""), (word, names)
        found += bool(first)
    assert found >= 10
