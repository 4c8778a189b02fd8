"""MG404."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Related, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(
    code="MG404",
    name="near-clone-class",
    severity=Severity.WARNING,
    message="{symbol} is nearly {first}: {methods} methods in common, {identical} with the same body",
)
def near_clone_class(project: Project) -> Iterator[Finding]:
    """A class is nearly a copy of another: two implementations of one thing that drift apart.

    Between classes of one group: four or more common methods that are at least 0.8 of the methods of both together, or
    three equal bodies of five or more statements. Elsewhere it is off; with `--extend-select MG404` it also needs equal
    bodies for half of the common methods, since classes of one interface have common names, and equal parameters in at
    least three.

    Bad:

        # merge-guard.toml
        [ssot.queue]
        match = ["*Queue"]
        # app/__init__.py
        # app/one.py
        class Queue:
            def put(self, item): self.items.append(item)
            def get(self): return self.items.pop()
            def size(self): return len(self.items)
            def clear(self): self.items.clear()
        # app/two.py
        class FastQueue:
            def put(self, item): self.deque.append(item)
            def get(self): return self.deque.popleft()
            def size(self): return len(self.deque)
            def clear(self): self.deque.clear()

    Good:

        # merge-guard.toml
        [ssot.queue]
        match = ["*Queue"]
        # app/__init__.py
        # app/one.py
        class Queue:
            def put(self, item): self.items.append(item)
            def get(self): return self.items.pop()
            def size(self): return len(self.items)
            def clear(self): self.items.clear()
        # app/two.py
        class WorkQueue:
            def submit(self, job): self.jobs.append(job)
            def run(self): return [job() for job in self.jobs]

    Not compared is what MG403 does not compare.
    """
    for like in project.likenesses:
        if not like.is_clone:
            yield near_clone_class.finding(
                key=f"{like.first.symbol}:{like.second.symbol}",
                baseline_key=like.second.identity,
                message={
                    "symbol": like.second.symbol, "first": like.first.symbol, "methods": like.methods,
                    "identical": like.identical,
                },
                place=like.second.place,
                related=(Related(like.first.place, f"{like.first.symbol} is here"),),
            )  # fmt: skip
