"""The project's judgement as flake8 wants it: the findings of one linted file."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from merge_guard.cache.directory import default_cache_directory
from merge_guard.flake8_plugin.selection import selected_codes
from merge_guard.model.request import Request
from merge_guard.rules.table import TABLE

if TYPE_CHECKING:
    from merge_guard.model.report import Report

_BUFFER_RULES = ("MG101", "MG102", "MG103", "MG106", "MG201", "MG202", "MG203", "MG204")
"""The rules that need nothing but the bytes of the file."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One line of flake8's output: lines count from 1, columns from 0; the text begins with the code."""

    line: int
    column: int
    text: str


class Judgements:
    """Judges each project that linted files belong to, once, when its first file is asked for."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._selected = selected_codes(options)
        self._by_start: dict[str, Mapping[str, Sequence[Reported]]] = {}
        self._project_of = lru_cache(maxsize=None)(_project_of)

    def of_file(self, filename: str) -> Sequence[Reported]:
        """The findings whose place is in the file; raises `MergeGuardError`."""
        path = os.path.realpath(filename)
        start = self._project_of(os.path.dirname(path))
        if start not in self._by_start:
            self._by_start[start] = self._by_path(self._judged(self._request(start)))
        return self._by_start[start].get(path, ())

    def of_buffer(self, filename: str, content: str) -> Sequence[Reported]:
        """The findings of a text that is not the file's: standard input. The rules that need one file alone."""
        selected = tuple(code for code in self._selected if code in _BUFFER_RULES)
        if not selected:
            return ()
        with tempfile.TemporaryDirectory(prefix="merge-guard-") as folder:
            root = os.path.realpath(folder)
            path = os.path.join(root, os.path.basename(filename) or "stdin.py")
            if not path.endswith((".py", ".pyw")):
                path += ".py"
            with open(path, "w", encoding="utf-8", newline="", errors="surrogateescape") as stream:
                stream.write(content)
            request = replace(self._request(root), select=selected, entry=(), paths=(path,), cache_dir=None)
            return self._by_path(self._judged(request)).get(path, ())

    def _request(self, start: str) -> Request:
        options = self._options
        known = {code for code, row in TABLE.items() if row[2] != "off"}
        jobs = getattr(options, "jobs", None)
        return Request(
            start=start,
            entry=tuple(options.merge_guard_entry or ()),
            config=tuple(options.merge_guard_config or ()),
            # Rules that flake8 would drop are not run; where it drops none the project's own selection stands.
            select=self._selected if known - set(self._selected) else None,
            extend_select=tuple(code for code in self._selected if code not in known),
            target_python=options.merge_guard_target_python,
            jobs=0 if jobs is None or jobs.is_auto else jobs.n_jobs,
            cache_dir=None if options.merge_guard_no_cache else default_cache_directory(),
        )

    def _judged(self, request: Request) -> Report:
        from merge_guard import wiring

        report = wiring.judge(request)
        for item in report.unjudged:
            if item.matters:
                from merge_guard.reporters.sanitise import visible, visible_path

                print(f"merge-guard: not judged: {visible_path(item.path)}: {visible(item.reason)}", file=sys.stderr)
        return report

    def _by_path(self, report: Report) -> Mapping[str, Sequence[Reported]]:
        from merge_guard.model.finding import Severity
        from merge_guard.reporters.sanitise import visible

        found: dict[str, list[Reported]] = {}
        for finding in report.findings:
            if finding.severity is Severity.WARNING and not self._options.merge_guard_warnings:
                continue
            if finding.code not in self._selected:
                continue
            place = finding.place
            path = os.path.realpath(os.path.join(report.root, place.path))
            text = f"{finding.code} {visible(finding.message)}"
            found.setdefault(path, []).append(Reported(place.line, place.column - 1, text))
        return found


def _project_of(folder: str) -> str:
    """Where to look for the root from: the repository that holds the folder, else the working directory or below."""
    inner = folder
    while not os.path.exists(os.path.join(inner, ".git")):
        outer = os.path.dirname(inner)
        if outer == inner:
            here = os.path.realpath(os.curdir)
            return here if f"{folder}{os.sep}".startswith(f"{here}{os.sep}") else folder
        inner = outer
    return inner
