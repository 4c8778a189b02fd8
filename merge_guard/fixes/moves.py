"""Which imports have moved, and how the new place is spelled in a file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from merge_guard.fixes.task import Move


class Moves:
    """The moves, asked for by module and name as an import statement of one file has them."""

    def __init__(self, moves: Iterable[Move], packages: Sequence[str], modules: Sequence[str]) -> None:
        self._names = {(move.module, move.name): (move.new_module, move.new_name) for move in moves if move.name}
        self._modules = {move.module: move.new_module for move in moves if not move.name}
        self._touched = {module for module, _ in self._names} | set(self._modules)
        self._packages = packages
        self._own = frozenset(modules)

    def absolute(self, level: int, module: str) -> list[str]:
        """What a `from` clause can mean: one module, or for a relative one several, if the file has several names."""
        if not level:
            return [module]
        found = []
        for package in self._packages:
            parts = package.split(".") if package else []
            if level <= len(parts):
                found.append(".".join([*parts[: len(parts) - level + 1], *([module] if module else [])]))
        return found

    def of_name(self, modules: Sequence[str], name: str) -> tuple[str, str] | None:
        """Where a name that is imported from a module has moved to: (module, name)."""
        for module in modules:
            moved = self._names.get((module, name))
            if moved is not None:
                return moved
            if module in self._modules:
                return self._modules[module], name
            inner = f"{module}.{name}" if module else name
            if inner in self._modules:
                parent, _, last = self._modules[inner].rpartition(".")
                # A top-level module cannot be imported from anywhere.
                return (parent, last) if parent else None
        return None

    def of_module(self, module: str) -> str | None:
        """Where a whole module has moved to."""
        return self._modules.get(module)

    def of_attribute(self, modules: Sequence[str], name: str) -> tuple[str, str] | None:
        """Where the attribute of an imported module has moved to, if that alone has moved."""
        return next((self._names[module, name] for module in modules if (module, name) in self._names), None)

    def concern(self, modules: Sequence[str]) -> bool:
        """Whether anything in one of the modules has moved, or the module itself."""
        return not self._touched.isdisjoint(modules)

    def are_imported_by(self, tree: ast.Module) -> bool:
        """Whether any import of the file may have to be rewritten: for the rest libcst would be asked in vain."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import) and any(self.concern([alias.name]) for alias in node.names):
                return True
            if isinstance(node, ast.ImportFrom):
                modules = self.absolute(node.level, node.module or "")
                if any(self._brings(modules, alias.name) for alias in node.names):
                    return True
        return False

    def _brings(self, modules: Sequence[str], name: str) -> bool:
        if name == "*":
            return self.concern(modules)
        inner = [f"{module}.{name}" if module else name for module in modules]
        return self.of_name(modules, name) is not None or self.concern(inner)

    def is_own(self, module: str) -> bool:
        return module in self._own

    def spelled(self, module: str, level: int) -> str:
        """The module as the `from` clause of a statement of this level has it: relative where that was."""
        if level:
            for package in self._packages:
                spelled = _relative(module, package)
                if spelled is not None:
                    return spelled
        return module


def _relative(module: str, package: str) -> str | None:
    """`..new.place` for a module that shares its top-level package with the file, else None."""
    here, there = package.split("."), module.split(".")
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    if not shared:
        return None
    return "." * (len(here) - shared + 1) + ".".join(there[shared:])
