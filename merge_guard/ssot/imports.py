"""Who imports what under which name: an index of a project's imports, of those names alone that somebody asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from merge_guard.facts.bound_names import bound_names
from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.module import Module
from merge_guard.ssot.classes import flat
from merge_guard.ssot.modules import Modules


class Edge(NamedTuple):
    """An import of a name, or an alias. `bound` is the name that the importing module has then, "" in a function."""

    importer: str
    bound: str
    place: Place
    via: str
    type_checking: bool = False
    in_branch: bool = False
    """Stands in an `if`, `try` ...: it may bind the name, and something else may."""


class Imports:
    """`edges` are keyed by the file and name that are imported, `stars` by the file that is star-imported.

    `modules` are keyed by the file alone, for the files that were asked for as wholes.
    """

    def __init__(self) -> None:
        self.edges: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        self.stars: dict[str, list[Edge]] = defaultdict(list)
        self.modules: dict[str, list[Edge]] = defaultdict(list)


def imports_of(
    names: Iterable[str],
    facts: Mapping[str, FileFacts],
    modules: Modules,
    whole: frozenset[str] = frozenset(),
    exact: frozenset[str] = frozenset(),
) -> Imports:
    """The imports of `names` and of all names that they are given on the way, and of the files in `whole`.

    What is renamed to one of `exact` is wanted too.
    """
    found: list[tuple[str, Module, list[tuple[ev.Stmt, bool]]]] = []
    wanted = set(names)
    for path, file in facts.items():
        events = file.module or next((side.module for side in file.sides if side.module), None)
        if events is not None:
            found.append((path, events, [item for item in flat(events.body) if item[0].__class__ in _TELLING]))
    grown = True
    while grown:
        before = len(wanted)
        for _, _, statements in found:
            for node, _ in statements:
                wanted.update(_renamed(node, wanted, exact))
        grown = len(wanted) > before
    index = Imports()
    tails = frozenset(modules.name(path).rpartition(".")[2] for path in whole)
    for path, events, statements in found:
        reading = _Reading(path, wanted, whole, tails, modules, index)
        reading.owners = frozenset(_owner(node) for node, _ in statements if isinstance(node, ev.Assign)) - {""}
        direct = {id(node) for node in events.body}
        for node, typing in statements:
            reading.in_branch = id(node) not in direct
            reading.statement(node, typing)
        reading.in_branch = False
        reading.functions(events)
    return index


_TELLING = frozenset({ev.FromImport, ev.Import, ev.Assign})


def _renamed(node: ev.Stmt, wanted: set[str], exact: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ev.FromImport):
        for name, asname, _, _ in node.names:
            if asname and name in wanted:
                yield asname
            elif asname in exact:
                yield name
    elif isinstance(node, ev.Assign):
        last = _last(node.value)
        for target in node.targets:
            if isinstance(target, ev.Name) and last:
                if last in wanted:
                    yield target.id
                elif target.id in exact:
                    yield last


def _owner(node: ev.Assign) -> str:
    value = node.value
    return value.value.id if isinstance(value, ev.Attribute) and isinstance(value.value, ev.Name) else ""


def _last(node: ev.Expr) -> str:
    return node.id if isinstance(node, ev.Name) else node.attr if isinstance(node, ev.Attribute) else ""


class _Reading:
    """One file's imports into the index."""

    def __init__(
        self,
        path: str,
        wanted: set[str],
        whole: frozenset[str],
        tails: frozenset[str],
        modules: Modules,
        index: Imports,
    ) -> None:
        self._path = path
        self._wanted = wanted
        self._whole = whole
        self._tails = tails
        self._modules = modules
        self._index = index
        self.in_branch = False
        self.owners: frozenset[str] = frozenset()
        """Names of which the module takes attributes to give them names of its own."""
        self._aliases: dict[str, str] = {}
        """Name → file of the module that an import bound it to."""

    def statement(self, node: ev.Stmt, typing: bool) -> None:
        if isinstance(node, ev.FromImport):
            self._from(node, typing)
        elif isinstance(node, ev.Import):
            self._import(node, typing)
        elif isinstance(node, ev.Assign) and _last(node.value) in self._wanted:
            self._assign(node, typing)

    def _from(self, node: ev.FromImport, typing: bool) -> None:
        names = [item for item in node.names if item[0] in self._wanted or item[0] in self._others(item)]
        if not names and node.module.rpartition(".")[2] not in self._tails:
            return
        target = self._modules.target(self._path, node.module, node.level)
        if not target:
            return
        for name, asname, line, column in names:
            edge = Edge(self._path, asname or name, Place(self._path, line, column), "import", typing, self.in_branch)
            if name == "*":
                self._index.stars[target].append(edge._replace(via="star import", bound="*"))
                continue
            inner = self._modules.target(self._path, f"{node.module}.{name}" if node.module else name, node.level)
            if inner and inner != target:
                self._aliases[asname or name] = inner
                self._use_of(inner, edge)
            if name in self._wanted:
                self._index.edges[target, name].append(edge)
        if target in self._whole:
            for name, asname, line, column in node.names:
                edge = Edge(self._path, asname or name, Place(self._path, line, column), "import", typing)
                self._index.modules[target].append(edge)

    def _others(self, item: tuple[str, str | None, int, int]) -> frozenset[str]:
        """What is looked at besides the wanted names: stars, and modules that matter as such."""
        name, asname = item[:2]
        if name == "*" or (asname or name) in self.owners:
            return frozenset({name})
        return self._tails

    def _import(self, node: ev.Import, typing: bool) -> None:
        if node.asname or node.name.rpartition(".")[2] in self._tails:
            target = self._modules.target(self._path, node.name, 0)
            if target and node.asname:
                self._aliases[node.asname] = target
            if target:
                place = Place(self._path, node.line, node.column)
                self._use_of(target, Edge(self._path, node.asname or "", place, "import", typing))

    def _use_of(self, target: str, edge: Edge) -> None:
        if target in self._whole:
            self._index.modules[target].append(edge)

    def _assign(self, node: ev.Assign, typing: bool) -> None:
        value = node.value
        source = self._path
        if isinstance(value, ev.Attribute):
            owner = value.value.id if isinstance(value.value, ev.Name) else ""
            source = self._aliases.get(owner, "")
        if not source:
            return
        for target in node.targets:
            if isinstance(target, ev.Name):
                edge = Edge(self._path, target.id, Place(self._path, node.line), "alias", typing, self.in_branch)
                self._index.edges[source, _last(value)].append(edge)

    def functions(self, events: Module) -> None:
        """Imports in functions; those of a module with `__getattr__` are what it may answer with."""
        answers = any(isinstance(node, ev.FunctionDef) and node.name == "__getattr__" for node in events.body)
        own = frozenset(bound_names(events.body)) if answers else frozenset()
        for item in events.lazy_imports:
            module, level, names, line, column = item[:5]
            wanted = [name for name in names if name in self._wanted]
            if not wanted and module.rpartition(".")[2] not in self._tails:
                continue
            target = self._modules.target(self._path, module, level)
            if not target:
                continue
            for name in wanted:
                bound = name if answers and name not in own else ""
                edge = Edge(self._path, bound, Place(self._path, line, column), "__getattr__" if bound else "import")
                self._index.edges[target, name].append(edge)
            self._use_of(target, Edge(self._path, "", Place(self._path, line, column), "import"))
        if answers:
            self._tables(events, own)

    def _tables(self, events: Module, own: frozenset[str]) -> None:
        """`{"Name": "pkg.mod"}` and `{"Name": ("pkg.mod", "Other")}`, which a `__getattr__` looks names up in."""
        for node in events.body:
            if not isinstance(node, ev.Assign) or not isinstance(node.value, ev.Mapping):
                continue
            for key, value in zip(node.value.keys, node.value.values):
                name = key.value if isinstance(key, ev.Constant) else None
                module, attr = _entry(value, name)
                if not isinstance(name, str) or name in own or attr not in self._wanted:
                    continue
                level = len(module) - len(module.lstrip("."))
                target = self._modules.target(self._path, module.lstrip("."), level)
                if target:
                    edge = Edge(self._path, name, Place(self._path, node.line), "__getattr__")
                    self._index.edges[target, attr].append(edge)


def _entry(node: ev.Expr, name: object) -> tuple[str, str]:
    parts = node.items if isinstance(node, ev.Sequence) else (node,)
    texts = [item.value for item in parts if isinstance(item, ev.Constant) and isinstance(item.value, str)]
    if len(texts) == 1:
        module, colon, attr = texts[0].partition(":")
        return module, attr if colon else str(name)
    return (texts[0], texts[1]) if len(texts) == 2 else ("", "")
