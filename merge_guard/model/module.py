"""A module as facts tell it: what is asked of most of them beforehand, and the events of its top level."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any

from msgspec import Raw, Struct
from msgspec.msgpack import Decoder, Encoder

from merge_guard.model.depth import CODED, FRAMES, deep_frames
from merge_guard.model.events import Stmt


class Module(Struct, frozen=True, array_like=True, dict=True):
    """A module's top level.

    Most modules are asked only what the fields tell; `events` are decoded, once, where somebody walks over the `body`.

    `type_checking` are the names bound only under `TYPE_CHECKING`; `function_globals` those that functions declare
    `global`; `lazy_imports` the modules that function bodies import: (module, level, names, line, column) each;
    `inner_classes` (name, line) of the classes that function bodies define.
    """

    events: Raw
    future_annotations: bool = False
    function_globals: tuple[str, ...] = ()
    lazy_imports: tuple[tuple[str, int, tuple[str, ...], int, int], ...] = ()
    type_checking: tuple[str, ...] = ()
    dynamic: bool = False
    """The file mentions ways of binding names that static analysis does not see, such as `globals()`."""
    inner_classes: tuple[tuple[str, int], ...] = ()
    unsure_imports: tuple[int, ...] = ()
    """Indices of the lazy imports that stand under a condition, a guard, a `with` or a loop."""
    redefines: bool = True
    """Whether a suite has two definitions of one name. Where none has, nobody needs to look."""
    imports: tuple[str, ...] = ()
    """Those that certainly run, in order: at the top level, under no `try`, no condition and no loop. `a.b` is
    `import a.b`, and `..a:b,c` is `from ..a import b, c`."""
    defined: tuple[str, ...] = ()
    """Names of functions, classes and assignments at the top level, in any branch."""
    bound: tuple[str, ...] = ()
    """The other names that the top level binds, `*` for a star import."""
    stored: tuple[str, ...] = ()
    """Attributes that it assigns to, as in `other.name = …`, under no condition."""

    @classmethod
    def of(cls, body: tuple[Stmt, ...], **others: Any) -> Module:
        """Raises RecursionError for what is too deep."""
        with deep_frames(CODED):
            module = cls(Raw(_ENCODER.encode(body)), **others)
        module.__dict__["body"] = body
        return module

    @cached_property
    def body(self) -> tuple[Stmt, ...]:
        # Perhaps from deep inside a start-up, which has frames of its own.
        with deep_frames(CODED + FRAMES):
            return _decoder().decode(self.events)


_ENCODER = Encoder()


@cache
def _decoder() -> Decoder[tuple[Stmt, ...]]:
    """Made when it is needed: that takes some milliseconds."""
    return Decoder(tuple[Stmt, ...])
