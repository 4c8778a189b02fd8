"""The parts of a node of events, whatever it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct


def parts(node: object) -> Sequence[object]:
    """What a node, or a tuple of nodes, consists of; nothing of a plain value."""
    if isinstance(node, tuple):
        return node
    if isinstance(node, Struct):
        return [getattr(node, name) for name in node.__struct_fields__]
    return ()


def all_parts(node: object) -> Iterator[Struct]:
    """The nodes among its parts, among theirs, and so on."""
    stack = list(parts(node))
    while stack:
        part = stack.pop()
        if part.__class__ is tuple:
            stack += part
        elif isinstance(part, Struct):
            yield part
            stack += [getattr(part, name) for name in part.__struct_fields__]
