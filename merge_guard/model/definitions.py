"""What a file defines: the tier for questions about copies, made only for files that such a question concerns.

Two definitions that differ in comments, formatting, docstrings or position are equal here. `body` leaves out the
annotations of functions as well; `annotations` keeps them apart, for those who want to know whether they changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Union

from msgspec import Struct

from merge_guard.model.events import Parameter
from merge_guard.model.facts import SyntaxProblem

Spans = Mapping[str, tuple[tuple[int, int], ...]]
"""First and last lines of what is asked for, by file."""
CLASS = "class"
FUNCTION = "function"
ASYNC = "async"
MODULE = "module"


class Arm(Struct, frozen=True, array_like=True, gc=False):
    """One branch around a definition: the line of the compound statement and which of its suites it is.

    `arm` is "if", "else", "try", "except 0", "finally", "for", "while", "with", "case 0" ... Two definitions with equal
    lines and different arms are alternatives.
    """

    line: int
    arm: str


class Definition(Struct, frozen=True, array_like=True, gc=False):
    """One class, function or method. Lines count from 1; `first_line` is that of the first decorator.

    `scope` are the names around it, outermost first. `decorators`, `bases` and `keywords` are source text in the form
    of `ast.unparse`; very long ones are cut, with a digest of the whole.
    """

    scope: tuple[str, ...]
    name: str
    kind: str
    line: int
    column: int
    end_line: int
    first_line: int
    body: str
    """A digest of what runs: statements, names of called things, defaults of parameters; the own name left out."""
    statements: int = 0
    """Statements in it, nested ones counted; docstrings, `pass` and `...` not."""
    parameters: tuple[Parameter, ...] = ()
    annotations: str = ""
    """A digest of the annotations of parameters and return value, "" where there are none."""
    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    """Of a class: `metaclass` and what goes to `__init_subclass__`; a `**mapping` has the name ""."""
    handlers: tuple[str, ...] = ()
    """The exception types that its own `except` clauses name, in order; "" for a bare one."""
    routes: tuple[tuple[str, str], ...] = ()
    """(verb, path) of decorators such as `@app.get("/items")`."""
    branch: tuple[Arm, ...] = ()
    """The branches between it and the scope that it stands in, outermost first."""
    in_function: bool = False
    """A function is among what is around it."""

    @property
    def qualname(self) -> str:
        return ".".join((*self.scope, self.name))


class SideDefinitions(Struct, frozen=True, array_like=True):
    """The definitions of a conflicted file with one side chosen everywhere."""

    role: str
    items: tuple[Definition, ...]


class Definitions(Struct, frozen=True, array_like=True):
    """Everything that one file defines, in the order of its text; its `sides` instead where a conflict stands in it.

    `top` is the module itself: its `body` is made of the statements that define nothing.
    """

    items: tuple[Definition, ...] = ()
    top: Union[Definition, None] = None
    problem: Union[SyntaxProblem, None] = None
    sides: tuple[SideDefinitions, ...] = ()


ClassReader = Callable[[Spans], Mapping[str, Definitions]]
