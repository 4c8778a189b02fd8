"""The Python of a base image, from its name and tag."""

from __future__ import annotations

import re

_TAG = re.compile(r"(3\.\d{1,2})(?:\.\d+)?(?:(?:a|b|rc)\d+)?(?:[-_].*)?\Z")
_NAMED = re.compile(r"(?:^|[^a-z])(?:python|py)[-_]?(3)[._]?(\d{1,2})(?![\d.]*[a-z])")
_NAMED_FULL = re.compile(r"(?:^|[^a-z])(?:python|py)[-_]?(3)\.(\d{1,2})")
# https://github.com/GoogleContainerTools/distroless: Debian's own Python.
_DISTROLESS = {"python3-debian11": (3, 9), "python3-debian12": (3, 11), "python3-debian13": (3, 13)}


def python_version(reference: str) -> tuple[int, int] | None:
    """The version in `python:3.11-slim`, `uv:python3.12-bookworm`, `ubi9/python-311`; None where none is told."""
    reference = reference.partition("@")[0].lower()
    path, _, tag = reference.rpartition(":")
    if not path or "/" in tag:
        path, tag = reference, ""
    name = path.rpartition("/")[2]
    if name in _DISTROLESS:
        return _DISTROLESS[name]
    match = _TAG.match(tag) if name in ("python", "python3", "pypy") or name.endswith("-python") else None
    if match:
        major, minor = match[1].split(".")
        return int(major), int(minor)
    for text in (tag, name):
        named = _NAMED_FULL.search(text) or _NAMED.search(text)
        if named:
            return int(named[1]), int(named[2])
    return None


def is_python_image(reference: str) -> bool:
    """Whether an image is known to hold a Python without packages of its own."""
    path = reference.lower().partition("@")[0]
    name = path.rpartition("/")[2].partition(":")[0]
    return name in ("python", "uv") or name in _DISTROLESS or name.startswith("python-3")
