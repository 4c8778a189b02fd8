"""The real command in a process of its own, away from what this machine's environment says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import merge_guard

_PACKAGE = Path(merge_guard.__file__).resolve().parent.parent
_MEANINGFUL = ("NO_COLOR", "FORCE_COLOR", "GITHUB_", "PRE_COMMIT", "GIT_", "COLUMNS", "PYTHONIOENCODING")


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_MEANINGFUL)}
    inherited = [os.path.abspath(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    path = os.pathsep.join([str(_PACKAGE), *inherited])
    return kept | {"PYTHONPATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | changes


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "merge_guard", *arguments]


def run(*arguments: str, cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
