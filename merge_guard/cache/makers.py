"""Who made what is kept: this version of the program, as it lies there, on this Python."""

from __future__ import annotations

import os
import sys
from functools import cache
from hashlib import sha256

import merge_guard

_HERE = os.path.dirname(merge_guard.__file__)


@cache
def of_facts() -> str:
    """Changes with whatever facts depend on."""
    import msgspec

    return _stamp([msgspec.__version__], [os.path.join(_HERE, "facts"), os.path.join(_HERE, "model")])


@cache
def of_reports() -> str:
    """Changes with any part of the program, and where a package comes or goes from which it may import.

    No version is asked for: that would take importing, or reading metadata.
    """
    return _stamp(
        list(map(_changed, sys.path)),
        [directory for directory, _, _ in os.walk(_HERE) if not directory.endswith("__pycache__")],
    )


def _changed(directory: str) -> str:
    try:
        return f"{directory} {os.stat(directory).st_mtime_ns}"
    except OSError:
        return directory


def _stamp(others: list[str], directories: list[str]) -> str:
    state = [merge_guard.__version__, sys.version, *others]
    for directory in sorted(directories):
        with os.scandir(directory) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    state.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    return sha256("\0".join(state).encode("utf-8", "surrogateescape")).hexdigest()[:16]
