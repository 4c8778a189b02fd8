"""Directories that are put together on demand hold what an index of all files holds."""

from __future__ import annotations

import pytest

from merge_guard.model.source import FileKind, SourceFile
from merge_guard.startup.directories import Children, Directories, DirectoriesOnDemand

LINKS = {
    "app/lib": "../shared/lib", "app/conf.py": "../shared/conf.py", "app/again.py": "conf.py", "app/out.py": "../../x",
    "app/loop.py": "loop.py", "app/none.py": "nothing.py", "root": "shared",
}  # fmt: skip
FILES = ("main.py", "app/__init__.py", "app/data/x.json", "shared/lib/a.py", "shared/conf.py", "b", "b/c.py")


def files(*links: str) -> list[SourceFile]:
    return sorted([*map(SourceFile, FILES), *(SourceFile(link, FileKind.LINK) for link in links)])


def on_demand(every: list[SourceFile]) -> DirectoriesOnDemand:
    def look(directory: str) -> Children | None:
        prefix = f"{directory}/" if directory else ""
        found: Children = {}
        for file in every:
            if file.path.startswith(prefix):
                name, deeper, _ = file.path[len(prefix) :].partition("/")
                found.setdefault(name, None)
                found[name] = found[name] if deeper else file
        return found or None

    links = [file for file in every if file.kind is FileKind.LINK]
    return DirectoriesOnDemand(look, lambda: (file.path for file in every), links, lambda file: LINKS[file.path])


@pytest.mark.parametrize(
    "links",
    [
        pytest.param((), id="no links"),
        pytest.param(("app/lib",), id="to a directory"),
        pytest.param(("app/conf.py",), id="to a file"),
        pytest.param(("app/again.py", "app/conf.py"), id="to a link"),
        pytest.param(("app/out.py",), id="out of the tree"),
        pytest.param(("app/loop.py",), id="to itself"),
        pytest.param(("app/none.py",), id="to nothing"),
        pytest.param(("root",), id="at the root"),
        pytest.param(tuple(LINKS), id="all"),
    ],
)
def test_the_same_on_demand(links: tuple[str, ...]) -> None:
    every = files(*links)
    index, demanded = Directories(every, lambda file: LINKS[file.path]), on_demand(every)
    paths = {"", "nothing", "app/nothing", *LINKS, *FILES, *(path.rpartition("/")[0] for path in FILES)}
    assert {path: demanded.children(path) for path in paths} == {path: index.children(path) for path in paths}
    assert demanded.linked == index.linked
    assert sorted(map(sorted, demanded.every())) == sorted(map(sorted, index.every()))


@pytest.mark.parametrize(
    ("links", "path", "expected"),
    [
        pytest.param(("app/conf.py",), "app/conf.py", "shared/conf.py", id="a file in the place of its link"),
        pytest.param(("app/conf.py", "app/again.py"), "app/again.py", "shared/conf.py", id="behind two links"),
        pytest.param(("app/lib",), "app/lib", None, id="a directory"),
        pytest.param(("app/out.py",), "app/out.py", "app/out.py", id="one that leaves the tree stays"),
        pytest.param(("app/loop.py",), "app/loop.py", "app/loop.py", id="a loop stays"),
    ],
)
def test_links(links: tuple[str, ...], path: str, expected: str | None) -> None:
    directories = Directories(files(*links), lambda file: LINKS[file.path])
    directory, _, name = path.rpartition("/")
    found = (directories.children(directory) or {})[name]
    assert (found.path if found else None) == expected
    assert directories.linked == ({path: "shared/lib"} if expected is None else {})


def test_an_empty_tree_has_a_root() -> None:
    assert Directories([]).children("") == {}
    assert DirectoriesOnDemand(lambda directory: None, list).children("") == {}
