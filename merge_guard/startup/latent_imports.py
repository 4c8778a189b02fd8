"""The imports of a module that are judged without running it."""

from __future__ import annotations

from typing import Union

from merge_guard.model import events as ev

Asked = tuple[str, bool, Union[ev.Import, ev.FromImport]]
"""(words, whether it is relative, the import): the same words ask for the same, in one directory or, unless relative,
anywhere."""


def certain(module: ev.Module) -> list[Asked]:
    """Those that run whenever the module does: at the top level, under no `try`, no condition and no loop."""
    return [_asked(node) for node in module.body if isinstance(node, (ev.Import, ev.FromImport))]


def in_functions(module: ev.Module) -> list[Asked]:
    """Those that run whenever their function does."""
    found = []
    unsure = frozenset(module.unsure_imports)
    for index, (target, level, attrs, line, column) in enumerate(module.lazy_imports):
        if index in unsure:
            continue
        if attrs or level:
            names = tuple((attr, None, line, column) for attr in attrs)
            found.append(_asked(ev.FromImport(target, level, names, line, column, line)))
        else:
            found.append(_asked(ev.Import(target, None, line, column, line)))
    return found


def _asked(node: ev.Import | ev.FromImport) -> Asked:
    if isinstance(node, ev.Import):
        return node.name, False, node
    words = f"{'.' * node.level}{node.module}:{','.join([name for name, _, _, _ in node.names])}"
    return words, node.level > 0, node
