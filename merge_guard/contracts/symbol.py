"""What a dotted name can turn out to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from merge_guard.model import events as ev
from merge_guard.model.finding import Place
from merge_guard.model.module import Module


@dataclass(frozen=True, slots=True, eq=False)
class ModuleSymbol:
    """A module of the tree; `events` is None where its file does not compile: `problem` says why."""

    name: str
    path: str
    package: str
    search: tuple[str, ...]
    events: Module | None
    problem: str = ""
    line: int = 1

    @property
    def place(self) -> Place:
        return Place(self.path, self.line)


@dataclass(frozen=True, slots=True, eq=False)
class FunctionSymbol:
    module: ModuleSymbol
    node: ev.FunctionDef

    @property
    def place(self) -> Place:
        return Place(self.module.path, self.node.line, self.node.column)


@dataclass(frozen=True, slots=True, eq=False)
class ClassSymbol:
    module: ModuleSymbol
    node: ev.ClassDef
    outer: tuple[ev.ClassDef, ...] = ()

    @property
    def place(self) -> Place:
        return Place(self.module.path, self.node.line, self.node.column)


@dataclass(frozen=True, slots=True)
class Something:
    """It exists, and no more is known of it."""

    place: Place


@dataclass(frozen=True, slots=True)
class Open:
    """Whether it exists cannot be said."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """It certainly does not exist; `place` is where it would have to be, None where not even the file exists."""

    what: str
    place: Place | None = None


Symbol = Union[ModuleSymbol, FunctionSymbol, ClassSymbol, Something, Open, Missing]
