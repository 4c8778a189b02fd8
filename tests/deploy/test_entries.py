"""Entry points: asked for, configured, declared, or what can be imported."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from merge_guard.deploy.declarations import Declared, Script
from merge_guard.deploy.entries import entry_points, parse_entry
from merge_guard.deploy.roots import project_directories
from merge_guard.errors import UsageError
from merge_guard.model.config import Config, Service
from merge_guard.model.outcome import EntryKind, EntryPoint
from merge_guard.model.source import SourceFile
from merge_guard.startup.resolve import SourceTree

IMPORT, SCRIPT, MODULE = EntryKind.IMPORT, EntryKind.SCRIPT, EntryKind.MODULE


@pytest.mark.parametrize(
    ("text", "kind", "module", "attr", "path"),
    [
        pytest.param("a.b", IMPORT, "a.b", "", ("src", ""), id="a module"),
        pytest.param("a.b:c.d", IMPORT, "a.b", "c.d", ("src", ""), id="an attribute"),
        pytest.param("-m:a", MODULE, "a", "", ("src", ""), id="-m"),
        pytest.param("a/run.py", SCRIPT, "a/run.py", "", ("a", "src", ""), id="a script, its folder first"),
        pytest.param("run.py", SCRIPT, "run.py", "", ("", "src"), id="a script at the root"),
    ],
)
def test_spelling(text: str, kind: EntryKind, module: str, attr: str, path: tuple[str, ...]) -> None:
    entry = parse_entry(text, ("src", ""), "--entry")
    assert (entry.name, entry.kind, entry.module, entry.attr, entry.search_path) == (text, kind, module, attr, path)


@pytest.mark.parametrize("text", ["", "a b", "a..b", "a:", ":b", "a:b c", "-m:", "1a", "a/b", "a:b:c"])
def test_what_is_none(text: str) -> None:
    if text == "a:":
        return  # `a:` is `a`, as importlib.metadata reads it
    with pytest.raises(UsageError, match="not an entry point"):
        parse_entry(text, ("",), "--entry")


def found(
    paths: Sequence[str],
    asked: Sequence[str] = (),
    config: Config | None = None,
    scripts: Sequence[str] = (),
    guarded: Sequence[str] = (),
) -> tuple[EntryPoint, ...]:
    tree = SourceTree(SourceFile(path) for path in paths)
    declared = Declared(tuple(Script(f"s{n}", target, "setup.cfg", n, "[x]") for n, target in enumerate(scripts)))
    return entry_points(
        asked,
        config or Config(),
        project_directories({"": declared}, tree.names),
        tree.names,
        lambda directory: tree.file(f"{directory}/__init__.py") is not None,
        lambda path: path in guarded,
    )


def names(entries: Sequence[EntryPoint]) -> list[str]:
    return [entry.name for entry in entries]


PATHS = ["app/__init__.py", "app/cli.py", "tests/__init__.py", "main.py", "helper.py", "job.py", "setup.py"]


def test_what_is_asked_for_replaces_everything() -> None:
    config = Config(entry=("app.cli",))
    assert names(found(PATHS, ["main"], config, ["app.cli:main"])) == ["main"]


def test_configured_before_declared() -> None:
    config = Config(entry=("app.cli",), services={"web": Service("web", ("main:app",), ("web",))})
    entries = found(PATHS, (), config, ["app.cli:main"])
    assert names(entries) == ["app.cli", "main:app"]
    assert entries[1].search_path == ("web", "")


def test_declared_before_importable() -> None:
    entries = found(PATHS, scripts=["app.cli:main", "app.cli:other", "app.cli:main [extra]", "1x:main"])
    assert names(entries) == ["app.cli:main", "app.cli:other"]
    assert entries[0].place is not None
    assert entries[0].place.path == "setup.cfg"


def test_importable_packages_and_what_is_customarily_started() -> None:
    entries = found(PATHS, guarded=["job.py", "setup.py"])
    assert names(entries) == ["app", "job", "main"]
    assert not any(entry.declared for entry in entries)


def test_importable_below_src() -> None:
    entries = found(["src/app/__init__.py", "tools/x.py"])
    assert [(entry.name, entry.search_path) for entry in entries] == [("app", ("src", ""))]


def test_nothing_to_start() -> None:
    assert found(["helper.py", "README.md"]) == ()
