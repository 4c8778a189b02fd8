"""Judge a request, write the report, give the exit status: what the commands that judge have in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING

from merge_guard.cli.output import append_summary, wants_color, write_to
from merge_guard.cli.progress import Progress
from merge_guard.errors import UsageError
from merge_guard.model.request import Request

if TYPE_CHECKING:
    from merge_guard.model.report import Report
    from merge_guard.reporters import ReportOptions
    from merge_guard.wiring.remembering import Witnessed


@dataclass(frozen=True, slots=True)
class Output:
    """The options of `output_options`."""

    output_format: str = "full"
    output_file: str | None = None
    statistics: bool = False
    exit_zero: bool = False
    strict: bool = False
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise UsageError("--quiet and --verbose exclude each other")


def judge_and_write(request: Request, output: Output, arguments: Sequence[str] = ()) -> int:
    """`arguments` are the command line, where what is written may be kept for when it is given again."""
    from merge_guard import wiring

    seen: list[Witnessed] = []
    with Progress(sys.stderr, shown=not output.quiet) as progress:
        report = wiring.judge(request, progress=progress, witness=seen.append)
    if not (arguments and seen) or output.output_file is not None:
        return write_report(report, output)
    return _write_and_keep(report, output, arguments, seen[-1])


def _write_and_keep(report: Report, output: Output, arguments: Sequence[str], seen: Witnessed) -> int:
    from merge_guard import reporters
    from merge_guard.cache import answers
    from merge_guard.cli import again

    # No text of the tree can hold a number that nobody knows beforehand.
    mark = int.from_bytes(os.urandom(6), "big") | 1 << 47
    timeless = replace(report, summary=replace(report.summary, seconds=answers.marked(mark)))
    page = _Page(sys.stdout.encoding)
    reporters.write(timeless, output.output_format, page, options=_options(output))
    status = _status(report, report.exit_status(strict=output.strict), output)
    answer = answers.Answer(
        os.fsencode(report.root), seen.tree, seen.sighting, status, mark, page.getvalue(), seen.question, seen.state
    )
    write_to(None, lambda stream: stream.write(answer.told(report.summary.seconds)))
    append_summary(os.environ, lambda stream: reporters.write(report, "markdown", stream, options=_options(output)))
    again.keep(arguments, answer)
    return status


class _Page(StringIO):
    """Text in memory that is made for a stream of some encoding."""

    def __init__(self, encoding: str | None) -> None:
        super().__init__(newline="")
        self._encoding = encoding or "utf-8"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # as every text stream in memory has it
        return self._encoding


def predict_and_write(request: Request, theirs: str, ours: str, output: Output) -> int:
    from merge_guard.operations import merging

    with Progress(sys.stderr, shown=not output.quiet) as progress:
        report = merging.predict(request, theirs, ours, progress=progress)
    return write_report(report, output)


def resolve_and_write(request: Request, output: Output) -> int:
    """Nothing is written outside of a merge: the hook runs on every commit."""
    from merge_guard.operations import in_progress

    with Progress(sys.stderr, shown=not output.quiet) as progress:
        report = in_progress.resolution(request, progress=progress)
    return write_report(report, output) if report is not None else 0


def matrix_and_write(request: Request, branches: Sequence[str], output: Output) -> int:
    from merge_guard.operations import matrices
    from merge_guard.reporters import matrix as reporter

    if output.output_format not in ("full", "json"):
        raise UsageError("--matrix is written as full (a table) or json")
    with Progress(sys.stderr, shown=not output.quiet) as progress:
        made = matrices.matrix(request, branches, progress=progress)
    write_to(output.output_file, lambda stream: reporter.write(made, output.output_format, stream))
    status = made.exit_status(strict=output.strict)
    return 0 if output.exit_zero and status == 1 else status


def write_report(report: Report, output: Output) -> int:
    from merge_guard import reporters

    options = _options(output)
    write_to(
        output.output_file,
        lambda stream: reporters.write(report, output.output_format, stream, options=options),
    )
    append_summary(os.environ, lambda stream: reporters.write(report, "markdown", stream, options=options))
    return _status(report, report.exit_status(strict=output.strict), output)


def gate_and_write(request: Request, output: Output) -> int:
    from merge_guard import reporters, wiring

    with Progress(sys.stderr, shown=not output.quiet) as progress:
        gate = wiring.gate(request, progress=progress)
    options = _options(output)
    write_to(
        output.output_file,
        lambda stream: reporters.write_gate(gate, output.output_format, stream, options=options),
    )
    append_summary(os.environ, lambda stream: reporters.write_gate(gate, "markdown", stream, options=options))
    return _status(gate.report, gate.exit_status(strict=output.strict), output)


def _options(output: Output) -> ReportOptions:
    from shutil import get_terminal_size

    from merge_guard import reporters, wiring

    to_file = output.output_file is not None
    return reporters.ReportOptions(
        color=output.color == "always" or (not to_file and wants_color(output.color, sys.stdout, os.environ)),
        width=get_terminal_size().columns,
        verbose=output.verbose,
        quiet=output.quiet,
        statistics=output.statistics,
        strict=output.strict,
        rules=wiring.rules,
    )


def _status(report: Report, status: int, output: Output) -> int:
    if not output.exit_zero or status == 2:
        return status
    # `--exit-zero` forgives findings; what was not judged is still not clean.
    return 2 if any(item.matters or output.strict for item in report.unjudged) else 0
