"""How fast merges are judged.

    python benchmarks/merge_speed.py single [--runs 5]
    python benchmarks/merge_speed.py matrix [--branches 20]
    python benchmarks/merge_speed.py audit CHECKOUT [RANGE]

`single` and `matrix` generate a repository of 5,003 Python files in which each branch changes 52 files, so that two of
them differ in 100: `merge` of two branches with facts cached, and a matrix of all branches against the time of its
slowest single merges. `audit` judges the merges of a checkout's history without a cache. Wall time is the machine's;
processor time adds up all processes.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

PACKAGES, MODULES, CHANGES, SHARED = 50, 100, 48, 4
"""`SHARED` of a branch's changes are in files that all branches change, the others in files of its own choice."""


def module(package: int, number: int, changed: str = "") -> str:
    """A module of about seventy lines, like no other. `changed` is where a branch adds a function, "" for nowhere."""
    sibling = f"from app.p{package} import m{number - 1}\n" if number % 7 else ""
    lines = [f"import os\nfrom typing import Any\n{sibling}\n\nLIMIT = {package * number}\n"]
    for count in range(5):
        if changed == str(count):
            lines.append(f"\n\ndef added_{count}(value):\n    return os.fspath(value)\n")
        lines.append(
            f"\n\nclass Part{count}:\n    def start_{number}(self, first: int, second: Any = None) -> int:\n"
            f"        if first > {number}:\n            return self.stop_{count}(first)\n        return LIMIT\n\n"
            f"    def stop_{count}(self, value: int) -> int:\n        return value + {package}\n"
        )
    return "".join(lines)


def generate(root: Path, branches: int) -> list[str]:
    """The repository with `main` and the given number of branches, whose names are returned."""
    chance = random.Random(1)
    texts = {f"app/p{p}/m{n}.py": module(p, n) for p in range(PACKAGES) for n in range(MODULES)}
    texts |= {f"app/p{p}/__init__.py": "" for p in range(PACKAGES)} | {"app/__init__.py": ""}
    # Their number is 5,003 with these two; the packages' own files are counted in.
    for package in range(PACKAGES):
        del texts[f"app/p{package}/m{MODULES - 1}.py"]
    texts |= {"app/main.py": "".join(f"from app.p{p} import m{6 + p % 40}\n" for p in range(PACKAGES))}
    texts |= {"app/settings.py": "DEBUG = False\n"}
    texts["merge-guard.toml"] = 'entry = ["app.main"]\n'
    shared = [f"app/p{number}/m{20}.py" for number in range(SHARED)]
    stream = [_commit("main", texts)]
    names = [f"branch-{number}" for number in range(branches)]
    for number, name in enumerate(names):
        own = chance.sample(sorted(path for path in texts if "/m" in path and path not in shared), CHANGES)
        changed = {}
        for path in [*own, *shared]:
            package, _, stem = path.removeprefix("app/p").removesuffix(".py").partition("/m")
            if package.isdigit():
                changed[path] = module(int(package), int(stem), str(number % 5))
        stream.append(_commit(name, changed, "main"))
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=b"".join(stream), check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=root, check=True)
    return names


def _commit(branch: str, texts: dict[str, str], parent: str = "") -> bytes:
    parts = [f"commit refs/heads/{branch}\ncommitter a <a@b> 0 +0000\ndata 0\n"]
    parts += [f"from refs/heads/{parent}\n"] if parent else []
    parts += [f"M 644 inline {path}\ndata {len(text.encode())}\n{text}\n" for path, text in texts.items()]
    return "".join(parts).encode()


def timed(arguments: Sequence[str], directory: Path) -> tuple[float, float]:
    """(wall, processor) seconds of one run of the program."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "merge_guard", *arguments], cwd=directory, capture_output=True, check=False
    )
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode("utf-8", "replace"))
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def told(name: str, times: Sequence[tuple[float, float]]) -> None:
    for kind, values in zip(("wall", "processor"), zip(*times, strict=True), strict=True):
        print(f"{name}, {kind}: {min(values):.2f} · {statistics.median(values):.2f} · {max(values):.2f} s", flush=True)


def single(root: Path, cache: Path, runs: int) -> None:
    one, two = generate(root, 2)
    arguments = ["merge", one, "--into", two, "--cache-dir", str(cache)]
    timed(arguments, root)
    told("merge, facts cached", [timed(arguments, root) for _ in range(runs)])


def matrix(root: Path, cache: Path, branches: int) -> None:
    names = generate(root, branches)
    timed(["check", "--cache-dir", str(cache)], root)
    whole = timed(["merge", "--matrix", *names, "--cache-dir", str(cache)], root)
    print(f"matrix of {branches}: {whole[0]:.1f} s wall, {whole[1]:.1f} s processor", flush=True)
    pairs = list(combinations(names, 2))
    chosen = random.Random(2).sample(pairs, min(len(pairs), 2 * branches))
    times = sorted(timed(["merge", two, "--into", one, "--cache-dir", str(cache)], root) for one, two in chosen)
    slowest = times[-branches:]
    told(f"the slowest {len(slowest)} of {len(chosen)} single merges", slowest)
    for index, kind in enumerate(("wall", "processor")):
        total = sum(item[index] for item in slowest)
        print(f"ratio of the matrix to their sum, {kind}: {whole[index] / total:.2f}")


def audit(checkout: Path, revisions: str) -> None:
    merges = subprocess.run(
        ["git", "rev-list", "--merges", "--count", revisions], cwd=checkout, capture_output=True, check=True
    )
    number = int(merges.stdout)
    wall, processor = timed(["audit", revisions, "--no-cache"], checkout)
    print(f"audit of {number} merges: {wall:.1f} s wall, {processor:.1f} s processor", flush=True)
    print(f"for 1,000 merges: {1000 * wall / number:.0f} s wall, {1000 * processor / number:.0f} s processor")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=("single", "matrix", "audit"))
    options.add_argument("checkout", nargs="?", type=Path)
    options.add_argument("range", nargs="?", default="HEAD")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--branches", type=int, default=20)
    options.add_argument("--keep", type=Path, help="where the generated repository is made, and left")
    given = options.parse_args()
    if given.what == "audit":
        if given.checkout is None:
            options.error("audit needs a checkout")
        audit(given.checkout, given.range)
        return
    with tempfile.TemporaryDirectory() as scratch:
        home = given.keep or Path(scratch)
        os.makedirs(home, exist_ok=True)
        root, cache = home / "repository", home / "cache"
        cache.mkdir(mode=0o700, exist_ok=True)
        if given.what == "single":
            single(root, cache, given.runs)
        else:
            matrix(root, cache, given.branches)


if __name__ == "__main__":
    main()
