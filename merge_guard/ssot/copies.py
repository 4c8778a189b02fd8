"""Copies among all classes of a project, for those who ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from merge_guard.model.definitions import ClassReader
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.ssot import ClassKind, Likeness, Member, Role
from merge_guard.ssot.classes import FoundClass, classes_of
from merge_guard.ssot.kinds import EXEMPT_KINDS, Kinds, symbol_of
from merge_guard.ssot.likeness import among
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.paths import Resolver
from merge_guard.ssot.sketches import likely_pairs, methods_of, sketched, worth_reading
from merge_guard.ssot.standing import Standing


def copies(
    facts: Mapping[str, FileFacts],
    standing: Standing,
    read: Callable[[str], bytes],
    definitions: ClassReader,
    modules: Modules,
) -> Iterator[Likeness]:
    """Definitions are made only of files with classes that look alike."""
    sketches = list(sketched(worth_reading(_classes(facts, standing)), read))
    pairs = likely_pairs(sketches)
    members = [_member(sketch.found, modules.name) for sketch in sketches]
    classes = {member.place: sketch.found for member, sketch in zip(members, sketches)}
    resolver = Resolver(modules)
    for like in among(members, pairs, definitions):
        if not any(_is_any_number(classes[member.place], resolver) for member in (like.first, like.second)):
            yield like


def _classes(facts: Mapping[str, FileFacts], standing: Standing) -> Iterator[FoundClass]:
    for path, found in facts.items():
        if found.module is not None and not standing.why_exempt(path):
            for cls in classes_of(path, found):
                if cls.is_top and not cls.fallback and not cls.type_checking:
                    yield cls


def _is_any_number(found: FoundClass, resolver: Resolver) -> bool:
    """Whether a class is of a kind of which there may be any number, such as an interface or a test double."""
    kinds = Kinds(resolver.of_file(found.path))
    symbol = symbol_of(found, resolver.modules.symbol(found.path, found.events))
    return symbol is not None and (kinds.kind(symbol) in EXEMPT_KINDS or kinds.is_double(symbol))


def _member(found: FoundClass, module_name: Callable[[str], str]) -> Member:
    node = found.node
    place = Place(found.path, found.line, node.column if node else 1, node.end_line if node else None)
    symbol = f"{module_name(found.path)}:{found.qualname}"
    return Member(symbol, found.name, place, ClassKind.PLAIN, Role.UNCLASSIFIED, methods=len(methods_of(found)))
