"""Names of distributions."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[-_.]+")


def canonicalize_name(name: str) -> str:
    """The name under which a distribution is compared (PEP 503); `packaging` has the same, and takes long to import."""
    return _SEPARATORS.sub("-", name).lower()
