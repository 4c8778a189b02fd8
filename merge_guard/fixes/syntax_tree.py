"""libcst's view of one file: nodes with the byte offsets at which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import libcst as cst
from libcst.metadata import (
    ByteSpanPositionProvider,
    ExpressionContext,
    ExpressionContextProvider,
    MetadataWrapper,
    Scope,
    ScopeProvider,
)

from merge_guard.fixes.edits import RefusedError


class SyntaxTree:
    """A parsed file; scopes are only worked out when somebody asks."""

    def __init__(self, content: bytes) -> None:
        """`content` is UTF-8; raises `RefusedError` for what libcst does not parse, or not to the last byte."""
        self.content = content
        text = content.decode("utf-8")
        try:
            module = cst.parse_module(text)
        except cst.ParserSyntaxError as error:
            raise RefusedError(f"libcst does not parse it: line {error.raw_line}") from None
        if module.code != text:
            raise RefusedError("libcst does not give it back as it is")
        self._wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self.module = module
        self._spans: Mapping[cst.CSTNode, Any] = self._wrapper.resolve(ByteSpanPositionProvider)
        # libcst's own provider goes through its visitors, which rebuild every node: that took most of the time.
        self._parents = {child: node for node in _walk(module) for child in _children(node)}
        self._scopes: Mapping[cst.CSTNode, Scope | None] | None = None
        self._contexts: Mapping[cst.CSTNode, ExpressionContext | None] | None = None

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        found = self._spans[node]
        return found.start, found.start + found.length

    def code(self, node: cst.CSTNode) -> bytes:
        return self.module.code_for_node(node).encode("utf-8")

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """None for the module, and for what stands in no source text, such as the names of a string annotation."""
        return self._parents.get(node)

    def imports(self) -> Iterator[cst.Import | cst.ImportFrom]:
        """Every import statement, in the order of the text."""
        found = [node for node in self._parents if isinstance(node, (cst.Import, cst.ImportFrom))]
        return iter(sorted(found, key=self.span))

    def names(self) -> Iterator[cst.Name]:
        return (node for node in self._parents if isinstance(node, cst.Name))

    def scope(self, node: cst.CSTNode) -> Scope | None:
        if self._scopes is None:
            self._scopes = self._wrapper.resolve(ScopeProvider)
        return self._scopes.get(node)

    def is_loaded(self, node: cst.CSTNode) -> bool:
        """Whether the expression is read, not assigned or deleted."""
        if self._contexts is None:
            self._contexts = self._wrapper.resolve(ExpressionContextProvider)
        return self._contexts.get(node) is ExpressionContext.LOAD


def _walk(module: cst.Module) -> Iterator[cst.CSTNode]:
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        yield node
        stack += _children(node)


def _children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from (item for item in value if isinstance(item, cst.CSTNode))
