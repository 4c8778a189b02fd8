"""What a file uses and lists: beside its definitions, what a merge can lose or double."""

from __future__ import annotations

from msgspec import Struct

from merge_guard.model.definitions import Definitions


class ImportedName(Struct, frozen=True, array_like=True, gc=False):
    """One name that an import statement binds; `name` is "" for `import m`, "*" for a star import.

    `scope` are the enclosing definitions; `guarded` says that a `try` around it, or `TYPE_CHECKING`, takes a failure.
    """

    module: str
    level: int
    name: str
    bound: str
    line: int
    scope: tuple[str, ...] = ()
    guarded: bool = False


class Call(Struct, frozen=True, array_like=True, gc=False):
    """A call of a dotted name that nothing local binds. `open`: it has `*arguments` or `**keywords`."""

    callee: str
    positional: int
    keywords: tuple[str, ...]
    open: bool
    line: int
    scope: tuple[str, ...] = ()
    """The definitions that it stands in, outermost first."""


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """One entry of a list that should name each thing once.

    `kind` is "all" (`__all__`), "member" (a name that an Enum's body binds), "key" (of a dictionary display bound to a
    name) or "route"; `owner` the enum, the dictionary or the application, `key` a literal as source text.
    """

    kind: str
    owner: str
    key: str
    line: int


class Read(Struct, frozen=True, array_like=True, gc=False):
    """A global name that is read, with the line where it is read first; annotations that nobody evaluates aside."""

    name: str
    line: int


class Uses(Struct, frozen=True, array_like=True):
    """All that a merge is judged by in one version of one file.

    `bound` are the names that the top level binds in any branch, and those that functions bind as `global`. `is_open`:
    a star import, `globals()`, `exec` or the like may bind more. With a syntax problem in `definitions` all is empty.
    """

    definitions: Definitions
    bound: tuple[str, ...] = ()
    reads: tuple[Read, ...] = ()
    imports: tuple[ImportedName, ...] = ()
    calls: tuple[Call, ...] = ()
    entries: tuple[Entry, ...] = ()
    is_open: bool = False
    parses: bool = True
