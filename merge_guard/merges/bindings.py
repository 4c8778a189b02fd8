"""Names that a result reads and nothing binds any more, and imports of what the other side took away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from merge_guard.merges.candidates import Asking, Crossing
from merge_guard.merges.modules import path_of, roots_of, stem_of
from merge_guard.merges.versions import SIDES, mixed, other
from merge_guard.model.merge import FileVersions, Merge
from merge_guard.model.uses import ImportedName, Uses


@dataclass(frozen=True, slots=True)
class LostBinding:
    path: str
    name: str
    line: int
    sides: tuple[str, ...]
    """The sides that bind it."""


def lost_bindings(merge: Merge, builtins: frozenset[str] = frozenset()) -> Iterator[LostBinding]:
    """Global names that the result reads and does not bind, while every side that reads them binds them."""
    for file in mixed(merge):
        result = file.result
        assert result is not None
        if any(item.name == "*" for item in result.imports):
            continue
        bound = {*result.bound, *builtins}
        for read in result.reads:
            if read.name in bound:
                continue
            readers = [side for side in SIDES if _reads(file.of(side), read.name)]
            # Where a version may bind names that nobody sees and yet binds this one, another that does not lacks it.
            if result.is_open and not all(_is_open(file.of(side)) for side in readers):
                continue
            if readers and all(_binds(file.of(side), read.name) for side in readers):
                binders = tuple(side for side in SIDES if _binds(file.of(side), read.name))
                yield LostBinding(file.path, read.name, read.line, binders)


def _reads(uses: Uses | None, name: str) -> bool:
    return uses is not None and any(read.name == name for read in uses.reads)


def _is_open(uses: Uses | None) -> bool:
    return uses is not None and uses.is_open


def _binds(uses: Uses | None, name: str) -> bool:
    return uses is not None and name in uses.bound


@dataclass(frozen=True, slots=True)
class Removed:
    """An import in the result of what one side removed. `missing` is a module's dotted name, or module and name."""

    path: str
    item: ImportedName
    remover: str
    source: str
    """The path of the module that is gone, or that lacks the name."""
    name: str
    """"" where the module itself is gone."""


def removed_but_imported(merge: Merge) -> Iterator[Removed]:
    """Imports that one side added or kept, of modules and names that only the other side removed."""
    for remover in SIDES:
        modules = Crossing(merge, remover).in_question_for_imports()
        if not modules:
            continue
        gone = _Gone(merge, remover, modules)
        for path in gone.asked_by(modules):
            yield from _broken(merge.files[path], merge, gone, remover, other(remover))


def _broken(file: FileVersions, merge: Merge, gone: _Gone, remover: str, adder: str) -> Iterator[Removed]:
    result, added = merge.uses(file.result), merge.uses(getattr(file, adder))
    if result is None or added is None or not result.parses or not added.parses:
        return
    base = merge.uses(file.base)
    before = {_identity(item) for item in base.imports} if base is not None else set()
    new = {_identity(item) for item in added.imports} - before
    for item in result.imports:
        if item.guarded or _identity(item) not in new:
            continue
        found = gone.finds(item, file.path)
        if found is not None and not gone.is_ambiguous(item, file.path, found[0]):
            yield Removed(file.path, item, remover, *found)


def _identity(item: ImportedName) -> tuple[object, ...]:
    return item.module, item.level, item.name


class _Gone:
    """Modules and module-level names that one side removed and the result does not have."""

    def __init__(self, merge: Merge, remover: str, modules: Iterable[str]) -> None:
        self._merge = merge
        self._remover = remover
        self._result = merge.paths["result"]
        self._adder = merge.paths[other(remover)]
        mine, before = merge.paths[remover], merge.paths["base"]
        self._modules: dict[str, str] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._held: dict[str, bool] = {}
        for path in modules:
            if not path.endswith(".py") or path not in before or path not in self._adder:
                continue
            if path not in mine and path not in self._result:
                self._modules[path] = path
            elif path in self._result:
                names = self._removed_names(path)
                if names:
                    self._names[path] = names

    def asked_by(self, modules: Mapping[str, Sequence[Asking]]) -> list[str]:
        """The files with a statement that may ask for something gone."""
        return sorted(
            {
                item.path
                for path, asking in modules.items()
                for item in asking
                if path in self._modules or not self._names.get(path, frozenset()).isdisjoint(item.names)
            }
        )

    def _removed_names(self, path: str) -> frozenset[str]:
        merge = self._merge
        roles = ("base", self._remover, other(self._remover), "result")
        base, mine, its, result = (merge.version(path, role) for role in roles)
        if not all(uses is not None and uses.parses for uses in (base, mine, its, result)):
            return frozenset()
        assert base is not None
        assert mine is not None
        assert its is not None
        assert result is not None
        if result.is_open or "__getattr__" in result.bound:
            return frozenset()
        return frozenset(base.bound) & frozenset(its.bound) - frozenset(mine.bound) - frozenset(result.bound)

    def finds(self, item: ImportedName, importer: str) -> tuple[str, str] | None:
        """(path, name) of what an import asks for in vain."""
        stem = stem_of(item, importer)
        if stem is None:
            return None
        module = path_of(stem, importer, bool(item.level), self._adder)
        if module is None:
            return None
        if module in self._modules:
            still = path_of(stem, importer, bool(item.level), self._result)
            return None if still is not None or self._is_package(stem, importer) else (module, "")
        if item.name in ("", "*"):
            return None
        submodule = path_of(f"{stem}/{item.name}", importer, bool(item.level), self._adder)
        if submodule is not None:
            gone = submodule in self._modules
            return (submodule, "") if gone and submodule not in self._result and not self._binds(module, item) else None
        if item.name in self._names.get(module, ()):
            return module, item.name
        return None

    def is_ambiguous(self, item: ImportedName, importer: str, found: str) -> bool:
        """Whether another directory above the importer holds what the import's first word may mean, too.

        So it is in copies of a tree that lie in the tree: where a program starts decides which one is meant.
        """
        if item.level:
            return False
        top = item.module.partition(".")[0]
        places = {f"{root}{top}/" for root in roots_of(importer)}
        return any(self._holds(place) for place in places if not found.startswith(place))

    def _holds(self, directory: str) -> bool:
        if directory not in self._held:
            self._held[directory] = any(path.startswith(directory) for path in self._adder)
        return self._held[directory]

    def _binds(self, module: str, item: ImportedName) -> bool:
        uses = self._merge.version(module, "result")
        return uses is None or uses.is_open or item.name in uses.bound

    def _is_package(self, stem: str, importer: str) -> bool:
        """A directory of that name is in the result: a namespace package."""
        return any(path.startswith(f"{stem}/") for path in self._result)
