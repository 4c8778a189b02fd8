"""The state of one simulated start-up, and how alternatives and failures move through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from merge_guard.model import events as ev
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Hop, HopKind, Place
from merge_guard.model.outcome import Cause, Failure, Passage
from merge_guard.startup.bases import Twins
from merge_guard.startup.edges import leave
from merge_guard.startup.exceptions import ends_by_raising, kinds_of, matches
from merge_guard.startup.frames import BREAK, CONTINUE, NORMAL, RETURN, Bodies, Frame, Guard, Raised, Terms
from merge_guard.startup.heap import Delta, Heap, Namespace
from merge_guard.startup.joins import join_slots
from merge_guard.startup.resolve import SourceTree
from merge_guard.startup.values import UNKNOWN, Builtin, Const, Value

if TYPE_CHECKING:
    from merge_guard.startup.observer import Observer


class Machine:
    """One start-up. The functions of the other modules of this package work on it.

    `facts` and `bodies` give what files hold; `execute`, `evaluate` … are bound by `simulate`.
    """

    def __init__(
        self,
        tree: SourceTree,
        terms: Terms,
        search_path: tuple[str, ...],
        facts: Callable[[str], FileFacts | None],
        bodies: Callable[[str], Bodies],
        effects: dict[int, tuple[Any, Any]] | None = None,
    ) -> None:
        self.tree = tree
        self.terms = terms
        self._search_path = search_path
        self.path_entries: Namespace = {}
        """Directories that the program adds to `sys.path`: `Const` of a rank, below 0 in front."""
        self.first_path: tuple[str, ...] = ()
        """Directories that come before the standard library."""
        self.facts = facts
        self.bodies = bodies
        self.heap = Heap()
        self.modules: Namespace = {}
        self.computed_modules: Namespace = {}
        """What is known of the beginning of names that the program computes and puts into `sys.modules`."""
        self.memo: Namespace = {}
        self.injected: Namespace = {}
        """Names that the program puts into `builtins`; "*" for names that nobody sees."""
        self.environ: Namespace = {}
        """The environment variables that frameworks read, and what they have done."""
        self.later: list[tuple[str, tuple[str, ...], Place]] = []
        """What a Celery worker imports once its application is there: by which call, which names, and where."""
        self.frames: list[Frame] = []
        self.guards: list[Guard] = []
        self.failures: list[Failure] = []
        self.remarks: list[Failure] = []
        self.reached: dict[str, tuple[Hop, ...]] = {}
        self.closure: dict[str, str] = {}
        self.edges: dict[str, dict[str, Passage]] = {}
        self.imports_of: dict[Any, tuple[tuple[str, Passage], ...]] = {}
        """What a call imported whose result is in `memo`."""
        self.possible: set[str] = set()
        self.unjudged: dict[str, str] = {}
        self.notices: set[str] = set()
        self.not_shipped: set[str] = set()
        """Modules of which it is said already that they do not ship: the run goes on as though they did."""
        self.foreign: set[str] = set()
        """Top-level modules from outside the project that were asked for."""
        self.calls_of: dict[tuple[str, tuple[int, int]], int] = {}
        self.active: list[Any] = []
        self.frame_writers: dict[Any, int | None] = {}
        """Functions that write to the globals of whoever calls them, and how many frames up; None: of anybody."""
        self.effects = {} if effects is None else effects
        """What bodies change that may run unseen, by the identity of each, which is held. Good for any start-up."""
        self._latest = 0
        """No guard has a later mark."""
        self.twins = Twins()
        self.observer: Observer | None = None
        self.steps = 0
        self.uncertain = 0
        """How many alternatives deep: above 0, what happens happens on some paths only."""

    # --- where we are -------------------------------------------------------------------------------------------
    @property
    def search_path(self) -> tuple[str, ...]:
        """Directories of the tree that are on `sys.path` for certain, at this moment."""
        if not self.path_entries:
            return self._search_path
        ranks = {folder: slot.value for folder, slot in self.path_entries.items() if isinstance(slot, Const)}
        added = sorted(ranks, key=ranks.__getitem__)
        front = [folder for folder in added if ranks[folder] < 0]
        return tuple(dict.fromkeys([*front, *self._search_path, *added]))

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def chain(self, place: Place, module: str, line: int = 0) -> tuple[Hop, ...]:
        """The first-party frames from the entry point down, and the place of the failure as the last.

        `line` is the one that CPython names for the failure, where that is not the place's own.
        """
        hops = list(self.standing())
        cause = Hop(place.path, line or place.line, module, HopKind.CAUSE)
        if hops and hops[-1].path == cause.path:
            hops.pop()  # the running frame is at the cause itself
        return (*hops, cause)

    def standing(self) -> tuple[Hop, ...]:
        """The running frames, the entry point's first."""
        # The frame of a program that loads the entry point has no path.
        frames = [frame for frame in self.frames if frame.module.path]
        return tuple(Hop(frame.module.path, frame.line, frame.module.name, frame.step) for frame in frames)

    # --- failures -----------------------------------------------------------------------------------------------
    def fail(
        self,
        cause: Cause,
        exception: str,
        place: Place,
        module: str,
        *,
        subject: str = "",
        source: str = "",
        detail: str = "",
        importer: Place | None = None,
        line: int = 0,
        chain: Sequence[Hop] = (),
    ) -> None:
        """A modelled cause. If anything would take the exception it is raised; else it is recorded and mended.

        Mended means: the caller goes on as though the thing had existed, so that what lies behind is found too.
        """
        chain = tuple(chain) or self.chain(place, module, line)
        failure = Failure(cause, exception, place, module, subject, source, detail, chain, importer)
        raised = Raised(Builtin(exception), failure)
        if self.is_taken(raised.value):
            raise raised
        self.record(failure)

    def record(self, failure: Failure) -> None:
        if not any(
            (known.cause, known.place, known.subject) == (failure.cause, failure.place, failure.subject)
            for known in self.failures
        ):
            self.failures.append(failure)

    def remark(self, failure: Failure) -> None:
        """Something that is wrong, or may be, and that nothing in this start-up fails at."""
        if failure not in self.remarks:
            self.remarks.append(failure)

    def is_taken(self, exception: Value) -> bool:
        """Whether some guard on the way out takes the exception, or may."""
        return self.after(exception, self.guards) is None

    def after(self, exception: Value, guards: Sequence[Guard]) -> Value | None:
        """What is left of an exception behind the guards, which a handler may have replaced; None where one takes it.

        The last guard is met first.
        """
        for guard in reversed(guards):
            if guard.call:
                if guard.frame.may_have_returned:
                    return None
                continue
            if guard.loop:
                if guard.frame.may_have_skipped:
                    return None
                continue
            if guard.suppresses is not None:
                if matches(exception, guard.suppresses) is not False:
                    return None
                continue
            if guard.handlers is None:
                return None
            for handler in guard.handlers:
                verdict = self.handler_matches(guard.frame, handler, exception)
                if verdict is False:
                    continue
                replaced = ends_by_raising(handler)
                if verdict is None or replaced is None:
                    return None
                if replaced == "again":
                    break
                exception = Builtin(replaced) if replaced else UNKNOWN
                break
            if any(self.is_expected(guard, handler) for handler in guard.handlers):
                return None
        return exception

    def is_expected(self, guard: Guard, handler: ev.Handler) -> bool:
        """Whether what ran in the guarded suite may have raised before, as a handler that completes expects."""
        if not guard.expected or ends_by_raising(handler) is not None:
            return False
        kinds = {"import", "any"} if handler.type is None else kinds_of(self.quiet(guard.frame, handler.type))
        return not kinds.isdisjoint(guard.expected)

    def handler_matches(self, frame: Frame, handler: ev.Handler, exception: Value) -> bool | None:
        if handler.type is None:
            return True
        return matches(exception, self.quiet(frame, handler.type))

    def may_be_injected(self, dotted: str) -> bool:
        """Whether the program may have put the module into `sys.modules` itself, under a name that is not computed."""
        return any(dotted.startswith(beginning) for beginning in self.computed_modules)

    # --- alternatives -------------------------------------------------------------------------------------------
    def alternatives(self, paths: Sequence[Callable[[], str]]) -> str:
        """Run each path from the same state and join where they end; paths that raise drop out.

        If all raise, the first one's exception goes on.
        """
        mark = self.heap.mark()
        ends: list[str] = []
        deltas: list[Delta] = []
        first: Raised | None = None
        depth = len(self.frames)
        guards = len(self.guards)
        for path in paths:
            self.guards.append(Guard(self.frame))
            self.uncertain += 1
            try:
                ends.append(path())
            except Raised as raised:
                first = first or raised
                del self.frames[depth:]
                self.heap.rollback(mark)
            else:
                deltas.append(self.heap.take(mark))
            finally:
                del self.guards[guards:]
                self.uncertain -= 1
            self._clamp(mark)
        if not deltas:
            assert first is not None
            self.raise_on(first)
            return NORMAL
        self.heap.join(deltas, join_slots)
        if len(set(ends)) == 1:
            return ends[0]
        if RETURN in ends:
            self.frame.may_have_returned = True
        if BREAK in ends or CONTINUE in ends:
            self.frame.may_have_skipped = True
        if NORMAL in ends:
            return NORMAL
        return BREAK if BREAK in ends else CONTINUE

    def raise_on(self, raised: Raised) -> None:
        """An exception that left an edge: goes on if something further out takes it, else it is what happened."""
        if self.is_taken(raised.value) or raised.failure is None:
            raise raised
        self.record(raised.failure)

    def _clamp(self, mark: int) -> None:
        if self._latest <= mark:
            return
        self._latest = mark
        for guard in self.guards:
            for marks in (guard.may_raise, guard.expected):
                for kind, seen in marks.items():
                    if seen > mark:
                        marks[kind] = mark

    def perhaps(self, path: Callable[[], Any]) -> None:
        """Run something that may as well not run."""

        def run() -> str:
            path()
            return NORMAL

        self.alternatives([lambda: NORMAL, run])

    def note_may_raise(self, kind: str) -> None:
        """Something here may raise for reasons that are not modelled: guards around it may get to run."""
        frame = self.frames[-1] if self.frames else None
        mark = self.heap.mark()
        self._latest = max(self._latest, mark)
        for guard in reversed(self.guards):
            if not guard.handlers:
                continue
            is_own = guard.frame is frame
            if kind in (guard.expected if is_own else guard.may_raise):
                return  # noted here, and so by all guards further out
            guard.may_raise.setdefault(kind, mark)
            if is_own:
                guard.expected[kind] = mark

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[Frame]:
        self.frames.append(frame)
        depth = len(self.frames)
        guards = frame.guards = len(self.guards)
        frame.uncertain = self.uncertain
        try:
            yield frame
        finally:
            del self.frames[depth - 1 :]
            del self.guards[guards:]
            if frame.imports:
                leave(self, frame)

    # --- bound by `simulate` ------------------------------------------------------------------------------------
    execute: Callable[[Frame, Sequence[ev.Stmt]], str]
    evaluate: Callable[[Frame, ev.Expr], Value]
    quiet: Callable[[Frame, ev.Expr], Value]
    """Evaluate without effect: a name that is not bound is UNKNOWN."""
    call: Callable[[Value, Sequence[Value], Mapping[str, Value], bool], Value]
    """(callee, positional, keyword, whether unknown further arguments may be there)."""
    import_module: Callable[[str], Value]
    attribute: Callable[[Value, str], Value | None]
    """None where a closed module has no such attribute."""
