#!/usr/bin/env python3
"""A cold `merge-guard check` against `compileall`, side by side, on trees that anyone can build.

    python benchmarks/cold_check.py                      builds its corpus from PyPI source distributions
    python benchmarks/cold_check.py --tree DIR           takes a folder of Python files as it is
    python benchmarks/cold_check.py --runs 5 --scaling   more runs; the same for a half and a quarter of the projects

Both commands work on a copy of the corpus, in turn (A B A B …) after a warm-up each, with two processes each. Times are
of the whole process and its children; memory is that of the largest single process. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from corpora import add_corpus_options, copied, corpus_of, python_files
from measured import machine, run

_CHECK = (sys.executable, "-m", "merge_guard", "check", "--no-cache", "--jobs", "2", "--output-format")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_corpus_options(parser)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scaling", action="store_true")
    options = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        parts = corpus_of(options)
        if options.scaling:
            for share in (4, 2):
                _measure(copied(parts, Path(scratch) / f"part{share}", share), options.runs)
        _measure(copied(parts, Path(scratch) / "whole", 1), options.runs)
    _measure_start(options.runs)
    return 0


def _measure(tree: Path, runs: int) -> None:
    files = python_files(tree)
    _assert_judges(tree, files)
    check = [*_CHECK, "concise", "."]
    compile_all = [sys.executable, "-m", "compileall", "-q", "-j", "2", "-f", "."]
    ours: list[tuple[float, float, float]] = []
    theirs: list[tuple[float, float, float]] = []
    for turn in range(runs + 1):
        for command, figures in ((check, ours), (compile_all, theirs)):
            figure = _run(command, tree)
            if turn:
                figures.append(figure)
    print(f"\n{files:,} Python files, {runs} runs each")
    print(f"{'':24}{'min':>8}{'median':>8}{'max':>8}")
    for name, figures in (("merge-guard check", ours), ("compileall", theirs)):
        for column, unit in enumerate(("wall s", "cpu s", "peak MiB")):
            values = [figure[column] for figure in figures]
            print(f"{name + ' ' + unit:24}{min(values):8.2f}{statistics.median(values):8.2f}{max(values):8.2f}")
    for column, unit in enumerate(("wall", "cpu")):
        ratios = [a[column] / b[column] for a, b in zip(ours, theirs)]
        print(f"{'ratio ' + unit:24}{min(ratios):8.2f}{statistics.median(ratios):8.2f}{max(ratios):8.2f}")


def _assert_judges(tree: Path, files: int) -> None:
    """A command that fails is quick: what is timed must have judged every Python file."""
    command = [*_CHECK, "json", "."]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    if done.returncode not in (0, 1, 2) or not done.stdout.startswith("{"):
        raise SystemExit(f"merge-guard check does not run:\n{done.stderr}")
    judged = json.loads(done.stdout)["summary"]["modules"]
    if judged < files:
        raise SystemExit(f"merge-guard check judged {judged:,} of {files:,} Python files")


def _measure_start(runs: int) -> None:
    version = [sys.executable, "-m", "merge_guard", "--version"]
    bare = [sys.executable, "-c", "pass"]
    pairs = [(_run(version, Path("."))[0], _run(bare, Path("."))[0]) for _ in range(4 * runs + 1)][1:]
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"\n--version: {statistics.median(a for a, _ in pairs) * 1000:.0f} ms, {ratio:.2f} times `python -c pass`")


def _run(command: Sequence[str], directory: Path) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, peak MiB of the largest process) of one run, children included."""
    figure = run(command, directory, os.environ)
    return figure.wall, figure.cpu, figure.largest


if __name__ == "__main__":
    started = time.perf_counter()
    try:
        sys.exit(main())
    finally:
        print(f"({time.perf_counter() - started:.0f} s in all)")
