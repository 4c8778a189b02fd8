"""Entry points that deploy files and frameworks declare, looked up in the tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from merge_guard.deploy.roots import ProjectDirectory, is_incidental
from merge_guard.deploy.start import Start
from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryKind, EntryPoint
from merge_guard.startup.resolve import Found, FoundKind, SourceTree

if TYPE_CHECKING:
    from merge_guard.deploy.declared_commands import Declaration

_MOST_ENTRIES = 300
# Modules of these names are never installed from elsewhere and served.
_OWN_NAMES = frozenset({"main", "app", "server", "wsgi", "asgi", "application", "run", "api", "bot", "index"})
_TESTS = frozenset({"test", "tests", "testing"})
_DEEPEST = 4
_SETTINGS = re.compile(
    r"""environ\.setdefault\(\s*["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([A-Za-z_]\w*(?:\.\w+)*)["']\s*,?\s*\)"""
)
# What nearly no other file is called; only then the readers are loaded.
_MAY_DECLARE = re.compile(r"(?:\A|/)(?:Procfile|[^/]*compose[^/]*|(?:app|render)\.yaml|(?:fly|railway)\.toml)\Z")
_CELERY = re.compile(r"^(\w+)[^\S\n]*(?::[^=\n]+)?=[^\S\n]*(?:celery\.)?Celery\(", re.MULTILINE)

Read = Callable[[str], "str | None"]
"""The text of a small file of the tree, None where there is none."""


class Discovery:
    """What a tree declares to be started; `roots` stand on the path behind what a command puts there."""

    def __init__(
        self, paths: Iterable[str], tree: SourceTree, read: Read, projects: Sequence[ProjectDirectory],
        roots: Sequence[str],
    ) -> None:  # fmt: skip
        self._paths = sorted(path for path in paths if path.count("/") <= _DEEPEST and not is_incidental(path))
        self._tree = tree
        self._read = cache(read)
        self._roots = tuple(roots)
        self._scripts = {
            script.name: script.target.split("[")[0].replace(" ", "")
            for project in projects
            for script in project.declared.scripts
        }

    def entries(self) -> list[EntryPoint]:
        """Procfile and compose first, then Django and Celery."""
        found = [entry for declaration in self.declarations() for entry in self.started_by(declaration)]
        known = {(entry.module, entry.search_path[:1]) for entry in found}
        # `celery -A proj` and `-A proj.celery` are one application.
        queues = {entry.module.partition(".")[0] for entry in found if entry.via == "celery"}
        found += [entry for entry in self._django() if (entry.module, entry.search_path[:1]) not in known]
        found += [entry for entry in self._celery() if entry.module.partition(".")[0] not in queues]
        return found[:_MOST_ENTRIES]

    def declarations(self) -> list[Declaration]:
        """What the deploy files of the tree declare, in their order: Procfile and its kin, then compose."""
        if not any(map(_MAY_DECLARE.search, self._paths)):
            return []
        from merge_guard.deploy.compose import IS_COMPOSE, read_compose
        from merge_guard.deploy.declared_commands import READERS

        found: list[Declaration] = []
        composed: list[Declaration] = []
        for path in self._paths:
            name = path.rpartition("/")[2]
            if name in READERS:
                found += READERS[name](path, self._read(path) or "")
            elif IS_COMPOSE.match(name):
                composed += read_compose(path, self._read(path) or "", self._read)
        return [*found, *composed]

    def started_by(self, declaration: Declaration) -> Iterator[EntryPoint]:
        """The entry points that a declared command comes to in this tree."""
        from merge_guard.deploy.commands import starts

        def read(path: str) -> str | None:
            here = declaration.in_tree(path)
            return self._read(here) if here else None

        for start in starts(declaration.command, declaration.env, declaration.cwd, read, self._scripts):
            entry = self._entry(start, declaration)
            if entry is not None:
                yield entry

    def _entry(self, start: Start, declaration: Declaration) -> EntryPoint | None:
        first = [declaration.in_tree(path) for path in start.search]
        search = tuple(dict.fromkeys([*(path for path in first if path is not None), *self._roots, ""]))
        sure = start.certain and declaration.exact and None not in first
        if _TESTS.intersection(re.split(r"[./]", start.module)):
            return None  # what tests the deploy is not the deploy
        if start.kind is EntryKind.SCRIPT:
            path = declaration.in_tree(start.module)
            if path is None or not self._may_be_script(path, sure):
                return None
            start = replace(start, module=path)
        elif not self._is_own(start.module, search, sure):
            return None
        return start.entry(search, declaration.origin, declaration.place, declaration.service)

    def _may_be_script(self, path: str, sure: bool) -> bool:
        """A script that is there; or that should be, in a directory that the tree has as its own."""
        return self._tree.file(path) is not None or (sure and self._tree.is_directory(posixpath.dirname(path)))

    def _is_own(self, module: str, search: tuple[str, ...], sure: bool) -> bool:
        """Whether a module is the project's: what is not in the tree at all may be somebody else's."""
        parts = module.split(".")
        found: Found | None = None
        for index, part in enumerate(parts):
            below = self._tree.find(search, part) if search else None
            if below is None and found is None:
                return sure and module in _OWN_NAMES
            if below is None:
                # A regular package is whole; of a namespace another portion may lie anywhere.
                return sure and found is not None and found.kind is FoundKind.PACKAGE
            found, search = below, below.search
            if found.kind is FoundKind.OPEN:
                return index > 0
        return found is not None and found.kind is not FoundKind.NAMESPACE

    # --- frameworks ---------------------------------------------------------------------------------------------
    def _django(self) -> Iterator[EntryPoint]:
        """`manage.py` with a literal settings module, and the `wsgi` and `asgi` modules beside the settings."""
        for path in self._paths:
            directory, _, name = path.rpartition("/")
            if name != "manage.py":
                continue
            text = self._read(path) or ""
            match = _SETTINGS.search(text)
            if not match:
                continue
            search = tuple(dict.fromkeys([directory, *self._roots, ""]))
            place = Place(path, text.count("\n", 0, match.start()) + 1)
            yield Start(EntryKind.SCRIPT, path).entry(search, "Django", place)
            parts = match.group(1).split(".")
            for count in range(1, len(parts)):
                package = ".".join(parts[:count])
                for server in ("wsgi", "asgi"):
                    file = posixpath.join(directory, *parts[:count], f"{server}.py")
                    if f"get_{server}_application" in (self._read(file) or ""):
                        yield Start(EntryKind.IMPORT, f"{package}.{server}", "application", via=server).entry(
                            search, "Django", Place(file)
                        )

    def _celery(self) -> Iterator[EntryPoint]:
        """`celery.py` or `celery_app.py` of a package, with an application in it."""
        for path in self._paths:
            directory, _, name = path.rpartition("/")
            if name not in ("celery.py", "celery_app.py") or not directory:
                continue
            match = _CELERY.search(self._read(path) or "")
            package: list[str] = []
            while self._is_inside_package(directory):
                directory, _, last = directory.rpartition("/")
                package.insert(0, last)
            if match and package and all(part.isidentifier() for part in package):
                module = ".".join([*package, name.removesuffix(".py")])
                search = tuple(dict.fromkeys([directory, *self._roots, ""]))
                text = self._read(path) or ""
                place = Place(path, text.count("\n", 0, match.start()) + 1)
                yield Start(EntryKind.IMPORT, module, match.group(1), via="celery").entry(search, "Celery", place)

    def _is_inside_package(self, directory: str) -> bool:
        """A directory with `__init__.py`, unless it is the one where Django's `manage.py` runs."""
        here = self._tree.file(f"{directory}/__init__.py") is not None
        return bool(directory) and here and self._tree.file(f"{directory}/manage.py") is None
