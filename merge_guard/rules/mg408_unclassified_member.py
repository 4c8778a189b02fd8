"""MG408."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.model.ssot import Role


@rule(
    code="MG408",
    name="unclassified-member",
    severity=Severity.WARNING,
    message="{symbol} matches group {group} and has no role in it",
)
def unclassified_member(project: Project) -> Iterator[Finding]:
    """A class matches the pattern of a group, and the configuration does not say what it is to the group.

    It may be a second implementation under a new name. Say that it is an adapter, or exempt with a reason, or make it
    one with the canonical. A warning until there is a baseline; from then on a new one is an error.

    Bad:

        # merge-guard.toml
        [ssot.manager]
        match = ["*Manager*"]
        canonical = "app.core:Manager"
        # app/__init__.py
        # app/core.py
        class Manager: ...
        class EnhancedManagerFactory: ...

    Good:

        # merge-guard.toml
        [ssot.manager]
        match = ["*Manager*"]
        canonical = "app.core:Manager"
        exempt = { "app.core:EnhancedManagerFactory" = "makes managers, is none" }
        # app/__init__.py
        # app/core.py
        from enum import Enum
        class Manager: ...
        class EnhancedManagerFactory: ...
        class ManagerMode(Enum):
            PLAIN = 1

    What MG401 exempts needs no role, and what MG401 or MG402 reports is not reported again.
    """
    for found in project.inventories:
        ambiguous = {item.other.symbol for item in found.ambiguities}
        for member in found.members:
            if member.role is Role.UNCLASSIFIED and member.symbol not in ambiguous:
                yield unclassified_member.finding(
                    key=f"{found.group.name}:{member.symbol}",
                    baseline_key=member.identity,
                    message={"symbol": member.symbol, "group": found.group.name},
                    place=member.place,
                )
