"""MG503."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.bindings import removed_but_imported
from merge_guard.model.finding import Finding, Place
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG503", name="removed-but-imported", scope=Scope.MERGE,
    message="{adder} imports {what} here, {remover} removed it",
)  # fmt: skip
def removed_but_imported_rule(merge: Merge) -> Iterator[Finding]:
    """One side of the merge removed or moved a module or a name, the other added an import of it.

    Git sees two edits in two files and merges them without a word. The import fails when it runs.

    Bad:

        # on base:
        # app/__init__.py
        # app/store.py
        def load(): ...
        # app/main.py
        # on ours:
        # app/store.py
        def fetch(): ...
        # on theirs:
        # app/main.py
        from app.store import load

    Good:

        # on base:
        # app/__init__.py
        # app/store.py
        def load(): ...
        # app/main.py
        # on ours:
        # app/store.py
        from app.disk import load
        # app/disk.py
        def load(): ...
        # on theirs:
        # app/main.py
        from app.store import load

    Limits: modules with a star import, a `__getattr__` or `globals()` may bind any name; imports in a `try` or under
    `TYPE_CHECKING` are let be.
    """
    for found in removed_but_imported(merge):
        adder = "theirs" if found.remover == "ours" else "ours"
        dotted = f"{'.' * found.item.level}{found.item.module}"
        what = f"{found.item.name} from {dotted}" if found.item.name else dotted
        yield removed_but_imported_rule.finding(
            key=f"{dotted} {found.item.name}",
            message={"adder": merge.labels[adder], "remover": merge.labels[found.remover], "what": what},
            place=Place(found.path, found.item.line),
        )
