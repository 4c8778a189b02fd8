"""The real interpreters that are here: the running one, those on PATH, and pyenv's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from oracle.tree import Version

VERSIONS: tuple[Version, ...] = ((3, 10), (3, 11), (3, 12), (3, 13))
RUNNING: Version = sys.version_info[:2]
_WHO = "import sys; print(sys.implementation.name, sys.version_info[0], sys.version_info[1])"


@cache
def interpreters() -> dict[Version, str]:
    """Version → executable, of every CPython in `VERSIONS` that is found and answers."""
    found = {RUNNING: sys.executable}
    for version in VERSIONS:
        for path in _candidates(version):
            if version not in found and _answers(path, version):
                found[version] = path
    return dict(sorted(found.items()))


def _candidates(version: Version) -> Iterator[str]:
    name = f"python{version[0]}.{version[1]}"
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    root = _pyenv_root()
    if root:
        pattern = f"{version[0]}.{version[1]}.*/bin/{name}"
        yield from (str(path) for path in sorted(Path(root, "versions").glob(pattern)))


@cache
def _pyenv_root() -> str:
    if os.environ.get("PYENV_ROOT"):
        return os.environ["PYENV_ROOT"]
    if not shutil.which("pyenv"):
        return ""
    return subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False).stdout.strip()


def _answers(path: str, version: Version) -> bool:
    """A shim on PATH may stand for a version that is not chosen, and then only complains."""
    try:
        said = subprocess.run([path, "-I", "-S", "-c", _WHO], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.stdout.split() == ["cpython", *map(str, version)]


def start_all(version: Version, runs: Sequence[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """What the version's interpreter does with each run; None where the process died."""
    command = [interpreters()[version], "-I", "-S", "-B", str(Path(__file__).with_name("child.py"))]
    done = subprocess.run(command, input=json.dumps(list(runs)), capture_output=True, text=True, check=True)
    answers: list[dict[str, Any] | None] = json.loads(done.stdout)
    return answers
