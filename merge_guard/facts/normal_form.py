"""Digests of syntax trees that do not change with comments, formatting, docstrings, annotations or positions."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

_LENGTH = 8
_LONGEST = 200
_OWN = "\1"
_PARTS: dict[type, tuple[str, ...]] = {}
# What says nothing about what runs. Annotations of a class body are its fields, and stay.
_LEFT_OUT = frozenset({"ctx", "type_comment", "kind", "returns", "type_ignores", "simple"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Known = Callable[[ast.stmt], str]


def digest(nodes: Iterable[ast.AST], own: Sequence[str] = ()) -> str:
    """A digest of nodes; the names in `own` count as one and the same, whatever they are."""
    out: list[str] = []
    for node in nodes:
        _write(node, out, own)
    return digest_of(out)


def digest_of(parts: Iterable[str]) -> str:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_LENGTH).hexdigest()


def body_digest(node: ast.FunctionDef | ast.AsyncFunctionDef, own: Sequence[str]) -> str:
    """What a call runs: the defaults of the parameters and the statements."""
    out: list[str] = []
    for default in (*node.args.defaults, *node.args.kw_defaults):
        if default is not None:
            _write(default, out, own)
    out.append("\2")
    _suite(node.body, out, own)
    return digest_of(out)


def suite_digest(body: Sequence[ast.stmt], own: Sequence[str], known: Known) -> str:
    """A class body or a module; `known` gives what stands for each definition directly in it, "" to leave it out."""
    out: list[str] = []
    for node in body:
        if isinstance(node, _DEFINITIONS):
            word = known(node)
            if word:
                out.append(word)
        elif not is_idle(node):
            _write(node, out, own, keep=True)
    return digest_of(out)


def annotations_digest(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    pairs = [(arg.arg, arg.annotation) for arg in every if arg is not None and arg.annotation is not None]
    if node.returns is not None:
        pairs.append(("return", node.returns))
    if not pairs:
        return ""
    out: list[str] = []
    for name, annotation in pairs:
        out.append(name)
        _write(annotation, out, ())
    return digest_of(out)


def is_idle(node: ast.stmt) -> bool:
    """A docstring, `pass`, `...` or another constant that stands alone."""
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def text_of(node: ast.expr) -> str:
    """Source text in one spelling, cut where it is very long."""
    if isinstance(node, ast.Name):
        return node.id
    text = ast.unparse(node)
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}... {digest_of([text])}"


def _suite(body: Sequence[ast.stmt], out: list[str], own: Sequence[str], keep: bool = False) -> None:
    for node in body:
        if not is_idle(node):
            _write(node, out, own, keep)
    out.append("\3")


# The kinds that most nodes are of have a form of their own, which is many times faster than the general one.
_NAME, _ATTRIBUTE, _CALL, _CONSTANT = ast.Name, ast.Attribute, ast.Call, ast.Constant


def _write(node: Any, out: list[str], own: Sequence[str], keep: bool = False) -> None:
    """`keep`: annotations of assignments count, as they do in class bodies."""
    kind = node.__class__
    if kind is _NAME:
        out.append(_OWN if node.id in own else node.id)
        return
    if kind is _ATTRIBUTE:
        out.append(f".{node.attr}")
        _write(node.value, out, own)
        return
    if kind is _CALL:
        out.append("()")
        _write(node.func, out, own)
        for argument in node.args:
            _write(argument, out, own)
        for keyword in node.keywords:
            out.append(f"{keyword.arg or '**'}=")
            _write(keyword.value, out, own)
        out.append("\3")
        return
    if kind is _CONSTANT:
        value = node.value
        # The decimal form of an integer is bounded by the interpreter, the hexadecimal one is not.
        out.append(hex(value) if value.__class__ is int else f"{value.__class__.__name__} {value!r}")
        return
    if kind is ast.arg:
        out.append(node.arg)
        return
    if kind is ast.AnnAssign and not keep:
        if node.value is not None:
            # As the plain assignment is written.
            out.append("Assign")
            _write(node.target, out, own)
            out.append("\3")
            _write(node.value, out, own)
        return
    out.append(kind.__name__)
    for name in _PARTS.get(kind) or _parts(kind):
        value = getattr(node, name, None)
        if value.__class__ is list:
            if name in _SUITES and value and isinstance(value[0], ast.stmt):
                _suite(value, out, own, kind is ast.ClassDef or (keep and kind not in _FUNCTIONS))
                continue
            for item in value:
                if isinstance(item, ast.AST):
                    _write(item, out, own, keep)
                else:
                    out.append(str(item))
            out.append("\3")
        elif isinstance(value, ast.AST):
            _write(value, out, own, keep)
        else:
            out.append(str(value))


_SUITES = frozenset({"body", "orelse", "finalbody"})


def _parts(kind: type) -> tuple[str, ...]:
    """The fields that count. Contexts and operators have none: their class name says all."""
    fields: tuple[str, ...] = getattr(kind, "_fields", ())
    parts = tuple(name for name in fields if name not in _LEFT_OUT)
    if issubclass(kind, ast.ClassDef) or kind in _FUNCTIONS:
        parts = tuple(name for name in parts if name != "type_params")
    _PARTS[kind] = parts
    return parts
