"""What a rule says: a place, a message, and everything a reader needs to act on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


class HopKind(Enum):
    """How a chain goes on: an import statement, a call, or `CAUSE` for the place of the failure itself."""

    IMPORT = "import"
    CALL = "call"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file: lines and columns count from 1; `end_line` is inclusive."""

    path: str
    line: int = 1
    column: int = 1
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One step from an entry point to a cause, as CPython's traceback lists first-party frames."""

    path: str
    line: int
    module: str
    kind: HopKind
    statement: str = ""
    """The source line of the statement, stripped; filled in when the report is made."""


@dataclass(frozen=True, slots=True)
class SideVerdict:
    """What choosing one side of a conflict gives: `lines` are first and last line of the side's text, inclusive."""

    label: str
    lines: tuple[int, int]
    parses: bool | None
    """None where the file is not Python."""
    breaks: tuple[str, ...] = ()
    """Fingerprints of findings, or for failures that exist only with this side, their one-line description."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to the finding, with what it has to do with it."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes `start` to `end` (offsets in the file) by `text`."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What `merge-guard fix` can do. `edits` are empty where it has to make them from the file, and judge them."""

    safe: bool
    description: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blast radius of a cause: how many modules and entry points it stops."""

    modules: int = 0
    entry_points: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `key` identifies it across edits (never a line number); the fingerprint is made from it."""

    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    key: str
    fingerprint: str = ""
    cause: str | None = None
    """For MG303: the fingerprint of the leaf finding."""
    entry_points: tuple[str, ...] = ()
    chain: tuple[Hop, ...] = ()
    related: tuple[Related, ...] = ()
    sides: tuple[SideVerdict, ...] = ()
    blocks: Blocks | None = None
    fix: Fix | None = None
    help: str = ""
    """A suggestion, such as a name that exists."""
    baseline_key: str = ""
    """What a baseline knows it by, where that is better than the fingerprint: the resolved name and a hash of the body,
    free of paths and lines."""


def fingerprint(code: str, path: str, key: str, occurrence: int) -> str:
    """A stable identity: 20 hexadecimal digits over what does not drift when lines move."""
    text = "\0".join((code, path, key, str(occurrence)))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:20]
