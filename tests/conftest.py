"""What holds for every test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache() -> Iterator[None]:
    """The commands that tests start keep nothing in this user's cache."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["MERGE_GUARD_CACHE_DIR"] = directory
        yield
