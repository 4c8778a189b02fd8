"""From file to module name and back, for all files of a project at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from merge_guard.contracts.symbol import ModuleSymbol
from merge_guard.model.facts import FileFacts
from merge_guard.model.module import Module
from merge_guard.startup.latent_names import package_of
from merge_guard.startup.resolve import FoundKind, SourceTree


class Modules:
    """`roots` are the source roots of the whole project; a file's own top directory is asked first."""

    def __init__(self, tree: SourceTree, facts: Callable[[str], FileFacts | None], roots: tuple[str, ...]) -> None:
        self.tree = tree
        self.facts = facts
        self.roots = tuple(dict.fromkeys([*roots, ""]))
        self.search_path = lru_cache(maxsize=None)(self._search_path)
        self.find = lru_cache(maxsize=None)(self._find)
        self._package = lru_cache(maxsize=None)(self._dotted)
        self.name = lru_cache(maxsize=None)(self._name)

    def _name(self, path: str) -> str:
        """The dotted name: from the nearest root that is no package itself."""
        directory, _, base = path.rpartition("/")
        stem = base.rpartition(".")[0]
        package = self._package(directory)
        return f"{package}.{stem}" if package and stem != "__init__" else package or stem

    def _dotted(self, directory: str) -> str:
        home = self._home(directory)
        inside = [root for root in self.roots if not root or home == root or home.startswith(f"{root}/")]
        root = max(inside, key=len, default="")
        return ".".join([part for part in directory.removeprefix(root).split("/") if part])

    def _home(self, directory: str) -> str:
        """The directory in which the top-level package of a directory lies."""
        while directory and self.tree.file(f"{directory}/__init__.py") is not None:
            directory = directory.rpartition("/")[0]
        return directory

    def _search_path(self, directory: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys([self._home(directory), *self.roots]))

    def _find(self, dotted: str, search: tuple[str, ...]) -> str:
        """The file of a module, "" where the tree has none."""
        path = ""
        for part in dotted.split("."):
            found = self.tree.find(search, part) if search else None
            if found is None or found.kind is FoundKind.OPEN:
                return ""
            path, search = found.path, found.search
        return path

    def target(self, path: str, module: str, level: int) -> str:
        """The file that `from ..module import` in a file speaks of, "" where the tree has none."""
        directory = path.rpartition("/")[0]
        if not level:
            return self.find(module, self.search_path(directory))
        for _ in range(level - 1):
            directory = directory.rpartition("/")[0]
        if not module:
            init = f"{directory}/__init__.py" if directory else "__init__.py"
            return init if self.facts(init) is not None else ""
        return self.find(module, (directory,))

    def symbol(self, path: str, events: Module | None = None) -> ModuleSymbol:
        """The module as those see it who follow names; `events` of one side of a conflict, else its own."""
        facts = self.facts(path)
        name = self.name(path)
        is_package = path.rpartition("/")[2] == "__init__.py"
        package = name if is_package else name.rpartition(".")[0]
        search = (path.rpartition("/")[0],) if is_package else ()
        return ModuleSymbol(name, path, package, search, events or (facts.module if facts else None))

    def package(self, path: str) -> tuple[str, ...]:
        return package_of(path, self.tree)
