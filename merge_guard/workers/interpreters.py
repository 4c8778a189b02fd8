"""Other Pythons on this machine, asked only to compile: never to import or to run anything."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from merge_guard.model.facts import SyntaxProblem
from merge_guard.workers.pythons import candidates

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
    for executable in candidates(version):
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
