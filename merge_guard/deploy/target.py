"""The Python versions and the platform that the judgement is about."""

from __future__ import annotations

import re
import sys

from merge_guard.errors import UsageError
from merge_guard.model.report import Target
from merge_guard.model.versions import NEWEST, OLDEST

_VERSION = re.compile(r"3\.(\d{1,2})(?:\.\d+)?\Z")

Range = tuple[tuple[int, int], tuple[int, int]]


def resolve_target(
    asked: str | None,
    configured: str | None,
    declared: str | None,
    platform: str | None,
    images: Range | None = None,
) -> Target:
    """The first that is given: what is asked for, configured, the images' Python, declared (`requires-python`), or
    this interpreter.
    """
    if asked is None and configured is None and images is not None and OLDEST <= images[0] <= images[1] <= NEWEST:
        names = [f"{major}.{minor}" for major, minor in images]
        asked_for = names[0] if images[0] == images[1] else f">={names[0]},<={names[1]}"
        return Target(asked_for, platform or "linux", "base image", *images)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for text, origin in ((asked, "--target-python"), (configured, "configuration"), (declared, "requires-python")):
        if text is None:
            continue
        try:
            lowest, highest = version_range(text)
            return Target(text, platform or "unknown", origin, lowest, highest)
        except ValueError as error:
            if origin != "requires-python":
                raise UsageError(f"target Python {text!r} ({origin}): {error}") from None
    here = (sys.version_info[0], sys.version_info[1])
    return Target(running, platform or "unknown", "this interpreter", here, here)


def version_range(text: str) -> Range:
    """Lowest and highest minor version that a version ("3.11") or a specifier (">=3.9,<4") admits.

    Raises ValueError where it admits none that is known.
    """
    match = _VERSION.match(text.strip())
    if match:
        version = (3, int(match.group(1)))
        return version, version
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        specifier = SpecifierSet(_poetry(text))
    except InvalidSpecifier:
        raise ValueError("neither a version such as 3.11 nor a range such as >=3.10") from None
    minors = [
        minor
        for minor in range(OLDEST[1], NEWEST[1] + 1)
        if any(specifier.contains(f"3.{minor}.{patch}") for patch in (0, 5, 99))
    ]
    if not minors:
        raise ValueError(f"admits no Python from {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}")
    return (3, minors[0]), (3, minors[-1])


def _poetry(text: str) -> str:
    """Poetry's caret and tilde for Python versions, as specifiers."""
    text = re.sub(r"\^\s*(3(?:\.\d+)*)", r">=\1,<4", text.strip())
    return re.sub(r"(?<![=~])~\s*(3\.\d+)(?!\.)", r"==\1.*", text)
