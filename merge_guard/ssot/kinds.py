"""What a class is by its bases, followed through imports and aliases as far as the project goes."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from merge_guard.contracts.definitions import ClassSymbol, Definitions, ModuleSymbol
from merge_guard.model import events as ev
from merge_guard.model.ssot import ClassKind
from merge_guard.ssot.classes import FoundClass, flat

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum", "TextChoices", "IntegerChoices"})
_DOUBLE_WORDS = frozenset({"mock", "mocked", "fake", "stub", "dummy", "spy", "double"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DEEPEST = 20
EXEMPT_KINDS = {
    ClassKind.PROTOCOL: "a Protocol",
    ClassKind.ABSTRACT: "an abstract class",
    ClassKind.ENUM: "an Enum",
    ClassKind.EXCEPTION: "an exception",
    ClassKind.TYPED_DICT: "a TypedDict",
    ClassKind.NAMED_TUPLE: "a NamedTuple",
}
"""Kinds of which there may be any number, with the words for the reason."""


class Kinds:
    """Answers about classes, through one resolver."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def kind(self, cls: ClassSymbol, depth: int = 0) -> ClassKind:
        direct = list(self._bases(cls))
        names = {name.rpartition(".")[2] for name in direct}
        if "Protocol" in names:
            return ClassKind.PROTOCOL
        every = {name.rpartition(".")[2] for name in self._ancestry(cls, 0)}
        if every & _ENUMS:
            return ClassKind.ENUM
        if "TypedDict" in every:
            return ClassKind.TYPED_DICT
        if "NamedTuple" in every or "namedtuple" in every:
            return ClassKind.NAMED_TUPLE
        if any(_is_exception(name) for name in every):
            return ClassKind.EXCEPTION
        metaclasses = {_last(value) for key, value in cls.node.keywords if key == "metaclass"}
        if (
            "ABC" in names
            or "ABCMeta" in metaclasses
            or _has_abstract_methods(cls.node)
            or self._adds_nothing(cls, depth)
        ):
            return ClassKind.ABSTRACT
        if any(_last(decorator) in ("dataclass", "dataclasses") for decorator in cls.node.decorators):
            return ClassKind.DATACLASS
        return ClassKind.PLAIN

    def _adds_nothing(self, cls: ClassSymbol, depth: int) -> bool:
        """A class without methods over interfaces is one too."""
        if depth > _DEEPEST or not cls.node.bases or any(isinstance(n, ev.FunctionDef) for n in cls.node.body):
            return False
        bases = [self._definitions.expression(cls.module, cls.outer, _bare(b), cls.place) for b in cls.node.bases]
        inside = [symbol for found in bases for symbol in found if isinstance(symbol, ClassSymbol)]
        return len(inside) == len(cls.node.bases) and all(
            self.kind(base, depth + 1) in (ClassKind.PROTOCOL, ClassKind.ABSTRACT) for base in inside
        )

    def is_double(self, cls: ClassSymbol) -> bool:
        """Mocks, fakes and the like, by name or by what they inherit from `unittest.mock`."""
        return is_double_name(cls.node.name) or any(
            name.startswith(("unittest.mock.", "mock.")) for name in self._bases(cls)
        )

    def derives(self, cls: ClassSymbol, ancestor: ClassSymbol) -> bool:
        lineage = self._definitions.lineage(cls)[1:]
        return any(isinstance(base, ClassSymbol) and base.node is ancestor.node for base in lineage)

    def _ancestry(self, cls: ClassSymbol, depth: int) -> Iterator[str]:
        """Names of all bases outside the project."""
        for node in cls.node.bases:
            base = _bare(node)
            found = self._definitions.expression(cls.module, cls.outer, base, cls.place)
            inside = [symbol for symbol in found if isinstance(symbol, ClassSymbol) and symbol.node is not cls.node]
            if inside and depth < _DEEPEST:
                for symbol in inside:
                    yield from self._ancestry(symbol, depth + 1)
            else:
                yield written_name(cls.module, base)

    def _bases(self, cls: ClassSymbol) -> Iterator[str]:
        for node in cls.node.bases:
            yield written_name(cls.module, _bare(node))


def is_double_name(name: str) -> bool:
    return not _DOUBLE_WORDS.isdisjoint(word.lower() for word in _WORD.findall(name))


def symbol_of(found: FoundClass, module: ModuleSymbol) -> ClassSymbol | None:
    return ClassSymbol(module, found.node, found.outer) if found.node is not None else None


def written_name(module: ModuleSymbol, node: ev.Expr) -> str:
    """The dotted name of an expression with the module's own imports put in: `P` as `typing.Protocol`."""
    if isinstance(node, ev.Attribute):
        owner = written_name(module, node.value)
        return f"{owner}.{node.attr}" if owner else node.attr
    if isinstance(node, ev.Call):
        return written_name(module, node.func)
    if not isinstance(node, ev.Name):
        return ""
    for statement, _ in flat(module.events.body if module.events else ()):
        if isinstance(statement, ev.FromImport):
            for name, asname, _, _ in statement.names:
                if (asname or name) == node.id:
                    return f"{'.' * statement.level}{statement.module}.{name}"
        elif isinstance(statement, ev.Import) and statement.asname == node.id:
            return statement.name
    return node.id


def _bare(node: ev.Expr) -> ev.Expr:
    return _bare(node.value) if isinstance(node, ev.Subscript) else node


def _last(node: ev.Expr) -> str:
    if isinstance(node, ev.Call):
        return _last(node.func)
    return node.attr if isinstance(node, ev.Attribute) else node.id if isinstance(node, ev.Name) else ""


def _is_exception(name: str) -> bool:
    last = name.rpartition(".")[2]
    known = getattr(builtins, last, None)
    if isinstance(known, type):
        return issubclass(known, BaseException)
    return last.endswith(("Error", "Exception"))


def _has_abstract_methods(node: ev.ClassDef) -> bool:
    return any(
        isinstance(item, ev.FunctionDef)
        and any(_last(decorator).startswith("abstract") for decorator in item.decorators)
        for item in node.body
    )
