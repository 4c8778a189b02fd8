"""The effective configuration, checked when it is made. Reading it from files is `merge_guard.config`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from merge_guard.model.finding import Severity

DEFAULT_TESTS = ("tests/**", "test/**", "**/tests/**", "**/test/**", "**/test_*.py", "**/*_test.py", "**/conftest.py")


@dataclass(frozen=True, slots=True)
class Service:
    """One deployable: the entry points that it starts, the image that carries it, and what its deploy demands."""

    name: str
    entry: tuple[str, ...] = ()
    source_roots: tuple[str, ...] = ()
    dockerfile: str | None = None
    requires: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    isolated_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Classes of which one is meant to be the single source of truth. Symbols are written `pkg.mod:Name`.

    `match` are shell patterns of class names; `names` who may exist once, empty for the canonical's own name.
    `deprecated_paths` maps a symbol or a module to what is to be imported instead, `exempt` a symbol to the reason.
    """

    name: str
    match: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    canonical: str | None = None
    adapters: tuple[str, ...] = ()
    deprecated_paths: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Config:
    """Keys of `[tool.merge-guard]`; `origin` is the file that they come from, "" where there is none.

    `select`, `ignore` and `extend_select` hold code prefixes; `per_file_ignores` maps glob patterns to code prefixes.
    `source_roots` is None where they are to be discovered; `target_python` is a version ("3.11") or a range.
    """

    origin: str = ""
    target_python: str | None = None
    target_platform: str | None = None
    source_roots: tuple[str, ...] | None = None
    entry: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    vendored: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    tests: tuple[str, ...] = DEFAULT_TESTS
    builtins: tuple[str, ...] = ()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    ssot: Mapping[str, Group] = field(default_factory=dict)
