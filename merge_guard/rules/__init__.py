"""The rules, one module each; a rule is imported when it is selected, and the generated table tells which there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple

from merge_guard.model.rule import Rule
from merge_guard.rules.table import TABLE


class Entry(NamedTuple):
    """What the table keeps of a rule. `severity` and `scope` are values of the enumerations of those names."""

    module: str
    name: str
    severity: str
    scope: str
    summary: str


@lru_cache(maxsize=1)
def table() -> Mapping[str, Entry]:
    """Every rule's entry under its code, in the order of the codes."""
    return MappingProxyType({code: Entry(*row) for code, row in sorted(TABLE.items())})


def load(code: str) -> Rule:
    """The rule; raises KeyError for a code that does not exist."""
    return rule_of(table()[code].module)


def load_all() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes."""
    return tuple(load(code) for code in table())


def rule_of(module: str) -> Rule:
    """The one rule that a module below `merge_guard.rules` declares."""
    imported = import_module(f"merge_guard.rules.{module}")
    declared = [value for value in vars(imported).values() if isinstance(value, Rule)]
    if len(declared) != 1:
        raise ValueError(f"merge_guard.rules.{module} declares {len(declared)} rules, not one")
    return declared[0]
