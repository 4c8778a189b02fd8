"""Which files of a result can have findings that neither side has: those that depend on changes of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.merge import Merge
from merge_guard.startup.latent_names import star_imports

_CUSTOMARY = frozenset({"src", "lib", "python"})
"""Directories that are source roots as soon as Python lies in them."""
_HARMLESS = (
    ".md", ".rst", ".html", ".css", ".scss", ".less", ".js", ".jsx", ".mjs", ".ts", ".tsx", ".vue", ".svg", ".png",
    ".jpg", ".jpeg", ".gif", ".ico", ".pdf", ".po", ".pot", ".mo", ".ipynb", ".sql", ".csv", ".map", ".woff", ".woff2",
)  # fmt: skip
"""Files that nothing but themselves is judged by. All others may say what starts, and on what."""


_NOTHING: frozenset[str] = frozenset()
Asked = tuple[frozenset[str], frozenset[str]]
"""The keys (`_keys_of`) of all modules that a file may ask for, and of those that it star-imports."""


@dataclass(slots=True)
class Asking:
    """What files ask for, by path and blob id; what was looked at is kept."""

    _known: dict[tuple[str, str], Asked] = field(default_factory=dict)

    def of(self, path: str, blob: str, facts: FileFacts) -> Asked:
        found = self._known.get((path, blob))
        if found is None:
            found = self._known[path, blob] = _asked(path, facts)
        return found


@dataclass(frozen=True, slots=True)
class _Brought:
    """What one side brings to the result beyond the other."""

    keys: set[str]
    """Of the modules that are other than on the other side."""
    packages: tuple[str, ...]
    """Directories whose `__init__.py` is; each with its `/`."""
    steers: bool
    """Whether every file may be judged otherwise."""

    def hits(self, path: str, asked: frozenset[str]) -> bool:
        return self.steers or not self.keys.isdisjoint(asked) or path.startswith(self.packages)


def affected(merge: Merge, facts: Mapping[str, FileFacts], asking: Asking) -> frozenset[str] | None:
    """The paths of which the result may say what neither side says; None where that may be any.

    Whatever else is judged file by file stands in a file that is the same on one side, and depends on nothing that
    differs there: its finding is that side's. A file depends on those that its imports and its directories name; where
    a module hands on all that another has (`import *`), on that one too. Start-ups are not spoken of.
    """
    if merge.irregular:
        return None
    brought = [_brought(merge, side) for side in ("ours", "theirs")]
    if all(item.steers for item in brought):
        return None
    others = {
        path: asking.of(path, blob, facts[path])
        for path, blob in merge.paths["result"].items()
        if path in facts and facts[path].module is not None
    }
    stars = {path: starred for path, (_, starred) in others.items() if starred}
    for item in brought:
        _hand_on(item, stars)
    one, two = brought
    return frozenset(merge.files) | {
        path for path, (asked, _) in others.items() if one.hits(path, asked) and two.hits(path, asked)
    }


def _brought(merge: Merge, other: str) -> _Brought:
    """What the result has otherwise than the side `other`."""
    keys: set[str] = set()
    packages: list[str] = []
    steers = False
    fresh: list[str] = []
    for path, file in merge.files.items():
        known = getattr(file, other)
        if file.result == known:
            continue
        is_new_or_gone = (file.result is None) != (known is None)
        if path.endswith((".py", ".pyw")):
            keys.update(_keys_of(path))
            if path.endswith("/__init__.py"):
                packages.append(path.removesuffix("__init__.py"))
            if is_new_or_gone:
                fresh.append(path)
                steers = steers or path.endswith("setup.py") or "/" not in path
        elif not path.endswith(_HARMLESS):
            steers = True
    return _Brought(keys, tuple(packages), steers or _lays_out_anew(fresh, merge.paths[other], merge.paths["result"]))


def _lays_out_anew(fresh: Iterable[str], *listings: Mapping[str, str]) -> bool:
    """Whether new or deleted files make or end a directory that may be a source root."""
    directories = {f"{directory}/" for path in fresh for directory in _roots_above(path)}
    return any(
        not any(path.startswith(directory) for path in listing) for directory in directories for listing in listings
    )


def _roots_above(path: str) -> Iterator[str]:
    parts = path.split("/")[:-1]
    for count, part in enumerate(parts, 1):
        if count == 1 or part in _CUSTOMARY:
            yield "/".join(parts[:count])


def _hand_on(item: _Brought, stars: Mapping[str, frozenset[str]]) -> None:
    """Add the modules that hand on the names of those that are in it."""
    waiting = dict(stars)
    while True:
        handing = [path for path, starred in waiting.items() if not item.keys.isdisjoint(starred)]
        if not handing:
            return
        for path in handing:
            item.keys.update(_keys_of(path))
            del waiting[path]


def _keys_of(path: str) -> tuple[str, str]:
    """A module's name as an import begins with it, and as it follows that of its package: one of them is written."""
    parts = path.removesuffix(".pyw").removesuffix(".py").removesuffix("/__init__").split("/")
    return f".{parts[-1]}", ".".join(parts[-2:])


_COMPOUND = frozenset((ev.If, ev.For, ev.While, ev.With, ev.Try))


def _asked(path: str, facts: FileFacts) -> Asked:
    module = facts.module
    if module is None:
        return _NOTHING, _NOTHING
    found: set[str] = set()
    starred: set[str] = set()
    directory = path.rpartition("/")[0]
    for node in module.body:
        kind = node.__class__
        if kind is ev.FromImport:
            assert isinstance(node, ev.FromImport)
            last = _add(found, node.module, node.level, directory)
            found.update([f"{last}.{name[0]}" for name in node.names])
        elif kind is ev.Import:
            assert isinstance(node, ev.Import)
            _add(found, node.name, 0, directory)
            continue
        elif kind not in _COMPOUND:
            continue
        for star in star_imports((node,)):
            _add(starred, star.module, star.level, directory)
    for dotted, level, names, _, _ in module.lazy_imports:
        last = _add(found, dotted, level, directory)
        found.update([f"{last}.{name}" for name in names])
    return frozenset(found | starred), frozenset(starred) if starred else _NOTHING


def _add(keys: set[str], dotted: str, level: int, directory: str) -> str:
    """Every pair of names that follow each other, and the first name of an absolute import; the last name."""
    parts = dotted.split(".") if dotted else []
    if level:
        package = directory.split("/")
        parts = [*package[: len(package) - level + 1], *parts]
    if not parts:
        return ""
    last = parts[0]
    keys.add(f".{last}")
    for part in parts[1:]:
        keys.add(f"{last}.{part}")
        last = part
    return last
