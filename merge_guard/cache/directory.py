"""Where the cache lies."""

from __future__ import annotations

import os
import sys


def default_cache_directory() -> str:
    """`MERGE_GUARD_CACHE_DIR`, or the platform's place for caches of this user."""
    named = os.environ.get("MERGE_GUARD_CACHE_DIR")
    if named:
        return os.path.abspath(named)
    base = os.environ.get("XDG_CACHE_HOME", "")
    if sys.platform == "linux" and "ANDROID_DATA" not in os.environ and (not base or os.path.isabs(base)):
        # As platformdirs has it, whose import takes as long as half of the start of Python.
        return os.path.join(base or os.path.expanduser("~/.cache"), "merge-guard")
    from platformdirs import user_cache_dir

    return user_cache_dir("merge-guard", appauthor=False)
