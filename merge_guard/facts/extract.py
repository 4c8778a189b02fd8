"""Bytes to facts: the function that workers run, free of paths and of effects."""

from __future__ import annotations

import ast
import re

from merge_guard.facts import compile_checks
from merge_guard.facts.bodies import function_bodies
from merge_guard.facts.doubled_names import defines_twice
from merge_guard.facts.markers import scan
from merge_guard.facts.sides import side_texts
from merge_guard.facts.statements import lower_block
from merge_guard.facts.string_spans import string_spans
from merge_guard.facts.summaries import summary
from merge_guard.facts.suppressions import suppressions
from merge_guard.facts.syntax import compile_problem, exhausted, parse
from merge_guard.facts.type_checking import type_checking_names
from merge_guard.model.depth import deep_frames
from merge_guard.model.facts import Bodies, Conflict, FileFacts, SideFacts, SyntaxProblem
from merge_guard.model.module import Module

_DYNAMIC = (
    b"globals()", b"locals()", b"vars(", b"exec(", b"sys.modules", b"setattr(", b"__path__", b"lazy_", b"f_globals",
)  # fmt: skip
# The line end before it, rather than `^`, lets the search begin with fixed bytes, which is many times faster.
_MAIN_GUARD = re.compile(rb"\nif[ \t(]+(?:__name__\b|['\"]__main__)")


def extract(
    data: bytes, kind: str, marker_size: int = 7, feature: tuple[int, int] | None = None, thorough: bool = False
) -> FileFacts:
    """The facts of one file. `kind` is "python", "notebook" or "text"; `feature` the version its syntax must suit.

    `thorough` has the compiler judge the file even where nothing looks suspicious.
    """
    text = scan(data, kind=kind, marker_size=marker_size)
    if kind != "python":
        return FileFacts(conflicts=text.conflicts, strays=text.strays, edits=text.edits)
    with deep_frames():
        tree, problem = parse(data, feature)
        module = None
        if tree is not None:
            if text.conflicts or text.strays or text.edits:
                text = scan(data, kind=kind, marker_size=marker_size, strings=string_spans(tree, data))
            module, late = _module(tree, data, thorough)
            problem = problem or late
        sides = _sides(data, feature, text.conflicts) if problem is not None and text.conflicts else ()
    return FileFacts(
        python=True,
        conflicts=text.conflicts,
        strays=text.strays,
        edits=text.edits,
        problem=problem,
        module=module if problem is None or problem.kind == "newer" else None,
        sides=sides,
        suppressions=suppressions(data, tree),
        main_guard=_MAIN_GUARD.search(b"\n" + data) is not None,
    )


def extract_bodies(data: bytes, compiled: bool = False) -> Bodies:
    """The second tier of a file that parsed; `compiled`: its compilation was judged already."""
    with deep_frames():
        tree, problem = parse(data)
        if tree is None:
            return Bodies(problem=problem)
        try:
            functions = function_bodies(tree, data)
        except RecursionError as error:
            return Bodies(problem=exhausted(error))
    return Bodies(functions, None if compiled else compile_problem(data))


def _module(tree: ast.Module, data: bytes, thorough: bool) -> tuple[Module | None, SyntaxProblem | None]:
    try:
        found = compile_checks.scan(tree, data)
        problem = compile_problem(data) if found.suspicious or thorough else None
        if problem is not None:
            return None, problem
        body = lower_block(tree.body)
        return (
            Module.of(
                body,
                future_annotations=_has_future_annotations(tree),
                function_globals=tuple(sorted(set(found.globals_))),
                lazy_imports=tuple(found.lazy_imports),
                unsure_imports=tuple(found.unsure),
                type_checking=type_checking_names(tree),
                dynamic=any(word in data for word in _DYNAMIC),
                inner_classes=tuple(found.inner_classes),
                redefines=defines_twice(body),
                **summary(body),
            ),
            None,
        )
    except RecursionError as error:
        return None, exhausted(error)


def _has_future_annotations(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            if any(alias.name == "annotations" for alias in node.names):
                return True
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            return False
    return False


def _sides(data: bytes, feature: tuple[int, int] | None, conflicts: tuple[Conflict, ...]) -> tuple[SideFacts, ...]:
    sides = []
    for role, text in side_texts(data, conflicts).items():
        tree, problem = parse(text, feature)
        module = None
        if tree is not None:
            module, late = _module(tree, text, thorough=True)
            problem = problem or late
        sides.append(SideFacts(role, problem, module if problem is None or problem.kind == "newer" else None))
    return tuple(sides)
