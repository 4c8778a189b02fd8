"""MG402."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Related
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(
    code="MG402",
    name="ambiguous-public-name",
    message="{name} means {other} here and {first} in {first_path}: one name of group {group}, two classes",
)
def ambiguous_public_name(project: Project) -> Iterator[Finding]:
    """One public name of a group leads to several classes, depending on where it is imported from.

    Paths are followed through re-exports, `X = Y`, `import ... as` and star imports; any number of paths to one class
    is fine. The finding stands where the name comes to mean the other class; the one with most importers, or the
    canonical, is taken for the right one.

    Bad:

        # merge-guard.toml
        [ssot.manager]
        match = ["*Manager"]
        names = ["Manager"]
        # app/__init__.py
        # app/one.py
        class PlainManager: ...
        Manager = PlainManager
        # app/two.py
        class FancyManager: ...
        Manager = FancyManager

    Good:

        # merge-guard.toml
        [ssot.manager]
        match = ["*Manager"]
        names = ["Manager"]
        # app/__init__.py
        from app.two import Manager
        # app/one.py
        class PlainManager: ...
        Manager = PlainManager
        # app/two.py
        from app.one import PlainManager as Manager

    Classes that are exempt (see MG401) do not count, nor does a class that is a second definition already, nor two that
    one module offers in its branches.
    """
    for found in project.inventories:
        for item in found.ambiguities:
            yield ambiguous_public_name.finding(
                key=f"{found.group.name}:{item.name}:{item.other.symbol}",
                baseline_key=f"{item.name} {item.other.identity}",
                message={
                    "name": item.name, "other": item.other.symbol, "first": item.first.symbol,
                    "first_path": item.first_path.symbol, "group": found.group.name,
                },
                place=item.other_path.place,
                related=(
                    Related(item.other.place, f"{item.other.symbol} is defined here"),
                    Related(item.first_path.place, f"{item.name} is {item.first.symbol} here"),
                ),
            )  # fmt: skip
