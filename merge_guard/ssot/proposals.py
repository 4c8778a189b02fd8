"""Groups that a project seems to have: classes that exist several times, with what speaks for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from merge_guard.model.definitions import ClassReader
from merge_guard.model.facts import FileFacts
from merge_guard.ssot.classes import FoundClass, classes_of
from merge_guard.ssot.copies import copies
from merge_guard.ssot.imports import imports_of
from merge_guard.ssot.kinds import EXEMPT_KINDS, Kinds, is_double_name, symbol_of
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.paths import Resolver
from merge_guard.ssot.sketches import methods_of
from merge_guard.ssot.standing import Standing

# Words at the end of names of which a program usually means to have one.
_SINGULAR = frozenset(
    {"manager", "registry", "factory", "service", "client", "pool", "cache", "store", "settings", "config", "engine",
     "dispatcher", "scheduler", "coordinator", "controller", "orchestrator", "router", "broker", "repository",
     "session", "handler", "provider", "gateway", "monitor", "tracker", "validator", "loader", "executor", "runner",
     "queue"}
)  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FEWEST_METHODS = 3
_LIKE = 0.5
"""The share of common method names from which two classes of one name seem to be about one thing."""
_MOST = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """One class of a proposed group; `importers` are the files that import it from where it is defined."""

    symbol: str
    path: str
    line: int
    importers: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group worth configuring. `classes` begins with the most imported one, which is proposed as canonical."""

    title: str
    name: str
    pattern: str
    classes: tuple[Candidate, ...]
    family: int
    """Classes that the pattern matches, these included."""
    copies: int
    """Pairs of them with the same, or nearly the same, body."""

    @property
    def weight(self) -> tuple[int, int, int, str]:
        importers = sum(item.importers for item in self.classes)
        return -3 * self.copies - 2 * len(self.classes) - self.family, -importers, -len(self.classes), self.name


def proposals(
    facts: Mapping[str, FileFacts],
    modules: Modules,
    standing: Standing,
    read: Callable[[str], bytes],
    definitions: ClassReader,
) -> tuple[Proposal, ...]:
    """The best ten, best first."""
    own = [
        cls
        for path, found in facts.items()
        if found.module is not None and not standing.why_exempt(path)
        for cls in classes_of(path, found)
        if cls.is_top and not cls.fallback and not cls.type_checking and not is_double_name(cls.name)
    ]
    alike: dict[str, int] = defaultdict(int)
    for like in copies(facts, standing, read, definitions, modules):
        for name in {like.first.name, like.second.name}:
            alike[name] += 1
    by_name: dict[str, list[FoundClass]] = defaultdict(list)
    for cls in own:
        if not cls.name.startswith("_"):
            by_name[cls.name].append(cls)
    several = {
        name: found
        for name, found in by_name.items()
        if len({cls.path for cls in found}) > 1 and (alike[name] or _seem_one(name, found))
    }
    resolver = Resolver(modules)
    several = {name: kept for name, found in several.items() if len(kept := _counted(found, resolver)) > 1}
    imports = imports_of(several, facts, modules)
    made = []
    for name, found in several.items():
        pattern = _pattern(name)
        family = sum(_matches(pattern, cls.name) for cls in own)
        candidates = sorted(
            (
                Candidate(
                    f"{modules.name(cls.path)}:{cls.name}", cls.path, cls.line,
                    len({edge.importer for edge in imports.edges.get((cls.path, name), ())}),
                )
                for cls in found
            ),
            key=lambda item: (-item.importers, item.symbol),
        )  # fmt: skip
        made.append(Proposal(_title(name), name, pattern, tuple(candidates), family, alike[name]))
    return tuple(_distinct(sorted(made, key=lambda proposal: proposal.weight)))[:_MOST]


def _seem_one(name: str, found: Sequence[FoundClass]) -> bool:
    """Names of one word, such as `Meta` or `Command`, repeat rightly; so do classes that have little in common."""
    words = _words(name)
    if len(words) < 2 or words[-1].lower() not in _SINGULAR:
        return False
    sets = [frozenset(method.name for method in methods_of(cls)) - {"__init__"} for cls in found]
    return any(
        len(one) >= _FEWEST_METHODS and len(one & other) >= _LIKE * len(one | other)
        for position, one in enumerate(sets[:50])
        for other in sets[position + 1 : 50]
        if one and other
    )


def _counted(found: Sequence[FoundClass], resolver: Resolver) -> list[FoundClass]:
    kept = []
    for cls in found:
        symbol = symbol_of(cls, resolver.modules.symbol(cls.path, cls.events))
        if symbol is not None and Kinds(resolver.of_file(cls.path)).kind(symbol) not in EXEMPT_KINDS:
            kept.append(cls)
    return kept


def _distinct(ranked: Iterable[Proposal]) -> Iterator[Proposal]:
    """A group that a better one's pattern covers adds nothing."""
    taken: list[str] = []
    titles: set[str] = set()
    for proposal in ranked:
        if not any(_matches(pattern, proposal.name) for pattern in taken) and proposal.title not in titles:
            taken.append(proposal.pattern)
            titles.add(proposal.title)
            yield proposal


def _words(name: str) -> list[str]:
    return _WORD.findall(name)


def _pattern(name: str) -> str:
    """`*WebSocket*Manager*` for `UnifiedWebSocketManager`: the last word, and what says which of its kind."""
    words = _words(name)
    if len(words) < 2:
        return name
    if len(words) == 2:
        return f"*{words[0]}*{words[1]}*"
    return f"*{''.join(words[-3:-1])}*{words[-1]}*"


def _matches(pattern: str, name: str) -> bool:
    from fnmatch import fnmatchcase

    return fnmatchcase(name, pattern)


def _title(name: str) -> str:
    """A name that configuration and shells take as it is; the pattern finds ASCII words only."""
    return "-".join(word.lower() for word in _words(name)) or "group"
