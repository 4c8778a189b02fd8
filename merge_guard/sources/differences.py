"""What trees differ in, from one `git diff-tree` that goes on answering."""

from __future__ import annotations

import os
import re
import secrets
import subprocess

from merge_guard.errors import GitError
from merge_guard.sources.git import ShadowGit

_CHUNK = 1 << 16
_OPTIONS = ("--stdin", "-r", "-z", "--raw", "--no-renames")


Difference = tuple[bytes, bytes, bytes, bytes, bytes]
"""Old mode, new mode, old id, new id (zeros where it is absent) and path, as git writes them."""
ABSENT = b"000000"
_RECORD = re.compile(rb":(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]\d*\0([^\0]+)\0")


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
        return _RECORD.findall(received, received.index(b"\n") + 1, len(received) - len(end))

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
