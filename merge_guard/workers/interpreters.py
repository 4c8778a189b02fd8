"""Other Pythons on this machine, asked only to compile: never to import or to run anything."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from merge_guard.model.facts import SyntaxProblem

# Isolated, without site packages; what is compiled comes in as JSON strings of latin-1, so that any bytes pass.
_COMPILE = """
import json, sys, warnings
warnings.simplefilter("ignore")
answers = []
for text in json.load(sys.stdin):
    try:
        compile(text.encode("latin-1"), "<source>", "exec", dont_inherit=True)
        answers.append(None)
    except SyntaxError as error:
        answers.append([type(error).__name__, error.msg or "", error.lineno or 1, error.offset or 1])
    except Exception as error:
        answers.append([type(error).__name__, str(error), 1, 1])
json.dump([sys.version_info[:2], answers], sys.stdout)
"""
_SECONDS = 60


def _candidates(version: tuple[int, int]) -> list[str]:
    """Programs that may be this Python: on PATH, where it may be a shim that leads nowhere, and in pyenv's folder."""
    if version == sys.version_info[:2]:
        return [sys.executable]
    name = f"python{version[0]}.{version[1]}"
    versions = os.path.join(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")), "versions")
    found = sorted(glob.glob(os.path.join(glob.escape(versions), f"{version[0]}.{version[1]}.*", "bin", name)))
    return [path for path in (shutil.which(name), *reversed(found)) if path is not None]


def who(version: tuple[int, int]) -> str:
    """Changes where another program would be asked; "" where there is none."""
    state = []
    for path in _candidates(version):
        with contextlib.suppress(OSError):
            status = os.stat(path)
            state.append(f"{path} {status.st_ino} {status.st_size} {status.st_mtime_ns}")
    return " ".join(state)


def compile_with(
    questions: Sequence[tuple[tuple[int, int], Sequence[bytes]]],
) -> list[list[SyntaxProblem | None] | None]:
    """For each (version, sources), each source's problem under that Python; None as a whole if it cannot be asked."""
    if len(questions) < 2:
        return [_compiled(*question) for question in questions]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(questions)) as pool:  # each waits for a process of its own
        return list(pool.map(lambda question: _compiled(*question), questions))


def _compiled(version: tuple[int, int], sources: Sequence[bytes]) -> list[SyntaxProblem | None] | None:
    given = json.dumps([source.decode("latin-1") for source in sources]).encode("ascii")
    for executable in _candidates(version):
        answers = _asked(executable, version, given)
        if answers is not None:
            return answers
    return None


def _asked(executable: str, version: tuple[int, int], given: bytes) -> list[SyntaxProblem | None] | None:
    """What a program answers; None if it is no such Python."""
    try:
        done = subprocess.run(
            [executable, "-I", "-S", "-c", _COMPILE], input=given, capture_output=True, timeout=_SECONDS, check=False
        )
        who, answers = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError, TypeError):
        return None
    if who != list(version):
        return None
    return [
        None if answer is None else SyntaxProblem("syntax", answer[1], answer[2], max(answer[3], 1), answer[0])
        for answer in answers
    ]
