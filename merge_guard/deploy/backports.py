"""Whether what a project installs brings back a module that its Python does not have.

Requirements are searched as text: a mention of a provider anywhere is enough to be silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# PEP 594's modules live on as `standard-…`; these have other providers (too).
_PROVIDERS = {
    "asynchat": ("pyasynchat",),
    "asyncore": ("pyasyncore",),
    "audioop": ("audioop-lts",),
    "cgi": ("legacy-cgi",),
    "cgitb": ("legacy-cgi",),
    "distutils": ("setuptools",),
    "graphlib": ("graphlib-backport", "graphlib_backport"),
    "imp": ("zombie-imp",),
}
# No requirement brings these: their backports have names of their own, or they are a platform's.
_NEVER = frozenset(
    {"tomllib", "zoneinfo", "compression", "annotationlib", "fcntl", "grp", "msilib", "msvcrt", "nt", "posix", "pwd",
     "resource", "syslog", "termios", "winreg", "winsound", "_winapi"}
)  # fmt: skip
_LISTS = re.compile(
    r"""(?: (?:.*/)? (?: [^/]*requirements?[^/]*\.(?:txt|in|ya?ml) | constraints[^/]*\.txt | requirements?/[^/]+
      | Pipfile(?:\.lock)? | (?:poetry|uv|pdm)\.lock | pylock[^/]*\.toml | pyproject\.toml | setup\.(?:cfg|py)
      | (?:conda|environment)[^/]*\.ya?ml | [^/]*Dockerfile[^/]* | requires\.txt | METADATA | PKG-INFO ) )\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_LOCKS = re.compile(r"(?:.*/)?(?:(?:poetry|uv|pdm|Pipfile)\.lock|pylock[^/]*\.toml)\Z")
_BUILD_SYSTEM = re.compile(r"^\[build-system\][^\n]*\n(?:(?!\[)[^\n]*\n?)*", re.MULTILINE)


def names_requirements(path: str) -> bool:
    """Whether a file usually tells what is installed."""
    return _LISTS.match(path) is not None


def is_provided(module: str, texts: Iterable[tuple[str, str]]) -> bool | None:
    """Whether a requirement provides the top-level module; None where that cannot be said.

    `texts` are (path, content) of all files that `names_requirements`. Where there are none nobody knows what is
    installed. `setuptools`, which brings `distutils`, comes along with many others: only a lock file tells that it is
    not there.
    """
    if module in _NEVER or "." in module:
        return False
    wanted = "|".join(map(re.escape, (module, f"standard-{module}", *_PROVIDERS.get(module, ()))))
    pattern = re.compile(rf"(?<![\w.-])(?:{wanted})(?![\w.-])", re.IGNORECASE)
    quoted = re.compile(rf"""["'](?:{wanted})(?![\w.-])""", re.IGNORECASE)
    known = locked = False
    for path, text in texts:
        known = True
        locked = locked or _LOCKS.match(path) is not None
        if path.endswith("pyproject.toml"):
            text = _BUILD_SYSTEM.sub("", text)
        if (quoted if path.endswith("setup.py") else pattern).search(text):
            return True
    if module == "distutils":
        return False if locked else None
    return False if known else None
