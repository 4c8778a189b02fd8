"""MG401."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Related
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.model.ssot import Role


@rule(code="MG401", name="second-definition", message="{symbol} is a second {name} of group {group}, {reason}")
def second_definition(project: Project) -> Iterator[Finding]:
    """A class that may exist once is defined a second time.

    A group names its canonical class, and with `names` who else may exist once; a further class of one of these names
    is a second definition. Where `names` holds a name that is not the canonical's, the most imported class of that
    name is taken for the first.

    Bad:

        # merge-guard.toml
        [ssot.manager]
        canonical = "app.core:Manager"
        # app/__init__.py
        # app/core.py
        class Manager:
            def connect(self): return 1
        # app/legacy.py
        class Manager:
            def connect(self): return 2

    Good:

        # merge-guard.toml
        [ssot.manager]
        canonical = "app.core:Manager"
        # app/__init__.py
        from app.core import Manager
        # app/core.py
        class Manager:
            def connect(self): return 1
        # app/legacy.py
        from app.core import Manager as _Manager
        class Manager(_Manager):
            def connect_twice(self): return self.connect() + self.connect()

    Exempt are Protocols, abstract classes, Enums, exceptions, TypedDicts and NamedTuples; subclasses of the canonical
    and configured adapters; test doubles and tests; nested classes; what `exempt` lists with a reason; what stands
    under `TYPE_CHECKING`, or in one branch of an `if` or `try` whose other branch binds the name. Re-exports and `X =
    Y` are no definitions.
    """
    for found in project.inventories:
        for member in found.members:
            if member.role is Role.SECOND:
                first = found.canonical
                related = (Related(first.place, f"{first.symbol} is canonical"),) if first else ()
                yield second_definition.finding(
                    key=f"{found.group.name}:{member.symbol}",
                    baseline_key=member.identity,
                    message={
                        "symbol": member.symbol, "name": member.name, "group": found.group.name,
                        "reason": member.reason,
                    },
                    place=member.place,
                    related=related,
                )  # fmt: skip
