"""What a broken module takes down with it, against CPython: each module of the closure imported by itself."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest
from engine.breaking import failing, write_tree
from oracle.tree import files
from startup.simulating import start

from merge_guard.engine.blast import failing_module, import_graph
from merge_guard.engine.dominators import carried_by_each, immediate_dominators, stopped_by_each
from merge_guard.model.finding import Hop, HopKind, Place
from merge_guard.model.outcome import EXCEPTIONS, Cause, Failure
from merge_guard.startup.edges import ENTRY
from merge_guard.startup.frames import Terms

BREAKS = {
    "SyntaxError": "(\n",
    "ImportError": "raise ImportError\n",
    "ModuleNotFoundError": "import nowhere_to_be_found\n",
    "NameError": "nowhere\n",
    "Exception": "raise RuntimeError\n",
}

TREES = [
    pytest.param(
        """
        main.py
            import app.routes
            import app.tools
        app/__init__.py
        app/routes.py
            from app.models import User
        app/models.py
            from .db import connect
            class User: ...
        app/db.py
            def connect(): ...
        app/tools.py
            x = 1
        """,
        id="plain imports",
    ),
    pytest.param(
        """
        main.py
            import app.one
            import app.two
        app/__init__.py
        app/one.py
            import app.shared
        app/two.py
            import app.shared
        app/shared.py
        """,
        id="the second importer counts as well as the first",
    ),
    pytest.param(
        """
        main.py
            import app.sub.deep
        app/__init__.py
            import base
        app/sub/__init__.py
        app/sub/deep.py
        base.py
        """,
        id="a package is run by its submodules",
    ),
    pytest.param(
        """
        main.py
            import app.safe
            import app.half
            import app.other
            import app.broken
        app/__init__.py
        app/broken.py
        app/safe.py
            try:
                import app.broken
            except Exception:
                pass
        app/half.py
            try:
                import app.broken
            except ImportError:
                pass
        app/other.py
            try:
                import app.broken
            except ModuleNotFoundError:
                pass
            except (NameError, ValueError):
                raise TypeError
        """,
        id="guards by exception",
    ),
    pytest.param(
        """
        main.py
            try:
                import app.front
            except ImportError:
                pass
            import app.last
        app/__init__.py
        app/front.py
            try:
                import app.broken
            except SyntaxError:
                raise ImportError
        app/broken.py
        app/last.py
        """,
        id="a handler that raises something else",
    ),
    pytest.param(
        """
        main.py
            from app.factory import create
            app = create()
        app/__init__.py
        app/factory.py
            def create():
                from app.routes import router
                return router
        app/routes.py
            router = []
        """,
        id="the caller needs what a function imports, its module does not",
    ),
    pytest.param(
        """
        main.py
            import app.one
            import app.two
            import app.three
        app/__init__.py
        app/load.py
            def load():
                from app import late
                return late
        app/late.py
        app/one.py
            from app.load import load
            load()
        app/two.py
            from app.load import load
            load()
        app/three.py
            from app.load import load
            try:
                load()
            except Exception:
                pass
        """,
        id="a call whose result is kept imports for every caller",
    ),
    pytest.param(
        """
        main.py
            import app.a
        app/__init__.py
        app/a.py
            import app.b
        app/b.py
            import app.c
            import app.a
        app/c.py
        """,
        id="a cycle falls as a whole",
    ),
    pytest.param(
        """
        main.py
            from app import *
            import app.user
        app/__init__.py
            __all__ = ["one"]
        app/one.py
        app/user.py
            from app import one
        """,
        id="submodules by star and by attribute",
    ),
    pytest.param(
        """
        main.py
            import app.table
        app/__init__.py
        app/table.py
            class Table:
                import app.column
                def make(self):
                    import app.row
            Table().make()
        app/column.py
        app/row.py
        """,
        id="class bodies and methods",
    ),
    pytest.param(
        """
        main.py
            import importlib
            import contextlib
            importlib.import_module("app.plug")
            with contextlib.suppress(ImportError):
                import app.extra
        app/__init__.py
        app/plug.py
        app/extra.py
        """,
        id="import_module and suppress",
    ),
]


@pytest.mark.parametrize("tree", TREES)
def test_stopped_by(tree: str, tmp_path: Path) -> None:
    sources = {path: text.decode() for path, text in files(tree).items()}
    outcome = start(sources)
    graph = import_graph(outcome)
    broken = [(path, exception) for path in outcome.loaded.values() for exception in BREAKS]
    trees = [
        (write_tree(tmp_path / str(number), {**sources, path: BREAKS[exception]}), list(outcome.loaded))
        for number, (path, exception) in enumerate(broken)
    ]
    for (path, exception), names in zip(broken, failing(trees), strict=True):
        said = graph.stopped_by(path, exception) - {""}
        assert said == {outcome.loaded[name] for name in names}, (path, exception)
        assert ("" in graph.stopped_by(path, exception)) == ("main" in names)


def test_an_import_on_some_paths_only_stops_nothing() -> None:
    outcome = start(
        {"main.py": "import os\nif os.environ.get('X'):\n    import p.a\n", "p/__init__.py": "", "p/a.py": ""}
    )
    assert import_graph(outcome).stopped_by("p/a.py") == {"p/a.py"}


def hops(*steps: tuple[str, HopKind]) -> tuple[Hop, ...]:
    return tuple(Hop(path, 1, path.removesuffix(".py"), kind) for path, kind in steps)


CALL, IMPORT, CAUSE = HopKind.CALL, HopKind.IMPORT, HopKind.CAUSE


@pytest.mark.parametrize(
    ("chain", "path"),
    [
        pytest.param((("main.py", IMPORT), ("a.py", CAUSE)), "a.py", id="at a top level"),
        pytest.param((("main.py", IMPORT), ("a.py", CALL), ("b.py", CAUSE)), "a.py", id="in a function that it calls"),
        pytest.param((("a.py", CALL), ("b.py", CALL), ("c.py", CAUSE)), "a.py", id="through several calls"),
        pytest.param((("a.py", CALL), ("b.py", IMPORT), ("c.py", CAUSE)), "c.py", id="a module that a call imports"),
        pytest.param((("a.py", CALL), ("b.py", IMPORT), ("b.py", CAUSE)), "a.py", id="in a class body"),
        pytest.param((), "x.py", id="without a chain"),
    ],
)
def test_failing_module(chain: tuple[tuple[str, HopKind], ...], path: str) -> None:
    failure = Failure(Cause.SYNTAX, "SyntaxError", Place("x.py"), "x", chain=hops(*chain))
    assert failing_module(failure) == path


def test_edges_are_by_path() -> None:
    tree: Mapping[str, str] = {"main.py": "import p.a\n", "p/__init__.py": "", "p/a.py": ""}
    assert {importer: set(imported) for importer, imported in start(tree).edges.items()} == {
        "": {"main.py"},
        "main.py": {"p/__init__.py", "p/a.py"},
    }


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("exception", range(len(EXCEPTIONS)), ids=EXCEPTIONS)
def test_all_at_once_is_each_by_itself(tree: str, exception: int) -> None:
    outcome = start({path: text.decode() for path, text in files(tree).items()})
    graph = import_graph(outcome)
    paths = list(outcome.loaded.values())
    said = stopped_by_each(graph, paths, exception)
    for path in paths:
        stopped = graph.stopped_by(path, EXCEPTIONS[exception])
        assert said[path] == (len(stopped - {ENTRY}), ENTRY in stopped)


@pytest.mark.parametrize("tree", TREES)
def test_dominators_are_what_nothing_is_reached_without(tree: str) -> None:
    outcome = start({path: text.decode() for path, text in files(tree).items()})
    edges = {path: set(imported) for path, imported in outcome.edges.items()}
    for name, path in outcome.loaded.items():
        package = outcome.loaded.get(name.rpartition(".")[0])
        if package:
            edges.setdefault(path, set()).add(package)

    def reached(without: str) -> set[str]:
        seen, todo = {without}, [ENTRY]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += edges.get(here, ())
        return seen

    carried = carried_by_each(immediate_dominators(outcome))
    for path in outcome.loaded.values():
        assert set(carried.get(path, ())) == reached("-") - reached(path) - {"-"}


def test_a_real_package(tmp_path: Path) -> None:
    """Every fourth module of `click` is broken in turn, and every module imported by itself."""
    folder = Path(str(find_spec("click").origin)).parent  # type: ignore[union-attr]
    sources = {f"click/{path.name}": path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    outcome = start(sources, "click", Terms(sys.version_info[:2], sys.version_info[:2], sys.platform))
    graph = import_graph(outcome)
    broken = list(outcome.loaded.values())[::4]
    trees = [
        (write_tree(tmp_path / str(number), sources if path is None else {**sources, path: "("}), list(outcome.loaded))
        for number, path in enumerate([None, *broken])
    ]
    whole, *real = ({outcome.loaded[name] for name in names} for names in failing(trees))
    assert whole == set()
    assert [graph.stopped_by(path) - {ENTRY} for path in broken] == real
    assert len(real) > 2
