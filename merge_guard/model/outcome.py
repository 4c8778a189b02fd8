"""What a start-up comes to: started, or failed with causes in the order in which the interpreter would meet them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from merge_guard.model.finding import Hop, Place
from merge_guard.model.registration import Registrations
from merge_guard.model.report import EntryStatus, Target


class EntryKind(Enum):
    """How the interpreter is asked to start: `import x`, `python x.py`, or `python -m x`."""

    IMPORT = "import"
    SCRIPT = "script"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Something that starts. `module` is a dotted name, or for a script its path; `attr` is what must exist in it."""

    name: str
    kind: EntryKind
    module: str
    attr: str = ""
    origin: str = ""
    place: Place | None = None
    """Where it is declared, if in a file."""
    search_path: tuple[str, ...] = ("",)
    """Directories relative to the root, in the order of `sys.path`; "" is the root."""
    service: str = ""
    """The deployable that starts it, as the configuration or a file such as a Procfile names it; "" where none does."""
    via: str = ""
    """The program that loads it, such as "uvicorn", where that decides what else start-up does."""
    call: str = ""
    """How `attr` is called: "()" without arguments, "(…)" with some, "" not at all."""
    settings: str = ""
    """`DJANGO_SETTINGS_MODULE` of its environment, as far as that is declared."""
    declared: bool = True
    """False for importable top-level packages that stand in where a project declares nothing."""


class Cause(Enum):
    """Why a start-up fails; each belongs to one leaf code."""

    CONFLICT = "conflict"  # MG101, MG102, MG106
    SYNTAX = "syntax"  # MG201, MG202, MG203
    CYCLE = "cycle"  # MG304
    BEYOND_TOP = "beyond-top"  # MG305
    MISSING_MODULE = "missing-module"  # MG301
    MISSING_NAME = "missing-name"  # MG302
    UNBOUND = "unbound"  # MG313
    ENTRY_NOT_FOUND = "entry-not-found"  # MG307
    NOT_SHIPPED = "not-shipped"  # MG306
    MISSING_EXPORT = "missing-export"  # MG308
    STDLIB_ABSENT = "stdlib-absent"  # MG309
    LAZY_IMPORT = "lazy-import"  # MG311
    SHADOWED = "shadowed"  # MG312
    TYPE_CHECKING_ONLY = "type-checking-only"  # MG314
    INCONSISTENT_BASES = "inconsistent-bases"  # MG315
    RAISED = "raised"  # the program itself raises: no leaf code


@dataclass(frozen=True, slots=True)
class Failure:
    """One cause that stops a start-up, or would if the ones before it were mended.

    `exception` is the builtin class that CPython raises; `place` is where the cause stands; `module` the module being
    run there; `subject` the module or name that is missing; `source` the module that lacks the name.
    """

    cause: Cause
    exception: str
    place: Place
    module: str
    subject: str = ""
    source: str = ""
    detail: str = ""
    chain: tuple[Hop, ...] = ()
    importer: Place | None = None
    """For a file that does not compile: the import statement that reached it first."""


EXCEPTIONS = (
    "SyntaxError", "ModuleNotFoundError", "ImportError", "AttributeError", "NameError", "TypeError", "ValueError",
    "Exception",
)  # fmt: skip
"""The exceptions that are told apart on their way out; the last stands for every other one."""
Passage = tuple[int, ...]
"""For each of `EXCEPTIONS`, a bit mask of those that leave the importing module in its place; 0 where it is caught."""
THROUGH: Passage = tuple(1 << index for index in range(len(EXCEPTIONS)))
"""An import that nothing guards."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry point's simulated start-up.

    `failures[0]` is what CPython would stop at; the later ones are behind it, found as though it were mended.
    `loaded` maps each module of the start-up closure to its path; `possible` are those that load on some paths only.
    `sides` tells for ours and theirs (by role) what fails if every conflict is resolved to that side.
    """

    entry: EntryPoint
    status: EntryStatus
    failures: tuple[Failure, ...] = ()
    loaded: Mapping[str, str] = field(default_factory=dict)
    possible: frozenset[str] = frozenset()
    reached_by: Mapping[str, tuple[Hop, ...]] = field(default_factory=dict)
    """For each path of the closure, the frames that stood when it was loaded first; none for the entry point's own."""
    edges: Mapping[str, Mapping[str, Passage]] = field(default_factory=dict)
    """Importing path → imported path → what gets out if the import fails; "" imports what the entry point names."""
    unjudged: Mapping[str, str] = field(default_factory=dict)
    """Paths in the closure that could not be judged, with the reason; "" for the start-up as a whole."""
    sides: Mapping[str, tuple[Failure, ...]] = field(default_factory=dict)
    registrations: Registrations | None = None
    """Kept only where a contract asks for routes."""
    target: Target | None = None
    """The Python and platform that it starts on, where that is not what the judgement assumes elsewhere."""
    remarks: tuple[Failure, ...] = ()
    """What is wrong in the modules that were loaded, and stops nothing in this start-up."""
