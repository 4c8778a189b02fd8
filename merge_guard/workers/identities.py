"""What the bytes of files are called, found out without reading those that did not change."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Sequence

from merge_guard.model.ports import FactCache
from merge_guard.model.sighting import BLOB, NO_BLOB, NO_STAMP, STAMP, Seen, place_of, unpacked
from merge_guard.model.source import Reader, SourceFile, Stamped, UnreadableError

_NOTHING = Seen(b"", b"", b"")


class Identities:
    """Path → git's blob id of the bytes: from git, from time stamps that were seen before, and else by reading.

    `root` names the tree whose files' stamps are remembered.
    """

    def __init__(self, cache: FactCache, reader: Reader, root: str) -> None:
        self.names: dict[str, str] = {}
        """As far as they are known. Who extracts facts adds the names of what it read."""
        self._cache = cache
        self._reader = reader
        self._place = place_of(os.fsencode(root))
        self._files: Sequence[SourceFile] | None = None
        self._stamps = b""
        self._known = _NOTHING
        self._digest = b""

    def identify(self, files: Sequence[SourceFile], begun: int | None = None) -> None:
        """Name the files, as far as that can be told without extracting anything.

        `begun` is when the tree was looked at first: what changed since, or just before, has no stamp to rely on.
        Before anything is remembered reading would be for nothing: files are named as they are extracted.
        """
        self._files = files
        self.names.clear()
        self.names.update((file.path, file.blob) for file in files if file.blob is not None)
        if not isinstance(self._reader, Stamped):
            return
        found = unpacked(self._cache.get([self._place]).get(self._place, b""))
        self._known, self._digest = found or (_NOTHING, b"")
        self._stamps = self._reader.stamps(files, begun or time.time_ns()).tobytes()
        changed = self._named_as_before(files)
        if changed and not self._cache.is_empty:
            self.read(changed)
        if changed or self._known.paths != _joined(files):
            self.remember()

    def read(self, files: Sequence[SourceFile]) -> None:
        """Name files by what they hold."""
        from merge_guard.workers.work import blob_id

        for file in files:
            try:
                self.names[file.path] = blob_id(self._reader.read(file))
            except UnreadableError:
                continue

    def doubt(self, paths: Collection[str]) -> None:
        """Forget the names of those files that hold something else by now: they were read again after the naming."""
        if self._files is None or not isinstance(self._reader, Stamped):
            return
        wanted = frozenset(paths)
        chosen = [(number, file) for number, file in enumerate(self._files) if file.path in wanted]
        now = self._reader.stamps([file for _, file in chosen], time.time_ns()).tobytes()
        for place, (number, file) in enumerate(chosen):
            stamp = now[place * STAMP : place * STAMP + STAMP]
            if stamp != NO_STAMP and stamp == self._stamps[number * STAMP : number * STAMP + STAMP]:
                continue
            named = self.names.pop(file.path, None)
            self.read([file])
            if named != self.names.get(file.path):
                self.names.pop(file.path, None)

    def require(self, files: Sequence[SourceFile]) -> None:
        """Name the files, unless these have been."""
        if self._files is None or (self._files is not files and list(self._files) != list(files)):
            self.identify(files)

    def remember(self) -> None:
        """Keep the names of files that have a stamp to rely on."""
        if self._files is None or not isinstance(self._reader, Stamped):
            return
        stamps, blobs = bytearray(self._stamps), bytearray()
        for number, file in enumerate(self._files):
            name = self.names.get(file.path, "")
            start = number * STAMP
            if len(name) == 2 * BLOB:
                # Without a stamp to rely on it is read again, and then the name tells whether it changed.
                blobs += bytes.fromhex(name)
            else:
                stamps[start : start + STAMP] = NO_STAMP
                blobs += NO_BLOB
        seen = Seen(_joined(self._files), bytes(stamps), bytes(blobs))
        if seen != self._known:
            self._known, self._digest = seen, seen.digest
            self._cache.put({self._place: seen.packed(self._digest)})

    @property
    def digest(self) -> bytes | None:
        """Of what is remembered; None where that does not tell the bytes of every file."""
        if not self._digest or self._files is None:
            return None
        count = len(self._files)
        complete = all(self._known.blobs[n * BLOB : n * BLOB + BLOB] != NO_BLOB for n in range(count))
        return self._digest if complete and self._known.paths == _joined(self._files) else None

    def _named_as_before(self, files: Sequence[SourceFile]) -> list[SourceFile]:
        """Take over the names of files with the stamps that they had; the others are left."""
        known, stamps = self._known, self._stamps
        if known.paths == _joined(files):
            order: Sequence[int] = range(len(files))
        else:
            numbers = {path: number for number, path in enumerate(known.names())}
            order = [numbers.get(_encoded(file.path), -1) for file in files]
        blobs = known.blobs.hex()
        names, width = self.names, 2 * BLOB
        left = []
        for number, (file, before) in enumerate(zip(files, order)):
            start, there = number * STAMP, before * STAMP
            stamp = stamps[start : start + STAMP]
            if before >= 0 and stamp == known.stamps[there : there + STAMP] and stamp != NO_STAMP:
                names[file.path] = blobs[before * width : before * width + width]
            else:
                left.append(file)
        return left


def _joined(files: Sequence[SourceFile]) -> bytes:
    return "\0".join([file.path for file in files]).encode("utf-8", "surrogateescape")


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
