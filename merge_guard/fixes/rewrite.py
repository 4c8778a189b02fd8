"""One file's task, done: what a worker process answers."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from merge_guard.fixes import comments, conflicts, copies, doubles
from merge_guard.fixes.edits import Edit, RefusedError, Source, splice
from merge_guard.fixes.moves import Moves
from merge_guard.fixes.task import Note, Rewritten, Task
from merge_guard.model.depth import deep_frames
from merge_guard.model.ports import Unanswered
from merge_guard.model.source import Reader, SourceFile, UnreadableError

LARGEST = 4_000_000
"""Bytes of a file that is rewritten; libcst takes more than a second for each million."""
_PYTHON = (".py", ".pyw")


@dataclass(frozen=True, slots=True)
class FixJob:
    """What the workers need to know: where files are read, and what is to be done to each."""

    reader: Reader
    tasks: dict[str, Task]


def rewrite_file(job: FixJob, file: SourceFile) -> tuple[Rewritten | Unanswered, str]:
    """As the pool of workers asks for it; the second value is the name of a cache entry, which there is none of."""
    try:
        data = job.reader.read(file)
    except UnreadableError as error:
        return Unanswered(str(error)), ""
    if len(data) > LARGEST:
        return Unanswered(f"larger than {LARGEST // 1_000_000} MB: not rewritten"), ""
    with deep_frames():
        return rewrite(data, job.tasks[file.path]), ""


def rewrite(data: bytes, task: Task) -> Rewritten:
    """The first kind of work that the task has: its lines are those of `data`, and would not be those of a result."""
    if task.problem:
        return _refused(f"not analysed: {task.problem}")
    try:
        if task.conflicts:
            kind = "python" if task.path.endswith(_PYTHON) else "text"
            made, notes = conflicts.resolve_conflicts(data, kind, task.marker_size)
            return Rewritten(made, tuple(notes))
        source = Source.of(data)
        edits, notes = _edits(source.content, task)
        content = splice(source.content, edits)
        if content == source.content:
            return Rewritten(None, tuple(notes))
        ast.parse(content.decode("utf-8"))  # of a text no encoding cookie is believed
        return Rewritten(source.restored(content), tuple(notes))
    except RefusedError as error:
        return _refused(str(error))
    except (SyntaxError, ValueError) as error:
        return _refused(f"it does not parse, before or after: {error}")


def _edits(content: bytes, task: Task) -> tuple[Sequence[Edit], list[Note]]:
    if task.doubled:
        return doubles.without_doubles(content, task.doubled, task.unsafe)
    if task.copied:
        return copies.without_copies(content, task.copied)
    if task.unused:
        return comments.without_suppressions(content, task.unused)
    moves = Moves(task.moves, task.packages, task.modules)
    if not task.moves or not moves.are_imported_by(ast.parse(content.decode("utf-8"))):
        return [], []
    from merge_guard.fixes.imports import rewrite_imports

    return rewrite_imports(content, moves, frozenset(task.kept))


def _refused(why: str) -> Rewritten:
    return Rewritten(None, (Note(1, why, refused=True),))
