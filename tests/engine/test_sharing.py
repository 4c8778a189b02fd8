"""Start-ups that share a simulation, with each other or an earlier run: only those that nothing can tell apart."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from merge_guard.engine.kept_runs import KeptRuns
from merge_guard.engine.sharing import AskedTree, Setting, Simulations
from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryKind, EntryPoint, Outcome
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import SourceTree
from merge_guard.startup.shipped import ShippedTree

TERMS = Terms((3, 11), (3, 11), "linux")
APP = {
    "app/main.py": "from app import wired, odd\ndef make():\n    from app import late\n    return late\napp = make()\n",
    "app/__init__.py": "",
    "app/wired.py": "from app.gone import x\n",
    "app/odd.py": "",
    "app/late.py": "",
    "app/other.py": "import nowhere\n",
}


class Texts:
    """Facts and bodies of texts, each made once: what is equal is the same object."""

    def __init__(self) -> None:
        self._facts: dict[str, FileFacts] = {}
        self._bodies: dict[str, Mapping[tuple[int, int], FunctionBody]] = {}

    def setting(self, texts: Mapping[str, str], withheld: Mapping[str, str], line: int, terms: Terms) -> Setting:
        def facts(path: str) -> FileFacts | None:
            text = texts.get(path)
            return None if text is None else self._facts.setdefault(text, extract(text.encode(), "python"))

        def bodies(path: str) -> Mapping[tuple[int, int], FunctionBody]:
            text = texts[path]
            if text not in self._bodies:
                found = extract_bodies(text.encode()).functions
                self._bodies[text] = {(body.line, body.column): body for body in found}
            return self._bodies[text]

        tree = ShippedTree(
            [SourceFile(path) for path in texts if path not in withheld],
            None,
            SourceTree([SourceFile(path) for path in withheld]),
            lambda path: withheld.get(path, ""),
        )
        entry = EntryPoint(
            "app.main:app", EntryKind.IMPORT, "app.main", "app", origin=f"line {line}", place=Place("Dockerfile", line)
        )
        return Setting(entry, tree, terms, facts, bodies, lambda path: texts[path] or "empty")


CHANGES = [
    pytest.param({}, {}, TERMS, 1, id="the same"),
    pytest.param({"app/other.py": "x = 1\n"}, {}, TERMS, 1, id="a file that nothing imports"),
    pytest.param({"app/odd.py": "import nowhere\n"}, {}, TERMS, 2, id="a file that is imported"),
    pytest.param({"app/late.py": "x = 1\n"}, {}, TERMS, 2, id="a file that a function imports"),
    pytest.param({"app/gone.py": "x = 1\n"}, {}, TERMS, 2, id="a file that was missed"),
    pytest.param({}, {"app/odd.py": "left out"}, TERMS, 2, id="a file that does not ship"),
    pytest.param({}, {}, replace(TERMS, lowest=(3, 10)), 2, id="another Python"),
    pytest.param({}, {}, replace(TERMS, side="theirs"), 2, id="another side"),
]


@pytest.mark.parametrize(("texts", "withheld", "terms", "made"), CHANGES)
def test_is_simulated_again_where_an_answer_differs(
    texts: Mapping[str, str], withheld: Mapping[str, str], terms: Terms, made: int
) -> None:
    """... and what a shared one says is what one of its own would say."""
    known, simulations = Texts(), Simulations()
    simulations.outcome(known.setting(APP, {}, 3, TERMS))
    setting = known.setting({**APP, **texts}, withheld, 7, terms)
    assert simulations.outcome(setting) == Simulations().outcome(setting)
    assert simulations.made == made


def test_reasons_may_be_worded_otherwise() -> None:
    known, simulations = Texts(), Simulations()
    first = simulations.outcome(known.setting(APP, {"app/odd.py": "no COPY of one"}, 3, TERMS))
    setting = known.setting(APP, {"app/odd.py": "no COPY of two"}, 3, TERMS)
    second = simulations.outcome(setting)
    assert simulations.made == 1
    assert "no COPY of one" in [failure.detail for failure in first.failures]
    assert second == Simulations().outcome(setting) != first


def test_places_of_the_declaration_are_its_own() -> None:
    """The entry point is not there: that is said of the line that names it."""
    known, simulations = Texts(), Simulations()
    texts = {path: text for path, text in APP.items() if path != "app/main.py"}
    simulations.outcome(known.setting(texts, {}, 3, TERMS))
    second = simulations.outcome(known.setting(texts, {}, 7, TERMS))
    assert simulations.made == 1
    assert [failure.place.line for failure in second.failures] == [7]


def test_every_question_is_noted() -> None:
    public = [name for name, _ in inspect.getmembers(SourceTree, inspect.isfunction) if not name.startswith("_")]
    noted = {*vars(AskedTree), "find", "has_top_level"}
    assert {"file", "names"} < set(public) <= noted


class Kept:
    """A cache in memory."""

    is_empty = False

    def __init__(self) -> None:
        self.entries: dict[str, bytes] = {}

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        return {key: self.entries[key] for key in keys if key in self.entries}

    def put(self, entries: Mapping[str, bytes]) -> None:
        self.entries.update(entries)

    def drop(self, keys: Sequence[str]) -> None:
        for key in keys:
            del self.entries[key]

    def close(self) -> None:
        self.entries.clear()


@pytest.mark.parametrize(("texts", "withheld", "terms", "made"), CHANGES)
def test_a_later_run_takes_over_what_it_would_come_to(
    texts: Mapping[str, str], withheld: Mapping[str, str], terms: Terms, made: int
) -> None:
    cache = Kept()
    first = Texts().setting(APP, {}, 3, TERMS)
    kept = Simulations(KeptRuns(cache, "maker")).outcome(first)
    setting = Texts().setting({**APP, **texts}, withheld, 3, terms)
    later = Simulations(KeptRuns(cache, "maker"))
    assert later.outcome(setting) == Simulations().outcome(setting)
    assert (later.made, made == 1) in ((0, True), (1, False))
    assert len(kept.failures) > 0


def test_what_provides_a_module_is_asked_again() -> None:
    texts = {"app/__init__.py": "", "app/main.py": "import distutils\napp = 1\n"}
    cache = Kept()

    def outcome(answer: bool | None) -> tuple[Outcome, int]:
        terms = replace(TERMS, lowest=(3, 12), highest=(3, 12), provided=lambda module: answer)
        simulations = Simulations(KeptRuns(cache, "maker"))
        return simulations.outcome(Texts().setting(texts, {}, 3, terms)), simulations.made

    assert [len(outcome(answer)[0].failures) for answer in (False, True)] == [1, 0]
    assert [outcome(answer)[1] for answer in (True, False, False)] == [0, 1, 0]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda value: b"", id="empty"),
        pytest.param(lambda value: value[: len(value) // 2], id="truncated"),
        pytest.param(lambda value: b"\x93\x01\x02\x03", id="foreign"),
    ],
)
def test_a_damaged_run_is_simulated_again(damage: Callable[[bytes], bytes]) -> None:
    cache = Kept()
    setting = Texts().setting(APP, {}, 3, TERMS)
    whole = Simulations(KeptRuns(cache, "maker")).outcome(setting)
    cache.put({key: damage(value) for key, value in cache.entries.items()})
    again = Simulations(KeptRuns(cache, "maker"))
    assert again.outcome(setting) == whole
    assert again.made == 1


def test_another_program_or_bytes_without_a_name_keep_nothing() -> None:
    cache = Kept()
    setting = Texts().setting(APP, {}, 3, TERMS)
    Simulations(KeptRuns(cache, "maker")).outcome(setting)
    other = Simulations(KeptRuns(cache, "another"))
    other.outcome(setting)
    assert other.made == 1
    empty = Kept()
    Simulations(KeptRuns(empty, "maker")).outcome(replace(setting, name=lambda path: ""))
    assert not empty.entries
