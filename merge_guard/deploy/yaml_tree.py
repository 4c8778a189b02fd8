"""YAML as plain nodes with lines, bounded: nothing is constructed, an alias is the node that it names.

Only events are asked of the library, so that neither depth nor aliases can make it do more than the text is long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Union

LARGEST = 200_000
_MOST_EVENTS = 20_000
_MOST_ALIASES = 500
_DEEPEST = 40
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    line: int
    plain: bool = True

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NOTHING


@dataclass(slots=True, eq=False)
class Items:
    line: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Fields:
    """A mapping; `get` follows merge keys (`<<`), whose fields the mapping's own override."""

    line: int
    pairs: list[tuple[Node, Node]] = field(default_factory=list)

    def get(self, name: str) -> Node | None:
        return next((value for key, value in self.items() if key == name), None)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Each key that is a scalar, with its value; of equal keys the first counts."""
        todo: list[Node] = [self]
        seen: set[int] = set()
        while todo:
            fields = todo.pop(0)
            if not isinstance(fields, Fields) or id(fields) in seen:
                continue
            seen.add(id(fields))
            for key, value in fields.pairs:
                if isinstance(key, Scalar):
                    if key.text == "<<" and key.plain:
                        todo += value.nodes if isinstance(value, Items) else [value]
                    else:
                        yield key.text, value


Node = Union[Scalar, Items, Fields]


@lru_cache(maxsize=16)
def read_yaml(text: str) -> Node | None:
    """The first document; None for what is none, or more than a deploy file needs.

    A compose file is read for what it builds and for what it starts.
    """
    if len(text) > LARGEST:
        return None
    import yaml  # type: ignore[import-untyped]  # PyYAML brings no types

    try:
        return _build(yaml.parse(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _build(events: Iterator[Any]) -> Node | None:
    root: Node | None = None
    open_nodes: list[tuple[Items | Fields, list[Node]]] = []
    anchors: dict[str, Node] = {}
    aliases = 0
    for count, event in enumerate(events):
        kind = type(event).__name__
        if count > _MOST_EVENTS or len(open_nodes) > _DEEPEST or aliases > _MOST_ALIASES:
            return None
        node: Node | None = None
        if kind in ("SequenceEndEvent", "MappingEndEvent"):
            open_nodes.pop()
            continue
        if kind == "DocumentEndEvent":
            return root
        line = event.start_mark.line + 1
        if kind == "ScalarEvent":
            node = Scalar(event.value, line, event.style is None)
        elif kind == "AliasEvent":
            aliases += 1
            node = anchors.get(event.anchor)
            if node is None:
                return None
        elif kind == "SequenceStartEvent":
            node = Items(line)
        elif kind == "MappingStartEvent":
            node = Fields(line)
        if node is None:
            continue
        if open_nodes:
            _add(open_nodes[-1], node)
        else:
            root = node
        if kind != "AliasEvent":
            if event.anchor:
                anchors[event.anchor] = node
            if isinstance(node, (Items, Fields)):
                open_nodes.append((node, []))
    return root


def _add(parent: tuple[Items | Fields, list[Node]], node: Node) -> None:
    container, waiting = parent
    if isinstance(container, Items):
        container.nodes.append(node)
    elif waiting:
        container.pairs.append((waiting.pop(), node))
    else:
        waiting.append(node)


def text_of(node: Node | None) -> str | None:
    """A scalar's text; None for anything else and for null."""
    return node.text if isinstance(node, Scalar) and not node.is_null else None
