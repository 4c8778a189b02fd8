"""The blocks of a module that have names of their own, as far as the checks of the compiler's rules need them."""

from __future__ import annotations

import ast

MODULE, CLASS, FUNCTION, ASYNC = range(4)
"""Kinds of scope; those from `FUNCTION` on are functions."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Scope:
    """A module, class or function, and what was met in it."""

    __slots__ = ("kind", "node", "outer", "reordered", "returns", "yields")

    def __init__(self, node: Definition | None, outer: Scope | None, kind: int) -> None:
        self.node = node
        self.outer = outer
        self.kind = kind
        self.returns = False
        """Has a `return` with a value."""
        self.yields = False
        self.reordered = False
        """Has statements that the compiler visits in another order than they stand in."""
