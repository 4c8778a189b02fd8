"""What would fail in a module that no entry point reaches, judged from static names alone: warnings, never more.

Only imports that certainly run count: at the top level, under no `try`, no condition and no loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, Failure
from merge_guard.startup.exports import static_names, type_checking_only
from merge_guard.startup.frames import Terms
from merge_guard.startup.listing import listing
from merge_guard.startup.resolve import Found, FoundKind, SourceTree, is_stdlib
from merge_guard.startup.stdlib import exists, is_newer, is_of_one_platform, why_absent

_DEEPEST_STAR = 12


class LatentJudge:
    """Judges modules one by one; answers about a module's names are kept."""

    def __init__(self, tree: SourceTree, facts: Mapping[str, FileFacts], terms: Terms) -> None:
        self._tree = tree
        self._terms = terms
        self._facts = facts.get
        self._every = facts.values
        self._assigned: frozenset[str] | None = None
        self._names: dict[str, frozenset[str] | None] = {}

    def failures(self, path: str, module: ev.Module, search_path: tuple[str, ...]) -> Iterator[Failure]:
        """What fails as soon as the module is imported."""
        package = package_of(path, self._tree)
        for node in module.body:
            yield from self._statement(path, package, node, search_path)

    def lazy(self, path: str, module: ev.Module, search_path: tuple[str, ...]) -> Iterator[Failure]:
        """What fails as soon as a function is called: imports in it that stand under no guard and no condition."""
        package = package_of(path, self._tree)
        unsure = frozenset(module.unsure_imports)
        for index, (target, level, attrs, line, column) in enumerate(module.lazy_imports):
            if index in unsure:
                continue
            node: ev.Stmt = ev.Import(target, None, line, column, line)
            if attrs or level:
                node = ev.FromImport(target, level, tuple((a, None, line, column) for a in attrs), line, column, line)
            for failure in self._statement(path, package, node, search_path):
                if failure.cause is Cause.STDLIB_ABSENT and is_newer(failure.subject, self._terms.highest):
                    continue  # a function for a newer Python is rightly there
                if failure.cause is not Cause.STDLIB_ABSENT:
                    failure = replace(failure, cause=Cause.LAZY_IMPORT, detail=failure.cause.value)
                yield failure

    def _statement(
        self, path: str, package: tuple[str, ...], node: ev.Stmt, search_path: tuple[str, ...]
    ) -> Iterator[Failure]:
        name = ".".join([*package, path.rpartition("/")[2].removesuffix(".py")]).removesuffix(".__init__")
        if isinstance(node, ev.Import):
            yield from self._import(path, name, node, search_path)
        elif isinstance(node, ev.FromImport):
            yield from self._from(path, name, package, node, search_path)

    def _import(self, path: str, name: str, node: ev.Import, search_path: tuple[str, ...]) -> Iterator[Failure]:
        yield from self._absent(path, name, node, node.name, search_path)
        missing = self._find(node.name, search_path)[1]
        if missing:
            yield Failure(
                Cause.MISSING_MODULE, "ModuleNotFoundError", Place(path, node.line, node.column), name,
                missing, missing.rpartition(".")[0],
            )  # fmt: skip

    def _absent(
        self, path: str, name: str, node: ev.Import | ev.FromImport, dotted: str, search_path: tuple[str, ...]
    ) -> Iterator[Failure]:
        """A module that the target's standard library does not have."""
        terms = self._terms
        top = dotted.partition(".")[0]
        if not is_stdlib(top) or (top == "distutils" and path.rpartition("/")[2].startswith("setup")):
            return  # what builds a package has setuptools
        parts = dotted.split(".")
        for end in range(1, len(parts) + 1):
            prefix = ".".join(parts[:end])
            if exists(prefix, terms.lowest, terms.highest, terms.platform) is False:
                break
        else:
            return
        if is_of_one_platform(prefix) or self._tree.find(search_path, top) or self._tree.has_top_level(top):
            return  # a module for another platform is rightly there, as long as nothing imports it
        if terms.provided(prefix) is False:
            yield Failure(
                Cause.STDLIB_ABSENT, "ModuleNotFoundError", Place(path, node.line, node.column), name, prefix,
                prefix.rpartition(".")[0], why_absent(prefix, terms.highest),
            )  # fmt: skip

    def _from(
        self, path: str, name: str, package: tuple[str, ...], node: ev.FromImport, search_path: tuple[str, ...]
    ) -> Iterator[Failure]:
        target = node.module
        if node.level:
            if not package:
                return  # perhaps run from elsewhere: only a start-up can tell
            if node.level > len(package):
                yield Failure(
                    Cause.BEYOND_TOP, "ImportError", Place(path, node.line, node.column), name,
                    "." * node.level + node.module, detail="beyond top-level package",
                )  # fmt: skip
                return
            base = ".".join(package[: len(package) - node.level + 1])
            target = f"{base}.{node.module}" if node.module else base
            search_path = (_root_of(path, package), *search_path)
        else:
            yield from self._absent(path, name, node, target, search_path)
        found, missing = self._find(target, search_path)
        if missing:
            yield Failure(
                Cause.MISSING_MODULE, "ModuleNotFoundError", Place(path, node.line, node.column), name,
                missing, missing.rpartition(".")[0],
            )  # fmt: skip
        if found is None or found.kind not in (FoundKind.MODULE, FoundKind.PACKAGE) or found.path == path:
            return
        exported = self.names(found.path)
        if exported is None:
            return
        unreal = self._for_type_checkers(found.path)
        for attr, _, line, column in node.names:
            if attr == "*" or (attr in exported and attr not in unreal) or attr in _MODULE_ATTRIBUTES:
                continue
            if (found.search and self._tree.find(found.search, attr) is not None) or attr in self._stored():
                continue
            cause = Cause.TYPE_CHECKING_ONLY if attr in unreal else Cause.MISSING_NAME
            yield Failure(cause, "ImportError", Place(path, line, column), name, attr, target)

    def _stored(self) -> frozenset[str]:
        """Names that some module assigns into another at its top level, as in `other.name = …`."""
        if self._assigned is None:
            found: set[str] = set()
            for facts in self._every():
                for node in facts.module.body if facts.module is not None else ():
                    if isinstance(node, ev.Assign):
                        found.update(target.attr for target in node.targets if isinstance(target, ev.Attribute))
            self._assigned = frozenset(found)
        return self._assigned

    def _for_type_checkers(self, path: str) -> frozenset[str]:
        """Names that a module binds for type checkers only; none where a star import might bring them too."""
        facts = self._facts(path)
        if facts is None or facts.module is None or any(_stars(facts.module.body)):
            return frozenset()
        return type_checking_only(facts.module)

    def exports(self, path: str, module: ev.Module) -> Iterator[Failure]:
        """Names that the module's `__all__` lists, and that it cannot have."""
        listed = listing(module) or []
        if not listed:
            return
        package = package_of(path, self._tree)
        known = self.names(path)
        if known is None:
            return
        unreal = self._for_type_checkers(path)
        is_package = path.endswith("/__init__.py")
        name = ".".join(package if is_package else (*package, path.rpartition("/")[2].removesuffix(".py")))
        for attr, line in listed:
            if (attr in known and attr not in unreal) or attr in _MODULE_ATTRIBUTES:
                continue
            if is_package and self._tree.find((path.rpartition("/")[0],), attr) is not None:
                continue
            if attr in self._stored():
                continue
            yield Failure(Cause.MISSING_EXPORT, "AttributeError", Place(path, line), name, attr, name)

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
        package = package_of(path, self._tree)
        for node in _stars(facts.module.body):
            target = node.module
            search: tuple[str, ...] = (_root_of(path, package),)
            if node.level:
                if node.level > len(package):
                    return None
                base = ".".join(package[: len(package) - node.level + 1])
                target = f"{base}.{node.module}" if node.module else base
            found, _ = self._find(target, search)
            if found is None or found.kind not in (FoundKind.MODULE, FoundKind.PACKAGE):
                return None
            inherited = self.names(found.path, depth + 1)
            if inherited is None:
                return None
            names |= inherited
        return frozenset(names)


_MODULE_ATTRIBUTES = frozenset(
    {"__name__", "__doc__", "__file__", "__path__", "__spec__", "__loader__", "__package__", "__builtins__",
     "__cached__", "__dict__", "__class__", "__annotations__", "__all__"}
)  # fmt: skip


def _stars(body: tuple[ev.Stmt, ...]) -> Iterator[ev.FromImport]:
    for node in body:
        if isinstance(node, ev.FromImport):
            if node.names[0][0] == "*":
                yield node
        elif isinstance(node, (ev.If, ev.For, ev.While)):
            yield from _stars(node.body)
            yield from _stars(node.orelse)
        elif isinstance(node, ev.Try):
            for suite in (node.body, node.orelse, node.final, *(handler.body for handler in node.handlers)):
                yield from _stars(suite)
        elif isinstance(node, ev.With):
            yield from _stars(node.body)


def package_of(path: str, tree: SourceTree) -> tuple[str, ...]:
    """The dotted parts of the package that a file lies in, as far up as there are `__init__.py` files."""
    parts: list[str] = []
    directory = path.rpartition("/")[0]
    while directory and tree.file(f"{directory}/__init__.py") is not None:
        directory, _, name = directory.rpartition("/")
        parts.append(name)
    return tuple(reversed(parts))


def _root_of(path: str, package: tuple[str, ...]) -> str:
    """The directory in which the file's top-level package lies."""
    parts = path.split("/")[:-1]
    return "/".join(parts[: len(parts) - len(package)])
