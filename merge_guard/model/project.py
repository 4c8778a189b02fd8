"""All that a rule may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from merge_guard.model.config import Config
from merge_guard.model.facts import Conflict, FileFacts
from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Failure, Outcome
from merge_guard.model.report import Target
from merge_guard.model.source import Snapshot

if TYPE_CHECKING:
    from merge_guard.model.baseline import Baseline
    from merge_guard.model.contract import Breach
    from merge_guard.model.definitions import Definitions
    from merge_guard.model.dependency import Undeclared
    from merge_guard.model.gate import PolicyChange
    from merge_guard.model.ssot import Inventory, Likeness


class Reach(Enum):
    """Whether a start-up runs a file, the judged change holds it, a start-up runs it on some paths, a function may
    import it later, or none of them.
    """

    START = "start"
    CHANGED = "changed"
    POSSIBLE = "possible"
    LAZY = "lazy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Project:
    """The judged project; immutable.

    `latent` are failures of modules that no entry point runs for certain. `newness` answers, for a conflict-like block
    of a file, whether its markers are new against every parent (True), stand in a parent too (False) or unknown (None).
    """

    snapshot: Snapshot
    facts: Mapping[str, FileFacts]
    config: Config
    target: Target
    outcomes: tuple[Outcome, ...] = ()
    latent: tuple[Failure, ...] = ()
    breaches: tuple[Breach, ...] = ()
    undeclared: tuple[Undeclared, ...] = ()
    """Made only if its rule is judged."""
    unheeded: tuple[PolicyChange, ...] = ()
    """Suppressions that do not count, for the trusted revision does not have them."""
    inventories: tuple[Inventory, ...] = ()
    likenesses: tuple[Likeness, ...] = ()
    reach: Mapping[str, Reach] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    """Of the rules that are judged."""
    baseline: Baseline | None = None
    """None where the project has none, which is not the same as an empty one."""
    newness: Callable[[str, Conflict], bool | None] = lambda path, conflict: None
    line_text: Callable[[str, int], str] = lambda path, line: ""
    """The stripped text of a source line, "" where it cannot be read."""
    suggest: Callable[[Failure], str] = lambda failure: ""
    """What may have been meant where a module or a name is missing, in one line; "" where nothing fits."""
    definitions: Callable[[str], Definitions] = lambda path: Definitions()
    """What a file defines; made when it is asked for."""
    module_name: Callable[[str], str] = lambda path: path
    """The dotted name of a file's module."""
    fetch_definitions: Callable[[Iterable[str]], None] = lambda paths: None
    """Makes the definitions of many files at once."""
    content: Callable[[str], bytes] = lambda path: b""
    """A file's bytes, empty where they cannot be had any more."""
    roots: tuple[str, ...] = ()
    """The source roots of the whole project."""
    is_foreign: Callable[[str], bool] = lambda path: False
    """Whether a file is vendored, generated or excluded."""

    focus: frozenset[str] | None = None
    """The files that are asked about, None for all: what is judged file by file is judged of these alone."""

    def is_asked(self, path: str) -> bool:
        return self.focus is None or path in self.focus

    def reach_of(self, path: str) -> Reach:
        return self.reach.get(path, Reach.NONE)


@dataclass(frozen=True, slots=True)
class JudgedFile:
    """What a rule of file scope sees: one file's facts, and the project around it."""

    path: str
    facts: FileFacts
    project: Project


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule of findings scope sees: all that the other rules said, before anything was suppressed.

    `undecided` holds beginnings of codes of which this judgement cannot say that there is no finding: its entry points
    or its target are others than the project's own, or a start-up is not known to its end. `known` are all codes.
    """

    project: Project
    findings: tuple[Finding, ...]
    known: frozenset[str] = frozenset()
    undecided: tuple[str, ...] = ()
