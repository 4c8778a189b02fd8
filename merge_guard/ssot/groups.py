"""The inventory of a group: its classes, what each is to it, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from merge_guard.contracts.definitions import ClassSymbol
from merge_guard.model import events as ev
from merge_guard.model.config import Config, Group
from merge_guard.model.definitions import CLASS, Definition, Definitions
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.ssot import ClassKind, ImportPath, Inventory, Member, Problem, Role
from merge_guard.ssot.ambiguity import ambiguities, deprecated_uses
from merge_guard.ssot.canonical import canonical_problems, unread_problem
from merge_guard.ssot.classes import FoundClass, classes_of
from merge_guard.ssot.imports import Imports, imports_of
from merge_guard.ssot.kinds import EXEMPT_KINDS, Kinds, is_double_name, symbol_of
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.paths import Resolver, paths_to
from merge_guard.ssot.seconds import pattern_of, single_names, with_seconds
from merge_guard.ssot.standing import Standing
from merge_guard.startup.resolve import SourceTree

_CLASS_LINE = re.compile(r"\s*class\s+(\w+)")
_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Ground:
    """What inventories are made from. `roots` are the source roots of the whole project."""

    config: Config
    tree: SourceTree
    facts: Mapping[str, FileFacts]
    roots: tuple[str, ...]
    standing: Standing
    definitions: Callable[[str], Definitions]
    fetch: Callable[[Iterable[str]], None]
    line_text: Callable[[str, int], str]
    with_bodies: bool
    """Whether anybody wants to know what the classes do: only then are definitions made."""
    stated: Callable[[str], Place]
    """Where the configuration states a text."""


Key = tuple[str, int]


class Groups:
    """All groups of a configuration, over one index of imports."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.modules = Modules(ground.tree, ground.facts.get, ground.roots)
        self.resolver = Resolver(self.modules)
        self.groups = tuple(ground.config.ssot.values())
        self._patterns = {group.name: pattern_of(group) for group in self.groups}
        self.classes = {
            (cls.path, cls.line): cls
            for path, facts in ground.facts.items()
            if facts.python
            for cls in classes_of(path, facts)
            if any(pattern.match(cls.name) for pattern in self._patterns.values())
        }

        self.found: dict[Key, FoundClass] = {}
        """The classes of all inventories, by file and line."""

    def inventories(self) -> tuple[Inventory, ...]:
        if not self.groups:
            return ()
        configured = {group.name: self._configured(group) for group in self.groups}
        names = {cls.name for cls in self.classes.values() if cls.is_top}
        for group in self.groups:
            names |= {*single_names(group), *(path.partition(":")[2] for path in group.deprecated_paths)}
        for known in configured.values():
            names |= {cls.name for cls in known.classes.values()}
        whole = frozenset(
            self.modules.find(path, self.modules.roots)
            for group in self.groups
            for path in group.deprecated_paths
            if ":" not in path
        ) - {""}
        exact = frozenset(name for group in self.groups for name in single_names(group))
        imports = imports_of(names - {""}, self.ground.facts, self.modules, whole, exact)
        return tuple(self._inventory(group, configured[group.name], imports) for group in self.groups)

    # --- what the configuration says ----------------------------------------------------------------------------------
    def _configured(self, group: Group) -> _Configured:
        known = _Configured({}, {}, None, [], [])
        for role, texts in ((Role.ADAPTER, dict.fromkeys(group.adapters, "")), (Role.EXEMPT, group.exempt)):
            for text, reason in texts.items():
                found = self._class(text)
                if found is None:
                    known.stale.append(text)
                else:
                    known.classes[found.path, found.line] = found
                    known.roles[found.path, found.line] = (role, reason)
        if group.canonical is not None:
            symbols = self.resolver.configured(group.canonical)
            stated = self.ground.stated(group.canonical)
            known.problems.extend(canonical_problems(group, self.groups, symbols, self.ground.facts.get, stated))
            cls = next((symbol for symbol in symbols if isinstance(symbol, ClassSymbol)), None)
            if cls is not None:
                known.canonical = cls
                found = self._found(cls)
                known.classes[found.path, found.line] = found
                known.roles[found.path, found.line] = (Role.CANONICAL, "")
        return known

    def _class(self, text: str) -> FoundClass | None:
        for side in ("ours", "theirs"):
            for symbol in self.resolver.configured(text, side):
                if isinstance(symbol, ClassSymbol):
                    return self._found(symbol)
        return None

    def _found(self, cls: ClassSymbol) -> FoundClass:
        known = self.classes.get((cls.module.path, cls.node.line))
        if known is not None:
            return known
        return FoundClass(cls.module.path, cls.node.name, cls.node.line, cls.node, cls.outer, events=cls.module.events)

    # --- members ------------------------------------------------------------------------------------------------------
    def _inventory(self, group: Group, known: _Configured, imports: Imports) -> Inventory:
        pattern = self._patterns[group.name]
        found = {key: cls for key, cls in self.classes.items() if pattern.match(cls.name)}
        found.update(known.classes)
        for cls in self._renamed(group, imports):
            found.setdefault((cls.path, cls.line), cls)
        self.found.update(found)
        if self.ground.with_bodies:
            self.ground.fetch(cls.path for cls in found.values() if not self._is_outside(cls.path))
        members = [self._member(cls, known, imports) for cls in found.values()]
        members = with_seconds(group, members)
        members.sort(key=lambda member: (list(Role).index(member.role), member.place))
        unread = tuple(self._unread(pattern, known, found.values()))
        told = {problem.place.path for problem in known.problems}
        problems = (unread_problem(path, self.ground.facts[path]) for path in unread if path not in told)
        return Inventory(
            group,
            tuple(members),
            (*known.problems, *problems),
            ambiguities(group, members, self._is_outside),
            tuple(deprecated_uses(group, imports, self.modules, self.ground.standing)),
            tuple(known.stale),
            unread,
        )

    def _is_outside(self, path: str) -> bool:
        return bool(self.ground.standing.why_exempt(path))

    def _renamed(self, group: Group, imports: Imports) -> Iterator[FoundClass]:
        """Classes of another name that some module offers under a name of the group."""
        names = set(single_names(group))
        for (path, name), edges in imports.edges.items():
            for edge in edges:
                if edge.bound in names and name not in names and not self._is_outside(edge.importer):
                    for symbol in self.resolver.member(path, name):
                        if isinstance(symbol, ClassSymbol):
                            yield self._found(symbol)

    def _member(self, cls: FoundClass, known: _Configured, imports: Imports) -> Member:
        module = self.modules.symbol(cls.path, cls.events)
        symbol = symbol_of(cls, module)
        kinds = Kinds(self.resolver.of_file(cls.path))
        kind = kinds.kind(symbol) if symbol is not None else ClassKind.PLAIN
        role, reason = self._role(cls, symbol, kind, kinds, known)
        outside = self._is_outside(cls.path)
        body, qualname = "", cls.qualname
        if not outside and self.ground.with_bodies:
            items = self._definitions(cls)
            made = next((item for item in items if item.line == cls.line and item.name == cls.name), None)
            if made is not None:
                body, qualname = made.body, made.qualname
        paths: tuple[ImportPath, ...] = ()
        if cls.is_top and not outside and not cls.side:
            paths = paths_to(cls.path, cls.name, cls.line, imports, self.resolver, self.ground.standing)
        node = cls.node
        return Member(
            f"{module.name}:{qualname}", cls.name,
            Place(cls.path, cls.line, node.column if node else 1, node.end_line if node else None),
            kind, role, reason, body,
            sum(isinstance(item, ev.FunctionDef) for item in node.body) if node else 0,
            cls.side, paths,
        )  # fmt: skip

    def _definitions(self, cls: FoundClass) -> list[Definition]:
        made = self.ground.definitions(cls.path)
        items = [*made.items, *(item for side in made.sides for item in side.items)]
        return [item for item in items if item.kind == CLASS]

    def _role(
        self, cls: FoundClass, symbol: ClassSymbol | None, kind: ClassKind, kinds: Kinds, known: _Configured
    ) -> tuple[Role, str]:
        if (cls.path, cls.line) in known.roles:
            return known.roles[cls.path, cls.line]
        if reason := self.ground.standing.why_exempt(cls.path):
            return Role.EXEMPT, reason
        if symbol is None:
            return Role.EXEMPT, "inside a function"
        if cls.outer:
            return Role.EXEMPT, f"inside class {cls.outer[-1].name}"
        if cls.type_checking:
            return Role.EXEMPT, "for type checkers only"
        if kind in EXEMPT_KINDS:
            return Role.EXEMPT, EXEMPT_KINDS[kind]
        if is_double_name(cls.name) or kinds.is_double(symbol):
            return Role.EXEMPT, "a test double"
        if cls.fallback:
            return Role.EXEMPT, "an alternative of another branch"
        if known.canonical is not None and kinds.derives(symbol, known.canonical):
            return Role.SUBCLASS, f"of {known.canonical.node.name}"
        return Role.UNCLASSIFIED, ""

    def _unread(self, pattern: re.Pattern[str], known: _Configured, found: Iterable[FoundClass]) -> Iterator[str]:
        concerned = {cls.path for cls in found}
        for path, facts in self.ground.facts.items():
            problem = facts.problem
            if not facts.python or problem is None or problem.kind == "newer" or self._is_outside(path):
                continue
            if path in concerned or (not facts.sides and self._mentions(path, pattern)):
                yield path

    def _mentions(self, path: str, pattern: re.Pattern[str]) -> bool:
        """Whether a file that cannot be parsed has a line that would define a class of the group."""
        blank = 0
        for number in range(1, _MOST_LINES):
            text = self.ground.line_text(path, number)
            match = _CLASS_LINE.match(text)
            if match and pattern.match(match[1]):
                return True
            blank = 0 if text else blank + 1
            if blank > 500:
                break
        return False


@dataclass(slots=True)
class _Configured:
    """What the symbols of a group lead to."""

    classes: dict[Key, FoundClass]
    roles: dict[Key, tuple[Role, str]]
    canonical: ClassSymbol | None
    problems: list[Problem]
    stale: list[str]
