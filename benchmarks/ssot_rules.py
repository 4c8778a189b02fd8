#!/usr/bin/env python3
"""What the rules of MG4 add to a check, and the search for copied classes against arid and pylint's R0801.

    python benchmarks/ssot_rules.py                     10,000 classes in 5,000 files, three runs each
    python benchmarks/ssot_rules.py --files 1000        another size, two classes a file
    python benchmarks/ssot_rules.py --pylint-files 300  pylint and merge-guard on the first 300 files (0: not at all)

The tree is generated, the same each time: classes of 6 to 12 methods with names from a small vocabulary, of which
every hundredth class is a copy and every fiftieth nearly one. A check without MG4 and one with all of its rules, two
groups and `--extend-select MG403,MG404` run in turn (A B A B …) after a warm-up each, without a cache, with two
processes.

`pip install arid pylint` for the search. What it costs is the difference between a check with it and one without it;
the whole check is shown too. arid and pylint look for equal lines, which is another job. pylint compares all pairs of
files, so that a part of the tree flatters it. Who reports nothing is not compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from measured import machine, run

VERBS = (
    "open", "close", "read", "write", "send", "receive", "load", "save", "find", "list", "add", "remove", "update",
    "check", "build", "render", "parse", "format", "merge", "split", "start", "stop", "reset", "flush",
)  # fmt: skip
NOUNS = (
    "user", "order", "item", "price", "token", "event", "batch", "queue", "report", "config", "cache", "stream",
    "record", "field", "schema", "index", "page", "route", "task", "worker",
)  # fmt: skip
KINDS = ("Manager", "Service", "Client", "Store", "Handler", "Factory", "Registry", "Builder")
CONFIG = """
[ssot.user-manager]
match = ["*User*Manager*"]
canonical = "pkg.part0.module0:Canonical"
deprecated-paths = { "pkg.part0.module1:Legacy" = "pkg.part0.module0:Canonical" }

[ssot.order-store]
match = ["*Order*Store*"]
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--pylint-files", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        classes = _generate(tree, options.files)
        print(f"\n{options.files:,} files, {classes:,} classes, {options.runs} runs each")
        _overhead(tree, options.runs)
        arid = Path(sys.executable).parent / "arid"
        _search(tree, options.files, options.runs, "arid", [str(arid), "--no-config", "pkg"])
        if options.pylint_files:
            part = Path(scratch) / "part"
            _generate(part, options.pylint_files)
            pylint = [sys.executable, "-m", "pylint", "--disable=all", "--enable=duplicate-code", "--score=n", "pkg"]
            _search(part, options.pylint_files, options.runs, "pylint", pylint)
    return 0


def _generate(tree: Path, files: int) -> int:
    """Write the tree; the number of its classes."""
    chance = random.Random(20250917)
    made: list[tuple[str, str]] = []
    (tree / "pkg").mkdir(parents=True)
    (tree / "pkg" / "__init__.py").write_text("")
    (tree / "merge-guard.toml").write_text(CONFIG)
    count = 0
    for number in range(files):
        folder = tree / "pkg" / f"part{number // 100}"
        if not folder.exists():
            folder.mkdir()
            (folder / "__init__.py").write_text("")
        parts = ["import json", "import os"]
        if number:
            other = chance.randrange(number)
            parts.append(f"from pkg.part{other // 100}.module{other} import LIMIT as OTHER")
        parts.append(f"LIMIT = {number}")
        for _ in range(2):
            count += 1
            name, body = _class(chance, count)
            if count % 100 == 0:
                name, body = chance.choice(made)
            elif count % 50 == 0:
                name, body = chance.choice(made)
                body += f"\n    def added_{count}(self):\n        return {count}\n"
            made.append((name, body))
            parts.append(f"\n\nclass {name}:\n{body}")
        if number == 0:
            parts.append("\n\nclass Canonical:\n    def run(self):\n        return LIMIT\n")
        (folder / f"module{number}.py").write_text("\n".join(parts) + "\n")
    return count


def _class(chance: random.Random, count: int) -> tuple[str, str]:
    name = f"{chance.choice(NOUNS).title()}{chance.choice(NOUNS).title()}{chance.choice(KINDS)}{count}"
    methods = {f"{chance.choice(VERBS)}_{chance.choice(NOUNS)}" for _ in range(chance.randint(6, 12))}
    return name, "\n".join(_method(chance, method) for method in sorted(methods))


def _method(chance: random.Random, name: str) -> str:
    lines = [f"    def {name}(self, {chance.choice(NOUNS)}, limit={chance.randint(0, 9)}):", '        """Does it."""']
    lines += [f"        {line}" for _ in range(chance.randint(2, 6)) for line in _statement(chance)]
    return "\n".join([*lines, f"        return self.{chance.choice(NOUNS)}", ""])


def _statement(chance: random.Random) -> Iterator[str]:
    noun, other = chance.choice(NOUNS), chance.choice(NOUNS)
    kind = chance.randrange(5)
    if kind == 0:
        yield f"{noun} = self.{other}.{chance.choice(VERBS)}({chance.randint(0, 99)})"
    elif kind == 1:
        yield from (f"if self.{noun} is None:", f"    raise ValueError('{other} {chance.randint(0, 999)}')")
    elif kind == 2:
        yield from (f"for {noun} in self.{other}s:", f"    {noun}.{chance.choice(VERBS)}(limit)  # each of them")
    elif kind == 3:
        yield from (
            "try:",
            f"    self.{noun} = json.loads(self.{other})",
            "except ValueError:",
            "    self.failed = True",
        )
    else:
        yield f"self.{noun}_count = len(self.{other}s) + {chance.randint(0, 99)}"


def _overhead(tree: Path, runs: int) -> None:
    base = [sys.executable, "-m", "merge_guard", "check", "--no-cache", "--jobs", "2", "--output-format", "json", "."]
    without, with_all = [*base, "--ignore", "MG4"], [*base, "--extend-select", "MG403,MG404"]
    found = json.loads(subprocess.run(with_all, cwd=tree, capture_output=True, check=False).stdout)["findings"]
    codes = Counter(finding["code"] for finding in found if finding["code"].startswith("MG4"))
    print("found: " + ", ".join(f"{count} {code}" for code, count in sorted(codes.items())))
    figures: dict[str, list[tuple[float, float]]] = {"without MG4": [], "with all of MG4": []}
    for turn in range(runs + 1):
        for name, command in zip(figures, (without, with_all)):
            figure = _run(command, tree)
            if turn:
                figures[name].append(figure)
    for name, values in figures.items():
        print(f"{name:18} wall {_spread([v[0] for v in values])}   cpu {_spread([v[1] for v in values])}")
    for column, unit in enumerate(("wall", "cpu")):
        ratios = [b[column] / a[column] for a, b in zip(*figures.values())]
        print(f"ratio {unit:12} {_spread(ratios)}")


def _search(tree: Path, files: int, runs: int, peer: str, theirs: Sequence[str]) -> None:
    print(f"\nthe search for copies in {files:,} files, two processes")
    if not Path(theirs[0]).exists():
        print(f"{peer} is not installed: not compared")
        return
    done = subprocess.run(theirs, cwd=tree, capture_output=True, text=True, check=False)
    if not any(code in done.stdout for code in ("DUP001", "R0801")):
        print(f"{peer} finds nothing, so it is not compared: exit {done.returncode}, {done.stderr.strip()[-200:]}")
        return
    base = [sys.executable, "-m", "merge_guard", "check", "--no-cache", "--isolated", "--jobs", "2", "."]
    commands = {
        "check without it": [*base, "--ignore", "MG4"],
        "check with it": [*base, "--ignore", "MG407", "--extend-select", "MG403,MG404"],
        peer: theirs,
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            figure = _run(command, tree)
            if turn or peer == "pylint":
                figures[name].append(figure)
    without, whole, others = figures.values()
    added = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(without, whole)]
    for name, values in {**figures, "what it adds": added}.items():
        print(f"{name:18} wall {_spread([v[0] for v in values])}   cpu {_spread([v[1] for v in values])}")
    print(f"{peer} / whole check, cpu   {_spread([b[1] / a[1] for a, b in zip(whole, others)])}")
    print(f"{peer} / what it adds, cpu  {_spread([b[1] / a[1] for a, b in zip(added, others)])}")


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):8.2f} {statistics.median(values):8.2f} {max(values):8.2f}"


def _run(command: Sequence[str], directory: Path) -> tuple[float, float]:
    """(wall seconds, processor seconds) of one run, children included."""
    figure = run(command, directory, os.environ)
    return figure.wall, figure.cpu


if __name__ == "__main__":
    sys.exit(main())
