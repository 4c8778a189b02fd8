"""The installed `merge-guard`, in a process of its own, away from what this machine's environment says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.gitrepo import isolated_environment

MERGE_GUARD = str(Path(sys.executable).with_name("merge-guard"))
_MEANINGFUL = ("NO_COLOR", "FORCE_COLOR", "GITHUB_", "PRE_COMMIT", "COLUMNS", "PYTHON")


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in isolated_environment().items() if not name.startswith(_MEANINGFUL)}
    return kept | changes


def run(*arguments: str | bytes, cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `merge-guard`; a traceback or a run without end fails the test."""
    done = subprocess.run(
        [MERGE_GUARD, *arguments],
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def report(*arguments: str | bytes, cwd: Path, **changes: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON report of a command that judges."""
    done = run(*arguments, "--output-format", "json", cwd=cwd, **changes)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def findings(document: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    return [finding for finding in document["findings"] if finding["code"] == code]


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def state(root: Path, *, object_times: bool = True) -> dict[str, tuple[int, int, bytes]]:
    """Every path below `root` with its mode, time of change and content.

    `object_times` are those of git's objects: git renews them when a merge's result holds what is there already.
    """
    found = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        for name in [b".", *folders, *files]:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content = b""
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as stream:
                    content = stream.read()
            is_timed = object_times or b"/.git/objects/" not in path
            found[os.fsdecode(path)] = (status.st_mode, status.st_mtime_ns if is_timed else 0, content)
    return found
