"""Which names of a group may exist once, and who bears one of them beside its owner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import translate

from merge_guard.model.config import Group
from merge_guard.model.ssot import Member, Role


def single_names(group: Group) -> tuple[str, ...]:
    """Who may exist once."""
    own = (group.canonical.rpartition(":")[2].rpartition(".")[2],) if group.canonical else ()
    return tuple(dict.fromkeys([*(group.names or own), *own]))


def pattern_of(group: Group) -> re.Pattern[str]:
    """Of the class names that the group is about."""
    wanted = [translate(pattern) for pattern in group.match]
    wanted += [re.escape(name) + r"\Z" for name in single_names(group)]
    return re.compile("|".join(wanted) or r"(?!)")


def with_seconds(group: Group, members: Sequence[Member]) -> list[Member]:
    """Unclassified classes that bear a name which may exist once are second ones; the most used one is the first."""
    changed = list(members)
    for name in single_names(group):
        named = [member for member in members if member.name == name]
        owner = next((member for member in named if member.role in (Role.CANONICAL, Role.ADAPTER)), None)
        others = [member for member in named if member.role is Role.UNCLASSIFIED]
        if owner is None and not (group.canonical or "").endswith((f":{name}", f".{name}")):
            owner = min(others, key=lambda m: (-sum(len(path.importers) for path in m.paths), m.symbol), default=None)
        if owner is None:
            continue  # a canonical that is not there is a finding of its own
        for member in others:
            if member is not owner:
                role, reason = Role.SECOND, f"beside {owner.symbol}"
                if _share_a_path(owner, member):
                    role, reason = Role.EXEMPT, "an alternative in one module"
                changed[changed.index(member)] = replace(member, role=role, reason=reason)
    return changed


def _share_a_path(one: Member, other: Member) -> bool:
    return not {path.symbol for path in one.paths}.isdisjoint(path.symbol for path in other.paths)
