"""Where a report goes: the standard streams, a file, the job summary of GitHub Actions."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TextIO

from merge_guard.errors import MergeGuardError

_PREFIX = "merge-guard: "


class OutputError(MergeGuardError):
    """The place that the user named for the output cannot be written."""


def say(message: str, *, hint: str = "") -> None:
    """One line on standard error. The text may hold what a repository controls, so it is made harmless here."""
    from merge_guard.reporters.sanitise import encodable, visible

    line = " ".join(message.split("\n"))
    line = visible(f"{_PREFIX}{line} ({hint})" if hint else f"{_PREFIX}{line}")
    with suppress(OSError):
        print(encodable(line, sys.stderr.encoding or "utf-8"), file=sys.stderr, flush=True)


def open_missing_streams() -> None:
    """A standard stream that the caller closed (`>&-`) is None: the exit status still has to come out."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def write_failed(error: OSError) -> bool:
    """Whether the error is one of a stream that is full, closed or gone, as against one of the program."""
    return error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EBADF, errno.EFBIG)


def silence_stdout() -> None:
    """Nobody reads any more: what is buffered goes nowhere, so that the interpreter's exit does not fail on it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def wants_color(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """`choice` is auto, always or never. In auto NO_COLOR wins over FORCE_COLOR, as it does in CPython.

    The log of GitHub Actions is no terminal but shows colour; a file that the output is redirected to does not.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    if environment.get("TERM") == "dumb":
        return False
    if environment.get("GITHUB_ACTIONS") == "true":
        return not _is_regular(stream)
    return _is_terminal(stream)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _is_regular(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return True


def write_text(text: str) -> None:
    """Lines of text to standard output, whatever its encoding."""
    from merge_guard.reporters.sanitise import encodable

    encoding = sys.stdout.encoding or "utf-8"
    lines = "".join(f"{encodable(line, encoding)}\n" for line in text.removesuffix("\n").split("\n"))
    write_to(None, lambda stream: print(lines, end="", file=stream))


def write_to(output_file: str | None, write: Callable[[TextIO], object]) -> None:
    """Give `write` the stream: the named file, else standard output. A reader that went away is no error."""
    if output_file:
        with replaced(output_file) as stream:
            write(stream)
        return
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_stdout()


def write_whole(text: str, status: int) -> int:
    """Write a text that is fit for standard output, and give the status back."""
    write_to(None, lambda stream: stream.write(text))
    return status


@contextmanager
def replaced(path: str) -> Iterator[TextIO]:
    """A text stream whose content takes the place of the file at once, when all of it is written.

    A symbolic link stays one, its target is replaced; a device or a pipe (`/dev/stdout`) is written as it is.
    """
    try:
        old = _mode_of(path)
        if old is not None and not stat.S_ISREG(old):
            with open(path, "w", encoding="utf-8", newline="\n") as stream:
                yield stream
            return
        target = os.path.realpath(path)
        temporary = f"{target}.{os.getpid()}.tmp"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as stream:
                if old is not None:
                    os.chmod(temporary, stat.S_IMODE(old))
                yield stream
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(f"cannot write {path}: {reason}")


def _mode_of(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def append_summary(environment: Mapping[str, str], write: Callable[[TextIO], None]) -> None:
    """Add to the job summary of GitHub Actions, where there is one. A failure is told and changes no verdict."""
    path = environment.get("GITHUB_STEP_SUMMARY")
    if environment.get("GITHUB_ACTIONS") != "true" or not path:
        return
    try:
        with open(path, "a", encoding="utf-8", newline="\n") as stream:
            write(stream)
    except OSError as error:
        say(f"cannot write the job summary {path}: {error.strerror}")
