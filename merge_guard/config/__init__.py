"""The configuration: texts of files and overrides in, a checked `Config` out. Pure: the caller reads the files."""

from __future__ import annotations

from merge_guard.config.load import MAX_BYTES, NAMES, is_override, load, load_nearest
from merge_guard.config.schema import schema

__all__ = ["MAX_BYTES", "NAMES", "is_override", "load", "load_nearest", "schema"]
