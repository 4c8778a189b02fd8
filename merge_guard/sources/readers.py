"""Readers of bytes: from a work tree, and from git's objects. Both can be sent to worker processes."""

from __future__ import annotations

import os
import subprocess
import threading
import weakref
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from merge_guard.errors import GitError
from merge_guard.model.source import FileKind, SourceFile, UnreadableError
from merge_guard.sources.bounded import NO_FOLLOW, read_regular, too_large
from merge_guard.sources.git import shadow_of
from merge_guard.sources.listing import encoded
from merge_guard.sources.repository import Repository, is_within
from merge_guard.sources.stamps import relied_on, stamps

LARGEST = 100_000_000
"""Bytes of the largest file that is read."""

_CHUNK = 1 << 20
_AT_ONCE = 200
"""Names of objects that are written together; a pipe takes 64 kB."""
_LARGE = 2_000_000
"""Bytes of a blob from which it is read for itself."""


class WorkTreeReader:
    """Reads regular files below `root`, which is absolute and free of links.

    Directories are checked once each: one that a symbolic link takes out of the root is not read from.
    """

    __slots__ = ("_inside", "_limit", "_root")

    def __init__(self, root: str, limit: int = LARGEST) -> None:
        self._root = os.fsencode(root).rstrip(b"/") + b"/"
        self._limit = limit
        self._inside: dict[bytes, bool] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return WorkTreeReader, (os.fsdecode(self._root), self._limit)

    def read(self, file: SourceFile) -> bytes:
        if file.kind is not FileKind.REGULAR:
            raise UnreadableError("not a regular file")
        path = encoded(file.path)
        directory = path[: path.rfind(b"/") + 1]
        inside = self._inside.get(directory)
        if inside is None:
            inside = self._inside[directory] = self._is_inside(directory)
        if not inside:
            raise UnreadableError("outside the root")
        return read_regular(self._root + path, self._limit, NO_FOLLOW)

    def stamps(self, files: Sequence[SourceFile], begun: int) -> array[int]:
        root = self._root
        return relied_on(stamps(root + encoded(file.path) for file in files), begun)

    def link(self, file: SourceFile) -> str:
        try:
            return os.fsdecode(os.readlink(self._root + encoded(file.path)))
        except (OSError, ValueError):
            return ""

    def _is_inside(self, directory: bytes) -> bool:
        if b"\0" in directory or b".." in directory.split(b"/"):
            return False
        root = os.path.realpath(self._root)
        return is_within(os.fsdecode(os.path.realpath(self._root + directory)), os.fsdecode(root))


@dataclass(slots=True)
class _Batch:
    """One `git cat-file --batch`, and the process that started it."""

    owner: int
    process: subprocess.Popen[bytes]
    lock: threading.Lock = field(default_factory=threading.Lock)


class GitReader:
    """Reads blobs by id, through one `git cat-file --batch` in each process that reads."""

    def __init__(self, repository: Repository, limit: int = LARGEST) -> None:
        self._repository = repository
        self._limit = limit
        self._starting = threading.Lock()
        self._batch: _Batch | None = None
        self._stop: weakref.finalize[..., GitReader] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return GitReader, (self._repository, self._limit)

    def read(self, file: SourceFile) -> bytes:
        if file.kind is not FileKind.REGULAR:
            raise UnreadableError("not a regular file")
        if file.blob is None:
            raise UnreadableError("not in git")
        return self.blob(file.blob)

    def link(self, file: SourceFile) -> str:
        try:
            return os.fsdecode(self.blob(file.blob)) if file.blob is not None else ""
        except UnreadableError:
            return ""

    def blob(self, name: str) -> bytes:
        """The bytes of a blob; raises `UnreadableError`."""
        kind, content = self.object(name)
        if kind != b"blob":
            raise UnreadableError("not a regular file")
        return content

    def object(self, name: str) -> tuple[bytes, bytes]:
        """(kind, bytes) of an object; raises `UnreadableError`."""
        batch = self._running()
        with batch.lock:
            try:
                return self._exchange(batch.process, name)
            except (OSError, ValueError):
                self.close()
                raise UnreadableError("git object unreadable") from None
            except UnreadableError:
                raise
            except BaseException:
                # Interrupted between question and answer: what comes next in the pipe is not the next answer.
                self.close()
                raise

    def blobs(self, names: Sequence[str]) -> dict[str, bytes]:
        """Several blobs, asked for together; those that cannot be read, and very large ones, are left out."""
        found: dict[str, bytes] = {}
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            batch = self._running()
            with batch.lock:
                try:
                    # So few that they fit into the pipe, whether or not anybody reads them yet.
                    assert batch.process.stdin is not None
                    batch.process.stdin.write("".join(f"{name}\n" for name in some).encode("ascii"))
                    batch.process.stdin.flush()
                    found.update(self._answers(batch, some))
                except (OSError, ValueError):
                    self.close()
                except BaseException:
                    self.close()
                    raise
        return found

    def _answers(self, batch: _Batch, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        for name in names:
            try:
                kind, content = self._answer(batch.process)
            except UnreadableError:
                if self._batch is not batch:
                    return  # ended, with the answers that were to come
                continue
            if kind == b"blob" and len(content) <= _LARGE:
                yield name, content

    def close(self) -> None:
        """End the process; the next read starts another."""
        if self._stop is not None:
            self._stop()
        self._batch = self._stop = None

    def _exchange(self, process: subprocess.Popen[bytes], name: str) -> tuple[bytes, bytes]:
        assert process.stdin is not None
        process.stdin.write(name.encode("ascii") + b"\n")
        process.stdin.flush()
        return self._answer(process)

    def _answer(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        assert process.stdout is not None
        header = process.stdout.readline().split()
        if header[1:] == [b"missing"]:
            raise UnreadableError("git object missing")
        if len(header) != 3:
            raise ValueError(header)
        size = int(header[2])
        if size > self._limit:
            # Ended rather than read to the end: the object may be far larger than the memory.
            self.close()
            raise UnreadableError(too_large(self._limit))
        content = process.stdout.read(size + 1)
        if len(content) != size + 1:
            raise ValueError("cut short")
        return header[1], content[:-1]

    def _running(self) -> _Batch:
        with self._starting:
            batch = self._batch
            if batch is None or batch.owner != os.getpid():
                batch = self._batch = self._start()
            return batch

    def _start(self) -> _Batch:
        if self._batch is not None and self._stop is not None:
            # Inherited by a fork: the process is the parent's to wait for, and this end of its pipes is closed.
            self._stop.detach()
            for pipe in (self._batch.process.stdin, self._batch.process.stdout):
                assert pipe is not None
                pipe.close()
            self._batch.process.returncode = 0
        with shadow_of(self._repository, small=True) as git:
            process = git.start("cat-file", "--batch")
            assert process.stdin is not None
            assert process.stdout is not None
            # Asked for an object that is hardly there (the null id it knows without looking), git opens the object
            # stores; then it does without the shadow, which no worker that is killed can leave behind.
            process.stdin.write(b"f" * 40 + b"\n")
            process.stdin.flush()
            if not process.stdout.readline():
                process.communicate()
                raise GitError("git cat-file does not start")
        self._stop = weakref.finalize(self, _end, process, os.getpid())
        return _Batch(os.getpid(), process)


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    if owner != os.getpid():
        return
    process.kill()
    process.communicate()
