"""What the file system says of files, as numbers that are compared without looking at each."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import chain
from operator import attrgetter

from merge_guard.model.sighting import LISTING

WIDTH = 4
"""Numbers of one stamp: size, times of the last change of content and of inode in nanoseconds, inode number."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times tell a further change: file systems keep them in steps of up to this."""
_FIELDS = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")


def stamps(paths: Iterable[bytes]) -> array[int]:
    """The stamps of the paths, one after the other; zeros for what cannot be looked at. Links are not followed."""
    paths = list(paths)
    try:
        return array("q", chain.from_iterable(map(_FIELDS, map(os.lstat, paths))))
    except (OSError, ValueError, OverflowError):
        return array("q", chain.from_iterable(map(stamp, paths)))


def stamp(path: bytes) -> tuple[int, int, int, int]:
    try:
        numbers: tuple[int, int, int, int] = _FIELDS(os.lstat(path))
        array("q", numbers)
    except (OSError, ValueError, OverflowError):
        return 0, 0, 0, 0
    return numbers


def listing(entries: Iterable[os.DirEntry[bytes]]) -> bytes:
    """A digest of what stands in a directory: names, and of all that is no regular file which one it is."""
    texts = [
        entry.name if entry.is_file(follow_symlinks=False) else b"%s/%d" % (entry.name, entry.inode())
        for entry in entries
    ]
    return sha256(b"\0".join(sorted(texts))).digest()[:LISTING]


def listed(directory: bytes) -> bytes:
    """The same of a directory as it is now, nothing where it cannot be listed."""
    try:
        with os.scandir(directory) as entries:
            return listing(entries)
    except OSError:
        return b""


def present(path: bytes) -> tuple[int, int, int, int]:
    """As `stamp`; of a directory only that it is this one, for what comes and goes in it does not matter."""
    try:
        is_directory = os.path.isdir(path)
    except ValueError:
        return 0, 0, 0, 0
    numbers = stamp(path)
    return (0, 0, 0, numbers[3]) if is_directory else numbers


def is_settled(numbers: Sequence[int], begun: int) -> bool:
    """Whether a stamp stood long enough before the moment `begun`, in nanoseconds since 1970, and is one at all."""
    return numbers[3] != 0 and max(numbers[1], numbers[2]) < begun - SETTLED


def are_settled(numbers: array[int], begun: int) -> bool:
    """The same of many, where zeros stand for what is not there."""
    return not numbers or max(max(numbers[1::WIDTH]), max(numbers[2::WIDTH])) < begun - SETTLED


def relied_on(numbers: array[int], begun: int) -> array[int]:
    """The stamps, with zeros for those that are not settled."""
    if not are_settled(numbers, begun):
        numbers = numbers[:]
        for start in range(0, len(numbers), WIDTH):
            if not is_settled(numbers[start : start + WIDTH], begun):
                numbers[start : start + WIDTH] = array("q", (0,) * WIDTH)
    return numbers
