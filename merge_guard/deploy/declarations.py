"""What packaging metadata declares: scripts, supported Pythons, where the packages lie."""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Script:
    """`name = target`, declared at `line` of `path`; `table` is where, for people."""

    name: str
    target: str
    path: str
    line: int
    table: str


@dataclass(frozen=True, slots=True)
class Declared:
    """One project's declarations. `package_roots` are relative to the project's directory."""

    scripts: tuple[Script, ...] = ()
    requires_python: str | None = None
    package_roots: tuple[str, ...] = ()
    problems: tuple[str, ...] = field(default=())


def read_pyproject(path: str, text: str) -> Declared:
    """`[project]` and the build backends' tables of a `pyproject.toml` (PEP 621, Poetry, setuptools, Hatch)."""
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Declared(problems=(f"{path} does not load: {error}",))
    project = _table(document, "project")
    poetry = _table(document, "tool", "poetry")
    scripts: list[Script] = []
    for table, declared in (
        ("project.scripts", _table(project, "scripts")),
        ("project.gui-scripts", _table(project, "gui-scripts")),
        ("tool.poetry.scripts", _table(poetry, "scripts")),
    ):
        for name, target in declared.items():
            if isinstance(target, dict):
                target = target.get("reference", target.get("callable"))
            if isinstance(target, str):
                scripts.append(Script(name, target, path, _line_of(text, name, target), f"[{table}]"))
    requires = project.get("requires-python")
    return Declared(tuple(scripts), requires if isinstance(requires, str) else None, tuple(_roots(document, poetry)))


def read_name(text: str) -> str:
    """The project's name in a `pyproject.toml`, "" where it has none."""
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    name = _table(document, "project").get("name") or _table(document, "tool", "poetry").get("name")
    return name if isinstance(name, str) else ""


def _roots(document: Mapping[str, Any], poetry: Mapping[str, Any]) -> list[str]:
    setuptools = _table(document, "tool", "setuptools")
    roots: list[Any] = list(_strings(_table(setuptools, "packages", "find").get("where")))
    package_dir = _table(setuptools, "package-dir")
    roots += [package_dir[""]] if isinstance(package_dir.get(""), str) else []
    packages = poetry.get("packages")
    if isinstance(packages, list):
        roots += [item["from"] for item in packages if isinstance(item, dict) and isinstance(item.get("from"), str)]
    wheel = _table(document, "tool", "hatch", "build", "targets", "wheel")
    roots += [package.rpartition("/")[0] for package in _strings(wheel.get("packages")) if "/" in package]
    return [root.strip("/") for root in roots if isinstance(root, str) and ".." not in root]


def read_setup_cfg(path: str, text: str) -> Declared:
    """`[options]` and `[options.entry_points]` of a `setup.cfg`."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return Declared(problems=(f"{path} does not load: {' '.join(str(error).split())}",))
    scripts = []
    if parser.has_section("options.entry_points"):
        for group in ("console_scripts", "gui_scripts"):
            for line in parser.get("options.entry_points", group, fallback="").splitlines():
                name, found, target = line.partition("=")
                if found and not line.lstrip().startswith("#"):
                    name, target = name.strip(), target.split("[")[0].strip()
                    scripts.append(Script(name, target, path, _line_of(text, name, target), "[options.entry_points]"))
    roots = []
    for line in parser.get("options", "package_dir", fallback="").splitlines():
        package, found, directory = line.partition("=")
        if found and not package.strip():
            roots.append(directory.strip().strip("/"))
    where = parser.get("options.packages.find", "where", fallback="").split()
    roots += [root.strip("/") for root in where if ".." not in root]
    requires = parser.get("options", "python_requires", fallback=None)
    return Declared(tuple(scripts), requires.strip() if requires else None, tuple(roots))


def _table(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        value = document.get(key)
        if not isinstance(value, dict):
            return {}
        document = value
    return document


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _line_of(text: str, name: str, target: str) -> int:
    pattern = re.compile(rf"""^[^\S\n]*["']?{re.escape(name)}["']?[^\S\n]*=.*{re.escape(target)}""", re.MULTILINE)
    match = pattern.search(text) or re.compile(re.escape(target)).search(text)
    return text.count("\n", 0, match.end()) + 1 if match else 1
