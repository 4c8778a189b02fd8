"""The bytes and lines of a snapshot, for those who ask for a few."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from merge_guard.model.source import FileKind, Snapshot, UnreadableError

_LARGEST_TEXT = 256 * 1024


def line_reader(snapshot: Snapshot) -> Callable[[str, int], str]:
    """Lines of the snapshot's files for people; each file is read once."""
    files = snapshot.by_path()

    @lru_cache(maxsize=256)
    def lines(path: str) -> list[str]:
        file = files.get(path)
        if file is None or file.kind is not FileKind.REGULAR:
            return []
        try:
            return snapshot.reader.read(file).decode("utf-8", "replace").splitlines()
        except UnreadableError:
            return []

    def line(path: str, number: int) -> str:
        every = lines(path)
        return every[number - 1] if 0 < number <= len(every) else ""

    return line


def bytes_reader(snapshot: Snapshot) -> Callable[[str], bytes]:
    """A file's bytes, empty where they cannot be had any more."""
    files = snapshot.by_path()

    def read(path: str) -> bytes:
        try:
            return snapshot.reader.read(files[path])
        except UnreadableError:
            return b""

    return read


def text_reader(snapshot: Snapshot) -> Callable[[str], str | None]:
    """Small files of the snapshot, for what deploy files declare."""
    files = snapshot.by_path()

    def text(path: str) -> str | None:
        file = files.get(path)
        if file is None or file.kind is not FileKind.REGULAR:
            return None
        try:
            data = snapshot.reader.read(file)
        except UnreadableError:
            return None
        return data.decode("utf-8", "replace") if len(data) <= _LARGEST_TEXT else None

    return text
