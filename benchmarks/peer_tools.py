"""The tools that are run side by side: how each is installed and called, and how to see that it did its work.

A command that crashes is quick. So the tree gets a folder with a file that does not parse and one with a conflict, and
a tool's run counts only if it ended with a status that it uses and named the file that it has to name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measured import Figure

FOLDER = "zz_canary"
BROKEN = f"{FOLDER}/broken.py"
CONFLICTED = f"{FOLDER}/conflicted.py"
_FILES = {BROKEN: "def broken(:\n", CONFLICTED: "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"}
COLD, WARM = "merge-guard check --no-cache", "merge-guard check, warm"
RUFF_COLD, RUFF_WARM = "ruff check --select E9 --no-cache", "ruff check --select E9, warm"
_HERE = Path(__file__).resolve().parent.parent
_PYTHON = f"py{sys.version_info.major}{sys.version_info.minor}"


@dataclass(frozen=True, slots=True)
class Peer:
    """`is_warm`: what the run before left is used. `did_work` is asked of what was printed."""

    name: str
    command: tuple[str, ...]
    did_work: Callable[[str], bool]
    is_warm: bool = False
    statuses: frozenset[int] = frozenset({0, 1})
    env: Mapping[str, str] = field(default_factory=dict)

    def complaint(self, figure: Figure) -> str:
        """Why a run does not count, "" where it does."""
        if figure.status in self.statuses and self.did_work(figure.output):
            return ""
        last = figure.output.strip().splitlines()[-1:] or ["nothing printed"]
        return f"exit status {figure.status}, it does not name what it has to find: {last[0][:150]}"


def add_canaries(tree: Path) -> None:
    (tree / FOLDER).mkdir()
    for path, text in _FILES.items():
        (tree / path).write_text(text)


def _names(path: str) -> Callable[[str], bool]:
    return lambda output: path in output


def judges(files: int) -> Callable[[str], bool]:
    """Whether a report in JSON is of so many Python files, and names the broken one."""

    def did_work(output: str) -> bool:
        try:
            report = json.JSONDecoder().raw_decode(output)[0]
        except ValueError:
            return False
        return report["summary"]["modules"] >= files and any(f["path"] == BROKEN for f in report["findings"])

    return did_work


def merge_guard(*options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "merge_guard", "check", "--output-format", "json", *options, ".")


class Tools:
    """Peers from PyPI, in virtual environments of their own; what cannot be installed is told and left out."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._environment = self._made("peers")

    def _made(self, name: str) -> Path:
        folder = self._scratch / name
        venv.create(folder, with_pip=True)
        return folder

    def _install(self, environment: Path, *what: str) -> bool:
        command = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--prefer-binary", *what]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:]
            print(f"{what[0]} cannot be installed, and is left out: {' '.join(last)[:200]}")
        return not done.returncode

    def of(self, tree: Path, files: int, wanted: Sequence[str]) -> Iterator[Peer]:
        """The peers of which `wanted` names the tool."""
        scratch, bin_ = self._scratch, self._environment / "bin"
        everything = judges(files)
        yield Peer(COLD, merge_guard("--no-cache"), everything, statuses=frozenset({0, 1, 2}))
        warm = merge_guard("--cache-dir", str(scratch / "merge-guard"))
        yield Peer(WARM, warm, everything, True, frozenset({0, 1, 2}))
        if "ruff" in wanted and self._install(self._environment, "ruff"):
            options = ("--isolated", "--no-respect-gitignore", "--select", "E9", "--target-version", _PYTHON)
            ruff = (str(bin_ / "ruff"), "check", *options, "--output-format", "concise")
            yield Peer(RUFF_COLD, (*ruff, "--no-cache", "."), _names(BROKEN))
            yield Peer(RUFF_WARM, (*ruff, "--cache-dir", str(scratch / "ruff"), "."), _names(BROKEN), True)
            graph = (str(bin_ / "ruff"), "analyze", "graph", ".")
            yield Peer("ruff analyze graph", graph, _names(f'"{CONFLICTED}"'))
        if "compileall" in wanted:
            compiled = {"PYTHONPYCACHEPREFIX": str(scratch / "compiled")}
            command = (sys.executable, "-m", "compileall", "-q", "-j", "2", "-f", ".")
            yield Peer("compileall -j 2 -f", command, _names(BROKEN), env=compiled)
        if "check-merge-conflict" in wanted and self._install(self._environment, "pre-commit-hooks"):
            listed = scratch / "files"
            listed.write_bytes(b"\0".join(_every_file(tree)))
            merging = ("xargs", "-0", "-a", str(listed), "-n", "1000", "-P", "2",
                       str(bin_ / "check-merge-conflict"), "--assume-in-merge")  # fmt: skip
            yield Peer("check-merge-conflict, -P 2", merging, _names(CONFLICTED), statuses=frozenset({123}))
        yield from self._checkers(wanted)
        if "flake8" in wanted and self._install(self._environment, "flake8"):
            yield Peer("flake8 -j 2", (str(bin_ / "flake8"), "-j", "2", "--isolated", "."), _names(BROKEN))
            other = self._made("plugin")
            if self._install(other, str(_HERE), "flake8"):
                with_plugin = (str(other / "bin" / "flake8"), "-j", "2", "--isolated", ".")
                yield Peer("flake8 -j 2 with the plugin, warm", with_plugin, _names("MG101"), True)

    def _checkers(self, wanted: Sequence[str]) -> Iterator[Peer]:
        bin_ = self._environment / "bin"
        if "pyrefly" in wanted and self._install(self._environment, "pyrefly"):
            yield Peer("pyrefly check", (str(bin_ / "pyrefly"), "check", "--output-format", "min-text"), _names(BROKEN))
        if "ty" in wanted and self._install(self._environment, "ty"):
            yield Peer("ty check", (str(bin_ / "ty"), "check", "--output-format", "concise"), _names(BROKEN))
        if "pylint" in wanted and self._install(self._environment, "pylint"):
            command = (str(bin_ / "pylint"), "-j", "2", "--recursive=y", "--disable=all", "--score=n",
                       "--enable=E0001,E0401,E0611,R0401", ".")  # fmt: skip
            yield Peer("pylint, 4 rules", command, _names(BROKEN), statuses=frozenset(range(32)))


def _every_file(tree: Path) -> Iterator[bytes]:
    for directory, names, files in os.walk(os.fsencode(tree)):
        names[:] = sorted(name for name in names if name != b".git")
        for name in sorted(files):
            yield os.path.relpath(os.path.join(directory, name), os.fsencode(tree))
