"""What another Python said is recalled only of the same bytes, in the same version, by the same program."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from merge_guard.cache.store import FILE, Store
from merge_guard.model.facts import SyntaxProblem
from merge_guard.workers import interpreters, pythons
from merge_guard.workers.kept_compiler import KeptCompiler

HERE = (sys.version_info[0], sys.version_info[1])
SOURCES = [b"x = 1\n", b"x = (\n", b"\xff\n"]


class Counting:
    """The real interpreters, with how many sources they were asked about."""

    def __init__(self) -> None:
        self.asked = 0

    def compile_with(
        self, questions: Sequence[tuple[tuple[int, int], Sequence[bytes]]]
    ) -> list[list[SyntaxProblem | None] | None]:
        self.asked += sum(len(sources) for _, sources in questions)
        return interpreters.compile_with(questions)


def test_says_the_same_and_asks_once(tmp_path: Path) -> None:
    store, real = Store(str(tmp_path)), Counting()
    said = interpreters.compile_with([(HERE, SOURCES)])
    assert said[0] is not None
    assert [problem is None for problem in said[0]] == [True, False, False]
    for _ in range(2):
        assert KeptCompiler(real, store, pythons.who).compile_with([(HERE, SOURCES)]) == said
    assert real.asked == len(SOURCES)
    assert KeptCompiler(real, store, pythons.who).compile_with([(HERE, [b"y = (\n", *SOURCES[:1]])])[0]
    assert real.asked == len(SOURCES) + 1
    store.close()


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(lambda version: "another program", id="another program"),
        pytest.param(lambda version: f"{pythons.who(version)} 1", id="another state of it"),
    ],
)
def test_another_program_is_asked(tmp_path: Path, who: Callable[[pythons.Version], str]) -> None:
    store, real = Store(str(tmp_path)), Counting()
    KeptCompiler(real, store, pythons.who).compile_with([(HERE, SOURCES)])
    KeptCompiler(real, store, who).compile_with([(HERE, SOURCES)])
    assert real.asked == 2 * len(SOURCES)
    store.close()


def test_nobody_to_ask(tmp_path: Path) -> None:
    store, real = Store(str(tmp_path)), Counting()
    questions = [((3, 99), SOURCES), (HERE, SOURCES)]
    for _ in range(2):
        nobody, somebody = KeptCompiler(real, store, pythons.who).compile_with(questions)
        assert nobody is None
        assert somebody is not None
        assert len(somebody) == len(SOURCES)
    assert real.asked == 3 * len(SOURCES)
    store.close()


def test_damaged_answers_are_asked_again(tmp_path: Path) -> None:
    store, real = Store(str(tmp_path)), Counting()
    compiler = KeptCompiler(real, store, pythons.who)
    said = compiler.compile_with([(HERE, SOURCES)])
    with sqlite3.connect(tmp_path / FILE) as database:
        keys = [str(key) for (key,) in database.execute("SELECT key FROM entries")]
    store.put(dict.fromkeys(keys, b"\xc1"))
    assert compiler.compile_with([(HERE, SOURCES)]) == said
    assert real.asked == 2 * len(SOURCES)
    store.close()
