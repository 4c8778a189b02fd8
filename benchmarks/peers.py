#!/usr/bin/env python3
"""merge-guard and other tools on the same tree, side by side, in turn.

    python benchmarks/peers.py                          builds its corpus from PyPI source distributions
    python benchmarks/peers.py --tree DIR               takes a checkout, or any folder, and works on a copy of it
    python benchmarks/peers.py --without ty pyrefly     leaves tools out; --with pylint takes the slowest in
    python benchmarks/peers.py --only scaling           one part alone: peers, edit or scaling

The copy is a git repository with all in one commit. Tools come from PyPI, into environments of their own in a
temporary folder, which needs room for three times the tree. All run in turn (A B C A B C …), after one run each that
does not count, but in which memory is looked at; a tool that takes longer than `--patience` seconds in that one is not
run again, and the figures are of that run. Two processes are used wherever a tool can be told so; others use what they
find. See peer_tools.py for how it is made sure that each did its work.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpora import add_corpus_options, as_repository, copied, corpus_of, python_files
from edits import changes
from measured import Figure, machine, run, spread
from peer_tools import COLD, RUFF_COLD, RUFF_WARM, WARM, Peer, Tools, add_canaries, judges, merge_guard

TOOLS = ("ruff", "compileall", "check-merge-conflict", "pyrefly", "ty", "flake8")
PARTS = ("peers", "edit", "scaling")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_corpus_options(parser)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--patience", type=float, default=60.0, help="seconds above which a tool runs only once")
    parser.add_argument("--timeout", type=float, default=1800.0, help="seconds after which a tool is stopped")
    parser.add_argument("--without", nargs="+", default=(), choices=TOOLS)
    parser.add_argument("--with", nargs="+", default=(), choices=("pylint",), dest="also")
    parser.add_argument("--only", nargs="+", default=PARTS, choices=PARTS)
    options = parser.parse_args(arguments)
    wanted = [tool for tool in (*TOOLS, *options.also) if tool not in options.without]
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        parts = corpus_of(options)
        env = {**os.environ, "XDG_CACHE_HOME": str(scratch / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        whole = _tree(parts, scratch / "whole", 1)
        files = python_files(whole)
        peers = [*Tools(scratch).of(whole, files, wanted if "peers" in options.only else ["ruff"])]
        if "peers" in options.only:
            _side_by_side(peers, whole, files, env, options)
        if "edit" in options.only:
            _edited([peer for peer in peers if peer.name in (WARM, RUFF_WARM)], whole, env, options.runs)
        if "scaling" in options.only:
            trees = [_tree(parts, scratch / f"part{share}", share) for share in (4, 2)]
            _scaling([*trees, whole], env, scratch, options.runs)
    return 0


def _tree(parts: Sequence[Path], target: Path, share: int) -> Path:
    copied(parts, target, share)
    tree = target / parts[0].name if len(parts) == 1 else target
    tree.mkdir(exist_ok=True)
    add_canaries(tree)
    as_repository(tree)
    return tree


def _side_by_side(
    peers: Sequence[Peer], tree: Path, files: int, env: Mapping[str, str], options: argparse.Namespace
) -> None:
    print(f"\n{files:,} Python files, {options.runs} runs each")
    turns: dict[str, list[Figure]] = {}
    peaks: dict[str, float | None] = {}
    for peer in peers:
        first = _checked(peer, tree, env, watch=True, timeout=options.timeout)
        if first is not None and peer.is_warm:
            # That was the run which fills the cache.
            first = _checked(peer, tree, env, watch=True, timeout=options.timeout)
        if first is not None:
            turns[peer.name], peaks[peer.name] = [first], first.peak
    again = [peer for peer in peers if peer.name in turns and turns[peer.name][0].wall <= options.patience]
    for _ in range(options.runs):
        for peer in again:
            figure = _checked(peer, tree, env, timeout=options.timeout)
            if figure is not None:
                turns[peer.name].append(figure)
    bases = [name for name in (RUFF_COLD, RUFF_WARM, COLD, WARM) if name in turns]
    print(f"\n{'minimum and median':36}{'wall s':>18}{'cpu s':>18}{'MiB':>8}  runs")
    for name, figures in turns.items():
        counted = figures[1:] or figures
        peak = f"{peaks[name]:8.0f}" if peaks[name] else f"{'-':>8}"
        walls, cpus = [figure.wall for figure in counted], [figure.cpu for figure in counted]
        print(f"{name:36}{spread(walls)}{spread(cpus)}{peak}{len(counted):6}")
    print("\nwall, times as long as in the same turn: minimum and median")
    print(f"{'':36}" + "".join(f"{_short(base):>18}" for base in bases))
    for name, figures in turns.items():
        print(f"{name:36}" + "".join(spread(_ratios(figures, turns[base])) for base in bases))


def _short(name: str) -> str:
    return {RUFF_COLD: "ruff E9", RUFF_WARM: "ruff E9, warm", COLD: "merge-guard", WARM: "merge-guard, warm"}[name]


def _ratios(figures: Sequence[Figure], base: Sequence[Figure]) -> list[float]:
    """Of the turns that count; what ran only once is compared with the base's median."""
    counted = base[1:] or base
    if len(figures) > 1:
        return [one.wall / other.wall for one, other in zip(figures[1:], counted)]
    return [figures[0].wall / statistics.median(figure.wall for figure in counted)]


def _checked(
    peer: Peer, tree: Path, env: Mapping[str, str], *, watch: bool = False, timeout: float = 3600.0
) -> Figure | None:
    figure = run(peer.command, tree, {**env, **peer.env}, watch=watch, timeout=timeout)
    complaint = peer.complaint(figure)
    if complaint:
        print(f"{peer.name}: not counted: {complaint}")
        return None
    return figure


def _edited(peers: Sequence[Peer], tree: Path, env: Mapping[str, str], runs: int) -> None:
    """The next run after one file changed."""
    for change in changes(tree):
        original = change.path.read_bytes()
        figures: dict[str, list[Figure]] = {peer.name: [] for peer in peers}
        for turn in range(1, runs + 1):
            change.path.write_bytes(change.before)
            for peer in peers:
                _checked(peer, tree, env)
            change.path.write_bytes(change.after(turn))
            for peer in peers:
                figure = _checked(peer, tree, env)
                if figure is not None:
                    figures[peer.name].append(figure)
        change.path.write_bytes(original)
        print(f"\n{change.label}: minimum and median")
        for name, found in figures.items():
            print(f"{name:36}wall{spread([f.wall for f in found])}   cpu{spread([f.cpu for f in found])}")
        if len(figures) == 2:
            ratios = [ours.wall / theirs.wall for ours, theirs in zip(*figures.values())]
            print(f"{'ratio':36}wall{spread(ratios)}")


def _scaling(trees: Sequence[Path], env: Mapping[str, str], scratch: Path, runs: int) -> None:
    """A quarter, a half and the whole, with one worker and with two."""
    print(f"\n{'minimum and median':24}{'jobs':>5}{'wall s':>18}{'cpu s':>18}{'MiB':>8}  wall / half the files")
    for jobs in (1, 2):
        last: dict[str, float] = {}
        for number, tree in enumerate(trees):
            files = python_files(tree)
            cache = str(scratch / f"cache{jobs}-{number}")
            cold = merge_guard("--no-cache", "--jobs", str(jobs))
            warm = merge_guard("--cache-dir", cache, "--jobs", str(jobs))
            for name, command in (("cold", cold), ("warm", warm)):
                peer = Peer(name, command, judges(files), name == "warm", frozenset({0, 1, 2}))
                found = [_checked(peer, tree, env, watch=turn == 1) for turn in range(runs + 2)]
                figures = [figure for figure in found[2:] if figure is not None]
                if not figures or found[1] is None:
                    continue
                walls, cpus = [figure.wall for figure in figures], [figure.cpu for figure in figures]
                growth = f"{statistics.median(walls) / last[name]:8.2f}" if name in last else ""
                last[name] = statistics.median(walls)
                peak = f"{found[1].peak:8.0f}" if found[1].peak else f"{'-':>8}"
                print(f"{f'{files:,} files, {name}':24}{jobs:5}{spread(walls)}{spread(cpus)}{peak}{growth}")


if __name__ == "__main__":
    started = time.perf_counter()
    try:
        sys.exit(main())
    finally:
        print(f"({time.perf_counter() - started:.0f} s in all)")
