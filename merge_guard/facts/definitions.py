"""Syntax tree to `Definitions`: every class and function of a file, with what tells it from another."""

from __future__ import annotations

import ast
from codecs import BOM_UTF8
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from merge_guard.facts.markers import scan
from merge_guard.facts.normal_form import annotations_digest, body_digest, is_idle, suite_digest, text_of
from merge_guard.facts.routes import routes_of
from merge_guard.facts.sides import side_texts
from merge_guard.facts.statements import parameters
from merge_guard.facts.syntax import exhausted, parse
from merge_guard.model import definitions as model
from merge_guard.model.definitions import Arm, Definition, Definitions, SideDefinitions
from merge_guard.model.depth import deep_frames

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Try = (ast.Try, ast.TryStar) if hasattr(ast, "TryStar") else (ast.Try,)


def extract_definitions(data: bytes, marker_size: int = 7, spans: Sequence[tuple[int, int]] = ()) -> Definitions:
    """The definitions of a Python file. One that does not parse has the problem and, in a conflict, its sides.

    With `spans` only those in these lines, where they can be read alone: a class is the same without what is around it.
    """
    with deep_frames():
        if spans:
            part, _ = parse(_alone(data, spans))
            with suppress(RecursionError):
                if part is not None:
                    return definitions_of_tree(part)
        tree, problem = parse(data)
        try:
            if tree is not None:
                return definitions_of_tree(tree)
            sides = []
            for role, text in side_texts(data, scan(data, kind="python", marker_size=marker_size).conflicts).items():
                side, _ = parse(text)
                if side is not None:
                    sides.append(SideDefinitions(role, definitions_of_tree(side).items))
        except RecursionError as error:
            return Definitions(problem=exhausted(error))
    return Definitions(problem=problem, sides=tuple(sides))


def _alone(data: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """These lines in their places, the others empty but for what tells the encoding."""
    lines = data.splitlines(keepends=True)
    out = [b"\n"] * len(lines)
    for index, line in enumerate(lines[:2]):
        bom, rest = (BOM_UTF8, line[3:]) if line.startswith(BOM_UTF8) else (b"", line)
        is_comment = rest.lstrip().startswith(b"#")
        out[index] = bom + (rest if is_comment else b"\n")
        if not is_comment and rest.strip():
            break
    for first, last in spans:
        out[first - 1 : last] = lines[first - 1 : last]
    return b"".join(out)


def definitions_of_tree(tree: ast.Module) -> Definitions:
    """Of a parsed file; raises RecursionError."""
    reading = _Reading()
    reading.suite(tree.body, (), (), None, False)
    statements, handlers = reading.survey(tree.body)
    top = Definition(
        (), "", model.MODULE, 1, 1, max((node.end_lineno or 1 for node in tree.body), default=1), 1,
        suite_digest(tree.body, (), lambda node: ""),
        statements=statements,
        handlers=tuple(handlers),
    )  # fmt: skip
    return Definitions(tuple(reading.items), top)


class _Reading:
    def __init__(self) -> None:
        self.items: list[Definition] = []
        self.bodies: dict[ast.stmt, str] = {}
        """What stands for a definition in the digest of the class that it is directly in."""
        self.statements: dict[ast.stmt, int] = {}

    def suite(
        self,
        body: Sequence[ast.stmt],
        scope: tuple[str, ...],
        branch: tuple[Arm, ...],
        owner: str | None,
        in_function: bool,
    ) -> None:
        """`owner` is the name of the class that the suite belongs to, None elsewhere."""
        for node in body:
            kind = node.__class__
            if kind in _COMPOUND:
                for arm, inner in _arms(node):
                    self.suite(inner, scope, (*branch, Arm(node.lineno, arm)), owner, in_function)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.function(node, scope, branch, owner, in_function)
            elif isinstance(node, ast.ClassDef):
                self.class_(node, scope, branch, in_function)

    def function(
        self, node: _Function, scope: tuple[str, ...], branch: tuple[Arm, ...], owner: str | None, in_function: bool
    ) -> None:
        index = len(self.items)
        self.suite(node.body, (*scope, node.name), (), None, True)
        statements, handlers = self.survey(node.body)
        own = (node.name,) if owner is None else (owner,)
        made = Definition(
            scope, node.name, model.ASYNC if isinstance(node, ast.AsyncFunctionDef) else model.FUNCTION,
            *_place(node), body_digest(node, own),
            statements=statements,
            parameters=parameters(node.args),
            annotations=annotations_digest(node),
            decorators=tuple([text_of(item) for item in node.decorator_list]),
            handlers=tuple(handlers),
            routes=routes_of(node.decorator_list) if node.decorator_list else (),
            branch=branch,
            in_function=in_function,
        )  # fmt: skip
        self.add(index, node, made)

    def class_(self, node: ast.ClassDef, scope: tuple[str, ...], branch: tuple[Arm, ...], in_function: bool) -> None:
        index = len(self.items)
        self.suite(node.body, (*scope, node.name), (), node.name, in_function)
        statements, handlers = self.survey(node.body)
        made = Definition(
            scope, node.name, model.CLASS, *_place(node),
            suite_digest(node.body, (node.name,), lambda inner: self.bodies[inner]),
            statements=statements,
            decorators=tuple([text_of(item) for item in node.decorator_list]),
            bases=tuple([text_of(base) for base in node.bases]),
            keywords=tuple([(keyword.arg or "", text_of(keyword.value)) for keyword in node.keywords]),
            handlers=tuple(handlers),
            routes=routes_of(node.decorator_list) if node.decorator_list else (),
            branch=branch,
            in_function=in_function,
        )  # fmt: skip
        self.add(index, node, made)

    def add(self, index: int, node: ast.stmt, made: Definition) -> None:
        self.items.insert(index, made)
        self.bodies[node] = _word(made)
        self.statements[node] = made.statements

    def survey(self, body: Sequence[ast.stmt]) -> tuple[int, list[str]]:
        """(statements, nested ones counted; the exception types of `except` clauses outside nested definitions)."""
        count = 0
        handlers: list[str] = []
        for node in body:
            kind = node.__class__
            if kind in _COMPOUND:
                for handler in getattr(node, "handlers", ()):
                    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
                    handlers += [text_of(item) if item is not None else "" for item in types]
                for _, inner in _arms(node):
                    more, others = self.survey(inner)
                    count += more
                    handlers += others
            elif node in self.statements:
                count += self.statements[node]
            elif (kind is ast.Expr or kind is ast.Pass) and is_idle(node):
                continue
            count += 1
        return count, handlers


def _place(node: _Function | ast.ClassDef) -> tuple[int, int, int, int]:
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
    return node.lineno, node.col_offset + 1, node.end_lineno or node.lineno, first


def _word(made: Definition) -> str:
    """What a class body has in a definition, apart from where it stands."""
    arguments = [f"{p.kind} {p.name} {p.default}" for p in made.parameters]
    bases = [*made.bases, *(f"{name}={value}" for name, value in made.keywords)]
    return "\t".join([made.kind, made.name, *arguments, "@", *made.decorators, "(", *bases, ":", made.body])


_COMPOUND = frozenset(
    {ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match, *_Try}
)  # fmt: skip


def _arms(node: Any) -> list[tuple[str, Sequence[ast.stmt]]]:
    """The suites of a compound statement that are no scopes of their own."""
    kind = node.__class__
    if kind is ast.Match:
        return [(f"case {number}", case.body) for number, case in enumerate(node.cases)]
    arms = [(_FIRST.get(kind, "with"), node.body)]
    if kind in _Try:
        arms += [(f"except {number}", handler.body) for number, handler in enumerate(node.handlers)]
    if kind not in (ast.With, ast.AsyncWith) and node.orelse:
        arms.append(("else", node.orelse))
    if kind in _Try and node.finalbody:
        arms.append(("finally", node.finalbody))
    return arms


_FIRST = {ast.If: "if", ast.For: "for", ast.AsyncFor: "for", ast.While: "while", **dict.fromkeys(_Try, "try")}
