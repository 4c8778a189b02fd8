"""Other Pythons on this machine, asked only to compile: never to import or to run anything."""

from __future__ import annotations

import glob
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

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
json.dump(answers, sys.stdout)
"""
_SECONDS = 60


@cache
def _executable(version: tuple[int, int]) -> str | None:
    """From PATH (shims that lead nowhere are passed over) or from pyenv's folder."""
    if version == sys.version_info[:2]:
        return sys.executable
    name = f"python{version[0]}.{version[1]}"
    versions = os.path.join(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv")), "versions")
    found = sorted(glob.glob(os.path.join(glob.escape(versions), f"{version[0]}.{version[1]}.*", "bin", name)))
    for candidate in [shutil.which(name), *reversed(found)]:
        if candidate is not None and _answers(candidate, version):
            return candidate
    return None


def _answers(executable: str, version: tuple[int, int]) -> bool:
    script = "import sys; print(sys.version_info[:2])"
    try:
        done = subprocess.run([executable, "-I", "-S", "-c", script], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.decode("ascii", "replace").strip() == str(version)


def compile_with(version: tuple[int, int], sources: Sequence[bytes]) -> list[SyntaxProblem | None] | None:
    """Each source's problem under that Python; None as a whole if it cannot be asked."""
    executable = _executable(version)
    if executable is None:
        return None
    given = json.dumps([source.decode("latin-1") for source in sources]).encode("ascii")
    try:
        done = subprocess.run(
            [executable, "-I", "-S", "-c", _COMPILE], input=given, capture_output=True, timeout=_SECONDS, check=False
        )
        answers = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return [
        None if answer is None else SyntaxProblem("syntax", answer[1], answer[2], max(answer[3], 1), answer[0])
        for answer in answers
    ]
