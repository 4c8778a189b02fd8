"""What runs: the terms of a start-up, its frames, and what an exception meets on its way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from merge_guard.model import events as ev
from merge_guard.model.finding import Hop, HopKind, Place
from merge_guard.model.outcome import Failure, Passage
from merge_guard.startup.heap import Namespace
from merge_guard.startup.values import ModuleRecord, Value

# How a suite ends.
NORMAL, RETURN, BREAK, CONTINUE = "normal", "return", "break", "continue"


Bodies = Mapping[tuple[int, int], ev.FunctionBody]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the deploy fixes: the lowest and highest Python version, the platform ("" unknown), and injected names."""

    lowest: tuple[int, int]
    highest: tuple[int, int]
    platform: str = ""
    builtins: frozenset[str] = frozenset()
    side: str = "ours"
    """Which side of a conflicted file the start-up goes on with."""
    follow_calls: bool = True
    provided: Callable[[str], bool | None] = lambda module: None
    """Whether what is installed brings a module that the target's standard library lacks; None: not known."""
    removed: frozenset[str] = frozenset()
    """Paths that the tree held before the judged change: what is gone with them was no third party's."""
    keep_routes: bool = False
    """Whether a contract asks for the routes that the start-up registers."""


class Raised(Exception):
    """An exception of the simulated program. `failure` is the modelled cause, None where the program raises itself."""

    def __init__(self, value: Value, failure: Failure | None) -> None:
        super().__init__(failure)
        self.value = value
        self.failure = failure
        self.origin: tuple[Place, tuple[Hop, ...]] | None = None
        """For an exception that the program raises itself: where, and how start-up got there."""
        self.exits_well = False
        """A SystemExit of status 0."""


@dataclass(slots=True, eq=False)
class Frame:
    """One running suite: a module's top level, a class body or a function call.

    `names` is where it binds; `outer` the enclosing function frames' namespaces with the names local to them.
    """

    module: ModuleRecord
    names: Namespace
    kind: str
    local: frozenset[str] = frozenset()
    outer: tuple[tuple[Namespace, frozenset[str]], ...] = ()
    line: int = 1
    column: int = 1
    step: HopKind = HopKind.IMPORT
    global_names: set[str] = field(default_factory=set)
    shadowed: list[str] = field(default_factory=list)
    """Targets of the comprehensions being evaluated, which hide names."""
    targets: dict[str, Value] = field(default_factory=dict)
    """Those of them whose value is known."""
    returned: list[Value] = field(default_factory=list)
    may_have_returned: bool = False
    may_have_skipped: bool = False
    """The rest of a loop's turn may have been skipped by `continue` or `break`."""
    is_comprehension: bool = False
    """A frame of its own before Python 3.12, over the names of the one around it."""
    fell_through: bool = False
    """The function came to its end, and cannot have returned before."""
    handling: list[Raised] = field(default_factory=list)
    imports: dict[str, Passage] = field(default_factory=dict)
    """What it imported for certain, by path."""
    guards: int = 0
    uncertain: int = 0
    """How many guards stood and how many alternatives were open when it began."""
    owner: Any = None
    """In a method: (class, first argument), for a bare `super()`."""


@dataclass(slots=True, eq=False)
class Guard:
    """What an exception meets on its way out. `handlers` None: an alternative's edge, which takes everything."""

    frame: Frame
    handlers: tuple[ev.Handler, ...] | None = None
    may_raise: dict[str, int] = field(default_factory=dict)
    """Where (a mark) something of a kind ("import", "any") might have raised first."""
    expected: dict[str, int] = field(default_factory=dict)
    """The same for what stands in the guarded suite itself."""
    call: bool = False
    """The edge of a call: takes everything only once the call may have returned."""
    loop: bool = False
    """The edge of a loop's turn: takes everything only once the rest of the turn may have been skipped."""
    suppresses: Value | None = None
    """For `contextlib.suppress(…)`: what it takes."""
