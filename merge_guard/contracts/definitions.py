"""What a dotted symbol of the tree is, found the way Python would: re-exports, aliases, star imports, inheritance.

Nothing is run: names are followed from definition to definition over the facts of the files. What cannot be followed
is `Open`, never absent.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from merge_guard.contracts.bindings import Binding, Star, Unbound, lists, reaching, writes
from merge_guard.contracts.symbol import (
    ClassSymbol,
    FunctionSymbol,
    Missing,
    ModuleSymbol,
    Open,
    Something,
    Symbol,
)
from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.startup.resolve import FoundKind, SourceTree, is_stdlib

__all__ = [
    "ClassSymbol", "Definitions", "FunctionSymbol", "Missing", "ModuleSymbol", "Open", "Something", "Symbol",
]  # fmt: skip
_DEEPEST = 40
_BARE_BASES = frozenset({"ABC", "Generic", "Protocol", "object"})
_PASSING = frozenset({"staticmethod", "classmethod", "property", "cached_property", "abstractmethod"})
_MODULE_ATTRIBUTES = frozenset({"__name__", "__doc__", "__file__", "__path__", "__spec__", "__package__", "__dict__"})


@dataclass(slots=True)
class Definitions:
    """Answers about one source tree and search path, with one side of every conflict chosen."""

    tree: SourceTree
    facts: Callable[[str], FileFacts | None]
    search_path: tuple[str, ...]
    side: str = "ours"
    conflicted: set[str] = field(default_factory=set)
    """Conflicted files that answers needed."""
    _asked: list[tuple[str, str]] = field(default_factory=list)

    def module(self, dotted: str) -> Symbol:
        """The module, or the first of its parents that stands in the way."""
        search = self.search_path
        name = ""
        result: Symbol = Missing(f"no module named {dotted!r}")
        for part in dotted.split("."):
            name = f"{name}.{part}" if name else part
            found = self.tree.find(search, part) if search else None
            if found is None:
                if not isinstance(result, ModuleSymbol):
                    return Open(f"{part} is the standard library's") if is_stdlib(part) else result
                return self._no_submodule(result, name)
            if found.kind is FoundKind.OPEN:
                return Open(f"{name} is made by a build or lies outside the tree")
            package = name if found.kind is not FoundKind.MODULE else name.rpartition(".")[0]
            result = self._made(name, found.path, package, found.search)
            if isinstance(result, Open) or (isinstance(result, ModuleSymbol) and result.events is None and found.path):
                return result
            search = found.search
        return result

    def _no_submodule(self, parent: ModuleSymbol, name: str) -> Symbol:
        if not parent.path:
            return Missing(f"no module named {name!r}")
        if parent.events is None or parent.events.dynamic or writes(parent.events.body, "__path__"):
            return Open(f"{parent.name} may find modules outside the tree")
        return Missing(f"no module named {name!r}", Place(parent.path))

    def _made(self, name: str, path: str, package: str, search: tuple[str, ...]) -> Symbol:
        if not path:
            return ModuleSymbol(name, "", package, search, None)
        facts = self.facts(path)
        if facts is None:
            return Open(f"{path} could not be read")
        if facts.module is not None and facts.problem is None:
            return ModuleSymbol(name, path, package, search, facts.module)
        problem = facts.problem
        if problem is None or problem.kind == "not-analysable":
            return Open(f"{path} could not be analysed")
        if facts.sides:
            self.conflicted.add(path)
            side = next((side for side in facts.sides if side.role == self.side), None)
            if side is not None and side.module is not None:
                return ModuleSymbol(name, path, package, search, side.module)
        return ModuleSymbol(name, path, package, search, None, problem.message, problem.line)

    # --- names ------------------------------------------------------------------------------------------------------
    def member(self, owner: Symbol, name: str) -> tuple[Symbol, ...]:
        """What `owner.name` may be: more than one where branches differ."""
        if isinstance(owner, ModuleSymbol):
            return self._guarded(owner, name)
        if isinstance(owner, ClassSymbol):
            return self._class_member(owner, name)
        if isinstance(owner, (Open, Missing)):
            return (owner,)
        return (Open("attributes of what is no class or module are not known"),)

    def _guarded(self, module: ModuleSymbol, name: str) -> tuple[Symbol, ...]:
        key = (module.path or module.name, name)
        if key in self._asked and module.search and self.tree.find(module.search, name) is not None:
            return (self.module(f"{module.name}.{name}"),)  # `from . import submodule`
        if key in self._asked or len(self._asked) > _DEEPEST:
            return (Open("its definition leads back to itself"),)
        self._asked.append(key)
        try:
            return self._module_member(module, name)
        finally:
            self._asked.pop()

    def _module_member(self, module: ModuleSymbol, name: str) -> tuple[Symbol, ...]:
        if module.events is None and module.path:
            return (module,)
        if module.events is not None:
            found = self._bound(module, module.events.body, name)
            if found and not all(isinstance(symbol, Missing) for symbol in found):
                return found
        if name in _MODULE_ATTRIBUTES:
            return (Something(module.place),)
        if module.search:
            submodule = self.tree.find(module.search, name)
            if submodule is not None:
                return (self.module(f"{module.name}.{name}"),)
        if module.events is None:
            return (Missing(f"namespace package {module.name!r} has no module {name!r}"),)
        events = module.events
        if events.dynamic or name in events.function_globals or writes(events.body, "__getattr__"):
            return (Open(f"{module.path} binds names that cannot be seen"),)
        return (Missing(f"{module.name!r} has no {name!r}", Place(module.path)),)

    def _bound(self, module: ModuleSymbol, body: Sequence[ev.Stmt], name: str) -> tuple[Symbol, ...]:
        symbols: list[Symbol] = []
        for binding in reaching(body, name):
            symbols += self._resolved(module, (), binding, name)
        return tuple(symbols)

    def _resolved(
        self, module: ModuleSymbol, outer: tuple[ev.ClassDef, ...], binding: Binding, name: str
    ) -> Iterator[Symbol]:
        """What a binding in the module's top level, or in the class body that `outer` ends with, stands for."""
        if isinstance(binding, Unbound):
            yield Missing(f"{module.name!r} has no {name!r}", Place(module.path))
        elif isinstance(binding, Star):
            yield from self._through_star(module, outer, binding, name)
        elif isinstance(binding, ev.FunctionDef):
            yield FunctionSymbol(module, binding)
        elif isinstance(binding, ev.ClassDef):
            yield ClassSymbol(module, binding, outer)
        elif isinstance(binding, ev.Import):
            yield self.module(binding.name if binding.asname else binding.name.partition(".")[0])
        elif isinstance(binding, ev.FromImport):
            original = next(item for item, asname, _, _ in binding.names if (asname or item) == name)
            yield from self._imported(module, binding, original)
        elif isinstance(binding, ev.Assign) and any(isinstance(t, ev.Name) and t.id == name for t in binding.targets):
            yield from self.expression(module, outer, binding.value, Place(module.path, binding.line))
        else:
            yield Something(Place(module.path, getattr(binding, "line", 1)))

    def _imported(self, module: ModuleSymbol, node: ev.FromImport, name: str) -> tuple[Symbol, ...]:
        target = self._target(module, node)
        if target is None:
            return (Open(f"{module.path}:{node.line} imports from beyond its top-level package"),)
        source = self.module(target)
        if isinstance(source, Missing) and self.tree.find(self.search_path, target.partition(".")[0]) is None:
            return (Open(f"{target} lies outside the tree"),)
        return self.member(source, name)

    @staticmethod
    def _target(module: ModuleSymbol, node: ev.FromImport) -> str | None:
        if not node.level:
            return node.module
        parts = module.package.split(".") if module.package else []
        if node.level > len(parts):
            return None
        base = ".".join(parts[: len(parts) - node.level + 1])
        return f"{base}.{node.module}" if node.module else base

    def _through_star(
        self, module: ModuleSymbol, outer: tuple[ev.ClassDef, ...], star: Star, name: str
    ) -> Iterator[Symbol]:
        source = self._target(module, star.node)
        target = self.module(source) if source is not None else Open("a star import leaves its package")
        through: tuple[Symbol, ...] = (Open(f"{module.path}:{star.node.line} imports a star from outside the tree"),)
        if isinstance(target, ModuleSymbol) and target.events is not None:
            listed = writes(target.events.body, "__all__")
            through = () if name.startswith("_") and not listed else self._guarded(target, name)
            if listed and not lists(target.events.body, name):
                through = ()  # `__all__` hides it, as far as it is written out
        certain = [symbol for symbol in through if not isinstance(symbol, (Missing, Open))]
        yield from certain
        if not certain or len(certain) < len(through):
            behind = [found for other in star.otherwise for found in self._resolved(module, outer, other, name)]
            open_ones = [symbol for symbol in through if isinstance(symbol, Open)]
            known = [symbol for symbol in behind if not isinstance(symbol, Missing)]
            yield from open_ones or known or (() if certain else behind)

    def expression(
        self, module: ModuleSymbol, outer: tuple[ev.ClassDef, ...], node: ev.Expr, place: Place
    ) -> tuple[Symbol, ...]:
        """What an expression names: an alias, an attribute; anything computed is merely something."""
        if isinstance(node, ev.Name):
            return self._name(module, outer, node.id, place)
        if isinstance(node, ev.Attribute):
            owners = self.expression(module, outer, node.value, place)
            found = [symbol for owner in owners for symbol in self.member(owner, node.attr)]
            return tuple(Something(place) if isinstance(symbol, (Open, Missing)) else symbol for symbol in found)
        if isinstance(node, ev.Subscript):
            return self.expression(module, outer, node.value, place)
        if isinstance(node, ev.Call) and isinstance(node.func, ev.Name) and node.func.id in _PASSING and node.args:
            return self.expression(module, outer, node.args[0], place)
        return (Something(place),)

    def _name(
        self, module: ModuleSymbol, outer: tuple[ev.ClassDef, ...], name: str, place: Place
    ) -> tuple[Symbol, ...]:
        if outer:
            body = outer[-1].body
            here = next((at for at, node in enumerate(body) if getattr(node, "line", 0) == place.line), len(body))
            own = reaching(body[:here], name)
            if own != (Unbound(),):
                return tuple(symbol for binding in own for symbol in self._resolved(module, outer, binding, name))
        found = self._guarded(module, name)
        if all(isinstance(symbol, Missing) for symbol in found):
            return (Something(place),)
        return tuple(Something(place) if isinstance(symbol, (Missing, Open)) else symbol for symbol in found)

    # --- classes ----------------------------------------------------------------------------------------------------
    def _class_member(self, cls: ClassSymbol, name: str) -> tuple[Symbol, ...]:
        for base in self.lineage(cls):
            if not isinstance(base, ClassSymbol):
                return (base,)
            bindings = reaching(base.node.body, name)
            if bindings == (Unbound(),):
                continue
            found: list[Symbol] = []
            for binding in bindings:
                found += self._resolved(base.module, (*base.outer, base.node), binding, name)
            return tuple(found)
        if any(name in dir(base) for base in (object, *self._builtin_bases(cls))):
            return (Something(cls.place),)
        if any(key == "metaclass" for key, _ in cls.node.keywords) or cls.node.decorators:
            return (Open(f"a metaclass or decorator of {cls.node.name} may add it"),)
        if self._is_set_from_outside(cls, name):
            return (Something(cls.place),)
        return (Missing(f"class {cls.node.name!r} has no {name!r}", cls.place),)

    def _builtin_bases(self, cls: ClassSymbol) -> Iterator[type]:
        for base in self.lineage(cls):
            for node in base.node.bases if isinstance(base, ClassSymbol) else ():
                found = getattr(builtins, node.id, None) if isinstance(node, ev.Name) else None
                if isinstance(found, type):
                    yield found

    @staticmethod
    def _is_set_from_outside(cls: ClassSymbol, name: str) -> bool:
        """`Class.name = …` behind the class, in its own module."""
        events = cls.module.events
        return events is not None and any(
            isinstance(node, ev.Assign)
            and any(
                isinstance(target, ev.Attribute)
                and target.attr == name
                and isinstance(target.value, ev.Name)
                and target.value.id == cls.node.name
                for target in node.targets
            )
            for node in events.body
        )

    def lineage(self, cls: ClassSymbol, depth: int = 0) -> list[Symbol]:
        """The method resolution order (C3), up to the first base that is not known, which ends it as `Open`."""
        if depth > 30:
            return [cls, Open("too many bases")]
        bases = [base for node in cls.node.bases for base in self._base(cls, node)]
        waiting = [
            self.lineage(base, depth + 1) if isinstance(base, ClassSymbol) else [base] for base in bases
        ]  # fmt: skip
        waiting.append(list(bases))
        order: list[Symbol] = [cls]
        while waiting := [queue for queue in waiting if queue]:
            heads = [queue[0] for queue in waiting]
            head = next((h for h in heads if not any(_same(h, other) for q in waiting for other in q[1:])), None)
            if head is None or not isinstance(head, ClassSymbol):
                return [*order, head or Open(f"the bases of {cls.node.name} have no order")]
            order.append(head)
            waiting = [queue[1:] if _same(queue[0], head) else queue for queue in waiting]
        return order

    def _base(self, cls: ClassSymbol, node: ev.Expr) -> tuple[Symbol, ...]:
        bare = node.value if isinstance(node, ev.Subscript) else node
        last = bare.attr if isinstance(bare, ev.Attribute) else bare.id if isinstance(bare, ev.Name) else ""
        if last in _BARE_BASES:
            return ()
        found = self.expression(cls.module, cls.outer, node, cls.place)
        if len(found) == 1 and isinstance(found[0], ClassSymbol):
            return found
        if isinstance(bare, ev.Name) and isinstance(getattr(builtins, last, None), type):
            return ()
        return (Open(f"a base of {cls.node.name} is not known"),)


def _same(one: Symbol, other: Symbol) -> bool:
    if isinstance(one, ClassSymbol) and isinstance(other, ClassSymbol):
        return one.node is other.node
    return one is other
