"""Every import path that leads to a class, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from merge_guard.contracts.definitions import ClassSymbol, Definitions, Open, Symbol
from merge_guard.model.finding import Place
from merge_guard.model.ssot import ImportPath
from merge_guard.ssot.imports import Edge, Imports
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.standing import Standing

_MOST = 2_000
"""Paths to one class: past it something else than a project is judged."""


class Resolver:
    """Symbols as a file sees them; a resolver for each search path."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._definitions = lru_cache(maxsize=None)(self._made)

    def _made(self, search_path: tuple[str, ...], side: str) -> Definitions:
        return Definitions(self.modules.tree, self.modules.facts, search_path, side)

    def of_file(self, path: str) -> Definitions:
        return self._definitions(self.modules.search_path(path.rpartition("/")[0]), "ours")

    def member(self, path: str, name: str) -> tuple[Symbol, ...]:
        return self.of_file(path).member(self.modules.symbol(path), name)

    def configured(self, text: str, side: str = "ours") -> tuple[Symbol, ...]:
        """What `pkg.mod:Name.Inner` of the configuration is."""
        definitions = self._definitions(self.modules.roots, side)
        module, _, names = text.partition(":")
        found: tuple[Symbol, ...] = (definitions.module(module),)
        for name in names.split(".") if names else ():
            found = tuple(symbol for owner in found for symbol in definitions.member(owner, name))
        return found


def paths_to(
    path: str, name: str, line: int, imports: Imports, resolver: Resolver, standing: Standing
) -> tuple[ImportPath, ...]:
    """All paths to a class of a top level, its definition first, then those with most importers.

    What tests, vendored files, backups and the like bind is no path; as importers they count.
    """
    seen = {(path, name): ("definition", Place(path, line))}
    waiting = [(path, name)]
    while waiting and len(seen) < _MOST:
        here = waiting.pop()
        for edge in _onward(here, imports):
            there = (edge.importer, edge.bound)
            if (
                edge.bound
                and there not in seen
                and not standing.why_exempt(edge.importer)
                and _leads_to(edge, path, line, resolver)
            ):
                seen[there] = (edge.via, edge.place)
                waiting.append(there)
    made = []
    for (where, bound), (via, place) in seen.items():
        importers = sorted({edge.importer for edge in _onward((where, bound), imports)} - {where})
        symbol = f"{resolver.modules.name(where)}:{bound}"
        made.append(ImportPath(symbol, place, via, tuple(importers), sum(map(standing.is_test, importers))))
    return tuple(sorted(made, key=_rank))


def onward(edge: Edge, imports: Imports) -> tuple[str, ...]:
    """The files that get a name through an import of it, however far away."""
    seen = {(edge.importer, edge.bound)}
    waiting = [*seen] if edge.bound else []
    files = set()
    while waiting and len(seen) < _MOST:
        for found in _onward(waiting.pop(), imports):
            files.add(found.importer)
            there = (found.importer, found.bound)
            if found.bound and there not in seen:
                seen.add(there)
                waiting.append(there)
    return tuple(sorted(files - {edge.importer}))


def _onward(here: tuple[str, str], imports: Imports) -> Iterator[Edge]:
    yield from imports.edges.get(here, ())
    path, name = here
    if not name.startswith("_"):
        for star in imports.stars.get(path, ()):
            yield star._replace(bound=name)


def _leads_to(edge: Edge, path: str, line: int, resolver: Resolver) -> bool:
    """Whether the name that an import binds still is the class when the module has run."""
    if edge.via == "__getattr__" or edge.in_branch:
        return True
    found = resolver.member(edge.importer, edge.bound)
    if any(isinstance(symbol, ClassSymbol) and symbol.place.path == path for symbol in found):
        return any(isinstance(symbol, ClassSymbol) and symbol.node.line == line for symbol in found)
    # What cannot be followed to its end is taken as it is written.
    return edge.via != "star import" and all(isinstance(symbol, Open) for symbol in found)


def _rank(path: ImportPath) -> tuple[object, ...]:
    return path.via != "definition", -len(path.importers), path.symbol.count("."), path.symbol
