"""Which names a module can have and where it lies, seen without running anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TypeGuard

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.startup.exports import static_names, type_checking_only
from merge_guard.startup.resolve import Found, FoundKind, SourceTree, is_stdlib

_DEEPEST_STAR = 12
MODULE_ATTRIBUTES = frozenset(
    {"__name__", "__doc__", "__file__", "__path__", "__spec__", "__loader__", "__package__", "__builtins__",
     "__cached__", "__dict__", "__class__", "__annotations__", "__all__"}
)  # fmt: skip


class StaticNames:
    """Answers about modules' names are kept."""

    def __init__(self, tree: SourceTree, facts: Mapping[str, FileFacts]) -> None:
        self._tree = tree
        self._facts = facts.get
        self._every = facts.values
        self._names: dict[str, frozenset[str] | None] = {}
        self._assigned: frozenset[str] | None = None
        self.is_written_by_others = cache(self._is_written_by_others)
        self.for_type_checkers = cache(self._for_type_checkers)
        self.find = cache(self._find)

    def _find(self, dotted: str, search_path: tuple[str, ...]) -> tuple[Found | None, str]:
        """(what the finder gives or None, the first dotted prefix that certainly is missing or "")."""
        search = search_path
        found: Found | None = None
        parts = dotted.split(".")
        for position, part in enumerate(parts):
            if position == 0 and is_stdlib(part):
                return None, ""
            parent = found
            found = self._tree.find(search, part) if search else None
            if position == 0 and found is not None and self._is_doubtful(search, part, found):
                return None, ""
            if found is None:
                if parent is None or parent.kind is FoundKind.NAMESPACE:
                    return None, ""
                if self._grows(parent.path):
                    return None, ""
                return None, ".".join(parts[: position + 1])
            if found.kind is FoundKind.OPEN:
                return None, ""
            search = found.search
        return found, ""

    def _is_doubtful(self, search: tuple[str, ...], part: str, found: Found) -> bool:
        """Whether an earlier directory has a part of a namespace of that name: the path may be another one."""
        for directory in search:
            first = next(self._tree.candidates(directory, part), None)
            if first is not None:
                return first.kind is FoundKind.NAMESPACE and found.kind is not FoundKind.NAMESPACE
        return False

    def _grows(self, path: str) -> bool:
        facts = self._facts(path)
        if facts is None or facts.module is None or facts.module.dynamic:
            return True
        # A module's own `__getattr__` may give it a `__path__` too.
        return not static_names(facts.module).isdisjoint(("__path__", "__getattr__"))

    def names(self, path: str, depth: int = 0) -> frozenset[str] | None:
        """All names that the module can bind, star imports included; None where that cannot be said."""
        if path in self._names:
            return self._names[path]
        self._names[path] = frozenset()  # a star cycle adds nothing
        result = self._collect(path, depth)
        self._names[path] = result
        return result

    def _collect(self, path: str, depth: int) -> frozenset[str] | None:
        facts = self._facts(path)
        if facts is None or facts.module is None or facts.module.dynamic or depth > _DEEPEST_STAR:
            return None
        names = set(static_names(facts.module))
        if "__getattr__" in names:
            return None
        if "*" not in names:
            return frozenset(names)
        for node in star_imports(facts.module.body):
            found = self._imported(path, node)
            if found is None:
                return None
            inherited = self.names(found.path, depth + 1)
            if inherited is None:
                return None
            names |= inherited
        return frozenset(names)

    def stored(self) -> frozenset[str]:
        """Names that some module assigns into another at its top level, as in `other.name = …`."""
        if self._assigned is None:
            found: set[str] = set()
            for facts in self._every():
                if facts.module is not None:
                    found.update(facts.module.stored)
            self._assigned = frozenset(found)
        return self._assigned

    def _is_written_by_others(self, path: str) -> bool:
        """Whether code of the project may bind names here, which comes from a module that binds in odd ways.

        It is used as a decorator, or is told the module's name or globals.
        """
        facts = self._facts(path)
        if facts is None or facts.module is None:
            return True
        roots = {_root_name(decorator) for node in facts.module.body for decorator in getattr(node, "decorators", ())}
        roots |= {_root_name(node.value) for node in facts.module.body if _hands_itself_over(node)}
        for node in facts.module.body if roots else ():
            if not isinstance(node, ev.FromImport) or roots.isdisjoint(asname or n for n, asname, _, _ in node.names):
                continue
            found = self._imported(path, node)
            origin = None if found is None else self._facts(found.path)
            if origin is not None and origin.module is not None and origin.module.dynamic:
                return True
        return False

    def _imported(self, path: str, node: ev.FromImport) -> Found | None:
        """The module that a from-import in a file asks for names, where it is certain."""
        package = package_of(path, self._tree)
        target = node.module
        if node.level:
            if node.level > len(package):
                return None
            base = ".".join(package[: len(package) - node.level + 1])
            target = f"{base}.{node.module}" if node.module else base
        search = [root_of(path, package)]
        while not node.level and search[-1]:
            search.append(search[-1].rpartition("/")[0])  # the package may lie in a namespace
        found, _ = self.find(target, tuple(search))
        return found if found is not None and found.kind in (FoundKind.MODULE, FoundKind.PACKAGE) else None

    def _for_type_checkers(self, path: str) -> frozenset[str]:
        """Names that a module binds for type checkers only; none where a star import might bring them too."""
        facts = self._facts(path)
        if facts is None or facts.module is None or not facts.module.type_checking:
            return frozenset()
        if any(star_imports(facts.module.body)):
            return frozenset()
        return type_checking_only(facts.module)


def _hands_itself_over(node: ev.Stmt) -> TypeGuard[ev.Evaluate]:
    """A call, as a statement, with `__name__` or `globals()`."""
    if not isinstance(node, ev.Evaluate) or not isinstance(node.value, ev.Call):
        return False
    given = (*node.value.args, *(value for _, value in node.value.keywords))
    return any(
        (isinstance(value, ev.Name) and value.id == "__name__")
        or (isinstance(value, ev.Call) and isinstance(value.func, ev.Name) and value.func.id == "globals")
        for value in given
    )


def _root_name(node: ev.Expr) -> str:
    while not isinstance(node, ev.Name):
        if isinstance(node, ev.Call):
            node = node.func
        elif isinstance(node, ev.Attribute):
            node = node.value
        else:
            return ""
    return node.id


def star_imports(body: tuple[ev.Stmt, ...]) -> Iterator[ev.FromImport]:
    """Those of a top level, in any branch."""
    for node in body:
        if isinstance(node, ev.FromImport):
            if node.names[0][0] == "*":
                yield node
        elif isinstance(node, (ev.If, ev.For, ev.While)):
            yield from star_imports(node.body)
            yield from star_imports(node.orelse)
        elif isinstance(node, ev.Try):
            for suite in (node.body, node.orelse, node.final, *(handler.body for handler in node.handlers)):
                yield from star_imports(suite)
        elif isinstance(node, ev.With):
            yield from star_imports(node.body)


def package_of(path: str, tree: SourceTree) -> tuple[str, ...]:
    """The dotted parts of the package that a file lies in, as far up as there are `__init__.py` files."""
    return tree.package(path.rpartition("/")[0])


def root_of(path: str, package: tuple[str, ...]) -> str:
    """The directory in which the file's top-level package lies."""
    parts = path.split("/")[:-1]
    return "/".join(parts[: len(parts) - len(package)])
