"""The groups of a project, made when a rule that is judged or a surface asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from merge_guard.engine.definitions import DefinitionShelf
from merge_guard.engine.stated import stated
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.standing import Standing
from merge_guard.startup.resolve import SourceTree

if TYPE_CHECKING:
    from merge_guard.model.ssot import Inventory, Likeness

_RULES = frozenset({"MG401", "MG402", "MG403", "MG404", "MG405", "MG406", "MG408"})
_LIKENESS = frozenset({"MG403", "MG404"})


@dataclass(frozen=True, slots=True)
class Inventories:
    groups: tuple[Inventory, ...] = ()
    likenesses: tuple[Likeness, ...] = ()

    def unread(self) -> frozenset[str]:
        """Files of a group that cannot be read: they matter, wherever they lie."""
        return frozenset(path for group in self.groups for path in group.unread)

    def notices(self) -> tuple[str, ...]:
        return tuple(
            f"group {found.group.name} names {text}, which the tree does not have"
            for found in self.groups
            for text in found.stale
        )


def inventories(
    config: Config,
    codes: frozenset[str],
    named: frozenset[str],
    tree: SourceTree,
    facts: Mapping[str, FileFacts],
    roots: tuple[str, ...],
    standing: Standing,
    shelf: DefinitionShelf,
    line_text: Callable[[str, int], str],
    has_file: Callable[[str], bool],
    read: Callable[[str], bytes],
    with_bodies: bool,
) -> Inventories:
    """`codes` are those of the rules that are judged, `named` those that somebody asked for by their full name.

    `with_bodies`: what classes do is wanted, for a baseline or to be shown.
    """
    groups: tuple[Inventory, ...] = ()
    found: list[Likeness] = []
    if config.ssot and codes & _RULES:
        from merge_guard.ssot.groups import Ground, Groups
        from merge_guard.ssot.likeness import in_groups

        ground = Ground(
            config, tree, facts, roots, standing, shelf, shelf.fetch, line_text, with_bodies,
            lambda text: stated(text, config.origin, line_text, has_file),
        )  # fmt: skip
        made = Groups(ground)
        groups = made.inventories()
        if codes & _LIKENESS:
            found += in_groups(groups, made.found, read, shelf.classes)
    if codes & named & _LIKENESS:
        from merge_guard.ssot.copies import copies

        told = {(like.second.place, like.is_clone) for like in found}
        for like in copies(facts, standing, read, shelf.classes, Modules(tree, facts.get, roots)):
            if (like.second.place, like.is_clone) not in told:
                found.append(like)
    return Inventories(groups, tuple(found))
