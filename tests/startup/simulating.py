"""Start-ups of small trees, without files."""

from __future__ import annotations

from collections.abc import Mapping

from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.outcome import EntryKind, EntryPoint, Outcome
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import SourceTree
from merge_guard.startup.simulate import simulate


def start(files: Mapping[str, str], entry: str = "main", terms: Terms | None = None) -> Outcome:
    facts = {path: extract(source.encode(), "python") for path, source in files.items()}

    def bodies(path: str) -> dict[tuple[int, int], object]:
        return {(body.line, body.column): body for body in extract_bodies(files[path].encode(), True).functions}

    return simulate(
        EntryPoint(entry, EntryKind.IMPORT, entry),
        SourceTree(SourceFile(path) for path in files),
        terms or Terms((3, 11), (3, 11), "linux"),
        facts.get,
        bodies,  # type: ignore[arg-type]
    )
