"""Rewriting happens in processes that may die: the file at hand is named, the others are done."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec

from merge_guard.fixes.rewrite import FixJob, rewrite_file
from merge_guard.fixes.task import Rewritten, Task
from merge_guard.model.source import SourceFile
from merge_guard.sources.readers import WorkTreeReader
from merge_guard.workers.pool import run
from tests.fixes.test_imports import MOVES


def _deadly(job: FixJob, file: SourceFile) -> tuple[object, str]:
    """As a parser that runs out of stack ends its process."""
    if "deadly" in file.path:
        os.kill(os.getpid(), signal.SIGSEGV)
    return rewrite_file(job, file)


def test_a_worker_that_dies_stops_no_other_file(tmp_path: Path) -> None:
    names = [*(f"m{number}.py" for number in range(40)), "deadly.py", "gone.py"]
    for name in names[:-1]:
        (tmp_path / name).write_text("from pkg.old import Name\n")
    tasks = {name: Task(name, moves=MOVES) for name in names}
    job = FixJob(WorkTreeReader(str(tmp_path)), tasks)
    done = {
        file.path: msgspec.msgpack.decode(encoded, type=Rewritten).data if encoded is not None else reason
        for file, encoded, reason in run(job, [SourceFile(name) for name in names], 2, _deadly)
    }
    assert done.pop("deadly.py") == "crashed the parser's process"
    assert done.pop("gone.py") == "vanished"
    assert done == dict.fromkeys(names[:-2], b"from pkg.new import Name\n")
