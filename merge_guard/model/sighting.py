"""What was seen of a tree, packed so that it is kept and compared without a look at each file."""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import NamedTuple

_HEAD = struct.Struct("<8s32sIII")
_MAGIC = b"seen-1\0\0"
STAMP = 32
"""Bytes of a packed stamp."""
BLOB = 20
"""Bytes of a blob id."""
NO_STAMP = bytes(STAMP)
NO_BLOB = bytes(BLOB)


class Seen(NamedTuple):
    """The regular files of a tree: paths between NULs, in order, and for each its stamp and the blob id of its bytes.

    Zeros stand for a stamp that cannot be relied on, and for bytes that are not known.
    """

    paths: bytes
    stamps: bytes
    blobs: bytes

    @property
    def digest(self) -> bytes:
        return sha256(b"%d %d " % (len(self.paths), len(self.stamps)) + self.paths + self.stamps + self.blobs).digest()

    def packed(self) -> bytes:
        return packed(_MAGIC, self.digest, self)

    def names(self) -> list[bytes]:
        return self.paths.split(b"\0") if self.paths else []


def unpacked(value: bytes) -> tuple[Seen, bytes] | None:
    """What `Seen.packed` made, with its digest; None for anything else."""
    parts = split(_MAGIC, value)
    if parts is None:
        return None
    digest, paths, stamps, blobs = parts
    count = paths.count(b"\0") + 1 if paths else 0
    if len(stamps) != STAMP * count or len(blobs) != BLOB * count:
        return None
    return Seen(paths, stamps, blobs), digest


def packed(magic: bytes, digest: bytes, parts: tuple[bytes, bytes, bytes]) -> bytes:
    return b"".join((_HEAD.pack(magic, digest, *map(len, parts)), *parts))


def split(magic: bytes, value: bytes) -> tuple[bytes, bytes, bytes, bytes] | None:
    """The digest and the three parts; None where the value is torn, or something else."""
    if len(value) < _HEAD.size:
        return None
    found, digest, first, second, third = _HEAD.unpack_from(value)
    start = _HEAD.size
    if found != magic or len(value) != start + first + second + third:
        return None
    middle, end = start + first, start + first + second
    return digest, value[start:middle], value[middle:end], value[end:]


class Sighting(NamedTuple):
    """Where a listing looked besides the files that it lists, and when it began, in nanoseconds since 1970.

    `directories` are relative to the root. Each group has its stamps, made before anything was looked at: of
    directories in full, of `others` (absolute) whether they are there and, of files, in full. `excludes` is what git
    said of the user's `core.excludesFile` when it was asked, with the program. `whole` is False where something was
    looked at that is in none of them.
    """

    begun: int
    directories: tuple[bytes, ...] = ()
    directory_stamps: bytes = b""
    others: tuple[bytes, ...] = ()
    other_stamps: bytes = b""
    git: str = ""
    excludes: str | None = None
    whole: bool = True
