"""MG504."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.bindings import lost_bindings
from merge_guard.model.finding import Finding, Place
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG504", name="lost-binding", scope=Scope.MERGE,
    message="{name} is used here, and the merge lost what bound it (bound in {sides})",
)  # fmt: skip
def lost_binding(merge: Merge) -> Iterator[Finding]:
    """A name is used in the result that nothing binds there, though the sides that use it bind it.

    An import or an assignment got lost: a NameError as soon as the line runs.

    Bad:

        # on base:
        # app.py
        import os
        # on ours:
        # app.py
        import os
        import logging
        logging.info(os.name)
        # on theirs:
        # app.py
        import os
        import json
        json.dumps(1)
        # on result:
        # app.py
        import os
        import json
        json.dumps(1)
        logging.info(os.name)

    Good:

        # on base:
        # app.py
        import os
        # on ours:
        # app.py
        import os
        import logging
        logging.info(os.name)
        # on theirs:
        # app.py
        import os
        import json
        json.dumps(1)
        # on result:
        # app.py
        import os
        import json
        import logging
        json.dumps(1)
        logging.info(os.name)
    """
    for found in lost_bindings(merge):
        sides = " and ".join(merge.labels[side] for side in found.sides)
        yield lost_binding.finding(
            key=found.name, message={"name": found.name, "sides": sides}, place=Place(found.path, found.line)
        )
