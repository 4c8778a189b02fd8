#!/usr/bin/env python3
"""What the next run costs: nothing changed, one edit, one staged file; a small repository; flake8 with the plugin.

    python benchmarks/warm_check.py                     builds its corpus from PyPI source distributions
    python benchmarks/warm_check.py --tree DIR          takes a checkout, or any folder, and works on a copy of it
    python benchmarks/warm_check.py --only small flake8 some of the parts: warm, edit, hook, small, flake8
    python benchmarks/warm_check.py --settle 0          measures right after each change

The copy is a git repository with all in one commit. All run in turn with a warm `ruff check --select E9` on the same
tree (`python -m ruff`, as `python -m flake8` from this environment), and what each says is compared with what it said
without a cache. Ratios are to ruff of the same turn.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpora import add_corpus_options, as_repository, copied, corpus_of, python_files
from edits import changes
from measured import Figure, machine, run, spread

PARTS = ("warm", "edit", "hook", "small", "flake8")
_GUARD = (sys.executable, "-m", "merge_guard")
_SECONDS = re.compile(r"in \d+\.\d s$", re.M)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_corpus_options(parser)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--settle", type=float, default=2.5, help="seconds between a change and the next run")
    parser.add_argument("--flake8-files", type=int, default=3_000)
    parser.add_argument("--only", nargs="+", default=PARTS, choices=PARTS)
    options = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        bench = Bench(scratch, options.runs, options.settle)
        if {"warm", "edit", "hook", "flake8"}.intersection(options.only):
            parts = corpus_of(options)
            tree = copied(parts, scratch / "whole", 1)
            tree = tree / parts[0].name if len(parts) == 1 else tree
            as_repository(tree)
            print(f"\n{python_files(tree):,} Python files, {options.runs} runs each\n{_HEADER}")
            bench.fill(tree)
            for part, measure in (("warm", bench.nothing), ("edit", bench.edited), ("hook", bench.staged)):
                if part in options.only:
                    measure(tree)
            if "flake8" in options.only:
                bench.flake8(_cut(tree, options.flake8_files))
        if "small" in options.only:
            bench.small()
    return 0


_HEADER = f"{'minimum and median':52}{'wall s':>18}{'cpu s':>18}{'cpu / ruff':>18}"


class Bench:
    def __init__(self, scratch: Path, runs: int, settle: float) -> None:
        self._scratch = scratch
        self._runs = runs
        self._settle = settle
        self._guard = ("--cache-dir", str(scratch / "guard"))
        self._ruff = (sys.executable, "-m", "ruff", "check", "--select", "E9", "--isolated", "--quiet")
        self._env: Mapping[str, str] = {
            **os.environ, "RUFF_CACHE_DIR": str(scratch / "ruff"),
            "MERGE_GUARD_CACHE_DIR": str(scratch / "guard"),
        }  # fmt: skip

    def _wait(self) -> None:
        """Times of a file that has just changed tell nothing (docs/cache.md): users do not run a check that soon."""
        time.sleep(self._settle)

    def fill(self, tree: Path) -> None:
        """Runs that do not count: they fill both caches."""
        self._wait()
        for command in ((*_GUARD, "check", *self._guard), self._ruff):
            for _ in range(2):
                run(command, tree, self._env)

    def nothing(self, tree: Path) -> None:
        said = _said(run((*_GUARD, "check", "--no-cache"), tree, self._env))
        pairs = [(self._check(tree, said), self._linted(tree)) for _ in range(self._runs)]
        _row("check, nothing changed", pairs)

    def edited(self, tree: Path) -> None:
        for change in changes(tree):
            original = change.path.read_bytes()
            change.path.write_bytes(change.before)
            self.fill(tree)
            pairs = []
            for turn in range(1, self._runs + 1):
                change.path.write_bytes(change.after(turn))
                self._wait()
                pairs.append((self._check(tree), self._linted(tree)))
                if turn == 1:
                    said = _said(run((*_GUARD, "check", "--no-cache"), tree, self._env))
                    self._check(tree, said)
                if "export" in change.label:
                    # Otherwise the next one removes nothing that is still there.
                    change.path.write_bytes(change.before)
                    self.fill(tree)
            change.path.write_bytes(original)
            _row(change.label[:50], pairs)

    def staged(self, tree: Path) -> None:
        """The pre-commit hook's command, each time for another content of one file."""
        change = next(iter(changes(tree)))
        original = change.path.read_bytes()
        run((*_GUARD, "hook", *self._guard), tree, self._env)
        pairs = []
        for turn in range(self._runs + 1):
            change.path.write_bytes(change.after(turn))
            _git(tree, "add", "--", str(change.path))
            figure = run((*_GUARD, "hook", *self._guard), tree, self._env)
            if turn:
                pairs.append((figure, self._linted(tree)))
        fresh = _said(run((*_GUARD, "hook", "--no-cache"), tree, self._env))
        _require(_said(pairs[-1][0]) == fresh, "the hook says something else with a cache", pairs[-1][0])
        change.path.write_bytes(original)
        _git(tree, "add", "--", str(change.path))
        _row("hook, one staged file", pairs)

    def small(self) -> None:
        tree = self._scratch / "small"
        (tree / "app").mkdir(parents=True)
        (tree / "pyproject.toml").write_text('[project]\nname = "app"\n[project.scripts]\nrun = "app.m47:run"\n')
        (tree / "app/__init__.py").touch()
        for number in range(48):
            first = f"from app.m{number - 1} import C{number - 1}\n\n\n" if number else ""
            body = "".join(f"    x{line} = {line}\n" for line in range(60))
            text = f"import os\n{first}class C{number}:\n    def go(self):\n        return os\n\n\ndef run():\n{body}"
            (tree / f"app/m{number}.py").write_text(text)
        as_repository(tree)
        figures = [run((*_GUARD, "check", "--no-cache"), tree, self._env) for _ in range(2 * self._runs + 1)][1:]
        _require("in 50 files (49 modules)" in figures[0].output, "the small repository was not judged", figures[0])
        print(f"\n50 files, no cache, {2 * self._runs} runs\n{_HEADER}")
        _row("check", [(figure, None) for figure in figures])

    def flake8(self, tree: Path) -> None:
        command = (sys.executable, "-m", "flake8", "--isolated", "--jobs", "2", "--exit-zero", "--select")
        without, with_plugin = (*command, "E9,F"), (*command, "E9,F,MG")
        first = run(with_plugin, tree, self._env)
        self._wait()
        pairs = []
        for _ in range(max(2, self._runs // 2) + 1):
            pairs.append((run(with_plugin, tree, self._env), run(without, tree, self._env)))
        _require(pairs[-1][0].output == first.output, "flake8 says something else with a warm cache", pairs[-1][0])
        print(
            f"\nflake8, {python_files(tree):,} files, {len(pairs) - 1} runs each\n{_HEADER.replace('ruff', 'without')}"
        )
        _row("flake8 with the plugin, warm", pairs[1:])
        _row("flake8 without", [(other, None) for _, other in pairs[1:]])

    def _check(self, tree: Path, said: str | None = None) -> Figure:
        figure = run((*_GUARD, "check", *self._guard), tree, self._env)
        _require(figure.status in (0, 1, 2) and _SECONDS.search(figure.output), "check did not run", figure)
        _require(said is None or _said(figure) == said, "check says something else with a cache", figure)
        return figure

    def _linted(self, tree: Path) -> Figure:
        figure = run(self._ruff, tree, self._env)
        _require(figure.status in (0, 1), "ruff did not run", figure)
        return figure


def _said(figure: Figure) -> str:
    return _SECONDS.sub("", figure.output)


def _require(holds: object, what: str, figure: Figure) -> None:
    if not holds:
        sys.exit(f"{what}: status {figure.status}\n{figure.output[-2_000:]}")


def _row(name: str, pairs: Sequence[tuple[Figure, Figure | None]]) -> None:
    walls, cpus = [one.wall for one, _ in pairs], [one.cpu for one, _ in pairs]
    ratios = [one.cpu / other.cpu for one, other in pairs if other is not None]
    print(f"{name:52}{spread(walls)}{spread(cpus)}{spread(ratios)}", flush=True)
    others = [other for _, other in pairs if other is not None]
    if others:
        print(
            f"{'  beside it':52}{spread([one.wall for one in others])}{spread([one.cpu for one in others])}", flush=True
        )


def _cut(tree: Path, files: int) -> Path:
    """The tree without the Python files above so many."""
    for path in sorted(path for path in tree.rglob("*.py") if path.is_file())[files:]:
        path.unlink()
    _git(tree, "add", "--all")
    return tree


def _git(tree: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=tree, check=True, capture_output=True)


if __name__ == "__main__":
    started = time.perf_counter()
    try:
        sys.exit(main())
    finally:
        print(f"({time.perf_counter() - started:.0f} s in all)")
