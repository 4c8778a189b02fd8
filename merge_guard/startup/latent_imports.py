"""The imports of a module that are judged without running it.

Those with the same words (see `Module.imports`) ask for the same: in one directory or, unless relative, anywhere.
"""

from __future__ import annotations

from typing import Union

from merge_guard.model import events as ev
from merge_guard.model.module import Module

Imported = Union[ev.Import, ev.FromImport]


def certain(module: Module) -> list[Imported]:
    """The imports whose words the module's facts tell."""
    return [node for node in module.body if isinstance(node, (ev.Import, ev.FromImport))]


def in_functions(module: Module) -> tuple[list[str], list[Imported]]:
    """(the words of those that run whenever their function does, the imports)."""
    words: list[str] = []
    nodes: list[Imported] = []
    unsure = frozenset(module.unsure_imports)
    for index, (target, level, attrs, line, column) in enumerate(module.lazy_imports):
        if index in unsure:
            continue
        if attrs or level:
            names = tuple((attr, None, line, column) for attr in attrs)
            words.append(f"{'.' * level}{target}:{','.join(attrs)}")
            nodes.append(ev.FromImport(target, level, names, line, column, line))
        else:
            words.append(target)
            nodes.append(ev.Import(target, None, line, column, line))
    return words, nodes


def parsed(words: str) -> tuple[str, int, tuple[str, ...]]:
    """(module, level, names) that words speak of; no names for `import module`."""
    module, _, names = words.partition(":")
    target = module.lstrip(".")
    return target, len(module) - len(target), tuple(names.split(",")) if names else ()


def imported(words: str) -> Imported:
    """An import of these words, somewhere."""
    target, level, names = parsed(words)
    if not names:
        return ev.Import(target, None, 1, 0, 1)
    return ev.FromImport(target, level, tuple((name, None, 1, 0) for name in names), 1, 0, 1)
