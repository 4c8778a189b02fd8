"""Imports of what has moved, rewritten statement by statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from merge_guard.fixes.alias_lists import without
from merge_guard.fixes.edits import Edit, RefusedError, line_end, line_of, line_start, newline_of
from merge_guard.fixes.module_uses import ModuleUses, bound_name, dotted
from merge_guard.fixes.moves import Moves
from merge_guard.fixes.syntax_tree import SyntaxTree
from merge_guard.fixes.task import Note

_PRAGMAS = (b"noqa", b"type: ignore", b"pylint:", b"pyright:", b"isort:", b"pragma:")


def rewrite_imports(content: bytes, moves: Moves, kept: frozenset[int]) -> tuple[list[Edit], list[Note]]:
    """Edits for every import of what has moved, not in lines of `kept`; and what was done or refused where."""
    return _Rewriting(SyntaxTree(content), moves, kept).run()


class _Rewriting:
    def __init__(self, tree: SyntaxTree, moves: Moves, kept: frozenset[int]) -> None:
        self._tree = tree
        self._moves = moves
        self._kept = kept
        self._uses = ModuleUses(tree, moves)

    def run(self) -> tuple[list[Edit], list[Note]]:
        edits: list[Edit] = []
        notes: list[Note] = []
        for node in self._tree.imports():
            start, end = self._tree.span(node)
            lines = range(line_of(self._tree.content, start), line_of(self._tree.content, end) + 1)
            if not self._kept.isdisjoint(lines):
                continue
            try:
                made, said = self._statement(node)
            except RefusedError as error:
                notes.append(Note(lines[0], str(error), refused=True))
                continue
            edits += made
            notes += [Note(lines[0], text) for text in said]
        return edits, notes

    def _statement(self, node: cst.Import | cst.ImportFrom) -> tuple[list[Edit], list[str]]:
        if isinstance(node, cst.Import):
            return self._uses.of_import(node)
        modules = self._moves.absolute(len(node.relative), dotted(node.module))
        if isinstance(node.names, cst.ImportStar):
            if self._moves.concern(modules):
                raise RefusedError(f"a star import of {modules[0]}: not rewritten, name what it is to bring")
            return [], []
        return self._from(node, node.names, modules)

    def _from(
        self, node: cst.ImportFrom, aliases: Collection[cst.ImportAlias], modules: list[str]
    ) -> tuple[list[Edit], list[str]]:
        moved: dict[int, tuple[str, str]] = {}
        edits: list[Edit] = []
        said: list[str] = []
        for index, alias in enumerate(aliases):
            name = dotted(alias.name)
            target = self._moves.of_name(modules, name)
            if target is None:
                target, made = self._uses.of_alias(node, alias, modules)
                edits += made
            if target is not None:
                if self._moves.is_own(target[0]):
                    raise RefusedError(f"{name} is to come from {target[0]}, which is this very file")
                moved[index] = target
                said.append(f"{modules[0]}:{name} -> {target[0]}:{target[1]}")
        if moved:
            edits += self._moved(node, list(aliases), moved)
        elif edits:
            said.append(f"uses of {modules[0]}")
        return edits, said

    def _moved(
        self, node: cst.ImportFrom, aliases: list[cst.ImportAlias], moved: dict[int, tuple[str, str]]
    ) -> Iterator[Edit]:
        """One group of names keeps the statement: those that did not move, if any. The others get their own."""
        level = len(node.relative)
        groups: dict[str, list[int]] = {}
        for index, (module, _) in moved.items():
            groups.setdefault(module, []).append(index)
        if len(moved) == len(aliases):
            module, indices = next(iter(groups.items()))
            del groups[module]
            yield self._clause(node, self._moves.spelled(module, level))
            for index in indices:
                yield from self._renamed(aliases[index], moved[index][1])
        gone = [index for indices in groups.values() for index in indices]
        if not gone:
            return
        if len({bound_name(alias) for alias in aliases}) < len(aliases):
            raise RefusedError("it binds a name twice, and which one lasts would change")
        statements = [
            f"from {self._moves.spelled(module, level)} import "
            + ", ".join(_spelled(aliases[index], moved[index][1]) for index in indices)
            for module, indices in groups.items()
        ]
        yield self._inserted(node, statements)
        spans = [self._tree.span(alias) for alias in aliases]
        yield from without(self._tree.content, spans, gone, node.lpar is not None)

    def _clause(self, node: cst.ImportFrom, module: str) -> Edit:
        """The module behind `from`, dots and all, replaced."""
        start = self._tree.span(node)[0] + len(b"from") + len(self._tree.code(node.whitespace_after_from))
        old = b"".join(map(self._tree.code, [*node.relative, *([node.module] if node.module else [])]))
        before = b" " if node.whitespace_after_from.empty and not module.startswith(".") else b""
        after = b" " if node.whitespace_before_import.empty and not module.endswith(".") else b""
        return Edit(start, start + len(old), before + module.encode("utf-8") + after)

    def _renamed(self, alias: cst.ImportAlias, new: str) -> Iterator[Edit]:
        """The name that is imported is another, the name that is bound stays."""
        old = dotted(alias.name)
        if old != new:
            text = new if alias.asname is not None else f"{new} as {old}"
            yield Edit(*self._tree.span(alias.name), text.encode("utf-8"))

    def _inserted(self, node: cst.ImportFrom, statements: list[str]) -> Edit:
        """New statements before this one: on lines of their own where it has one, with its comments for tools."""
        content = self._tree.content
        start, end = self._tree.span(node)
        line = self._tree.parent(node)
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
            return Edit(start, start, "".join(f"{statement}; " for statement in statements).encode("utf-8"))
        indentation = content[line_start(content, start) : start]
        comment = content[end : line_end(content, end)]
        if not any(pragma in comment for pragma in _PRAGMAS):
            comment = b""
        newline = newline_of(content, end)
        text = b"".join(statement.encode("utf-8") + comment + newline + indentation for statement in statements)
        return Edit(start, start, text)


def _spelled(alias: cst.ImportAlias, new: str) -> str:
    bound = bound_name(alias)
    return f"{new} as {bound}" if alias.asname is not None or bound != new else new
