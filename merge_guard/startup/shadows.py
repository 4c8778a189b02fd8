"""Files that stand behind another of the same module name, and are never imported."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, Failure
from merge_guard.startup.exports import static_names
from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import Found, FoundKind, SourceTree
from merge_guard.startup.values import ModuleRecord

# Loaded before the first line of a program runs, built in or frozen on some platform: no file comes before these. Names
# that nobody means when a file is called so are among them too.
_FIRST = frozenset(
    {"abc", "array", "atexit", "audioop", "binascii", "builtins", "cmath", "codecs", "collections", "contextlib",
     "encodings", "errno", "faulthandler", "functools", "gc", "genericpath", "importlib", "io", "itertools", "keyword",
     "marshal", "math", "mmap", "msvcrt", "nt", "ntpath", "operator", "os", "posix", "posixpath", "pwd", "reprlib",
     "runpy", "signal", "site", "stat", "sys", "test", "time", "types", "warnings", "winreg", "xxsubtype", "zipimport",
     "zlib"}
)  # fmt: skip


def before_stdlib(machine: Machine, part: str) -> Found | None:
    """The project's own module of a standard module's name, where it comes first on the path."""
    if not machine.first_path or part in _FIRST or part.startswith("_"):
        return None
    found = machine.tree.find(machine.first_path, part)
    if found is None or found.kind not in (FoundKind.MODULE, FoundKind.PACKAGE):
        return None
    machine.remark(_hidden(found.path, part, f"{found.path} hides the standard library's {part!r}"))
    return found


def explained(machine: Machine, module: ModuleRecord, name: str) -> str:
    """Which file takes the place of the one that has the name, or may have it; "" where none does."""
    for remark in machine.remarks:
        if remark.cause is Cause.SHADOWED and remark.place.path == module.path:
            return remark.detail
    for other in _others(machine, module):
        found = machine.tree.find(other.search, name) if other.search else None
        if found is not None and found.path:
            return f"{module.path} hides {found.path}"
        facts = machine.facts(other.path) if other.path else None
        if facts is not None and facts.module is not None and name in static_names(facts.module):
            return f"{module.path} hides {other.path}"
    return ""


def _others(machine: Machine, module: ModuleRecord) -> Iterator[Found]:
    """What the finder would have come to next, had it not found the module."""
    top, _, last = module.name.rpartition(".")
    parent = machine.modules.get(top)
    search = parent.search if isinstance(parent, ModuleRecord) else () if top else machine.search_path
    if not module.path or module.name == "__main__":
        return
    for directory in search:
        for found in machine.tree.candidates(directory, last):
            if found.path != module.path:
                yield found


def behind_package(path: str, facts: FileFacts, tree: SourceTree) -> Failure | None:
    """A module beside a package of its name, which always wins; a script counts not, since its path starts it."""
    stem = path.removesuffix(".py")
    if not tree.is_directory(stem) or facts.main_guard or facts.module is None or not facts.module.body:
        return None
    directory, _, name = stem.rpartition("/")
    first = next(iter(tree.candidates(directory, name)), None)
    if first is None or first.kind is not FoundKind.PACKAGE:
        return None
    return _hidden(path, name, f"{first.path} hides {path}")


def _hidden(path: str, name: str, words: str) -> Failure:
    return Failure(Cause.SHADOWED, "", Place(path), name, name, name, words)
