"""What one file's bytes tell, without its path: the unit that workers return and that a cache may keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from merge_guard.model.events import FunctionBody
from merge_guard.model.module import Module

OURS = "ours"
BASE = "base"
THEIRS = "theirs"
_Answer = TypeVar("_Answer")


class Section(Struct, frozen=True, array_like=True):
    """One part of a conflict: `role` is ours, base, theirs, or "diff" for jj's and mergediff's diff sections.

    `first` and `last` are the lines of the content, inclusive; `last < first` where the section is empty.
    """

    role: str
    label: str
    first: int
    last: int


class Conflict(Struct, frozen=True, array_like=True):
    """One outermost conflict block; lines count from 1 and include the marker lines."""

    family: str
    """"git", "jj", "hg", "svn", "bzr" or "notebook"."""
    start: int
    end: int
    width: int
    sections: tuple[Section, ...]
    documented: bool = False
    """The whole balanced block lies inside one fenced block or one string constant."""
    nested: int = 0
    """How many conflicts lie inside it."""
    digest: str = ""
    """Of the block's text and, after a hyphen, of its marker lines alone; line ends do not matter."""


class Stray(Struct, frozen=True, array_like=True):
    """A marker without its partners."""

    line: int
    marker: str
    """The marker's characters, such as `=======`."""
    text: str
    digest: str = ""
    """Of the marker line and its neighbours."""


class EditMarker(Struct, frozen=True, array_like=True):
    """A leaked SEARCH/REPLACE edit block of a coding assistant."""

    line: int
    end_line: int
    text: str
    digest: str = ""
    """Of the block's text."""


class SyntaxProblem(Struct, frozen=True, array_like=True):
    """Why a file cannot run. `kind`: "syntax", "newer", "undecodable" or "not-analysable".

    `exception` is the class that CPython raises on import (SyntaxError, ValueError ...); line and column count from 1.
    `needs` is the Python version that knows the construct, for "newer".
    """

    kind: str
    message: str
    line: int = 1
    column: int = 1
    exception: str = "SyntaxError"
    needs: str = ""


class Suppression(Struct, frozen=True, array_like=True):
    """A comment that silences codes on its line."""

    line: int
    codes: tuple[str, ...]
    reason: str = ""


class SideFacts(Struct, frozen=True, array_like=True):
    """A conflicted Python file read with one side chosen everywhere. Its lines are the lines of the whole file."""

    role: str
    problem: SyntaxProblem | None
    module: Module | None


class FileFacts(Struct, frozen=True, array_like=True):
    """All that one file's bytes tell. `module` is None where the file is not Python or does not parse."""

    python: bool = False
    conflicts: tuple[Conflict, ...] = ()
    strays: tuple[Stray, ...] = ()
    edits: tuple[EditMarker, ...] = ()
    problem: SyntaxProblem | None = None
    module: Module | None = None
    sides: tuple[SideFacts, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    main_guard: bool = False
    """Has an `if __name__ == "__main__":` at its top level."""


class Bodies(Struct, frozen=True, array_like=True):
    """The function bodies of one file: the tier that only modules on a start-up path need."""

    functions: tuple[FunctionBody, ...] = ()
    problem: SyntaxProblem | None = None
    """What only CPython's compiler saw."""


def once_a_module(ask: Callable[[Module], _Answer]) -> Callable[[Module], _Answer]:
    """The question with a memory. Copies of a file share their module, of which it is then asked once."""
    known: dict[int, tuple[Module, _Answer]] = {}

    def asked(module: Module) -> _Answer:
        found = known.get(id(module))
        if found is None:
            # The module is kept, so that no other can have its identity.
            found = known[id(module)] = (module, ask(module))
        return found[1]

    return asked
