"""What would fail in a module that no entry point reaches, judged from static names alone: warnings, never more.

Only imports that certainly run count: at the top level, under no `try`, no condition and no loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts, once_a_module
from merge_guard.model.finding import Place
from merge_guard.model.module import Module
from merge_guard.model.outcome import Cause, Failure
from merge_guard.startup.frames import Terms
from merge_guard.startup.latent_imports import certain, imported, in_functions
from merge_guard.startup.latent_names import MODULE_ATTRIBUTES, StaticNames, root_of
from merge_guard.startup.listing import listing
from merge_guard.startup.resolve import FoundKind, SourceTree, is_stdlib
from merge_guard.startup.stdlib import exists, is_newer, is_of_one_platform, why_absent


class LatentJudge:
    """Judges modules one by one; answers about a module's names are kept."""

    def __init__(self, tree: SourceTree, facts: Mapping[str, FileFacts], terms: Terms) -> None:
        self._tree = tree
        self._terms = terms
        self._known = StaticNames(tree, facts)
        self._in_functions = once_a_module(in_functions)
        self._listing = once_a_module(listing)
        self._sound: dict[tuple[str, tuple[str, ...]], dict[str, bool]] = {}

    def failures(self, path: str, module: Module, search_path: tuple[str, ...]) -> Iterator[Failure]:
        """What fails as soon as the module is imported."""
        package = self._tree.package(path.rpartition("/")[0])
        unsound = self._unsound(path, module.imports, search_path)
        nodes = certain(module) if unsound else []
        for place in unsound:
            yield from self._statement(path, package, nodes[place], search_path)

    def lazy(self, path: str, module: Module, search_path: tuple[str, ...]) -> Iterator[Failure]:
        """What fails as soon as a function is called: imports in it that stand under no guard and no condition."""
        package = self._tree.package(path.rpartition("/")[0])
        words, nodes = self._in_functions(module)
        for place in self._unsound(path, words, search_path):
            for failure in self._statement(path, package, nodes[place], search_path):
                if failure.cause is Cause.STDLIB_ABSENT and is_newer(failure.subject, self._terms.highest):
                    continue  # a function for a newer Python is rightly there
                if failure.cause is not Cause.STDLIB_ABSENT:
                    failure = replace(failure, cause=Cause.LAZY_IMPORT, detail=failure.cause.value)
                yield failure

    def _unsound(self, path: str, imports: Sequence[str], search_path: tuple[str, ...]) -> list[int]:
        """Which of the imports some file could not make here. Most can be made, and the same by many files."""
        # No file is called so: what a file may not say, for it would import itself, others may.
        anybody = f"{path.rpartition('/')[0]}/"
        absolute = self._sound.setdefault(("", search_path), {})
        relative = self._sound.setdefault((anybody, search_path), {})
        unsound = []
        for place, words in enumerate(imports):
            known = relative if words[0] == "." else absolute
            sound = known.get(words)
            if sound is None:
                who = anybody if known is relative else ""
                failures = self._statement(who, self._tree.package(who[:-1]), imported(words), search_path)
                sound = known[words] = next(failures, None) is None
            if not sound:
                unsound.append(place)
        return unsound

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
        missing = self._known.find(node.name, search_path)[1]
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
            search_path = (root_of(path, package), *search_path)
        else:
            yield from self._absent(path, name, node, target, search_path)
        found, missing = self._known.find(target, search_path)
        if missing:
            yield Failure(
                Cause.MISSING_MODULE, "ModuleNotFoundError", Place(path, node.line, node.column), name,
                missing, missing.rpartition(".")[0],
            )  # fmt: skip
        if found is None or found.kind not in (FoundKind.MODULE, FoundKind.PACKAGE) or found.path == path:
            return
        exported = self._known.names(found.path)
        if exported is None:
            return
        unreal = self._known.for_type_checkers(found.path)
        for attr, _, line, column in node.names:
            if attr == "*" or (attr in exported and attr not in unreal) or attr in MODULE_ATTRIBUTES:
                continue
            if (found.search and self._tree.find(found.search, attr) is not None) or attr in self._known.stored():
                continue
            if self._known.is_written_by_others(found.path):
                return
            cause = Cause.TYPE_CHECKING_ONLY if attr in unreal else Cause.MISSING_NAME
            yield Failure(cause, "ImportError", Place(path, line, column), name, attr, target)

    def exports(self, path: str, module: Module) -> Iterator[Failure]:
        """Names that the module's `__all__` lists, and that it cannot have."""
        listed = self._listing(module) or []
        if not listed:
            return
        package = self._tree.package(path.rpartition("/")[0])
        known = self._known.names(path)
        if known is None:
            return
        unreal = self._known.for_type_checkers(path)
        is_package = path.endswith("/__init__.py")
        name = ".".join(package if is_package else (*package, path.rpartition("/")[2].removesuffix(".py")))
        for attr, line in listed:
            if (attr in known and attr not in unreal) or attr in MODULE_ATTRIBUTES:
                continue
            if is_package and self._tree.find((path.rpartition("/")[0],), attr) is not None:
                continue
            if attr in self._known.stored() or self._known.is_written_by_others(path):
                continue
            yield Failure(Cause.MISSING_EXPORT, "AttributeError", Place(path, line), name, attr, name)
