"""What a command wrote, for when it is given again about a tree that stands as it was seen."""

from __future__ import annotations

import struct
from typing import NamedTuple

from merge_guard.cache.store import Store
from merge_guard.model.sighting import BLOB, STAMP, IndexSighting, Seen, Sighting, packed, parts_of

_MAGIC = b"said-4\0\0"
_WORK_TREE = b"tree-1\0\0"
_INDEX = b"index-1\0"
_SINCE = b"since-1\0"
LARGEST = 1 << 24
"""Characters of the longest text that is kept."""
LARGEST_LISTING = 1 << 26
"""Bytes of the longest listing of an index that is kept: about half a million files."""


class Answer(NamedTuple):
    """`tree` is the digest of what was seen of the files below `root`, of an index nothing; `question` and `state` find
    the bearing.

    In the `text` the numbers of `mark` stand for the seconds that the command took.
    """

    root: bytes
    tree: bytes
    sighting: Sighting | IndexSighting
    status: int
    mark: int
    text: str
    question: str = ""
    state: str = ""

    def told(self, seconds: float) -> str:
        """The text with the seconds as the formats write them: to a thousandth as a value, to a tenth for people."""
        whole = self.text.replace(f"{self.mark}.125", repr(round(seconds, 3)))
        return whole.replace(f"{self.mark}.1", f"{seconds:.1f}")


def marked(mark: int) -> float:
    """The number of seconds that a text is to be made with, so that `told` finds it again."""
    return mark + 0.125


def keep(store: Store, key: str, answer: Answer) -> None:
    """Unless it is too large."""
    sighting = answer.sighting
    if len(answer.text) > LARGEST or (isinstance(sighting, IndexSighting) and len(sighting.listing) > LARGEST_LISTING):
        return
    parts = (
        answer.root,
        answer.tree,
        _of_index(sighting) if isinstance(sighting, IndexSighting) else _of_work_tree(sighting),
        f"{answer.status} {answer.mark}".encode(),
        answer.text.encode("utf-8", "surrogatepass"),
        answer.question.encode(),
        answer.state.encode(),
        b"end",
    )
    store.put({key: packed(_MAGIC, parts)})


def find(store: Store, key: str) -> Answer | None:
    value = store.get([key]).get(key)
    parts = parts_of(_MAGIC, 8, value) if value is not None else None
    if parts is None:
        return None
    root, tree, seen, numbers, text, question, state, end = parts
    try:
        status, mark = map(int, numbers.split())
        sighting = _work_tree_in(seen) or _index_in(seen)
        said = text.decode("utf-8", "surrogatepass")
        if end != b"end" or sighting is None:
            return None
        return Answer(root, tree, sighting, status, mark, said, question.decode(), state.decode())
    except ValueError:
        return None


def _of_work_tree(seen: Sighting) -> bytes:
    return packed(
        _WORK_TREE,
        (
            b"\0".join(seen.directories),
            seen.directory_stamps,
            seen.listings,
            b"\0".join(seen.others),
            seen.other_stamps,
            seen.git.encode("utf-8", "surrogateescape"),
            (seen.excludes or "").encode("utf-8", "surrogateescape"),
            b"%d" % (seen.excludes is not None),
        ),
    )


def _work_tree_in(value: bytes) -> Sighting | None:
    parts = parts_of(_WORK_TREE, 8, value)
    if parts is None:
        return None
    directories, directory_stamps, listings, others, other_stamps, git, excludes, asked = parts
    return Sighting(
        0,
        tuple(directories.split(b"\0")),
        directory_stamps,
        listings,
        tuple(others.split(b"\0")) if others else (),
        other_stamps,
        git.decode("utf-8", "surrogateescape"),
        excludes.decode("utf-8", "surrogateescape") if int(asked) else None,
    )


def _of_index(seen: IndexSighting) -> bytes:
    numbers = b"%d" % seen.merging
    parts = (seen.listing, seen.changes, seen.visible, " ".join(seen.parents).encode(), numbers, seen.attributes)
    return packed(_INDEX, parts)


def _index_in(value: bytes) -> IndexSighting | None:
    parts = parts_of(_INDEX, 6, value)
    if parts is None:
        return None
    listing, changes, visible, parents, merging, attributes = parts
    return IndexSighting(listing, changes, visible, tuple(parents.decode().split()), bool(int(merging)), attributes)


class Since(NamedTuple):
    """Files by their numbers that hold something else than the answer was given about and say the same, with what
    was seen of them: stamps and blob ids, packed as in `Seen`.
    """

    numbers: tuple[int, ...] = ()
    stamps: bytes = b""
    blobs: bytes = b""

    def over(self, seen: Seen) -> Seen:
        """What was seen of all files last."""
        stamps, blobs = bytearray(seen.stamps), bytearray(seen.blobs)
        for index, number in enumerate(self.numbers):
            stamps[number * STAMP : number * STAMP + STAMP] = self.stamps[index * STAMP : index * STAMP + STAMP]
            blobs[number * BLOB : number * BLOB + BLOB] = self.blobs[index * BLOB : index * BLOB + BLOB]
        return Seen(seen.paths, bytes(stamps), bytes(blobs))

    def and_then(self, other: Since) -> Since:
        """With what was seen later in the place of what was seen before."""
        left = [index for index, number in enumerate(self.numbers) if number not in other.numbers]
        return Since(
            (*(self.numbers[index] for index in left), *other.numbers),
            b"".join([self.stamps[index * STAMP : index * STAMP + STAMP] for index in left]) + other.stamps,
            b"".join([self.blobs[index * BLOB : index * BLOB + BLOB] for index in left]) + other.blobs,
        )


def keep_since(store: Store, key: str, answer: Answer, since: Since) -> None:
    numbers = struct.pack(f"<{len(since.numbers)}I", *since.numbers)
    parts = (answer.tree, answer.state.encode(), numbers, since.stamps, since.blobs, b"end")
    store.put({f"{key}:since": packed(_SINCE, parts)})


def since_of(store: Store, key: str, answer: Answer) -> Since:
    """What was seen since the answer was given, as far as it is about this very answer."""
    value = store.get([f"{key}:since"]).get(f"{key}:since")
    parts = parts_of(_SINCE, 6, value) if value is not None else None
    if parts is None:
        return Since()
    tree, state, packed_numbers, stamps, blobs, end = parts
    count = len(stamps) // STAMP
    whole = (len(packed_numbers), len(stamps), len(blobs)) == (4 * count, STAMP * count, BLOB * count)
    if not whole or end != b"end" or tree != answer.tree or state != answer.state.encode():
        return Since()
    return Since(struct.unpack(f"<{count}I", packed_numbers), stamps, blobs)
