"""What was seen of a tree, packed so that it is kept and compared without a look at each file."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

_MAGIC = b"seen-2\0\0"
STAMP = 32
"""Bytes of a packed stamp."""
BLOB = 20
"""Bytes of a blob id."""
LISTING = 16
"""Bytes of a listing's digest."""
NO_STAMP = bytes(STAMP)
NO_BLOB = bytes(BLOB)


def place_of(root: bytes) -> str:
    """Under which key it is kept what was seen of a tree."""
    return f"seen:{sha256(root).hexdigest()}"


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

    def packed(self, digest: bytes) -> bytes:
        return packed(_MAGIC, (digest, *self))

    def names(self) -> list[bytes]:
        return self.paths.split(b"\0") if self.paths else []


def unpacked(value: bytes) -> tuple[Seen, bytes] | None:
    """What `Seen.packed` made, with its digest; None for anything else."""
    parts = parts_of(_MAGIC, 4, value)
    if parts is None:
        return None
    digest, paths, stamps, blobs = parts
    count = paths.count(b"\0") + 1 if paths else 0
    if len(stamps) != STAMP * count or len(blobs) != BLOB * count:
        return None
    return Seen(paths, stamps, blobs), digest


def packed(magic: bytes, parts: Sequence[bytes]) -> bytes:
    """The parts behind eight bytes that say what they are, and their lengths."""
    return b"".join((magic, struct.pack(f"<{len(parts)}Q", *map(len, parts)), *parts))


def parts_of(magic: bytes, count: int, value: bytes) -> list[bytes] | None:
    """What `packed` was given; None where the value is torn, or something else."""
    start = len(magic) + 8 * count
    if not value.startswith(magic) or len(value) < start:
        return None
    parts = []
    for length in struct.unpack_from(f"<{count}Q", value, len(magic)):
        parts.append(value[start : start + length])
        start += length
    return parts if start == len(value) else None


class Sighting(NamedTuple):
    """Where a listing looked besides the files that it lists, and when it began, in nanoseconds since 1970.

    `directories` are relative to the root. Each group has its stamps, made before anything was looked at: of
    directories in full, or zeros where they cannot be relied on; of `others` (absolute) whether they are there and, of
    files, in full. `listings` are digests of what stood in the directories, zeros for one that was not listed: what is
    saved under a new name and renamed changes the stamp and no more. `excludes` is what git said of the user's
    `core.excludesFile` when it was asked, with the program. `whole` is False where something was looked at that is in
    none of them.
    """

    begun: int
    directories: tuple[bytes, ...] = ()
    directory_stamps: bytes = b""
    listings: bytes = b""
    others: tuple[bytes, ...] = ()
    other_stamps: bytes = b""
    git: str = ""
    excludes: str | None = None
    whole: bool = True


class IndexSighting(NamedTuple):
    """What git said of an index, with all else that its listing depends on.

    `listing` are the records of `ls-files --stage -z`, `changes` those of `diff-index --raw -z` against the first of
    the `parents`. `visible` are the same with what was only announced: equal to `changes` where nothing was.
    `attributes` are the bytes of `info/attributes`.
    """

    listing: bytes
    changes: bytes
    visible: bytes
    parents: tuple[str, ...]
    merging: bool
    attributes: bytes
