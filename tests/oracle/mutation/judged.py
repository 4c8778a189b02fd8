"""The same asked of the tool: facts of a package once, of a mutated file again, and the start-ups over them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from merge_guard.engine.inside import StartContext
from merge_guard.engine.startups import outcomes
from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.facts import FileFacts
from merge_guard.model.outcome import EntryKind, EntryPoint, Outcome
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Bodies, Terms
from merge_guard.startup.resolve import SourceTree


@dataclass(frozen=True, slots=True)
class _Known:
    """An outcome with the files whose facts it hangs on."""

    outcome: Outcome
    asked: frozenset[str]


class JudgedPackage:
    """Judges `import module` for modules below a folder, as `check --entry module` does."""

    def __init__(self, root: Path, version: tuple[int, int] = sys.version_info[:2]) -> None:
        self._root = root
        self._terms = Terms(version, version, sys.platform)
        self._files = tuple(
            SourceFile(os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/"))
            for folder, _, names in os.walk(root)
            for name in names
            if not name.endswith(".pyc")
        )
        self._tree = SourceTree(self._files)
        self._texts: dict[str, bytes] = {}
        self._facts: dict[str, FileFacts] = {}
        self._bodies: dict[str, Bodies] = {}
        self._healthy: dict[str, _Known] = {}

    def text(self, path: str) -> bytes:
        if path not in self._texts:
            self._texts[path] = (self._root / path).read_bytes()
        return self._texts[path]

    def healthy(self, modules: Sequence[str]) -> dict[str, Outcome]:
        for module in modules:
            if module not in self._healthy:
                self._healthy[module] = self._judge(module, self._tree, self._base_facts, self._base_bodies)
        return {module: self._healthy[module].outcome for module in modules}

    def mutated(self, changed: Mapping[str, str | None], modules: Sequence[str]) -> dict[str, Outcome]:
        """A module whose start-up asked for none of the changed files before comes to what it came to before."""
        data = {path: text.encode("utf-8", "surrogateescape") for path, text in changed.items() if text is not None}
        facts = {path: extract(content, "python") for path, content in data.items()}
        bodies: dict[str, Bodies] = {}
        tree = self._tree
        if None in changed.values():
            tree = SourceTree(file for file in self._files if changed.get(file.path, "") is not None)

        def facts_of(path: str) -> FileFacts | None:
            return facts[path] if path in facts else self._base_facts(path)

        def bodies_of(path: str) -> Bodies:
            if path not in data:
                return self._base_bodies(path)
            if path not in bodies:
                bodies[path] = _by_place(data[path])
            return bodies[path]

        self.healthy(modules)
        found = {}
        for module in modules:
            known = self._healthy[module]
            if known.asked.isdisjoint(changed):
                found[module] = known.outcome
            else:
                found[module] = self._judge(module, tree, facts_of, bodies_of).outcome
        return found

    def _judge(
        self,
        module: str,
        tree: SourceTree,
        facts: Callable[[str], FileFacts | None],
        bodies: Callable[[str], Bodies],
    ) -> _Known:
        asked: set[str] = set()

        def ask(path: str) -> FileFacts | None:
            asked.add(path)
            return facts(path)

        entry = EntryPoint(module, EntryKind.IMPORT, module)
        start = StartContext(entry, lambda: tree, self._terms, ask, bodies, lambda outcome: outcome)
        [outcome] = outcomes([start], lambda work, items: [work(item) for item in items])
        return _Known(outcome, frozenset(asked))

    def _base_facts(self, path: str) -> FileFacts | None:
        if path not in self._facts:
            self._facts[path] = extract(self.text(path), "python")
        return self._facts[path]

    def _base_bodies(self, path: str) -> Bodies:
        if path not in self._bodies:
            self._bodies[path] = _by_place(self.text(path))
        return self._bodies[path]


def _by_place(data: bytes) -> Bodies:
    return {(body.line, body.column): body for body in extract_bodies(data, compiled=True).functions}
