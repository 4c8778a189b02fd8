"""Start-ups that share a simulation: only those that nothing can tell apart."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace

import pytest

from merge_guard.engine.sharing import AskedTree, Setting, Simulations
from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryKind, EntryPoint
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
        return Setting(entry, tree, terms, facts, bodies)


@pytest.mark.parametrize(
    ("texts", "withheld", "terms", "made"),
    [
        pytest.param({}, {}, TERMS, 1, id="the same"),
        pytest.param({"app/other.py": "x = 1\n"}, {}, TERMS, 1, id="a file that nothing imports"),
        pytest.param({"app/odd.py": "import nowhere\n"}, {}, TERMS, 2, id="a file that is imported"),
        pytest.param({"app/late.py": "x = 1\n"}, {}, TERMS, 2, id="a file that a function imports"),
        pytest.param({"app/gone.py": "x = 1\n"}, {}, TERMS, 2, id="a file that was missed"),
        pytest.param({}, {"app/odd.py": "left out"}, TERMS, 2, id="a file that does not ship"),
        pytest.param({}, {}, replace(TERMS, lowest=(3, 10)), 2, id="another Python"),
        pytest.param({}, {}, replace(TERMS, side="theirs"), 2, id="another side"),
    ],
)
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
