"""Start-ups among the files that ship: what is withheld fails with the reason, unless something may bring it."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.outcome import Cause, EntryKind, EntryPoint, Outcome
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import Found, FoundKind, SourceTree
from merge_guard.startup.shipped import ShippedTree
from merge_guard.startup.simulate import simulate

TERMS = Terms((3, 11), (3, 11))


def start(
    shipped: dict[str, str],
    withheld: dict[str, str],
    entry: str = "main",
    *,
    opened: tuple[str, ...] = (),
    installed: tuple[str, ...] = (),
    ignored: tuple[str, ...] = (),
) -> Outcome:
    texts = {**withheld, **shipped}
    tree = ShippedTree(
        [SourceFile(path) for path in shipped],
        None,
        SourceTree([SourceFile(path) for path in withheld]),
        lambda path: f"{path} is withheld",
        opened.__contains__,
        installed.__contains__,
        lambda directory, name: Found(FoundKind.OPEN, withheld="ignored") if name in ignored else None,
    )
    kind = EntryKind.SCRIPT if entry.endswith(".py") else EntryKind.IMPORT
    facts = {path: extract(text.encode(), "python") for path, text in texts.items()}
    return simulate(
        EntryPoint(entry, kind, entry),
        tree,
        TERMS,
        facts.get,
        lambda path: {(body.line, body.column): body for body in extract_bodies(texts[path].encode()).bodies},
    )


def causes(outcome: Outcome) -> list[tuple[str, str, str]]:
    assert all(failure.cause is Cause.NOT_SHIPPED for failure in outcome.failures)
    return [(failure.exception, failure.subject, failure.detail) for failure in outcome.failures]


LIB = {"app/lib/__init__.py": "", "app/lib/x.py": "y = 1"}
MISSING = "ModuleNotFoundError"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import app.lib", [(MISSING, "app.lib", "app/lib/__init__.py is withheld")], id="import"),
        pytest.param("import app.lib.x", [(MISSING, "app.lib", "app/lib/__init__.py is withheld")], id="once, above"),
        pytest.param("from app.lib.x import y", [(MISSING, "app.lib", "app/lib/__init__.py is withheld")], id="from"),
        pytest.param("from app import lib", [("ImportError", "app.lib", "app/lib/__init__.py is withheld")], id="name"),
        pytest.param("import other", [(MISSING, "other", "other.py is withheld")], id="top level"),
        pytest.param("try:\n    import app.lib\nexcept ImportError:\n    pass", [], id="guarded"),
        pytest.param("try:\n    from app import lib\nexcept ModuleNotFoundError:\n    pass",
            [("ImportError", "app.lib", "app/lib/__init__.py is withheld")], id="guarded by too little"),
        pytest.param("from contextlib import suppress\nwith suppress(ImportError):\n    import app.lib", [],
            id="suppressed"),
        pytest.param("def later():\n    import app.lib", [], id="later"),
        pytest.param("import os\nif os.environ.get('X'):\n    import app.lib", [], id="one of two ways"),
    ],
)  # fmt: skip
def test_what_is_withheld(source: str, expected: list[tuple[str, str, str]]) -> None:
    outcome = start({"main.py": source, "app/__init__.py": ""}, {**LIB, "other.py": ""})
    assert causes(outcome) == expected


def test_what_lies_behind_is_found_too() -> None:
    outcome = start(
        {"main.py": "import app.lib\nimport other", "app/__init__.py": ""},
        {"app/lib/__init__.py": "import app.gone", "other.py": ""},
    )
    assert [(failure.cause, failure.subject) for failure in outcome.failures] == [
        (Cause.NOT_SHIPPED, "app.lib"),
        (Cause.MISSING_MODULE, "app.gone"),
        (Cause.NOT_SHIPPED, "other"),
    ]
    assert outcome.loaded["app.lib"] == "app/lib/__init__.py"


def test_what_ships_is_found_first() -> None:
    assert causes(start({"main.py": "import app.lib.x", "app/__init__.py": "", **LIB}, LIB)) == []


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"opened": ("",)}, id="anything may lie there"),
        pytest.param({"installed": ("other",)}, id="something else may bring it"),
    ],
)
def test_what_may_be_there_is_silent(known: dict[str, tuple[str, ...]]) -> None:
    assert causes(start({"main.py": "import other"}, {"other.py": ""}, **known)) == []


def test_namespaces() -> None:
    """A package without `__init__` may have another portion, if anything brings one."""
    shipped = {"main.py": "import space.a", "space/b.py": ""}
    assert causes(start(shipped, {"space/a.py": ""})) == [(MISSING, "space.a", "space/a.py is withheld")]
    assert causes(start(shipped, {"space/a.py": ""}, installed=("space",))) == []


def test_what_nobody_sees() -> None:
    shipped = {"main.py": "import app.lib.x\nimport app.other", "app/__init__.py": "", "app/other.py": ""}
    assert causes(start(shipped, {}, ignored=("lib",))) == [(MISSING, "app.lib", "ignored")]


@pytest.mark.parametrize("entry", ["app.main", "app/main.py"])
def test_the_entry_point_itself(entry: str) -> None:
    outcome = start({"app/__init__.py": ""}, {"app/main.py": "import app.gone"}, entry)
    first, second = outcome.failures
    assert (first.cause, first.subject, first.detail) == (Cause.NOT_SHIPPED, entry, "app/main.py is withheld")
    assert second.cause is (Cause.MISSING_MODULE)
