"""Mutations of one installed package, each judged by CPython and by the tool."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle.mutation.agreement import Verdict, compare
from oracle.mutation.edits import Mutation, module_name, mutate
from oracle.mutation.interpreter import Interpreter
from oracle.mutation.judged import JudgedPackage

_LEFT_OUT = {"tests", "test", "testing", "__main__", "conftest"}
_MOST_MODULES = 50
_DEPENDENTS = 3
_OTHERS = 1


@dataclass(frozen=True, slots=True)
class Judged:
    number: int
    mutation: Mutation
    verdict: Verdict


class Campaign:
    """A copy of the packages `tops` of a folder of installed packages, with what imports cleanly in it."""

    def __init__(self, python: str, site_packages: Path, tops: Sequence[str], scratch: Path, seed: str) -> None:
        self.seed = seed
        self.root = (scratch / "tree").resolve()
        for top in tops:
            copy(site_packages, top, self.root)
        found = (path for suffix in ("py", "pyi") for path in self.root.rglob(f"*.{suffix}"))
        paths = sorted(path.relative_to(self.root).as_posix() for path in found)
        self.sources = {path: text for path in paths if (text := _read(self.root / path)) is not None}
        named = [module_name(path) for path in self.sources if path.endswith(".py") and _importable(path)]
        rng = random.Random(f"{seed} modules")
        modules = sorted(rng.sample(named, min(len(named), _MOST_MODULES)) + [top for top in tops if top in named])
        self.interpreter = Interpreter(python, self.root)
        self.interpreter.warm(modules)
        self.closure = self._closure(list(dict.fromkeys(modules)))
        self.tool = JudgedPackage(self.root)

    def _closure(self, modules: list[str]) -> dict[str, frozenset[str]]:
        """For each module that imports cleanly, the files that run when it does."""
        answers = self.interpreter.imports(modules, closure=True)
        # The module's own file may have a name of its own in `sys.modules`, or none.
        return {
            name: frozenset([*answer["modules"].values(), *(p for p in self.sources if module_name(p) == name)])
            for name, answer in answers.items()
            if answer is not None and not answer["errors"]
        }

    def close(self) -> None:
        self.interpreter.close()

    def run(self, numbers: Sequence[int]) -> Iterator[Judged]:
        targets = sorted({path for files in self.closure.values() for path in files if path in self.sources})
        for number in numbers:
            rng = random.Random(f"{self.seed} {number}")
            mutation = None
            while mutation is None or all(self.sources.get(p) == text for p, text in mutation.changed.items()):
                mutation = mutate(self.sources, targets, rng)
            sample = self._sample(mutation, rng)
            real = self.interpreter.mutated(mutation.changed, sample)
            yield Judged(number, mutation, compare(real, self.tool.mutated(mutation.changed, sample)))

    def _sample(self, mutation: Mutation, rng: random.Random) -> list[str]:
        """The changed modules, some that load one of them, some of the rest; what is gone cannot be an entry point."""
        gone = {module_name(path) for path, text in mutation.changed.items() if text is None}
        there = {name: files for name, files in self.closure.items() if name not in gone}
        own = [name for path in mutation.changed if (name := module_name(path)) in there]
        loads = [name for name, files in there.items() if not files.isdisjoint(mutation.changed) and name not in own]
        rest = [name for name in there if name not in own and name not in loads]
        chosen = own[:2] + rng.sample(loads, min(len(loads), _DEPENDENTS)) + rng.sample(rest, min(len(rest), _OTHERS))
        return list(dict.fromkeys(chosen))


def copy(site_packages: Path, top: str, root: Path) -> None:
    """A package or a single module, without byte code."""
    root.mkdir(parents=True, exist_ok=True)
    source = site_packages / top.replace(".", "/")
    if source.is_dir():
        shutil.copytree(source, root / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source.with_suffix(".py"), root / f"{source.name}.py")


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def _importable(path: str) -> bool:
    parts = module_name(path).split(".")
    named = all(part.isidentifier() for part in parts)
    return named and _LEFT_OUT.isdisjoint(parts) and not parts[-1].startswith("test_")


def as_record(judged: Judged) -> dict[str, Any]:
    """What is kept of one mutation."""
    verdict = judged.verdict
    return {
        "number": judged.number,
        "kind": judged.mutation.kind,
        "what": judged.mutation.what,
        "place": list(judged.mutation.place),
        "both": len(verdict.both),
        "false_alarms": len(verdict.false_alarms),
        "missed": len(verdict.missed),
        "neither": len(verdict.neither),
        "wrong_cause": len(verdict.wrong_cause),
        "dynamic": verdict.dynamic,
        "notes": list(verdict.notes),
    }
