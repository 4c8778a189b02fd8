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
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpora import PROJECTS, copied, corpus, python_files


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=Path, help="measure on this folder instead of the corpus")
    parser.add_argument("--projects", nargs="+", default=PROJECTS, help="requirements whose source distributions count")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "merge-guard-corpus")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scaling", action="store_true")
    options = parser.parse_args(arguments)
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as scratch:
        parts = _parts(options.tree) if options.tree else corpus(options.projects, options.cache)
        if options.scaling:
            for share in (4, 2):
                _measure(copied(parts, Path(scratch) / f"part{share}", share), options.runs)
        _measure(copied(parts, Path(scratch) / "whole", 1), options.runs)
    _measure_start(options.runs)
    return 0


def _parts(tree: Path) -> list[Path]:
    return [tree]


def _measure(tree: Path, runs: int) -> None:
    files = python_files(tree)
    _assert_judges(tree, files)
    check = [
        sys.executable,
        "-m",
        "merge_guard",
        "check",
        "--no-cache",
        "--jobs",
        "2",
        "--output-format",
        "concise",
        ".",
    ]
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
    command = [
        sys.executable,
        "-m",
        "merge_guard",
        "check",
        "--no-cache",
        "--jobs",
        "2",
        "--output-format",
        "json",
        ".",
    ]
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
    """(wall seconds, processor seconds, peak MiB of the largest process) of one run, children included.

    The figures come from a small parent of its own, since `RUSAGE_CHILDREN` only ever grows.
    """
    script = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "wall = time.perf_counter() - start\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=directory, capture_output=True, text=True, check=True
    )
    wall, cpu, peak = map(float, done.stdout.split())
    # The kernel counts kibibytes, macOS bytes.
    return wall, cpu, peak / (1024 if sys.platform != "darwin" else 1024 * 1024)


if __name__ == "__main__":
    started = time.perf_counter()
    try:
        sys.exit(main())
    finally:
        print(f"({time.perf_counter() - started:.0f} s in all)")
