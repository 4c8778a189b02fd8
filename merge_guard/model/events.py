"""Start-up events: what a module's top level, a class body or a function body does, in the interpreter's order.

A small, closed language that a file is lowered to once. It keeps what start-up can depend on (names, imports, calls,
branches, guards) and drops the rest: `Opaque` evaluates its parts and gives an unknown value. Positions are lines and
columns counted from 1. `array_like` with integer tags keeps encoded facts small.
"""

from __future__ import annotations

from typing import Union

from msgspec import Struct


class _Node(Struct, frozen=True, array_like=True, gc=False, tag=True):
    pass


# --- expressions -----------------------------------------------------------------------------------------------------
class Name(_Node, frozen=True, tag=1):
    id: str
    line: int
    column: int


class Attribute(_Node, frozen=True, tag=2):
    value: Expr
    attr: str
    line: int
    column: int


class Call(_Node, frozen=True, tag=3):
    """A call; a `*iterable` argument is a `Starred`, a `**mapping` has the keyword name None."""

    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    line: int
    column: int


class Constant(_Node, frozen=True, tag=4):
    """A literal that a condition, a module name or `__all__` can depend on."""

    value: str | int | float | bool | None


class Sequence(_Node, frozen=True, tag=5):
    """A tuple, list or set display; also a target."""

    kind: str
    items: tuple[Expr, ...]


class Mapping(_Node, frozen=True, tag=6):
    """A dict display; a `**mapping` has the key None."""

    keys: tuple[Union[Expr, None], ...]
    values: tuple[Expr, ...]


class Lambda(_Node, frozen=True, tag=7):
    """A lambda or, with its own key, any nameless function body."""

    line: int
    column: int
    defaults: tuple[Expr, ...]


class Choice(_Node, frozen=True, tag=8):
    """`a if test else b`."""

    test: Expr
    body: Expr
    orelse: Expr


class Bool(_Node, frozen=True, tag=9):
    """`and` / `or`, short-circuiting."""

    op: str
    values: tuple[Expr, ...]


class Compare(_Node, frozen=True, tag=10):
    """One comparison, `left op right`, with the operator as it is written; longer chains are joined by `and`."""

    left: Expr
    op: str
    right: Expr


class Not(_Node, frozen=True, tag=11):
    value: Expr


class Subscript(_Node, frozen=True, tag=12):
    value: Expr
    index: Expr


class Walrus(_Node, frozen=True, tag=13):
    name: str
    value: Expr


class Await(_Node, frozen=True, tag=14):
    value: Expr


class Comprehension(_Node, frozen=True, tag=15):
    """`first` is evaluated always, in the enclosing scope; `parts` perhaps, with `names` bound in a scope of their own.

    A generator expression (`lazy`) does not run its parts when it is made.
    """

    first: Expr
    names: tuple[str, ...]
    parts: tuple[Expr, ...]
    lazy: bool
    kind: str = ""
    """"list" or "set" where every turn adds the value of the last part if those before it, the tests, hold; else ""."""


class Starred(_Node, frozen=True, tag=16):
    value: Expr


class Add(_Node, frozen=True, tag=17):
    """`left + right`, kept for the sake of `__all__` and paths."""

    left: Expr
    right: Expr


class Opaque(_Node, frozen=True, tag=18):
    """Any other expression: its parts are evaluated in order, its value is unknown."""

    parts: tuple[Expr, ...]


class Yield(_Node, frozen=True, tag=19):
    """`yield` and `yield from`: ends what runs when a generator is merely made."""

    value: Union[Expr, None]


Expr = Union[
    Name, Attribute, Call, Constant, Sequence, Mapping, Lambda, Choice, Bool, Compare, Not, Subscript, Walrus, Await,
    Comprehension, Starred, Add, Opaque, Yield,
]  # fmt: skip


# --- statements ------------------------------------------------------------------------------------------------------
class Assign(_Node, frozen=True, tag=30):
    """Targets are Name, Attribute, Subscript, Sequence or Starred."""

    targets: tuple[Expr, ...]
    value: Expr
    line: int


class AugAssign(_Node, frozen=True, tag=31):
    target: Expr
    op: str
    value: Expr
    line: int


class Annotate(_Node, frozen=True, tag=32):
    """An annotation: evaluated or not as the target version and the `annotations` future decide; binds nothing."""

    annotation: Expr
    line: int


class Evaluate(_Node, frozen=True, tag=33):
    value: Expr
    line: int


class Import(_Node, frozen=True, tag=34):
    """`import name as asname`, one node an alias; `lazy` is PEP 810's keyword."""

    name: str
    asname: str | None
    line: int
    column: int
    end_line: int
    lazy: bool = False


class FromImport(_Node, frozen=True, tag=35):
    """`from ..module import name as asname, …`; a star import has the one name `*`."""

    module: str
    level: int
    names: tuple[tuple[str, str | None, int, int], ...]
    """(name, asname, line, column) each."""
    line: int
    column: int
    end_line: int
    lazy: bool = False


class If(_Node, frozen=True, tag=36):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    line: int


class Handler(Struct, frozen=True, array_like=True, gc=False):
    """An `except` clause; `type` None catches all."""

    type: Union[Expr, None]
    name: str | None
    body: tuple[Stmt, ...]
    line: int


class Try(_Node, frozen=True, tag=37):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]
    line: int


class For(_Node, frozen=True, tag=38):
    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    line: int


class While(_Node, frozen=True, tag=39):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    line: int


class With(_Node, frozen=True, tag=40):
    items: tuple[tuple[Expr, Union[Expr, None]], ...]
    body: tuple[Stmt, ...]
    line: int


class Parameter(Struct, frozen=True, array_like=True, gc=False):
    """`kind`: "pos" (positional only), "any", "var" (*args), "kw" (keyword only), "kwvar" (**kwargs)."""

    name: str
    kind: str
    default: bool


class FunctionDef(_Node, frozen=True, tag=41):
    """A `def`. The body lies in the other tier, under the key (line, column) of the `def` itself.

    `defaults` stand in the order of the parameters that have one; `annotations` as they are evaluated.
    """

    name: str
    line: int
    column: int
    end_line: int
    decorators: tuple[Expr, ...]
    parameters: tuple[Parameter, ...]
    defaults: tuple[Expr, ...]
    annotations: tuple[Expr, ...]
    is_async: bool
    generic: bool = False
    """Has PEP 695 type parameters: annotations may use names that are bound nowhere else."""


class ClassDef(_Node, frozen=True, tag=42):
    name: str
    line: int
    column: int
    end_line: int
    decorators: tuple[Expr, ...]
    bases: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...]
    body: tuple[Stmt, ...]
    type_parameters: tuple[str, ...] = ()


class Return(_Node, frozen=True, tag=43):
    value: Union[Expr, None]
    line: int


class Raise(_Node, frozen=True, tag=44):
    """`raise exc`; None re-raises."""

    exc: Union[Expr, None]
    line: int
    column: int


class Delete(_Node, frozen=True, tag=45):
    targets: tuple[Expr, ...]
    line: int


class Global(_Node, frozen=True, tag=46):
    names: tuple[str, ...]


class Nonlocal(_Node, frozen=True, tag=47):
    names: tuple[str, ...]


class Break(_Node, frozen=True, tag=48):
    pass


class Continue(_Node, frozen=True, tag=49):
    pass


class Assert(_Node, frozen=True, tag=50):
    test: Expr
    line: int


class Case(Struct, frozen=True, array_like=True, gc=False):
    """One `case`: values that the pattern evaluates, names that it binds. `always`: irrefutable without a guard."""

    values: tuple[Expr, ...]
    names: tuple[str, ...]
    guard: Union[Expr, None]
    body: tuple[Stmt, ...]
    always: bool


class Match(_Node, frozen=True, tag=51):
    subject: Expr
    cases: tuple[Case, ...]
    line: int


class TypeAlias(_Node, frozen=True, tag=52):
    """`type X = …`: binds X, evaluates nothing."""

    name: str
    line: int


Stmt = Union[
    Assign, AugAssign, Annotate, Evaluate, Import, FromImport, If, Try, For, While, With, FunctionDef, ClassDef, Return,
    Raise, Delete, Global, Nonlocal, Break, Continue, Assert, Match, TypeAlias,
]  # fmt: skip


class FunctionBody(Struct, frozen=True, array_like=True):
    """What a call runs. `local` are the names that are local to it, parameters included."""

    line: int
    column: int
    body: tuple[Stmt, ...]
    local: tuple[str, ...]
    is_generator: bool
    parameters: tuple[Parameter, ...] = ()
