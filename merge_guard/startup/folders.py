"""Folders that a program lists to find its own modules: `pkgutil.iter_modules`, `Path(__file__).parent.glob("*.py")`.

Only what the tree holds is listed; the order is that of the names, where the file system has an order of its own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial

from merge_guard.startup.machine import Machine
from merge_guard.startup.resolve import FoundKind
from merge_guard.startup.values import (
    UNKNOWN,
    Const,
    FileMethod,
    ModuleRecord,
    PathOf,
    Record,
    Seq,
    TreeFile,
    Value,
    settled,
)

MODULES = ("os.", "pathlib.", "pkgutil.", "glob.")
"""Origins of what `call` knows begin so."""
_DEEPEST = 20
_MOST = 2_000
_SAME = frozenset({"abspath", "realpath", "normpath", "fspath", "expanduser", "resolve", "absolute"})


def call(machine: Machine, origin: str, args: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    """What a function of the standard library says of files of the tree; None where that is not known."""
    module, _, name = origin.rpartition(".")
    if module == "pkgutil":
        return _modules(machine, name, args, keywords)
    if not args or keywords:
        return None
    first = args[0]
    if origin in ("glob.glob", "glob.iglob") and isinstance(first, TreeFile) and len(args) == 1:
        folder, pattern = posixpath.split(first.path)
        return _matching(machine, folder, pattern, is_text=True)
    if not isinstance(first, TreeFile):
        return None
    if origin in ("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"):
        return _joined(first, args[1:], is_text=False)
    if origin == "os.listdir" and len(args) == 1:
        names = _names(machine, first.path)
        return None if names is None else Seq("list", tuple(map(Const, names)))
    if module in ("os.path", "posixpath", "os"):
        return _of_path(machine, name, first, args[1:])
    return None


def extend_path(machine: Machine, origin: str, args: Sequence[Value]) -> None:
    """`sys.path` gets a directory of the tree, if its argument is one."""
    folder = args[-1]
    if not isinstance(folder, TreeFile) or not folder.is_text or not machine.tree.is_directory(folder.path):
        return
    is_front = origin == "sys.path.insert" and args[0] == Const(0)
    rank = len(machine.path_entries) + 1
    machine.heap.set(machine.path_entries, folder.path, Const(-rank if is_front else rank))


def _of_path(machine: Machine, name: str, file: TreeFile, more: Sequence[Value]) -> Value | None:
    if name == "join":
        return _joined(file, more, file.is_text)
    if more:
        return None
    if name in _SAME:
        return file
    if name == "dirname":
        return _parent(file)
    if name == "basename":
        return Const(posixpath.basename(file.path)) if file.path else None
    if name in ("isfile", "isdir", "exists"):
        return _exists(machine, name, file)
    return None


def attribute(file: TreeFile, name: str) -> Value:
    """An attribute of a `pathlib.Path`, or a method of it or of a text."""
    if file.is_text:
        return FileMethod(file, name)
    if name == "parent":
        return _parent(file) or UNKNOWN
    stem, suffix = posixpath.splitext(posixpath.basename(file.path))
    if file.path and name in ("name", "stem", "suffix"):
        return Const({"name": stem + suffix, "stem": stem, "suffix": suffix}[name])
    return FileMethod(file, name)


def call_method(machine: Machine, method: FileMethod, args: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    file, name = method.file, method.name
    found: Value | None = None
    if keywords:
        pass
    elif file.is_text:
        if name == "endswith" and len(args) == 1 and isinstance(args[0], Const) and isinstance(args[0].value, str):
            end = args[0].value
            found = Const(posixpath.basename(file.path).endswith(end)) if "/" not in end and file.path else None
    elif name in _SAME and not args:
        found = file
    elif name == "joinpath":
        found = _joined(file, args, is_text=False)
    elif name in ("is_file", "is_dir", "exists") and not args:
        found = _exists(machine, name.replace("_", ""), file)
    elif name == "iterdir" and not args:
        found = _matching(machine, file.path, "*", is_text=False)
    elif name in ("glob", "rglob") and len(args) == 1 and isinstance(args[0], Const):
        pattern = str(args[0].value)
        if "/" not in pattern and "**" not in pattern:
            found = _matching(machine, file.path, pattern, is_text=False, is_deep=name == "rglob")
    if found is None:
        machine.note_may_raise("any")
    return found or UNKNOWN


def _parent(file: TreeFile) -> TreeFile | None:
    return TreeFile(posixpath.dirname(file.path), file.is_text) if file.path else None


def _joined(file: TreeFile, more: Sequence[Value], is_text: bool) -> TreeFile | None:
    path = file.path
    for part in more:
        if not (isinstance(part, Const) and isinstance(part.value, str)) or part.value.startswith("/"):
            return None
        path = posixpath.normpath(posixpath.join(path, part.value))
    path = "" if path == "." else path
    return None if path.startswith("..") else TreeFile(path, is_text)


def _exists(machine: Machine, name: str, file: TreeFile) -> Const | None:
    """Only what is there is certain: a build may make what is not."""
    is_file = machine.tree.file(file.path) is not None
    if not is_file and not machine.tree.is_directory(file.path):
        return None
    return Const(name == "exists" or (name == "isfile") is is_file)


def _names(machine: Machine, folder: str) -> list[str] | None:
    names = sorted(machine.tree.names(folder)) if machine.tree.is_directory(folder) else []
    return names if 0 < len(names) <= _MOST else None


def _matching(machine: Machine, folder: str, pattern: str, *, is_text: bool, is_deep: bool = False) -> Seq | None:
    found = list(_below(machine, folder, pattern, is_deep, 0))
    return Seq("list", tuple(TreeFile(path, is_text) for path in found)) if 0 < len(found) <= _MOST else None


def _below(machine: Machine, folder: str, pattern: str, is_deep: bool, depth: int) -> Iterator[str]:
    for name in _names(machine, folder) or ():
        path = posixpath.join(folder, name)
        if fnmatchcase(name, pattern):
            yield path
        if is_deep and depth < _DEEPEST and machine.tree.is_directory(path):
            yield from _below(machine, path, pattern, is_deep, depth + 1)


def _modules(machine: Machine, name: str, args: Sequence[Value], keywords: Mapping[str, Value]) -> Seq | None:
    """`iter_modules` and `walk_packages` of known folders: (finder, name, whether a package) for each module."""
    given = dict(zip(("path", "prefix"), args)) | dict(keywords)
    prefix = given.get("prefix", Const(""))
    folders = _folders(given.get("path", UNKNOWN))
    if name not in ("iter_modules", "walk_packages") or folders is None or not isinstance(prefix, Const):
        return None
    found: list[Value] = []
    for folder in folders:
        _list_modules(machine, folder, str(prefix.value), found, is_deep=name == "walk_packages", depth=0)
    return Seq("list", tuple(found)) if 0 < len(found) <= _MOST else None


def _folders(path: Value) -> Sequence[str] | None:
    path = settled(path)
    if isinstance(path, PathOf):
        module: ModuleRecord = path.module
        is_plain = "path" not in module.state and "__path__" not in module.namespace
        return module.search if is_plain and module.search else None
    if isinstance(path, Seq) and path.items:
        folders = [item.path for item in path.items if isinstance(item, TreeFile) and item.is_text]
        return folders if len(folders) == len(path.items) else None
    return None


def _list_modules(machine: Machine, folder: str, prefix: str, found: list[Value], *, is_deep: bool, depth: int) -> None:
    for entry in _names(machine, folder) or ():
        name = entry.removesuffix(".py")
        path = posixpath.join(folder, entry)
        is_package = machine.tree.is_directory(path)
        if name == "__init__" or "." in name or not (is_package or entry.endswith(".py")):
            continue
        here = machine.tree.find((folder,), name)
        if here is None or here.withheld or here.kind not in (FoundKind.MODULE, FoundKind.PACKAGE):
            continue
        found.append(
            Record("tuple", (UNKNOWN, Const(prefix + name), Const(is_package)), ("module_finder", "name", "ispkg"))
        )
        if is_deep and is_package and depth < _DEEPEST:
            dotted = prefix + name
            machine.perhaps(partial(machine.import_module, dotted))
            _list_modules(machine, path, dotted + ".", found, is_deep=True, depth=depth + 1)
