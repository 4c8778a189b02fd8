"""Bytes to `Uses`: names, imports, calls and lists of one file."""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from collections.abc import Sequence

from merge_guard.facts import compile_checks
from merge_guard.facts.definitions import definitions_of_tree, extract_definitions
from merge_guard.facts.nodes import children
from merge_guard.facts.syntax import compile_problem, exhausted, parse
from merge_guard.model.definitions import Definitions
from merge_guard.model.depth import deep_frames
from merge_guard.model.uses import Call, Entry, ImportedName, Read, Uses

_BUILTINS = frozenset(dir(builtins)) | {
    "__file__", "__name__", "__doc__", "__package__", "__path__", "__spec__", "__loader__", "__builtins__",
    "__annotations__", "__class__", "__debug__", "__dict__", "__module__", "__qualname__", "WindowsError",
}  # fmt: skip
_OPENING = frozenset({"globals", "exec"})
_OPENING_AT_TOP = frozenset({"vars", "locals"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_LONGEST = 300
"""Characters of a key that is still compared."""


def extract_uses(data: bytes, marker_size: int = 7) -> Uses:
    """What the file defines and uses. One that does not parse has its definitions' problem and sides, and no more."""
    with deep_frames():
        tree, _ = parse(data)
        if tree is None:
            return Uses(extract_definitions(data, marker_size), parses=False)
        problem = compile_problem(data) if compile_checks.scan(tree, data).suspicious else None
        if problem is not None:
            return Uses(Definitions(problem=problem), parses=False)
        try:
            definitions = definitions_of_tree(tree)
        except RecursionError as error:
            return Uses(Definitions(problem=exhausted(error)), parses=False)
        try:
            return _uses(tree, data, definitions)
        except (RecursionError, SyntaxError, ValueError, MemoryError):
            # What parses and does not compile: its names cannot be told.
            return Uses(definitions, is_open=True)


def _uses(tree: ast.Module, data: bytes, definitions: Definitions) -> Uses:
    reading = _Reading(_postponed(tree))
    reading.visit(tree.body, (), False)
    bound, read = _global_names(data)
    is_open = reading.is_open or any(item.name == "*" for item in reading.imports)
    lines = reading.lines
    return Uses(
        definitions,
        bound=tuple(sorted(bound)),
        reads=tuple(Read(name, lines[name]) for name in sorted(read - _BUILTINS) if name in lines),
        imports=tuple(reading.imports),
        calls=tuple(call for call in reading.calls if not reading.is_local(call)),
        entries=tuple(reading.entries),
        is_open=is_open,
    )


def _global_names(data: bytes) -> tuple[set[str], set[str]]:
    """Names that the module's scope binds, and global names that anything reads: CPython's own symbol table."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        top = symtable.symtable(data, "<source>", "exec")  # type: ignore[arg-type]  # takes bytes, too
    bound: set[str] = set()
    read: set[str] = set()
    waiting = [top]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        is_top = table is top
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if is_top:
                if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                    bound.add(name)
                if symbol.is_referenced():
                    read.add(name)
            elif symbol.is_global():
                if symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported()):
                    bound.add(name)
                if symbol.is_referenced():
                    read.add(name)
    return bound, read


def _postponed(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


class _Reading:
    """One walk over the tree. `lines` tells where a name is read first, annotations that nobody evaluates left out."""

    def __init__(self, postponed: bool) -> None:
        self.imports: list[ImportedName] = []
        self.calls: list[Call] = []
        self.entries: list[Entry] = []
        self.lines: dict[str, int] = {}
        self.is_open = False
        self._stored: dict[tuple[str, ...], set[str]] = {}
        """The names that something but an import or a definition binds, by scope; parameters are of the function's."""
        self._functions: set[tuple[str, ...]] = {()}
        self._postponed = postponed

    def is_local(self, call: Call) -> bool:
        """The called name may be bound by something else than a definition or an import of the module."""
        first = call.callee.partition(".")[0]
        scopes = [call.scope[:count] for count in range(len(call.scope) + 1)]
        return first not in ("self", "cls") and any(
            first in self._stored.get(scope, ()) for scope in scopes if scope in self._functions or scope == call.scope
        )

    def visit(self, body: Sequence[ast.stmt], scope: tuple[str, ...], guarded: bool) -> None:
        for node in body:
            self._statement(node, scope, guarded)

    def _statement(self, node: ast.stmt, scope: tuple[str, ...], guarded: bool) -> None:
        if isinstance(node, _SCOPES):
            self._definition(node, scope, guarded)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, scope, guarded)
        elif isinstance(node, ast.If):
            self._expression(node.test, scope)
            self.visit(node.body, scope, guarded or _is_type_checking(node.test))
            self.visit(node.orelse, scope, guarded)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            handlers: list[ast.ExceptHandler] = getattr(node, "handlers", [])
            self.visit(getattr(node, "body", []), scope, guarded or bool(handlers))
            for handler in handlers:
                if handler.name:
                    self._stored.setdefault(scope, set()).add(handler.name)
                if handler.type is not None:
                    self._expression(handler.type, scope)
                self.visit(handler.body, scope, guarded)
            self.visit(getattr(node, "orelse", []), scope, guarded)
            self.visit(getattr(node, "finalbody", []), scope, guarded)
        else:
            self._entries(node, scope)
            for child in children(node):
                if isinstance(child, ast.stmt):
                    self._statement(child, scope, guarded)
                elif isinstance(child, ast.match_case):
                    self._expression(child.pattern, scope)
                    if child.guard is not None:
                        self._expression(child.guard, scope)
                    self.visit(child.body, scope, guarded)
                elif isinstance(node, ast.AnnAssign) and child is node.annotation and self._postponed:
                    continue
                else:
                    self._expression(child, scope)

    def _definition(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: tuple[str, ...], guarded: bool
    ) -> None:
        for decorator in node.decorator_list:
            self._expression(decorator, scope)
            self._route(decorator)
        if isinstance(node, ast.ClassDef):
            for part in (*node.bases, *node.keywords):
                self._expression(part, scope)
            if any(_last(base) in _ENUMS for base in node.bases):
                self._members(node)
        else:
            self._arguments(node, scope)
            arguments = node.args
            names = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
            names |= {argument.arg for argument in (arguments.vararg, arguments.kwarg) if argument is not None}
            self._stored.setdefault((*scope, node.name), set()).update(names)
            self._functions.add((*scope, node.name))
        if scope:
            self._stored.setdefault(scope, set()).add(node.name)
        self.visit(node.body, (*scope, node.name), guarded)

    def _arguments(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: tuple[str, ...]) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self._expression(default, scope)
        if self._postponed:
            return
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        for annotation in (*(argument.annotation for argument in arguments if argument is not None), node.returns):
            if annotation is not None:
                self._expression(annotation, scope)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: tuple[str, ...], guarded: bool) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                bound = alias.asname or alias.name.partition(".")[0]
                self.imports.append(ImportedName(alias.name, 0, "", bound, node.lineno, scope, guarded))
            else:
                bound = alias.asname or alias.name
                item = ImportedName(node.module or "", node.level, alias.name, bound, node.lineno, scope, guarded)
                self.imports.append(item)

    def _expression(self, root: ast.AST, scope: tuple[str, ...]) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    self.lines[node.id] = min(node.lineno, self.lines.get(node.id, node.lineno))
                    if node.id in _OPENING or (not scope and node.id in _OPENING_AT_TOP):
                        self.is_open = True
                else:
                    self._stored.setdefault(scope, set()).add(node.id)
            elif isinstance(node, ast.arg):
                self._stored.setdefault(scope, set()).add(node.arg)
            elif isinstance(node, ast.Call):
                self._call(node, scope)
            elif isinstance(node, ast.Subscript):
                # The module's own object: `setattr` may bind names on it.
                itself = _dotted(node.slice) == "__name__" and _last(node.value) == "modules"
                self.is_open = self.is_open or itself
            waiting += children(node)

    def _call(self, node: ast.Call, scope: tuple[str, ...]) -> None:
        callee = _dotted(node.func)
        if callee:
            keywords = tuple(keyword.arg for keyword in node.keywords if keyword.arg is not None)
            is_open = len(keywords) < len(node.keywords) or any(isinstance(arg, ast.Starred) for arg in node.args)
            self.calls.append(Call(callee, len(node.args), keywords, is_open, node.lineno, scope))

    def _entries(self, node: ast.stmt, scope: tuple[str, ...]) -> None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
            target, value = node.target, node.value
        else:
            return
        if not isinstance(target, ast.Name):
            return
        owner = ".".join((*scope, target.id))
        if isinstance(value, ast.Dict):
            for key in value.keys:
                if isinstance(key, (ast.Constant, ast.Attribute, ast.Name)):
                    self._entry("key", owner, key)
        elif owner == "__all__" and isinstance(value, (ast.List, ast.Tuple)):
            for item in value.elts:
                if isinstance(item, ast.Constant):
                    self._entry("all", owner, item)

    def _entry(self, kind: str, owner: str, node: ast.expr) -> None:
        text = ast.unparse(node)
        if len(text) <= _LONGEST:
            self.entries.append(Entry(kind, owner, text, node.lineno))

    def _members(self, node: ast.ClassDef) -> None:
        for statement in node.body:
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        self.entries.append(Entry("member", node.name, target.id, statement.lineno))

    def _route(self, node: ast.expr) -> None:
        from merge_guard.facts.routes import routes_of

        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = _dotted(node.func.value)
            for verb, path in routes_of([node]):
                self.entries.append(Entry("route", owner, f"{verb} {path}", node.lineno))


def _is_type_checking(test: ast.expr) -> bool:
    return _last(test) == "TYPE_CHECKING"


def _last(node: ast.expr) -> str:
    return _dotted(node).rpartition(".")[2]


def _dotted(node: ast.expr) -> str:
    """`a.b.c` for names and attributes of names, "" for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(parts)))
