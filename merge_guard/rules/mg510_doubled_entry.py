"""MG510."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.doubled import doubled_entries
from merge_guard.model.finding import Finding, Place, Related
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule

_WORDS = {"all": "entry of __all__", "member": "member", "key": "key", "route": "route"}


@rule(
    code="MG510", name="doubled-entry", scope=Scope.MERGE,
    message="the merge left the {kind} {key} of {owner} twice",
)  # fmt: skip
def doubled_entry(merge: Merge) -> Iterator[Finding]:
    """A route, an entry of `__all__`, an enum member or a dictionary key stands more often than in either side.

    Of two equal keys the last one counts, of two equal routes the first one; a doubled member makes the class raise.

    Bad:

        # on base:
        # app.py
        COLOURS = {
            "red": 1,
            "blue": 2,
        }
        # on ours:
        # app.py
        COLOURS = {
            "green": 3,
            "red": 1,
            "blue": 2,
        }
        # on theirs:
        # app.py
        COLOURS = {
            "red": 1,
            "blue": 2,
            "green": 4,
        }

    Good:

        # on base:
        # app.py
        COLOURS = {
            "red": 1,
            "blue": 2,
        }
        # on ours:
        # app.py
        COLOURS = {
            "green": 3,
            "red": 1,
            "blue": 2,
        }
        # on theirs:
        # app.py
        COLOURS = {
            "red": 1,
            "blue": 2,
            "pink": 4,
        }
    """
    for path, first, second in doubled_entries(merge):
        yield doubled_entry.finding(
            key=f"{second.kind} {second.owner} {second.key}",
            message={"kind": _WORDS[second.kind], "key": second.key, "owner": second.owner or "the module"},
            place=Place(path, second.line),
            related=(Related(Place(path, first.line), "the first"),),
        )
