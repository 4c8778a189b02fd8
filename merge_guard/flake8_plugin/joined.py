"""The join with flake8's own machinery, kept in one place: what is used of it beyond the documented plugin interface.

flake8 catches the SyntaxError of a file before it calls any plugin (`FileChecker.run_checks`), reports E999 and is done
with the file. The one place that sees every file, whatever became of it and whichever process checked it, is
`Manager.report` in the main process. It is wrapped: before it, each file's findings are added to the results that the
workers returned, through a `FileChecker` of flake8's own, so that `# noqa`, `# flake8: noqa`, selection, per-file
ignores, formatters and the exit status are flake8's affair.
"""

# mypy: disable-error-code="import-untyped,import-not-found"

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from merge_guard.errors import MergeGuardError

if TYPE_CHECKING:
    from flake8.checker import FileChecker

    from merge_guard.flake8_plugin.judgements import Judgements, Reported

_JOINED = "_merge_guard_joined"


def obstacle() -> str | None:
    """Why this flake8 cannot be joined; None where it can."""
    try:
        from flake8.checker import FileChecker, Manager
    except ImportError as error:
        return str(error)
    expected = {
        Manager.report: ["self"],
        FileChecker.__init__: ["self", "filename", "plugins", "options"],
        FileChecker.report: ["self", "error_code", "line_number", "column", "text"],
    }
    for function, names in expected.items():
        found = list(inspect.signature(function).parameters)
        if found != names and not hasattr(function, _JOINED):
            return f"{function.__qualname__} takes {', '.join(found)}"
    return None


def join() -> None:
    """Wrap `Manager.report`, once in a process."""
    from flake8.checker import Manager

    original = Manager.report
    if hasattr(original, _JOINED):
        return

    @functools.wraps(original)
    def report(self: Any) -> Any:
        from flake8.exceptions import ExecutionError

        try:
            _add_findings(self)
        except MergeGuardError as error:
            # flake8's own findings first: they are as true as before.
            original(self)
            raise ExecutionError(f"merge-guard: {error}")
        return original(self)

    setattr(report, _JOINED, True)
    Manager.report = report


def _add_findings(manager: Any) -> None:
    """Add what the judgement says to `manager.results`: (name, [(code, line, column, text, line)], counts) each."""
    from merge_guard.flake8_plugin.judgements import Judgements
    from merge_guard.flake8_plugin.selection import selected_codes

    options = manager.options
    if not selected_codes(options):
        return
    judgements = Judgements(options)
    for name, found, _ in manager.results:
        if "-" in options.filenames and name == options.stdin_display_name:
            checker = _checker(manager, "-")
            reported = _of_standard_input(judgements, manager, name, checker)
        else:
            reported = judgements.of_file(name)
            if not reported:
                continue
            checker = _checker(manager, name)
        if not checker.should_process:  # unreadable, which flake8 has reported as E902, or a `flake8: noqa` line
            continue
        for item in reported:
            checker.report(None, item.line, item.column, item.text)
        found.extend(checker.results)


def _checker(manager: Any, filename: str) -> FileChecker:
    from flake8.checker import FileChecker

    return FileChecker(filename=filename, plugins=manager.plugins, options=manager.options)


def _of_standard_input(judgements: Judgements, manager: Any, name: str, given: FileChecker) -> Sequence[Reported]:
    """The file's own findings where standard input is what the file holds, as it is in most editors after saving."""
    if given.processor is None:
        return ()
    if os.path.isfile(name):
        there = _checker(manager, name).processor
        if there is not None and there.lines == given.processor.lines:
            return judgements.of_file(name)
    return judgements.of_buffer(name, "".join(given.processor.lines))
