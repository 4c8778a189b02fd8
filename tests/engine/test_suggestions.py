"""What is suggested where a module or a name is missing: only what stands in the tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.breaking import write_tree
from oracle.tree import files

from merge_guard import wiring
from merge_guard.engine.suggestions import Suggestions
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.request import Request

CASES = [
    pytest.param("from app.m import Usr", {"app/m.py": "class User: ...\n"}, "did you mean 'User'?", id="spelling"),
    pytest.param(
        "from app.m import Old",
        {"app/m.py": "class Older: ...\n", "app/n.py": "class Old: ...\n"},
        "'Old' is defined in 'app.n'",
        id="defined elsewhere, which says more than a likeness",
    ),
    pytest.param(
        "from app.m import db",
        {"app/m.py": "DB = 1\n", "app/n.py": "db = 1\n"},
        "did you mean 'DB'?",
        id="the same letters say more still",
    ),
    pytest.param(
        "from app.m import Old",
        {"app/m.py": "", "app/n.py": "from app.o import Old\n", "app/o.py": "class Old: ...\n"},
        "'Old' is defined in 'app.o'",
        id="where it is defined, not where it is imported",
    ),
    pytest.param(
        "from app.m import f",
        {"app/m.py": "", "app/a.py": "def f(): ...\n", "app/b.py": "f = 1\n", "app/c.py": "if 1:\n    f = 2\n"},
        "'f' is defined in 'app.a', 'app.b' and 'app.c'",
        id="three candidates",
    ),
    pytest.param(
        "from app.m import f",
        {"app/m.py": "", **{f"app/{name}.py": "def f(): ...\n" for name in "abcd"}},
        "",
        id="four say nothing",
    ),
    pytest.param(
        "from app.m import make",
        {"app/m.py": "", "tests/test_m.py": "def make(): ...\n", "app/n.py": "def f():\n    make = 1\n"},
        "",
        id="tests and locals are not meant",
    ),
    pytest.param("from app.m import __version__", {"app/m.py": "", "app/n.py": "__version__ = '1'\n"}, "", id="dunder"),
    pytest.param(
        "import app.m\napp.m.Usr", {"app/m.py": "class User: ...\n"}, "did you mean 'User'?", id="an attribute"
    ),
    pytest.param(
        "import app.databse", {"app/database.py": ""}, "did you mean 'app.database'?", id="spelling of a module"
    ),
    pytest.param("import app.zzz", {"app/database.py": ""}, "", id="nothing like it"),
    pytest.param(
        "from app.db import connect",
        {"app/core/__init__.py": "", "app/core/db.py": ""},
        "did you mean 'app.core.db'?",
        id="a module of that name elsewhere",
    ),
    pytest.param(
        "from app.db import connect, close",
        {"app/storage.py": "def connect(): ...\ndef close(): ...\n", "app/x.py": "def close(): ...\n"},
        "'connect' and 'close' are defined in 'app.storage'",
        id="one other module has all that is imported",
    ),
    pytest.param(
        "from app.db import connect",
        {"app/a.py": "def connect(): ...\n", "app/b.py": "def connect(): ...\n"},
        "",
        id="two have it",
    ),
    pytest.param(
        "from app.models import user",
        {"app/models/__init__.py": "", "app/users/__init__.py": "", "app/users/user.py": ""},
        "",
        id="a missing name is no module",
    ),
]


@pytest.mark.parametrize(("statement", "tree", "text"), CASES)
def test_help(tmp_path: Path, statement: str, tree: dict[str, str], text: str) -> None:
    write_tree(tmp_path, {"app/__init__.py": "", "app/main.py": f"{statement}\n", **tree})
    report = wiring.judge(Request(start=str(tmp_path), entry=("app.main",), isolated=True, jobs=1))
    found = [finding for finding in report.findings if finding.code in ("MG301", "MG302")]
    assert [finding.help for finding in found] == [text]
    assert all(finding.fix is None for finding in found)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("app.cli:man", "did you mean 'main'?"),
        ("app.cli:serve", "'serve' is defined in 'app.web'"),
        ("app.clii:main", "did you mean 'app.cli'?"),
        ("app.core.web:serve", "did you mean 'app.web'?"),
        ("bin/run.py", "did you mean 'scripts/run.py'?"),
    ],
)
def test_help_for_an_entry_point(tmp_path: Path, entry: str, text: str) -> None:
    tree = """
        app/__init__.py
        app/cli.py
            def main(): ...
        app/web.py
            def serve(): ...
        scripts/run.py
            import app.cli
        """
    write_tree(tmp_path, {path: content.decode() for path, content in files(tree).items()})
    report = wiring.judge(Request(start=str(tmp_path), entry=(entry,), isolated=True, jobs=1))
    assert [(finding.code, finding.help) for finding in report.findings] == [("MG307", text)]


def test_so_many_questions() -> None:
    asked: list[str] = []

    def name_of(path: str) -> str:
        asked.append(path)
        return path.removesuffix(".py")

    suggestions = Suggestions({}, name_of)
    failure = Failure(Cause.MISSING_NAME, "ImportError", Place("x.py"), "x", "name", "source")
    assert {suggestions(failure) for _ in range(1_000)} == {""}
    assert asked == []
