"""MG601."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.contract import ContractKind
from merge_guard.model.finding import Finding
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(code="MG601", name="required-symbol-missing", message="service {service} requires {contract}: {problem}")
def required_symbol_missing(project: Project) -> Iterator[Finding]:
    """A symbol that a deploy requires is not there, or lacks a parameter that its callers rely on.

    `requires` of a service lists modules (`pkg.mod`), names in them (`pkg.mod:name`), members of classes
    (`pkg.mod:Class.method`) and parameters (`pkg.mod:Class.method(one, two)`). They are found as Python would find
    them: through re-exports, aliases, star imports and the bases of a class. A parameter has to be there by its name:
    `**kwargs` takes everything and promises nothing. A decorator leaves the parameters of what is written below it.
    `Class(one)` asks the constructor, of a dataclass its fields. In a file with a conflict both sides are judged.

    Bad:

        # merge-guard.toml
        [services.backend]
        requires = ["app.db:Manager.get_session(engine_name, user_context)"]
        # app/__init__.py
        # app/db.py
        class Manager:
            def get_session(self, engine_name): ...

    Good:

        # merge-guard.toml
        [services.backend]
        requires = ["app.db:Manager.get_session(engine_name, user_context)"]
        # app/__init__.py
        # app/db.py
        class Manager:
            def get_session(self, engine_name=None, *, user_context=None): ...

    Limits: what a base from outside the tree, a metaclass, `__getattr__` or a computed value may bring is unknown: no
    finding, but a line in the report says that the contract could not be decided.
    """
    for breach in project.breaches:
        if breach.kind is ContractKind.SYMBOL:
            yield required_symbol_missing.finding(
                key=f"{breach.service}:{breach.contract}",
                message={"service": breach.service, "contract": breach.contract, "problem": breach.problem},
                place=breach.place,
            )
