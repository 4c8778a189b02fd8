"""What is to be done to one file, and what came of it. Both travel between processes."""

from __future__ import annotations

from msgspec import Struct


class Move(Struct, frozen=True, array_like=True):
    """Import `new_name` from `new_module` instead of `name` from `module`; both names "" where a module moved."""

    module: str
    name: str
    new_module: str
    new_name: str


class Unused(Struct, frozen=True, array_like=True):
    """Codes of a suppression comment that silence nothing on its line."""

    line: int
    codes: tuple[str, ...]


class Doubled(Struct, frozen=True, array_like=True):
    """Two definitions of one name in one suite, by the lines of their `def` or `class`."""

    name: str
    first: int
    second: int


class Copied(Struct, frozen=True, array_like=True):
    """The class `name` that starts at a line is a copy of `original` in the module `module`."""

    name: str
    line: int
    module: str
    original: str


class Task(Struct, frozen=True, array_like=True):
    """`packages` are the dotted names of the package that the file lies in, one for each way to import it, `modules`
    those of the file itself. Lines in `kept` are silenced and stay as they are. With a `problem` nothing is done."""

    path: str
    packages: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    kept: tuple[int, ...] = ()
    unused: tuple[Unused, ...] = ()
    doubled: tuple[Doubled, ...] = ()
    copied: tuple[Copied, ...] = ()
    conflicts: bool = False
    marker_size: int = 7
    unsafe: bool = False
    problem: str = ""


class Note(Struct, frozen=True, array_like=True):
    """What was done at a line of the file as it was, or `refused` and why."""

    line: int
    text: str
    refused: bool = False


class Rewritten(Struct, frozen=True, array_like=True):
    """`data` is None where nothing changed."""

    data: bytes | None = None
    notes: tuple[Note, ...] = ()
