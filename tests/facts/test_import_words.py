"""What texts have otherwise than older ones is found where they differ, as if both had been looked through."""

from __future__ import annotations

import random

import pytest

from merge_guard.facts import import_words
from merge_guard.model.glance import Header

PIECES = [
    ["import os"], ["from a.b import (", "    c,", "    d as e,  # why", "    f,", ")"], ["from . import x"],
    ["x = 1; import y"], ["from a import b, \\", "    c"], ["def f(a, b):", "    return f(1)"],
    ["def f(a,", "      # now", "      b=(1, 2)):", "    return g(a,", "        b=1)"],
    ["class A:", "    async def g(self): ..."],
    ["", "# import this"], ["import a.b as c"], ["if x: from z import q"], ["definition = g (", "    1,", ")"],
]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_changes(seed: int) -> None:
    chance = random.Random(seed)
    old = [list(chance.choice(PIECES)) for _ in range(12)]
    new = [list(piece) for piece in old]
    for _ in range(chance.randrange(1, 4)):
        piece = chance.choice(new)
        if len(piece) > 3:
            del piece[chance.randrange(1, len(piece) - 1)]
        else:
            new.insert(chance.randrange(len(new)), list(chance.choice(PIECES)))
    before, after = ("\n".join(line for piece in text for line in piece).encode() for text in (old, new))
    for one, two in ((before, after), (after, before), (before, before)):
        change = import_words.change(one, two)
        assert change.statements >= import_words.import_statements(two) - import_words.import_statements(one)
        assert change.headers >= import_words.headers(one) ^ import_words.headers(two)
        assert change.calls >= import_words.called_words(two) - import_words.called_words(one)
        assert one != two or not (change.statements or change.headers)


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("import a.b as c\n", {("a", ".", "b", "as", "c")}),
        ("from a import (b,  # no\n  c)\n", {("a", "import", "b", "c")}),
        ("x = 1; from ..a import b\n", {("..", "a", "import", "b")}),
        ("from a \\\n  import b\n", {("a", "import", "b")}),
        ("important = 1\n# import a\n", set()),
        ("reimport\nimport a\r\nimport b", {("a",), ("b",)}),
    ],
    ids=["alias", "parentheses", "behind a semicolon", "over lines", "none", "line ends"],
)
def test_statements(text: str, statements: set[tuple[str, ...]]) -> None:
    assert import_words.import_statements(text.encode()) == statements


def test_headers() -> None:
    text = b"def f(a, # no\n b=(1)): pass\nclass A:\n    async def g(self): undef(1)\n"
    assert import_words.headers(text) == {Header("f", b"a,b=(1)", False), Header("g", b"self", True)}


def test_calls() -> None:
    assert import_words.called_words(b"f(1) + a.g (2)\nif (x): h\n(1)") >= {"f", "g"}
