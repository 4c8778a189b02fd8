"""Reading regular files only: never a FIFO or a device, never more than a limit."""

from __future__ import annotations

import errno
import os
import stat

from merge_guard.model.source import UnreadableError

_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
NO_FOLLOW = os.O_NOFOLLOW

_REASONS = {
    errno.ENOENT: "vanished",
    errno.ENOTDIR: "vanished",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ELOOP: "not a regular file",  # what O_NOFOLLOW says of a symbolic link
    errno.ENXIO: "not a regular file",  # what open says of a socket
}


def read_regular(path: bytes, limit: int, flags: int = 0) -> bytes:
    """The bytes of a regular file; raises `UnreadableError`. `flags` may add `NO_FOLLOW`.

    The file is opened without waiting and looked at once it is open, so that what is put in its place meanwhile
    cannot make the reading hang.
    """
    try:
        descriptor = os.open(path, _OPEN | flags)
    except OSError as error:
        raise UnreadableError(reason(error)) from None
    except ValueError:
        raise UnreadableError("not a file name") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a regular file")
        if status.st_size > limit:
            raise UnreadableError(too_large(limit))
        # One byte more than the size: a short answer is the end of the file, and saves a call.
        content = os.read(descriptor, status.st_size + 1)
        if len(content) == status.st_size:
            return content
        return _read_on(descriptor, content, limit)
    except OSError as error:
        raise UnreadableError(reason(error)) from None
    finally:
        os.close(descriptor)


def _read_on(descriptor: int, start: bytes, limit: int) -> bytes:
    """The rest of a file that grew while it was read, or whose file system answers in pieces."""
    parts, size = [start], len(start)
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise UnreadableError(too_large(limit))
    return b"".join(parts)


def read_optional(path: str | bytes, limit: int = 1 << 26) -> bytes | None:
    """The bytes of a regular file that git keeps for itself (links are followed), None where there is none."""
    try:
        return read_regular(os.fsencode(path), limit)
    except UnreadableError:
        return None


def reason(error: OSError) -> str:
    """Why a file cannot be read, in words fit for a report."""
    return _REASONS.get(error.errno or 0) or (error.strerror or "unreadable").lower()


def too_large(limit: int) -> str:
    return f"larger than {limit // 1_000_000} MB"
