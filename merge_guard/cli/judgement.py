"""Judge a request, write the report, give the exit status: what `check`, `conflicts` and `hook` have in common."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from merge_guard.cli.output import append_summary, wants_color, write_to
from merge_guard.cli.progress import Progress
from merge_guard.errors import UsageError
from merge_guard.model.request import Request


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


def judge_and_write(request: Request, output: Output) -> int:
    from shutil import get_terminal_size

    from merge_guard import reporters, wiring

    with Progress(sys.stderr, shown=not output.quiet) as progress:
        report = wiring.judge(request, progress=progress)
    to_file = output.output_file is not None
    options = reporters.ReportOptions(
        color=output.color == "always" or (not to_file and wants_color(output.color, sys.stdout, os.environ)),
        width=get_terminal_size().columns,
        verbose=output.verbose,
        quiet=output.quiet,
        statistics=output.statistics,
        strict=output.strict,
        rules=wiring.rules,
    )
    write_to(
        output.output_file,
        lambda stream: reporters.write(report, output.output_format, stream, options=options),
    )
    append_summary(os.environ, lambda stream: reporters.write(report, "markdown", stream, options=options))
    status = report.exit_status(strict=output.strict)
    if not output.exit_zero:
        return status
    # `--exit-zero` forgives findings; what was not judged is still not clean.
    return 2 if any(item.matters or output.strict for item in report.unjudged) else 0
