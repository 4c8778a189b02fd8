"""Names that lead to several classes, and paths that should lead nowhere any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from merge_guard.model.config import Group
from merge_guard.model.ssot import Ambiguity, DeprecatedUse, ImportPath, Member, Role
from merge_guard.ssot.imports import Imports
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.paths import onward
from merge_guard.ssot.standing import Standing


def ambiguities(group: Group, members: Sequence[Member], is_outside: Callable[[str], bool]) -> tuple[Ambiguity, ...]:
    """Public names that mean several classes, where no second definition explains it already.

    Two classes that one module offers under one name are alternatives of its branches.
    """
    counted = [member for member in members if member.role in (Role.CANONICAL, Role.UNCLASSIFIED) and not member.side]
    names = {member.name for member in counted} | set(group.names)
    if group.canonical:
        names.add(group.canonical.rpartition(":")[2].rpartition(".")[2])
    found: list[Ambiguity] = []
    for name in sorted(name for name in names if not name.startswith("_")):
        ways: list[tuple[Member, ImportPath]] = []
        for member in counted:
            way = next(
                (
                    path
                    for path in member.paths
                    if path.symbol.endswith(f":{name}")
                    and path.via != "__getattr__"
                    and not is_outside(path.place.path)
                ),
                None,
            )
            if way is not None:
                ways.append((member, way))
        ways.sort(key=lambda item: (item[0].role is not Role.CANONICAL, -_uses(item[0]), item[0].symbol))
        for member, way in ways[1:]:
            first, first_way = ways[0]
            if {path.symbol for path in first.paths}.isdisjoint(path.symbol for path in member.paths):
                found.append(Ambiguity(name, first, first_way, member, way))
    return tuple(found)


def _uses(member: Member) -> int:
    return sum(len(path.importers) for path in member.paths)


def deprecated_uses(group: Group, imports: Imports, modules: Modules, standing: Standing) -> Iterator[DeprecatedUse]:
    """Imports of the deprecated paths themselves; who gets the name from such an importer is listed with it."""
    for deprecated, instead in group.deprecated_paths.items():
        module, _, name = deprecated.partition(":")
        home = modules.find(module, modules.roots)
        new_home = modules.find(instead.partition(":")[0], modules.roots)
        if not home:
            continue
        edges = imports.edges.get((home, name), []) if name else imports.modules.get(home, [])
        seen = set()
        for edge in edges:
            if edge.importer in (home, new_home) or _is_nobodys(edge.importer, standing) or edge.place in seen:
                continue
            seen.add(edge.place)
            certain = not edge.type_checking and not standing.is_test(edge.importer)
            can_move = edge.bound != "*" and bool(name) == (":" in instead)
            yield DeprecatedUse(
                deprecated, instead, modules.name(edge.importer), edge.place, onward(edge, imports), certain, can_move
            )


def _is_nobodys(path: str, standing: Standing) -> bool:
    """Neither the project's own nor a test."""
    return bool(standing.why_exempt(path)) and not standing.is_test(path)
