"""Expressions that parse and that the compiler may refuse all the same."""

from __future__ import annotations

import ast

from merge_guard.facts.nodes import children

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FIELDS = tuple(getattr(ast, name) for name in ("FormattedValue", "Interpolation") if hasattr(ast, name))
_NOWHERE, _COMPREHENSION, _NESTED, _LAMBDA, _ANNOTATION = 0, 1, 2, 4, 8


class Look:
    """A look at expressions that ends once it has cost too much: then all is odd."""

    def __init__(self, most: int) -> None:
        self._left = most

    def is_odd(self, root: ast.AST, annotation: bool, strict: bool) -> bool:
        """Whether the compiler has to judge the expression. `strict`: it may hold no `await` and no `yield`."""
        stack = [(root, _ANNOTATION if annotation else _NOWHERE)]
        while stack:
            node, inside = stack.pop()
            self._left -= 1
            if self._left < 0 or self._is_odd(node, inside, strict):
                return True
            if isinstance(node, _COMPREHENSIONS):
                inside |= _NESTED if inside & _COMPREHENSION else _COMPREHENSION
            elif isinstance(node, ast.Lambda):
                inside |= _LAMBDA
            stack.extend([(child, inside) for child in children(node)])
        return False

    def _is_odd(self, node: ast.AST, inside: int, strict: bool) -> bool:
        if isinstance(node, ast.Call):
            names = [keyword.arg for keyword in node.keywords if keyword.arg is not None]
            return len(set(names)) != len(names)
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return strict or bool(inside & (_COMPREHENSION | _ANNOTATION)) or isinstance(node.value, ast.Starred)
        if isinstance(node, ast.Await):
            return strict or inside > _COMPREHENSION
        if isinstance(node, ast.NamedExpr):
            return bool(inside & (_COMPREHENSION | _ANNOTATION))
        if isinstance(node, ast.comprehension):
            return is_odd_target(node.target) or bool(node.is_async and (strict or inside > _COMPREHENSION))
        if isinstance(node, ast.Lambda):
            args = node.args
            every = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
            given = [arg.arg for arg in every if arg is not None]
            return len(set(given)) != len(given)
        return isinstance(node, _FIELDS) and isinstance(getattr(node, "value", None), ast.Starred)


def is_odd_target(target: ast.expr) -> bool:
    """A target with a star that may not be there, or with more items before it than a star leaves room for."""
    if isinstance(target, (ast.Tuple, ast.List)):
        stars = sum([item.__class__ is ast.Starred for item in target.elts])
        if stars > 1 or (stars and len(target.elts) > 255):
            return True
        return any(
            is_odd_target(item.value if isinstance(item, ast.Starred) else item)
            for item in target.elts
            if item.__class__ is not ast.Name
        )
    return target.__class__ is ast.Starred
