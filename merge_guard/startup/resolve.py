"""Where the path finder would find a module, over the files of a snapshot.

Source: `importlib._bootstrap_external.FileFinder.find_spec`: in each directory of the path a package wins over
extension modules, those over `.py`, that over `.pyc`; a directory without `__init__` is a namespace portion, taken
only if no directory of the path has anything better.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from merge_guard.model.source import FileKind, SourceFile
from merge_guard.startup import stdlib
from merge_guard.startup.directories import Directories, LinkText


class FoundKind(Enum):
    MODULE = "module"
    PACKAGE = "package"
    NAMESPACE = "namespace"
    OPEN = "open"
    """It exists, or a build makes it, but what it holds is not known: extension modules, links, submodules."""


_UNKNOWN = (FileKind.LINK, FileKind.SUBMODULE, FileKind.ABSENT)


@dataclass(frozen=True, slots=True)
class Found:
    """`path` is the file that runs ("" for a namespace); `search` the directories of its submodules."""

    kind: FoundKind
    path: str = ""
    search: tuple[str, ...] = ()
    withheld: str = ""
    """Why it is not in what ships, "" where it is."""
    guessed: bool = False
    """Nothing in the tree speaks of it but its name, as release tools give it, or another case of it."""


# A source beside which a build makes the module of the same name. A `.pyi` alone stands for an extension module.
_BUILT_FROM = (
    "pyx", "pyi", "c", "cc", "cpp", "cxx", "rs", "f90", "f", "pyf", "py.in", "py.tmpl", "py.j2", "py.template",
    "py.mako", "pyx.in", "pyx.tp", "pyx.tpl", "pxd", "g", "g4", "y", "sip", "swig", "i",
)  # fmt: skip
_EXTENSION = re.compile(r"\.(?:so|pyd|dll)\Z")
# Files that release tools write into a build: setuptools-scm, versioneer, hatch-vcs, meson-python and hand-made ones.
_BUILD_WRITES = re.compile(
    r"_{0,2}(?:scm_|git_|hg_|generated_|gen_|build_)?(?:version|version_?info|version_?file|revision|build_?info"
    r"|build_?config|commit|git_?info|config_?auto|buildinfo)_{0,2}\Z",
    re.IGNORECASE,
)
# Of every supported Python, whichever runs this.
_STDLIB = frozenset(sys.stdlib_module_names) | stdlib.NOT_EVERYWHERE


def is_stdlib(name: str) -> bool:
    """Whether a top-level name is the standard library's in some supported Python."""
    return name in _STDLIB


class SourceTree:
    """The files of a snapshot, asked by finders. Directories are relative; "" is the root."""

    def __init__(self, files: Iterable[SourceFile] | Directories, link_text: LinkText | None = None) -> None:
        """`link_text` gives what a symbolic link holds; links that stay inside the tree are then followed."""
        self.directories = files if isinstance(files, Directories) else Directories(files, link_text)
        self._children = self.directories.children
        self._linked = self.directories.linked
        self._extension_names: dict[int, list[str]] = {}
        self.find = lru_cache(maxsize=None)(self._find)
        self.has_top_level = lru_cache(maxsize=None)(self._has_top_level)
        self._package = lru_cache(maxsize=None)(self._regular_package)
        self.package = lru_cache(maxsize=None)(self._parts_of_package)

    def may_be_installed(self, name: str) -> bool:
        """Whether something beside the project may bring a top-level module of that name."""
        return True

    def withheld_file(self, path: str) -> str:
        """Why a file that the deploy names is not in what ships, "" where nothing is known of it."""
        return ""

    def is_directory(self, path: str) -> bool:
        return self._children(path) is not None

    def names(self, directory: str) -> Iterable[str]:
        return (self._children(directory) or {}).keys()

    def file(self, path: str) -> SourceFile | None:
        directory, _, name = path.rpartition("/")
        return (self._children(directory) or {}).get(name)

    def _parts_of_package(self, directory: str) -> tuple[str, ...]:
        """The dotted parts of the package that a directory is, as far up as there are `__init__.py` files."""
        parts: list[str] = []
        while directory and self.file(f"{directory}/__init__.py") is not None:
            directory, _, name = directory.rpartition("/")
            parts.append(name)
        return tuple(reversed(parts))

    def candidates(self, directory: str, name: str) -> Iterator[Found]:
        """All that one directory of the path has for a name, in the finder's order."""
        children = self._children(directory) or {}
        path = f"{directory}/{name}" if directory else name
        is_folder = name in children and children[name] is None and self.is_directory(path)
        package = self._package(path) if is_folder else None
        if package is not None:
            yield package
        module = self._module(children, path, name)
        if module is not None:
            yield module
        if is_folder and package is None:
            yield Found(FoundKind.NAMESPACE, "", (path,))

    def _has_top_level(self, name: str) -> bool:
        """Whether some directory outside any package holds a module or package of that name: it may be on the path."""
        return any(
            (f"{name}.py" in children or name in children) and "__init__.py" not in children
            for children in self.directories.every()
        )

    def submodules(self, search: tuple[str, ...]) -> set[str]:
        """Names that an import below these directories could find, for suggestions."""
        names = set()
        for directory in search:
            for name, file in (self._children(directory) or {}).items():
                if file is None:
                    names.add(name)
                elif name.endswith(".py") and name != "__init__.py":
                    names.add(name[:-3])
        return {name for name in names if name.isidentifier()}

    def _find(self, search: tuple[str, ...], name: str) -> Found | None:
        """What `name` (one component) is on this path, None where there is nothing."""
        portions: list[str] = []
        maybe_built, is_guess = False, True
        for directory in search:
            children = self._children(directory)
            if not children:
                continue
            path = f"{directory}/{name}" if directory else name
            path = self._linked.get(path, path)
            if name in children:
                entry = children[name]
                if entry is not None and entry.kind in _UNKNOWN:
                    return Found(FoundKind.OPEN, path)
                if entry is None:
                    found = self._package(path)
                    if found is not None:
                        return found
            found = self._module(children, path, name)
            if found is not None:
                return found
            if name in children and children[name] is None:
                portions.append(path)
            if self._is_built(children, name):
                maybe_built, is_guess = True, False
            maybe_built = maybe_built or bool(_BUILD_WRITES.match(name))
        if maybe_built:
            return Found(FoundKind.OPEN, guessed=is_guess)
        if portions:
            return Found(FoundKind.NAMESPACE, "", tuple(portions))
        return None

    def _regular_package(self, directory: str) -> Found | None:
        children = self._children(directory) or {}
        for child, file in children.items():
            if child.startswith("__init__.") and _EXTENSION.search(child):
                return Found(FoundKind.OPEN, f"{directory}/{child}")
            if child == "__init__.py" and file is not None and file.kind in _UNKNOWN:
                return Found(FoundKind.OPEN, f"{directory}/{child}")
        init = children.get("__init__.py")
        if init is not None and init.kind is FileKind.REGULAR:
            return Found(FoundKind.PACKAGE, init.path, (directory,))
        if self._is_built(children, "__init__") or "__init__.pyc" in children:
            return Found(FoundKind.OPEN, directory)
        return None

    def _module(self, children: dict[str, SourceFile | None], path: str, name: str) -> Found | None:
        source = children.get(f"{name}.py")
        prefix = f"{name}."
        if source is None and f"{name}.pyc" in children:
            return Found(FoundKind.OPEN, f"{path}.pyc")
        # Only a directory that holds such files is searched for `name.cpython-311-….so`.
        for child in self._extensions(children):
            if child.startswith(prefix):
                return Found(FoundKind.OPEN, path)
        if source is not None:
            if source.kind is FileKind.REGULAR:
                return Found(FoundKind.MODULE, source.path)
            if source.kind in _UNKNOWN:
                return Found(FoundKind.OPEN, source.path)
        return None

    def _extensions(self, children: dict[str, SourceFile | None]) -> list[str]:
        known = self._extension_names.get(id(children))
        if known is None:
            known = [child for child in children if _EXTENSION.search(child)]
            self._extension_names[id(children)] = known
        return known

    def _is_built(self, children: dict[str, SourceFile | None], name: str) -> bool:
        if any(f"{name}.{suffix}" in children for suffix in _BUILT_FROM):
            return True
        return name.endswith(("_pb2", "_pb2_grpc"))  # protoc's output; its `.proto` may lie anywhere
