"""Who made what is kept: this version of the program, as it lies there, on this Python."""

from __future__ import annotations

import os
import sys
from hashlib import sha256

import msgspec

import merge_guard

_HERE = os.path.dirname(merge_guard.__file__)


def of_facts() -> str:
    """Changes with whatever facts depend on."""
    return _stamp([os.path.join(_HERE, "facts"), os.path.join(_HERE, "model")])


def of_reports() -> str:
    """Changes with any part of the program."""
    return _stamp([directory for directory, _, _ in os.walk(_HERE) if not directory.endswith("__pycache__")])


def _stamp(directories: list[str]) -> str:
    state = [merge_guard.__version__, msgspec.__version__, sys.version]
    for directory in sorted(directories):
        with os.scandir(directory) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    state.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    return sha256("\0".join(state).encode("utf-8", "surrogateescape")).hexdigest()[:16]
