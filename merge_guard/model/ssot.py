"""Groups of classes as the tree has them: what exists, what each class is to the group, and which paths lead there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from merge_guard.model.config import Group
from merge_guard.model.finding import Place

IN_TESTS = "in tests"
"""The reason of an exemption that surfaces sum up: there may be thousands."""


class ClassKind(Enum):
    """What a class is by its bases and decorators."""

    PLAIN = "class"
    PROTOCOL = "protocol"
    ABSTRACT = "abstract class"
    ENUM = "enum"
    EXCEPTION = "exception"
    TYPED_DICT = "typed dict"
    NAMED_TUPLE = "named tuple"
    DATACLASS = "dataclass"


class Role(Enum):
    """What a class is to its group; `SECOND` and `UNCLASSIFIED` are what there should be none of."""

    CANONICAL = "canonical"
    ADAPTER = "adapter"
    SUBCLASS = "subclass"
    EXEMPT = "exempt"
    SECOND = "second"
    UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, slots=True)
class ImportPath:
    """One way to a class: `symbol` is `pkg.mod:Name`, `via` how the name is bound there.

    `importers` are the files that import this very path, inside functions too, and `tests` how many of them are tests.
    """

    symbol: str
    place: Place
    via: str = "definition"
    importers: tuple[str, ...] = ()
    tests: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A class of a group. `symbol` is `pkg.mod:Outer.Name`; `side` is set where only one side of a conflict has it."""

    symbol: str
    name: str
    place: Place
    kind: ClassKind
    role: Role
    reason: str = ""
    """Why it has the role, where that is not plain: of an exemption the configured reason."""
    body: str = ""
    """A digest of what it does, "" where nobody needed it."""
    methods: int = 0
    side: str = ""
    paths: tuple[ImportPath, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is one of those of which there should be one."""
        return self.role in (Role.CANONICAL, Role.SECOND, Role.UNCLASSIFIED)

    @property
    def identity(self) -> str:
        """What a baseline knows it by."""
        return f"{self.symbol} {self.body}".rstrip()


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A public name that means `other` in one place and `first` elsewhere."""

    name: str
    first: Member
    first_path: ImportPath
    other: Member
    other_path: ImportPath


@dataclass(frozen=True, slots=True)
class DeprecatedUse:
    """An import of a deprecated path; `onward` are the files that get it from there.

    `certain` is False in tests and for type checkers; `can_move` where an import of what is to be imported instead can
    stand in its place.
    """

    deprecated: str
    instead: str
    module: str
    place: Place
    onward: tuple[str, ...] = ()
    certain: bool = True
    can_move: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a canonical cannot be what the configuration says, with other places that show it."""

    text: str
    place: Place
    related: tuple[tuple[Place, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """One group, its members by role and path; `stale` are configured symbols that the tree does not have."""

    group: Group
    members: tuple[Member, ...] = ()
    problems: tuple[Problem, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    uses: tuple[DeprecatedUse, ...] = ()
    stale: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """Files of the group that cannot be read as they stand: a conflict, or a syntax error."""

    @property
    def canonical(self) -> Member | None:
        return next((member for member in self.members if member.role is Role.CANONICAL), None)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A class that is a copy of another, or nearly: of `methods` in both, `identical` have the same body."""

    first: Member
    second: Member
    is_clone: bool
    methods: int
    identical: int
    group: str = ""
    """"" for classes of no group."""
