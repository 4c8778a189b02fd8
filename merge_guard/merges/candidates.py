"""Which files of a large merge are worth parsing: found by words, never by parsing them all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from merge_guard.merges.versions import other
from merge_guard.model.merge import FileVersions, Merge

Asking = tuple[str, tuple[str, ...]]
"""A file, and the words of one of its import statements."""


def word_of(path: str) -> str:
    """The name by which imports call a module: its own, or for a package that of the directory."""
    stem = path.removesuffix(".py").removesuffix(".pyw")
    return stem.removesuffix("/__init__").rpartition("/")[2]


def changed_by(merge: Merge, side: str) -> list[tuple[str, FileVersions]]:
    """The Python files that one side changed, added or deleted."""
    return [
        (path, file)
        for path, file in merge.files.items()
        if path.endswith((".py", ".pyw")) and getattr(file, side) != file.base
    ]


class Crossing:
    """What one side changed, beside the imports and calls of what the other side changed or added."""

    def __init__(self, merge: Merge, changer: str) -> None:
        self._merge = merge
        self._changer = changer
        self._adder = other(changer)
        self._changed = [(path, file) for path, file in changed_by(merge, changer) if file.base is not None]
        self._adding = changed_by(merge, self._adder) if self._changed else []

    def in_question_for_imports(self) -> dict[str, list[Asking]]:
        """What one side changed or deleted, with the new import statements of the other that may ask for it."""
        glances = self._merge.glances
        modules: dict[str, list[Asking]] = {}
        for path, file in self._changed:
            asking = self._new_imports.get(word_of(path), [])
            if not asking:
                continue
            if file.result is not None:
                # What is certainly there is no loss; nor is what was not there before.
                words = {word for _, statement in asking for word in statement if word.isidentifier()}
                words = {
                    word
                    for word in words - {"import", "as", word_of(path)}
                    if glances.holds(file.base, word) and not glances.binds_at_top(file.result, word)
                }
                asking = [item for item in asking if not words.isdisjoint(item[1])]
            if asking:
                modules[path] = asking
        return modules

    def in_question_for_calls(self) -> tuple[list[str], list[str]]:
        """(modules, callers): where one side changed parameters, and where the other may call such a function."""
        modules: list[str] = []
        callers: set[str] = set()
        for path, file in self._changed:
            names = self._changed_headers(file)
            if not names:
                continue
            asking = [
                caller for caller in {path, *self._importers.get(word_of(path), ())} if self._calls(caller, names)
            ]
            if asking:
                modules.append(path)
                callers.update(asking)
        return modules, sorted(callers)

    def _changed_headers(self, file: FileVersions) -> set[str]:
        """The names of functions with other parameters, which for a constructor are those of all classes called."""
        glances = self._merge.glances
        mine, before = getattr(file, self._changer), file.base
        if mine is None or file.result is None or getattr(file, self._adder) is None:
            return set()
        names = {name for name, _ in glances.headers(mine) ^ glances.headers(before)}
        if "__init__" in names:
            names |= glances.classes(before)
        return names

    @cached_property
    def _new_imports(self) -> dict[str, list[Asking]]:
        """Word → the import statements with it that the other side has and the base has not, with their files."""
        index: dict[str, list[Asking]] = {}
        for path, file in self._adding:
            if file.result is None:
                continue
            statements = self._merge.glances.statements
            for statement in statements(getattr(file, self._adder)) - statements(file.base):
                for word in _words(statement, path):
                    index.setdefault(word, []).append((path, statement))
        return index

    @cached_property
    def _importers(self) -> dict[str, set[str]]:
        """Word → the files of the other side with it in an import statement."""
        index: dict[str, set[str]] = {}
        for path, file in self._adding:
            for statement in self._merge.glances.statements(getattr(file, self._adder)):
                for word in _words(statement, path):
                    index.setdefault(word, set()).add(path)
        return index

    def _calls(self, caller: str, names: set[str]) -> bool:
        """Whether the other side's version of a file calls any of these names."""
        file = self._merge.files[caller]
        if file.result is None or getattr(file, self._adder) == file.base:
            return False
        return not names.isdisjoint(self._merge.glances.called(getattr(file, self._adder)))


def _words(statement: tuple[str, ...], path: str) -> Iterator[str]:
    yield from set(statement)
    if statement and set(statement[0]) == {"."}:
        # `from . import x` calls its package by no name.
        parts = path.split("/")[:-1]
        level = len(statement[0])
        if len(parts) >= level:
            yield parts[-level]
