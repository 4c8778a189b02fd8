"""The groups of a project, made when a rule that is judged or a surface asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from merge_guard.engine.definitions import DefinitionShelf
from merge_guard.engine.stated import stated
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts
from merge_guard.model.ssot import Inventory
from merge_guard.ssot.groups import Ground, Groups
from merge_guard.ssot.standing import Standing
from merge_guard.startup.resolve import SourceTree

_RULES = frozenset({"MG401", "MG402", "MG403", "MG404", "MG405", "MG406", "MG408"})


@dataclass(frozen=True, slots=True)
class Inventories:
    groups: tuple[Inventory, ...] = ()

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
    tree: SourceTree,
    facts: Mapping[str, FileFacts],
    roots: tuple[str, ...],
    standing: Standing,
    shelf: DefinitionShelf,
    line_text: Callable[[str, int], str],
    has_file: Callable[[str], bool],
) -> Inventories:
    if not config.ssot or not codes & _RULES:
        return Inventories()
    ground = Ground(
        config, tree, facts, roots, standing, shelf, shelf.fetch, line_text,
        lambda text: stated(text, config.origin, line_text, has_file),
    )  # fmt: skip
    return Inventories(Groups(ground).inventories())
