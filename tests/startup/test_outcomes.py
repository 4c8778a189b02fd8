"""What one start-up tells besides its first failure: what lies behind, what is possible, what could not be judged."""

from __future__ import annotations

import pytest
from startup.simulating import start

from merge_guard.model.outcome import Cause
from merge_guard.model.report import EntryStatus

L, E, G = "<" * 7, "=" * 7, ">" * 7


def test_failures_behind_the_first_are_found_as_though_it_were_mended() -> None:
    outcome = start({
        "main.py": "import p.one\nfrom p.two import gone\nunbound\n",
        "p/__init__.py": "",
        "p/one.py": "import p.missing\n",
        "p/two.py": "x = 1\n",
    })  # fmt: skip
    found = [(failure.cause, failure.place.path, failure.place.line, failure.subject) for failure in outcome.failures]
    assert found == [
        (Cause.MISSING_MODULE, "p/one.py", 1, "p.missing"),
        (Cause.MISSING_NAME, "main.py", 2, "gone"),
        (Cause.UNBOUND, "main.py", 3, "unbound"),
    ]


def test_one_cause_is_one_failure() -> None:
    outcome = start({
        "main.py": "import p.one\nimport p.two\n",
        "p/__init__.py": "",
        "p/one.py": "import p.broken\n",
        "p/two.py": "import p.broken\n",
        "p/broken.py": "return 1\n",
    })  # fmt: skip
    assert [failure.place.path for failure in outcome.failures] == ["p/broken.py"]


def test_the_importer_of_a_broken_file_is_told() -> None:
    outcome = start({"main.py": "\nimport broken\n", "broken.py": "return 1\n"})
    importer = outcome.failures[0].importer
    assert importer is not None
    assert (importer.path, importer.line) == ("main.py", 2)


@pytest.mark.parametrize("first", ["import third\n", "import third.deep as third\n"])
def test_what_a_fallback_loads_is_possible(first: str) -> None:
    outcome = start(
        {"main.py": f"try:\n    {first}except ImportError:\n    import own\nimport sure\n", "own.py": "", "sure.py": ""}
    )
    assert outcome.status is EntryStatus.STARTS
    assert set(outcome.loaded) == {"main", "own", "sure"}
    assert outcome.possible == {"own"}


def test_how_a_module_was_loaded_first() -> None:
    outcome = start({"main.py": "import a\nimport b\n", "a.py": "\nimport b\n", "b.py": ""})
    assert {path: [(hop.path, hop.line) for hop in hops] for path, hops in outcome.reached_by.items()} == {
        "main.py": [],
        "a.py": [("main.py", 1)],
        "b.py": [("main.py", 1), ("a.py", 2)],
    }


def test_a_conflict_goes_on_with_a_side() -> None:
    source = f"{L} HEAD\nimport ours\n{E}\nimport theirs\n{G} topic\n"
    outcome = start({"main.py": "import torn\n", "torn.py": source, "ours.py": "", "theirs.py": ""})
    assert outcome.failures[0].cause is Cause.CONFLICT
    assert set(outcome.loaded) == {"main", "torn", "ours"}


def test_too_deep_a_file_is_not_judged() -> None:
    outcome = start({"main.py": "import deep\n", "deep.py": f"x = {'-' * 30_000}1\n"})
    assert outcome.status is EntryStatus.UNKNOWN
    assert list(outcome.unjudged) == ["deep.py"]


def test_an_endless_recursion_ends() -> None:
    outcome = start(
        {"main.py": "def f(n):\n    return f(n + 1) + g(n)\ndef g(n):\n    return f(n)\nf(0)\nimport p\n", "p.py": ""}
    )
    assert outcome.status is EntryStatus.STARTS
    assert "p" in outcome.loaded


def test_many_conditions_do_not_multiply() -> None:
    lines = "".join(f"if os.environ.get('{n}'):\n    x{n} = {n}\nelse:\n    x{n} = -{n}\n" for n in range(300))
    outcome = start({"main.py": f"import os\n{lines}import p\n", "p.py": ""})
    assert outcome.possible == frozenset()
    assert set(outcome.loaded) == {"main", "p"}
