"""Which parsed files CPython's compiler might still refuse.

`ast.parse` misses what the compiler's later stages raise (`return` outside a function, `nonlocal` at module level, a
repeated keyword …). Compiling every file would double the time, so one pass over the statements, and a few searches of
the bytes (`suspects`), look for files on which the compiler has to be asked. A wrong suspicion costs one compilation;
the compiler alone judges and words. What is not suspected must compile: the list has to be complete.

Sources: CPython's `Python/symtable.c`, `Python/compile.c`, `Python/future.c`.
"""

from __future__ import annotations
import __future__

import ast
from collections.abc import Callable, Sequence
from typing import Any

from merge_guard.facts.declared_names import Declaration, may_clash
from merge_guard.facts.odd_expressions import is_odd_target
from merge_guard.facts.scopes import ASYNC, CLASS, FUNCTION, MODULE, Scope
from merge_guard.facts.suspects import Coroutines, suspected

_MOST_BLOCKS = 17
"""CPython's limit is 20 (`CO_MAXBLOCKS`); what a statement costs is estimated here."""
_PLAIN = frozenset((ast.Name, ast.Attribute, ast.Subscript))
_ODD_VALUES = frozenset((ast.Starred, ast.Yield, ast.YieldFrom))
_HAS_TYPE_PARAMETERS = hasattr(ast, "TypeAlias")


class Scan:
    """What one pass over all statements, function bodies included, finds.

    `lazy_imports`: (module, level, names, line, column) of imports inside functions; `unsure`: the indices of those
    that stand under a condition or a guard; `globals_`: names that functions declare global; `inner_classes`:
    (name, line) of classes inside functions.
    """

    __slots__ = ("globals_", "inner_classes", "lazy_imports", "suspicious", "unsure")

    def __init__(self) -> None:
        self.suspicious = False
        self.lazy_imports: list[tuple[str, int, tuple[str, ...], int, int]] = []
        self.unsure: list[int] = []
        self.globals_: list[str] = []
        self.inner_classes: list[tuple[str, int]] = []


_Suite = tuple[list[Any], Scope, bool, int]
"""(statements, the scope they are in, whether in a loop, how many blocks deep, plus `_CHOSEN` below an `if`)."""
_CHOSEN = 1 << 20


def scan(tree: ast.Module, data: bytes) -> Scan:
    """Walk the statements, never the expressions, except where the bytes give reason to."""
    walk = _Walk(tree, Coroutines(data))
    result = walk.result
    stack = walk.stack
    # What most statements are stands here and not in `_OTHERS`: this is the hottest loop of a cold run.
    expression, assign, branch, returned, odd, plain = ast.Expr, ast.Assign, ast.If, ast.Return, _ODD_VALUES, _PLAIN
    others = _OTHERS.get
    chosen, below = _CHOSEN, _CHOSEN - 1
    while stack:
        body, scope, in_loop, depth = stack.pop()
        for node in body:
            kind: type = node.__class__
            if kind is expression:
                if node.value.__class__ in odd:
                    walk.odd_value(node, scope)
            elif kind is assign:
                if node.value.__class__ in odd:
                    walk.odd_value(node, scope)
                for target in node.targets:
                    if target.__class__ not in plain and is_odd_target(target):
                        result.suspicious = True
            elif kind is branch:
                stack.append((node.body, scope, in_loop, depth | chosen))
                if node.orelse:
                    stack.append((node.orelse, scope, in_loop, depth | chosen))
            elif kind is returned and node.value is None:
                if scope.kind < FUNCTION:
                    result.suspicious = True
            else:
                other = others(kind)
                if other is not None:
                    other(walk, node, scope, in_loop, depth)
        if depth & below > _MOST_BLOCKS:
            result.suspicious = True
    if not result.suspicious:
        result.suspicious = may_clash(walk.declarations, walk.annotated, data) or suspected(tree, data, walk.coroutines)
    return result


class _Walk:
    """What the walk carries, and what it does with each kind of statement."""

    __slots__ = ("annotated", "coroutines", "declarations", "result", "stack", "tree")

    def __init__(self, tree: ast.Module, coroutines: Coroutines) -> None:
        self.tree = tree
        self.coroutines = coroutines
        self.result = Scan()
        self.declarations: list[Declaration] = []
        self.annotated: set[str] = set()
        self.stack: list[_Suite] = [(tree.body, Scope(None, None, MODULE), False, 0)]

    def odd_value(self, node: Any, scope: Scope) -> None:
        """A starred expression, or a `yield` that stands as a statement or at the right of `=`."""
        value: ast.Starred | ast.Yield | ast.YieldFrom = node.value
        if isinstance(value, ast.Starred):
            self.result.suspicious = True
            return
        self.coroutines.plain_yields.add(value.lineno)
        scope.yields = True
        if (
            scope.kind < FUNCTION
            or value.value.__class__ is ast.Starred
            or (scope.kind == ASYNC and (scope.returns or isinstance(value, ast.YieldFrom)))
        ):
            self.result.suspicious = True

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, in_loop: bool, depth: int) -> None:
        inner = Scope(node, scope, FUNCTION if node.__class__ is ast.FunctionDef else ASYNC)
        if self.coroutines.present:
            self.coroutines.enter(node, inner.kind)
        if _repeats(node.args) or (_HAS_TYPE_PARAMETERS and getattr(node, "type_params", None)):
            self.result.suspicious = True
        self.stack.append((node.body, inner, False, depth & _CHOSEN))

    def class_(self, node: ast.ClassDef, scope: Scope, in_loop: bool, depth: int) -> None:
        if self.coroutines.present:
            self.coroutines.enter(node, CLASS)
        if (len(node.keywords) > 1 and _same([keyword.arg for keyword in node.keywords])) or (
            _HAS_TYPE_PARAMETERS and getattr(node, "type_params", None)
        ):
            self.result.suspicious = True
        if scope.kind >= FUNCTION:
            self.result.inner_classes.append((node.name, node.lineno))
        self.stack.append((node.body, Scope(node, scope, CLASS), False, depth & _CHOSEN))

    def return_(self, node: ast.Return, scope: Scope, in_loop: bool, depth: int) -> None:
        if scope.kind < FUNCTION or node.value.__class__ is ast.Starred:
            self.result.suspicious = True
        scope.returns = True
        if scope.kind == ASYNC and scope.yields:
            self.result.suspicious = True

    def import_(self, node: ast.Import, scope: Scope, in_loop: bool, depth: int) -> None:
        if scope.kind >= FUNCTION:
            for alias in node.names:
                if depth:
                    self.result.unsure.append(len(self.result.lazy_imports))
                self.result.lazy_imports.append((alias.name, 0, (), node.lineno, node.col_offset + 1))

    def from_(self, node: ast.ImportFrom, scope: Scope, in_loop: bool, depth: int) -> None:
        if node.module == "__future__" and (scope.kind != MODULE or _bad_future(node, self.tree)):
            self.result.suspicious = True
        if scope.kind != MODULE:
            names = tuple([alias.name for alias in node.names])
            if "*" in names:
                self.result.suspicious = True
            if scope.kind >= FUNCTION:
                if depth:
                    self.result.unsure.append(len(self.result.lazy_imports))
                found = (node.module or "", node.level, names, node.lineno, node.col_offset + 1)
                self.result.lazy_imports.append(found)

    def loop(self, node: ast.For | ast.AsyncFor | ast.While, scope: Scope, in_loop: bool, depth: int) -> None:
        if not isinstance(node, ast.While) and (
            (node.target.__class__ not in _PLAIN and is_odd_target(node.target))
            or node.iter.__class__ is ast.Starred
            or (node.__class__ is ast.AsyncFor and scope.kind != ASYNC)
        ):
            self.result.suspicious = True
        self.stack.append((node.body, scope, True, depth + 1))
        if node.orelse:
            self.stack.append((node.orelse, scope, in_loop, depth + 1))

    def with_(self, node: ast.With | ast.AsyncWith, scope: Scope, in_loop: bool, depth: int) -> None:
        for item in node.items:
            target = item.optional_vars
            if target is not None and target.__class__ not in _PLAIN and is_odd_target(target):
                self.result.suspicious = True
        if node.__class__ is ast.AsyncWith and scope.kind != ASYNC:
            self.result.suspicious = True
        self.stack.append((node.body, scope, in_loop, depth + len(node.items)))

    def try_(self, node: ast.Try, scope: Scope, in_loop: bool, depth: int) -> None:
        for handler in node.handlers[:-1]:
            if handler.type is None:
                self.result.suspicious = True
        if node.orelse and node.handlers:
            # The compiler's symbol table visits `else` before the handlers that stand above it.
            scope.reordered = True
        for body in (node.body, node.orelse, node.finalbody):
            if body:
                self.stack.append((body, scope, in_loop, depth + 2))
        for handler in node.handlers:
            self.stack.append((handler.body, scope, in_loop, depth + 3))

    def augmented(self, node: ast.AugAssign, scope: Scope, in_loop: bool, depth: int) -> None:
        if node.value.__class__ in _ODD_VALUES:
            self.odd_value(node, scope)

    def annotated_(self, node: ast.AnnAssign, scope: Scope, in_loop: bool, depth: int) -> None:
        if node.value.__class__ in _ODD_VALUES:
            self.odd_value(node, scope)
        if isinstance(node.target, ast.Name):
            self.annotated.add(node.target.id)
        if scope.kind == ASYNC:
            self.coroutines.annotations.append(node.annotation.lineno)

    def jump(self, node: ast.Break | ast.Continue, scope: Scope, in_loop: bool, depth: int) -> None:
        if not in_loop:
            self.result.suspicious = True

    def declaration(self, node: ast.Global | ast.Nonlocal, scope: Scope, in_loop: bool, depth: int) -> None:
        self.declarations.append((node, scope))
        if isinstance(node, ast.Global) and scope.kind >= FUNCTION:
            self.result.globals_ += node.names

    def rare(self, node: ast.stmt, scope: Scope, in_loop: bool, depth: int) -> None:
        """What the compiler is asked about anyway: only its suites are of interest."""
        self.result.suspicious = True
        for case in getattr(node, "cases", ()):
            self.stack.append((case.body, scope, in_loop, depth | _CHOSEN))
        for suite in ("body", "orelse", "finalbody"):
            if getattr(node, suite, None):
                self.stack.append((getattr(node, suite), scope, in_loop, depth | _CHOSEN))
        for handler in getattr(node, "handlers", ()):
            self.stack.append((handler.body, scope, in_loop, depth | _CHOSEN))


_OTHERS: dict[type, Callable[[_Walk, Any, Scope, bool, int], None]] = {
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.ClassDef: _Walk.class_,
    ast.Return: _Walk.return_,
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.from_,
    ast.For: _Walk.loop,
    ast.AsyncFor: _Walk.loop,
    ast.While: _Walk.loop,
    ast.With: _Walk.with_,
    ast.AsyncWith: _Walk.with_,
    ast.Try: _Walk.try_,
    ast.AugAssign: _Walk.augmented,
    ast.AnnAssign: _Walk.annotated_,
    ast.Break: _Walk.jump,
    ast.Continue: _Walk.jump,
    ast.Global: _Walk.declaration,
    ast.Nonlocal: _Walk.declaration,
}
# `match` and what is newer than Python 3.10 has many rules of its own and is rare.
_OTHERS.update({getattr(ast, name): _Walk.rare for name in ("Match", "TryStar", "TypeAlias") if hasattr(ast, name)})


def _bad_future(node: ast.ImportFrom, tree: ast.Module) -> bool:
    """A future import that is unknown or does not stand first (docstring and other future imports aside)."""
    if any(alias.name not in __future__.all_feature_names for alias in node.names):
        return True
    for index, earlier in enumerate(tree.body):
        if earlier is node:
            return False
        is_docstring = (
            index == 0
            and isinstance(earlier, ast.Expr)
            and isinstance(earlier.value, ast.Constant)
            and isinstance(earlier.value.value, str)
        )
        if not is_docstring and not (isinstance(earlier, ast.ImportFrom) and earlier.module == "__future__"):
            return True
    return True


def _repeats(args: ast.arguments) -> bool:
    every = args.args
    if args.posonlyargs or args.kwonlyargs or args.vararg or args.kwarg:
        every = [*args.posonlyargs, *every, *args.kwonlyargs]
        every += [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return len(every) > 1 and len({arg.arg for arg in every}) != len(every)


def _same(names: Sequence[str | None]) -> bool:
    known = [name for name in names if name is not None]
    return len(set(known)) != len(known)
