"""What trees differ in, from one `git diff-tree` that goes on answering."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from merge_guard.errors import GitError
from merge_guard.sources.git import ShadowGit
from merge_guard.sources.listing import Entry

_CHUNK = 1 << 16
_OPTIONS = ("--stdin", "-r", "-z", "--raw", "--no-renames")


class Difference(NamedTuple):
    """One path that two trees have otherwise; None where it is absent."""

    path: bytes
    before: Entry | None
    after: Entry | None


class Differences:
    """A line that names no object comes back as it is (`builtin/diff-tree.c`), which tells the end of an answer."""

    def __init__(self, git: ShadowGit) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def between(self, old: str, new: str) -> list[Difference]:
        """The differences of two trees, given by their ids; raises `GitError` where one is not there."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        # No path can begin so by intention.
        end = f"end {secrets.token_hex(16)}\n".encode("ascii")
        received = bytearray()
        try:
            process.stdin.write(f"{old} {new}\n".encode("ascii") + end)
            process.stdin.flush()
            while not received.endswith(end):
                chunk = os.read(process.stdout.fileno(), _CHUNK)
                if not chunk:
                    raise OSError
                received += chunk
        except OSError:
            self.close()
            raise GitError(f"git diff-tree failed: a tree of {old[:12]} or {new[:12]} is not there") from None
        except BaseException:
            # Interrupted between question and answer: what comes next is not the next answer.
            self.close()
            raise
        return list(_parsed(bytes(received[received.index(b"\n") + 1 : -len(end)])))

    def close(self) -> None:
        """End the process; the next question starts another."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner != os.getpid():
            # Inherited by a fork: it is the parent's to talk to and to wait for.
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()
            self._process.returncode = 0
            self._process = None
        if self._process is None:
            self._process, self._owner = self._git.start("diff-tree", *_OPTIONS), os.getpid()
        return self._process


def _parsed(raw: bytes) -> Iterator[Difference]:
    fields = raw.split(b"\0")
    modes: dict[bytes, int] = {}
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old, new, _ = about[1:].split(b" ")
        sides = []
        for written, blob in ((old_mode, old), (new_mode, new)):
            mode = modes.get(written)
            if mode is None:
                mode = modes[written] = int(written, 8)
            sides.append(Entry(mode, blob.decode("ascii")) if mode else None)
        yield Difference(path, *sides)
