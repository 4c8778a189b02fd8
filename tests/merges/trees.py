"""Trees of modules that import each other at random, and random changes of them."""

from __future__ import annotations

import random

from tests.merges.three_way import Files

START: Files = {"merge-guard.toml": 'entry = ["app.main"]\n', "app/__init__.py": "", "app/main.py": "X = 1\n"}
NAMES = [f"m{number}" for number in range(8)]


def module(chance: random.Random, packages: list[str]) -> str:
    """A module with names and imports, some of which lead nowhere."""
    lines = [f"{name} = 1" for name in chance.sample("ABCDEF", 3)]
    for _ in range(chance.randrange(4)):
        package, other = chance.choice(packages).replace("/", "."), chance.choice(NAMES)
        name = chance.choice("ABCDEF")
        lines.append(
            chance.choice(
                [f"from {package}.{other} import {name}", f"from {package}.{other} import *",
                 f"import {package}.{other}",
                 f"from . import {other}", f"from .{other} import {name}",
                 f"def f():\n    from {package}.{other} import {name}"]
            )
        )  # fmt: skip
    return "\n".join(lines) + "\n"


def whole_tree(chance: random.Random, packages: list[str]) -> dict[str, str | None]:
    """An application and some packages, given by their directories, that import each other at random."""
    files: dict[str, str | None] = dict(START)
    for directory in packages:
        files[f"{directory}/__init__.py"] = chance.choice(["", "from .m1 import *\n"])
        files |= {f"{directory}/{name}.py": module(chance, packages) for name in NAMES}
    return files


def edits(chance: random.Random, base: Files, packages: list[str]) -> Files:
    """What a branch changes: three modules written anew, one deleted, one added."""
    paths = [path for path in base if "/m" in path and "main" not in path]
    changed: dict[str, str | None] = {path: module(chance, packages) for path in chance.sample(paths, 3)}
    changed[chance.choice(paths)] = None
    changed[f"{chance.choice(packages)}/new{chance.randrange(3)}.py"] = module(chance, packages)
    return changed
