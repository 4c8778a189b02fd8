"""The one place where errors become one line and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable

from merge_guard.cli.output import open_missing_streams, say, silence_stdout, write_failed
from merge_guard.errors import MergeGuardError

INTERRUPTED = 130


def ended(command: Callable[[], int]) -> int:
    """Run the command; the exit status, whatever happens."""
    open_missing_streams()
    try:
        try:
            return command()
        finally:
            # What is still buffered is written here, where a failure can be told, and not by the interpreter's exit.
            sys.stdout.flush()
    except MergeGuardError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        silence_stdout()
        return INTERRUPTED
    except BrokenPipeError:
        silence_stdout()
        return 0
    except OSError as error:
        if not write_failed(error):
            raise
        silence_stdout()
        say(f"cannot write to standard output: {error.strerror}")
        return 2
