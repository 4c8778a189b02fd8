"""Which files of a large merge are worth parsing: found by words, never by parsing them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from merge_guard.merges.versions import other
from merge_guard.model.glance import Statement
from merge_guard.model.merge import FileVersions, Merge


@dataclass(frozen=True, slots=True)
class Asking:
    """A file with an import statement of it that names a module, and the `names` that it asks that module for."""

    path: str
    names: frozenset[str]


def word_of(path: str) -> str:
    """The name by which imports call a module: its own, or for a package that of the directory."""
    stem = path.removesuffix(".py").removesuffix(".pyw")
    return stem.removesuffix("/__init__").rpartition("/")[2]


def changed_by(merge: Merge, side: str) -> list[tuple[str, FileVersions]]:
    """The Python files that one side changed, added or deleted, and the other side not in the same way."""
    return [
        (path, file)
        for path, file in merge.files.items()
        if path.endswith((".py", ".pyw")) and getattr(file, side) != file.base and file.ours != file.theirs
    ]


class Crossing:
    """What one side changed, beside the imports and calls of what the other side changed or added."""

    def __init__(self, merge: Merge, changer: str) -> None:
        self._merge = merge
        self._changer = changer
        self._adder = other(changer)
        self._changed = [(path, file) for path, file in changed_by(merge, changer) if file.base is not None]
        self._adding = changed_by(merge, self._adder) if self._changed else []
        if self._adding:
            merge.glances.compare(
                (getattr(file, side), file.base)
                for files, side in ((self._changed, changer), (self._adding, self._adder))
                for _, file in files
            )

    def in_question_for_imports(self) -> dict[str, list[Asking]]:
        """What one side changed or deleted, with the new import statements of the other that may ask for it."""
        glances = self._merge.glances
        modules: dict[str, list[Asking]] = {}
        for path, file in self._changed:
            asking = self._new_imports.get(word_of(path), [])
            if asking and file.result is not None:
                # What is certainly there is no loss; nor is what was not there before.
                names = {
                    name
                    for name in frozenset().union(*(item.names for item in asking))
                    if glances.holds(file.base, name) and not glances.binds_at_top(file.result, name)
                }
                asking = [item for item in asking if not names.isdisjoint(item.names)]
            if asking:
                modules[path] = asking
        return modules

    def in_question_for_calls(self) -> list[str]:
        """Where one side changed parameters of functions that the other may call."""
        return [path for path, file in self._changed if self.callers(path, *self._changed_headers(file))]

    def callers(self, path: str, own: set[str], others: set[str]) -> set[str]:
        """The files in which the other side newly calls names of a module: its own calls, those of other files."""
        return {
            *({path} & self._calling(own)),
            *(caller for caller in self._calling(others) if caller != path and self._imports(caller, path, others)),
        }

    def _changed_headers(self, file: FileVersions) -> tuple[set[str], set[str]]:
        """The names of functions with other parameters: all, and those that other files may call by a name.

        Of a constructor these are the classes.
        """
        glances = self._merge.glances
        mine, before = getattr(file, self._changer), file.base
        if mine is None or file.result is None or getattr(file, self._adder) is None:
            return set(), set()
        changed = glances.change(mine, before).headers
        names = {header.name for header in changed}
        outer = {header.name for header in changed if not header.inner}
        classes = glances.classes(before) if "__init__" in names else frozenset()
        return names | classes, outer | classes

    @cached_property
    def _new_imports(self) -> dict[str, list[Asking]]:
        """Word → what asks for a module of that name, and did not in the base."""
        index: dict[str, list[Asking]] = {}
        changed = {word_of(path) for path, _ in self._changed}
        for path, file in self._adding:
            if file.result is None:
                continue
            for statement in self._merge.glances.change(getattr(file, self._adder), file.base).statements:
                if changed.isdisjoint(statement) and not _is_relative(statement):
                    continue
                for word, names in _asked(statement, path):
                    if word in changed:
                        index.setdefault(word, []).append(Asking(path, names))
        return index

    def _calling(self, names: set[str]) -> set[str]:
        """The files in which the other side newly calls any of these."""
        return {caller for name in names for caller in self._new_calls.get(name, ())}

    @cached_property
    def _new_calls(self) -> dict[str, list[str]]:
        """Name of a function with other parameters → the files in which the other side newly calls it."""
        asked = {name for _, file in self._changed for name in self._changed_headers(file)[0]}
        index: dict[str, list[str]] = {}
        for path, file in self._adding if asked else ():
            if file.result is not None:
                for name in asked & self._merge.glances.change(getattr(file, self._adder), file.base).calls:
                    index.setdefault(name, []).append(path)
        return index

    def _imports(self, caller: str, path: str, names: set[str]) -> bool:
        """Whether a file imports a module of that name as a whole, or any of these names from it."""
        word = word_of(path)
        return any(
            asked == word and (not wanted or not wanted.isdisjoint(names))
            for statement in self._merge.glances.statements(getattr(self._merge.files[caller], self._adder))
            if word in statement or _is_relative(statement)
            for asked, wanted in _asked(statement, caller)
        )


def _is_relative(statement: Statement) -> bool:
    return bool(statement) and statement[0].startswith(".")


def _asked(statement: Statement, path: str) -> Iterator[tuple[str, frozenset[str]]]:
    """(module's name, names that it is asked for) of all modules that an import statement may mean."""
    nothing: frozenset[str] = frozenset()
    if "import" not in statement:
        for word in {word for word in statement if word.isidentifier()}:
            yield word, nothing
        return
    position = statement.index("import")
    module, names = statement[:position], _without_aliases(statement[position + 1 :])
    parts = [word for word in module if word.isidentifier()]
    for word in parts[:-1]:
        yield word, nothing
    for name in names:
        yield name, nothing
    if parts:
        yield parts[-1], names
    elif module:
        # `from . import x` calls its package by no name.
        above, level = path.split("/")[:-1], sum(map(len, module))
        if len(above) >= level:
            yield above[-level], names


def _without_aliases(words: Sequence[str]) -> frozenset[str]:
    return frozenset(
        word for index, word in enumerate(words) if word != "as" and (index == 0 or words[index - 1] != "as")
    )
