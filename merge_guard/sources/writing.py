"""Writing into a work tree: a file is wholly old or wholly new, whenever the process dies."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress

from merge_guard.errors import MergeGuardError
from merge_guard.model.source import UnreadableError
from merge_guard.sources.bounded import read_regular, reason
from merge_guard.sources.listing import encoded
from merge_guard.sources.readers import LARGEST
from merge_guard.sources.repository import is_within

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


class WriteError(MergeGuardError):
    """A file that is not written, and stays as it was."""


def replace_file(root: str, path: str, data: bytes, expected: bytes | None) -> None:
    """Make `data` the content of `path` below `root`, if it still is `expected` (None: there is no such file).

    Mode and, as far as allowed, owner stay. What a symbolic link leads to is written in its place if that lies below
    the root. Other hard links of the file keep the old content. Raises `WriteError`.
    """
    try:
        _replace(_target(root, path), path, data, expected)
    except UnreadableError as error:
        raise WriteError(f"{path}: {error}; nothing written") from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise WriteError(f"{path}: cannot be written: {why}") from None


def _target(root: str, path: str) -> bytes:
    """Where the bytes really lie: absolute, free of links, below the root."""
    real_root = os.path.realpath(root)
    target = os.path.realpath(os.path.join(os.fsencode(real_root), encoded(path)))
    if not is_within(os.fsdecode(target), real_root):
        raise WriteError(f"{path}: leads out of {root}; nothing written")
    if b".git" in target[len(os.fsencode(real_root)) :].split(b"/"):
        raise WriteError(f"{path}: leads into git's own folder; nothing written")
    return target


def _replace(target: bytes, path: str, data: bytes, expected: bytes | None) -> None:
    status = _unchanged(target, path, expected)
    if status is not None and not status.st_mode & 0o222:
        raise WriteError(f"{path}: is read-only; nothing written")
    directory, name = os.path.split(target)
    temporary = os.path.join(directory, b".%s.%s.tmp" % (name[:200], secrets.token_hex(6).encode()))
    descriptor = os.open(temporary, _NEW, 0o666 if status is None else 0o600)
    try:
        try:
            _write_all(descriptor, data)
            if status is not None:
                with suppress(OSError):
                    os.fchown(descriptor, status.st_uid, status.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        # As late as can be: somebody may have saved the file in an editor meanwhile.
        _unchanged(target, path, expected)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_directory(directory)


def _unchanged(target: bytes, path: str, expected: bytes | None) -> os.stat_result | None:
    if expected is None:
        if os.path.lexists(target):
            raise WriteError(f"{path}: exists; nothing written")
        return None
    status = os.lstat(target)
    if read_regular(target, LARGEST, os.O_NOFOLLOW) != expected:
        raise WriteError(f"{path}: changed since it was judged; nothing written")
    return status


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_directory(directory: bytes) -> None:
    """The new name is on the disk when its directory is; some file systems know no such thing."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
