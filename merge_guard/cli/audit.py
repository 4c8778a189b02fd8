"""`merge-guard audit`: the damage that past merges did."""

from __future__ import annotations

import sys
from typing import Any

import click

from merge_guard.cli.options import request, rule_options
from merge_guard.cli.output import write_to
from merge_guard.cli.progress import Progress


@click.command()
@click.argument("revisions", default="HEAD", metavar="[RANGE]")
@rule_options
@click.option("--output-format", type=click.Choice(["full", "json", "markdown"]), default="full", show_default=True)
@click.option("--output-file", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--jobs", "-j", type=click.IntRange(min=0), default=0, metavar="N", help="Worker processes.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep what was learnt of files.")
@click.option("--cache-dir", metavar="DIR", help="Where that is kept. Default: the platform's place.")
@click.option("--all", "every", is_flag=True, help="Tell of warnings and of what was repaired, too.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even with findings at error level.")
def audit(
    revisions: str, output_format: str, output_file: str | None, every: bool, exit_zero: bool, **options: Any
) -> int:
    """Say what the merges of RANGE lost, doubled, brought back or broke, and which commit repaired it.

    RANGE is main~50..main, v1.0..HEAD, or one revision for all of its history. Commits that settle a conflict which
    stood in their parent's files are merges that nobody recorded: they are judged as such.
    """
    from merge_guard.operations import auditing
    from merge_guard.reporters import audit as reporter

    with Progress(sys.stderr, shown=True) as progress:
        result = auditing.audit(request(**options), revisions, progress=progress)
    write_to(output_file, lambda stream: reporter.write(result, output_format, stream, every=every))
    return 0 if exit_zero and result.exit_status() == 1 else result.exit_status()
