"""A command that was given before, about a tree that stands as it did: what it wrote is written again.

The question is the command line with all else that the output depends on, but for the tree. Imports little: this is
tried before the command line is even parsed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from hashlib import sha256

from merge_guard.cache import answers
from merge_guard.cache.directory import default_cache_directory
from merge_guard.cache.makers import of_reports
from merge_guard.cache.store import FILE, Store
from merge_guard.workers.pythons import newer

COMMANDS = (("check",), ("hook",))
_VARIABLES = (
    "COLUMNS", "FORCE_COLOR", "HOME", "LANG", "LANGUAGE", "LINES", "NO_COLOR", "PATH", "TERM", "TMPDIR",
)  # fmt: skip
_FAMILIES = ("GIT_", "GITHUB_", "LC_", "MERGE_GUARD_", "_MERGE_GUARD", "PRE_COMMIT_", "PYENV_", "PYTHON", "XDG_")
"""What the program, git and Python read of the environment; a session's own variables would make every run another."""
_OF_A_COMMIT = (
    "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_EDITOR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_REFLOG_ACTION",
)  # fmt: skip
"""What git tells a hook of one commit: nothing of it is read but which index to judge, and of that what it holds."""

_MOST = 100
"""Changed files above which what is kept is brought to the state of now."""


def written_before(arguments: Sequence[str]) -> tuple[str, int] | None:
    """What the command would write to standard output, and its exit status; None where it has to run."""
    started = time.perf_counter()
    directory = _directory(arguments)
    if directory is None or not os.path.isfile(os.path.join(directory, FILE)):
        return None
    store = Store(directory)
    try:
        answer = _answer(store, question(arguments))
        return (answer.told(time.perf_counter() - started), answer.status) if answer is not None else None
    finally:
        store.close()


def _answer(store: Store, key: str) -> answers.Answer | None:
    begun = time.time_ns()
    answer = answers.find(store, key)
    if answer is None:
        return None
    from merge_guard.model.sighting import IndexSighting, place_of, unpacked

    if isinstance(answer.sighting, IndexSighting):
        from merge_guard.wiring import staged

        return answer if staged.still_said(store, answer, answer.sighting) else None
    from merge_guard.sources.standing import changed_files

    place = place_of(answer.root)
    seen, digest = unpacked(store.get([place]).get(place, b"")) or (None, b"")
    if seen is None or digest != answer.tree:
        return None
    since = answers.since_of(store, key, answer)
    seen = since.over(seen)
    changed = changed_files(answer.root, seen, answer.sighting)
    if not changed:
        return answer if changed is not None else None
    from merge_guard.wiring.edited import still_said

    found = still_said(store, answer, seen, changed, begun)
    now = since.and_then(found) if found is not None else None
    if now is None or len(now.numbers) > _MOST:
        return None
    if now != since:
        answers.keep_since(store, key, answer, now)
    return answer


def keep(arguments: Sequence[str], answer: answers.Answer) -> None:
    directory = _directory(arguments)
    if directory is not None:
        store = Store(directory)
        answers.keep(store, question(arguments), answer)
        store.close()


def question(arguments: Sequence[str]) -> str:
    out = sys.stdout
    other = _OF_A_COMMIT if arguments[0] == "hook" else ()
    environ = [
        item
        for item in sorted(os.environ.items())
        if (item[0] in _VARIABLES or item[0].startswith(_FAMILIES)) and not item[0].startswith(other)
    ]
    terminal = _columns(), out.isatty(), out.encoding, out.errors
    state = (of_reports(), newer(), _place(), tuple(arguments), environ, terminal)
    return f"answer:{sha256(repr(state).encode('utf-8', 'surrogatepass')).hexdigest()}"


def _place() -> str:
    try:
        return os.getcwd()
    except OSError:
        return ""  # the command will say so


def _columns() -> int:
    """The width of the terminal, 0 where there is none."""
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ is not None else 0
    except (OSError, ValueError):
        return 0


def _directory(arguments: Sequence[str]) -> str | None:
    """Where answers to the command are kept; None where it has none, or does more than to write one."""
    if tuple(arguments[:1]) not in COMMANDS or sys.stdout is None or os.environ.get("GITHUB_STEP_SUMMARY"):
        return None
    directory = None
    words = iter(arguments[1:])
    for word in words:
        if word == "--":
            break
        if word in ("--no-cache", "--help", "-h") or word.startswith("--output-file"):
            return None
        if word.startswith("--cache-dir"):
            directory = word.partition("=")[2] if "=" in word else next(words, "")
    return directory if directory is not None else default_cache_directory()
