"""Other Pythons on this machine: where they are, and whether these are the ones that were there before."""

from __future__ import annotations

import contextlib
import os
import sys

from merge_guard.model.versions import NEWEST

Version = tuple[int, int]


def candidates(version: Version) -> list[str]:
    """Programs that may be this Python: on PATH, where it may be a shim that leads nowhere, and in pyenv's folder."""
    if version == sys.version_info[:2]:
        return [sys.executable]
    import shutil

    name = f"python{version[0]}.{version[1]}"
    versions = os.path.join(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")), "versions")
    found: list[str] = []
    with contextlib.suppress(OSError):
        beginning = f"{version[0]}.{version[1]}."
        found = sorted(entry for entry in os.listdir(versions) if entry.startswith(beginning))
    inside = [os.path.join(versions, entry, "bin", name) for entry in reversed(found)]
    return [path for path in (shutil.which(name), *filter(os.path.exists, inside)) if path is not None]


def who(version: Version) -> str:
    """Changes where another program would be asked; "" where there is none."""
    state = []
    for path in candidates(version):
        with contextlib.suppress(OSError):
            status = os.stat(path)
            state.append(f"{path} {status.st_ino} {status.st_size} {status.st_mtime_ns}")
    return " ".join(state)


def newer() -> tuple[str, ...]:
    """Who would be asked about syntax that this Python does not know."""
    return tuple(who((3, minor)) for minor in range(sys.version_info[1] + 1, NEWEST[1] + 1))
