"""Uses of moved names through their module: `import m` and `m.Name`."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
from libcst.metadata import Assignment, ImportAssignment, Scope

from merge_guard.fixes.edits import Edit, RefusedError, line_start, newline_of
from merge_guard.fixes.moves import Moves
from merge_guard.fixes.syntax_tree import SyntaxTree

Target = tuple[str, str]


class ModuleUses:
    """Looks for the uses of an imported module in its scope and the scopes within."""

    def __init__(self, tree: SyntaxTree, moves: Moves) -> None:
        self._tree = tree
        self._moves = moves

    def of_import(self, node: cst.Import) -> tuple[list[Edit], list[str]]:
        """`import a.b`, `import a.b as c`: the edits of the statement and of what uses it."""
        edits: list[Edit] = []
        said: list[str] = []
        for alias in node.names:
            module = dotted(alias.name)
            if not self._moves.concern([module]):
                continue
            bound = bound_name(alias)
            found = self._found(node, bound, module, [module])
            if not found.targets and found.whole is None:
                continue
            only = found.only
            if only is not None and self._is_replaceable(alias, found):
                if self._moves.is_own(only):
                    raise RefusedError(f"{only} is this very file")
                edits.append(Edit(*self._tree.span(alias.name), only.encode("utf-8")))
                edits += found.renamed(only if alias.asname is None else bound)
            elif found.whole is not None:
                raise RefusedError(f"{module} is also used where it cannot be followed: not rewritten")
            else:
                edits += self._added(node, found)
            said += found.said()
        return edits, said

    def of_alias(
        self, node: cst.ImportFrom, alias: cst.ImportAlias, modules: Sequence[str]
    ) -> tuple[Target | None, list[Edit]]:
        """`from a import b`, where `b` is a module in which names have moved: where it is to come from, and edits."""
        name = dotted(alias.name)
        inner = [f"{module}.{name}" if module else name for module in modules]
        if not self._moves.concern(inner):
            return None, []
        bound = bound_name(alias)
        found = self._found(node, bound, inner[0], inner)
        if not found.targets:
            return None, []
        parent, _, last = (found.only or "").rpartition(".")
        if found.is_complete and parent:
            if self._moves.is_own(found.only or ""):
                raise RefusedError(f"{found.only} is this very file")
            return (parent, last), found.renamed(bound)
        return None, self._added(node, found)

    def _found(self, node: cst.Import | cst.ImportFrom, bound: str, module: str, modules: Sequence[str]) -> _Found:
        scope = self._tree.scope(node)
        found = _Found(self._tree, module, self._moves.of_module(module))
        if scope is None:
            return found
        mine = [item for item in _assignments(scope, bound) if isinstance(item, ImportAssignment) and item.node is node]
        for assignment in mine:
            for access in assignment.references:
                self._access(access.node, modules, found)
        if (found.targets or found.whole) and self._is_rebound(scope, bound, node):
            raise RefusedError(f"{bound} is bound in other ways too: not rewritten")
        return found

    def _access(self, node: cst.CSTNode, modules: Sequence[str], found: _Found) -> None:
        parent = self._tree.parent(node)
        if parent is None or not isinstance(node, (cst.Name, cst.Attribute)):
            found.others += 1  # a string annotation, which stays as it is
            return
        if found.whole is not None:
            found.targets.append((node, None, (found.whole, "")))
            return
        target = None
        if isinstance(parent, cst.Attribute) and parent.value is node and self._tree.is_loaded(parent):
            target = self._moves.of_attribute(modules, parent.attr.value)
        if target is None:
            found.others += 1
        else:
            assert isinstance(parent, cst.Attribute)
            found.targets.append((node, parent, target))

    def _is_rebound(self, scope: Scope, bound: str, node: cst.CSTNode) -> bool:
        """Whether the name can be something else than the module: a fallback, a global that a function sets."""
        for item in _assignments(scope, bound):
            if not isinstance(item, ImportAssignment) or self._tree.code(item.node) != self._tree.code(node):
                return True
        return False

    def _is_replaceable(self, alias: cst.ImportAlias, found: _Found) -> bool:
        """Whether the statement can import the new module in the place of the old one."""
        if alias.asname is not None:
            return found.is_complete or found.whole is not None
        return found.is_complete and self._is_free(found)

    def _is_free(self, found: _Found) -> bool:
        """Whether `import a.b` may become `import c.d`: nothing else in the file needs what it binds."""
        old, new = found.module.partition(".")[0], (found.only or "").partition(".")[0]
        used = {self._outermost(node) for node, _, _ in found.targets}
        others = [
            name for name in self._tree.names()
            if name.value == old and name not in used and self._is_expression(name)
        ]  # fmt: skip
        return not others and (old == new or not self._is_taken(new))

    def _added(self, node: cst.Import | cst.ImportFrom, found: _Found) -> list[Edit]:
        """The new modules are imported besides, under their full names."""
        edits: list[Edit] = []
        modules = list(dict.fromkeys(target[0] for _, _, target in found.targets))
        for module in modules:
            if self._is_taken(module.partition(".")[0]):
                raise RefusedError(f"{module} cannot be imported here: its first name is bound to something else")
            if self._moves.is_own(module):
                raise RefusedError(f"{module} is this very file")
        scope = self._tree.scope(node)
        there = {item.name for item in scope.assignments if _is_plain(item)} if scope is not None else set()
        edits.append(self._inserted(node, [f"import {module}" for module in modules if module not in there]))
        return [*edits, *found.renamed(None)]

    def _is_taken(self, name: str) -> bool:
        """Whether the file binds the name to anything but the package of that name."""
        for node in self._tree.names():
            if node.value == name and not self._is_expression(node) and not self._is_plain_import(node):
                return True
        return False

    def _is_expression(self, node: cst.Name) -> bool:
        """Whether the name is evaluated: not bound, not an attribute, not a keyword."""
        parent = self._tree.parent(node)
        if isinstance(parent, cst.Attribute):
            if parent.attr is node:
                return False
            outer: cst.CSTNode | None = parent
            while isinstance(outer, cst.Attribute):
                outer = self._tree.parent(outer)
            return not isinstance(outer, (cst.ImportAlias, cst.ImportFrom))
        if isinstance(parent, (cst.ImportAlias, cst.ImportFrom, cst.AsName)):
            return False
        if isinstance(parent, cst.Arg) and parent.keyword is node:
            return False
        return self._tree.is_loaded(node)

    def _is_plain_import(self, node: cst.Name) -> bool:
        """Whether the name stands in an import that binds the package of that name, or binds nothing under it."""
        parent = self._tree.parent(node)
        if isinstance(parent, cst.Arg):
            return True
        inner: cst.CSTNode = node
        while isinstance(parent, cst.Attribute):
            if parent.attr is inner:
                return True
            inner, parent = parent, self._tree.parent(parent)
        if isinstance(parent, cst.ImportFrom):
            return True
        if isinstance(parent, cst.ImportAlias):
            statement = self._tree.parent(parent)
            return parent.asname is not None or isinstance(statement, cst.Import)
        return False

    def _outermost(self, node: cst.CSTNode) -> cst.CSTNode:
        """The first name of `a.b.c`."""
        while isinstance(node, cst.Attribute):
            node = node.value
        return node

    def _inserted(self, node: cst.Import | cst.ImportFrom, statements: Sequence[str]) -> Edit:
        content = self._tree.content
        start, end = self._tree.span(node)
        line = self._tree.parent(node)
        if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
            indentation = content[line_start(content, start) : start]
            separator = newline_of(content, end) + indentation
        else:
            separator = b"; "
        return Edit(start, start, b"".join(text.encode("utf-8") + separator for text in statements))


class _Found:
    """The uses of one imported module. `others` counts those that stay."""

    def __init__(self, tree: SyntaxTree, module: str, whole: str | None) -> None:
        self._tree = tree
        self.module = module
        self.whole = whole
        self.targets: list[tuple[cst.CSTNode, cst.Attribute | None, Target]] = []
        self.others = 0

    @property
    def is_complete(self) -> bool:
        return not self.others

    @property
    def only(self) -> str | None:
        """The one module to which all uses go."""
        modules = {target[0] for _, _, target in self.targets} | ({self.whole} if self.whole else set())
        return modules.pop() if len(modules) == 1 else None

    def renamed(self, base: str | None) -> list[Edit]:
        """Each use through `base`, or through its new module's full name."""
        edits = []
        for node, attribute, (module, name) in self.targets:
            text = base or module
            if self._tree.code(node) != text.encode("utf-8"):
                edits.append(Edit(*self._tree.span(node), text.encode("utf-8")))
            if attribute is not None and attribute.attr.value != name:
                edits.append(Edit(*self._tree.span(attribute.attr), name.encode("utf-8")))
        return edits

    def said(self) -> list[str]:
        if self.whole is not None:
            return [f"{self.module} -> {self.whole}"]
        moved = dict.fromkeys((a.attr.value, target) for _, a, target in self.targets if a is not None)
        return [f"{self.module}:{name} -> {target[0]}:{target[1]}" for name, target in moved]


def _assignments(scope: Scope, name: str) -> list[Assignment]:
    return [item for item in scope.assignments if item.name == name]  # type: ignore[misc]  # imports are none


def _is_plain(item: object) -> bool:
    return isinstance(item, ImportAssignment) and isinstance(item.node, cst.Import)


def bound_name(alias: cst.ImportAlias) -> str:
    """The name that an alias binds; of `import a.b` the whole of it, which is how libcst's scopes know it."""
    return dotted(alias.name if alias.asname is None else alias.asname.name)


def dotted(node: cst.CSTNode | None) -> str:
    """`a.b.c` of names and attributes, "" for anything else."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""
