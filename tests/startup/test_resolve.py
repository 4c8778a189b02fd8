"""The path finder over a snapshot's files."""

from __future__ import annotations

import pytest

from merge_guard.model.source import FileKind, SourceFile
from merge_guard.startup.resolve import Found, FoundKind, SourceTree, is_stdlib

MODULE, PACKAGE, NAMESPACE, OPEN = FoundKind.MODULE, FoundKind.PACKAGE, FoundKind.NAMESPACE, FoundKind.OPEN


def tree(*paths: str) -> SourceTree:
    """A path that ends in `@` is a link, in `#` a submodule, in `/` a directory with some other file in it."""
    files = []
    for path in paths:
        kind = {"@": FileKind.LINK, "#": FileKind.SUBMODULE}.get(path[-1], FileKind.REGULAR)
        files.append(SourceFile(f"{path}data.txt" if path.endswith("/") else path.rstrip("@#"), kind))
    return SourceTree(files)


@pytest.mark.parametrize(
    ("paths", "kind", "path"),
    [
        pytest.param(["a.py"], MODULE, "a.py", id="a module"),
        pytest.param(["a/__init__.py"], PACKAGE, "a/__init__.py", id="a package"),
        pytest.param(["a/__init__.py", "a.py"], PACKAGE, "a/__init__.py", id="a package before a module"),
        pytest.param(["a/b.py", "a.py"], MODULE, "a.py", id="a module before a namespace"),
        pytest.param(["a/b.py"], NAMESPACE, "", id="a namespace"),
        pytest.param(["a/"], NAMESPACE, "", id="a folder of anything is a namespace"),
        pytest.param(["a.cpython-311-x86_64-linux-gnu.so", "a.py"], OPEN, "a", id="an extension before a module"),
        pytest.param(["a.abi3.so"], OPEN, "a", id="an extension module"),
        pytest.param(["a.pyd"], OPEN, "a", id="an extension module of Windows"),
        pytest.param(["a/__init__.abi3.so", "a/__init__.py"], OPEN, "a/__init__.abi3.so", id="an extension package"),
        pytest.param(["a.pyc"], OPEN, "a.pyc", id="bytecode alone"),
        pytest.param(["a.pyc", "a.py"], MODULE, "a.py", id="a module before bytecode"),
        pytest.param(["a.pyi"], OPEN, "", id="a stub alone"),
        pytest.param(["a.pyi", "a.py"], MODULE, "a.py", id="a stub beside a module"),
        pytest.param(["a.pyx"], OPEN, "", id="a Cython source"),
        pytest.param(["a.pyx", "a/b.py"], OPEN, "", id="what a build makes before a namespace"),
        pytest.param(["a.py@"], OPEN, "a.py", id="a linked module"),
        pytest.param(["a@"], OPEN, "a", id="a linked package"),
        pytest.param(["a/__init__.py@"], OPEN, "a/__init__.py", id="a package whose init is a link"),
        pytest.param(["a#"], OPEN, "a", id="a submodule of git"),
    ],
)
def test_kinds(paths: list[str], kind: FoundKind, path: str) -> None:
    found = tree(*paths).find(("",), "a")
    assert found is not None
    assert (found.kind, found.path) == (kind, path)


@pytest.mark.parametrize("paths", [["b.py"], ["A.py"], ["a.txt"], ["sub/a.py"], ["a.py.orig"], ["aa.so"]])
def test_nothing(paths: list[str]) -> None:
    assert tree(*paths).find(("",), "a") is None


@pytest.mark.parametrize("name", ["thing_pb2", "thing_pb2_grpc"])
def test_what_a_build_writes_is_open(name: str) -> None:
    assert tree("p/__init__.py").find(("p",), name) == Found(OPEN)


@pytest.mark.parametrize("name", ["_version", "version", "_scm_version", "build_info"])
def test_what_a_release_tool_writes_is_open_by_its_name_alone(name: str) -> None:
    assert tree("p/__init__.py").find(("p",), name) == Found(OPEN, guessed=True)


def test_a_template_beside_it_is_more_than_a_name() -> None:
    assert tree("p/__init__.py", "p/_version.py.in").find(("p",), "_version") == Found(OPEN)


@pytest.mark.parametrize("name", ["versions_of", "conversion", "pb2", "revisions"])
def test_other_names_are_not(name: str) -> None:
    assert tree("p/__init__.py").find(("p",), name) is None


@pytest.mark.parametrize(
    ("paths", "search", "expected"),
    [
        pytest.param(["src/a.py", "a.py"], ("src", ""), Found(MODULE, "src/a.py"), id="the first directory wins"),
        pytest.param(["src/a.py", "a.py"], ("", "src"), Found(MODULE, "a.py"), id="in the order of the path"),
        pytest.param(["src/a/x.py", "a.py"], ("src", ""), Found(MODULE, "a.py"), id="a namespace waits for better"),
        pytest.param(["b/a/x.py", "c/a/y.py"], ("b", "c"), Found(NAMESPACE, "", ("b/a", "c/a")), id="portions"),
        pytest.param(["a/__init__.py"], ("x", ""), Found(PACKAGE, "a/__init__.py", ("a",)), id="a missing directory"),
    ],
)  # fmt: skip
def test_search_paths(paths: list[str], search: tuple[str, ...], expected: Found) -> None:
    assert tree(*paths).find(search, "a") == expected


def test_submodules_are_what_an_import_could_find() -> None:
    listing = tree("p/__init__.py", "p/a.py", "p/sub/__init__.py", "p/data.json", "p/not-a-name.py")
    assert listing.submodules(("p",)) == {"a", "sub"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("os", True), ("distutils", True), ("tomllib", True), ("asyncore", True), ("numpy", False), ("app", False)],
)
def test_the_standard_library_of_any_supported_python(name: str, expected: bool) -> None:
    assert is_stdlib(name) is expected
