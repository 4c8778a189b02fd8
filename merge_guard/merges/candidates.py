"""Which files of a large merge are worth parsing: found by words, never by parsing them all."""

from __future__ import annotations

from merge_guard.merges.versions import other
from merge_guard.model.merge import FileVersions, Merge


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


def modules_in_question(merge: Merge, changer: str) -> tuple[list[str], list[str]]:
    """(modules, importers): what one side changed and the other may import, and where the other may.

    A file that both sides changed is among the modules: calls in it may be of its own functions.
    """
    adder = other(changer)
    changed = [path for path, file in changed_by(merge, changer) if file.base is not None]
    importing = changed_by(merge, adder)
    if not changed or not importing:
        return [], []
    words = {path: merge.import_words(getattr(file, adder)) for path, file in importing}
    mentioned: frozenset[str] = frozenset().union(*words.values())
    both = {path for path, _ in importing}
    modules = [path for path in changed if word_of(path) in mentioned or path in both]
    asked = {word_of(path) for path in modules}
    importers = [path for path, _ in importing if path in modules or not asked.isdisjoint(words[path])]
    return modules, importers
