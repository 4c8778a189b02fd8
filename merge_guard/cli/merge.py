"""`merge-guard merge`: a merge before it happens, or before it is committed."""

from __future__ import annotations

from typing import Any

import click

from merge_guard.cli.judgement import Output, matrix_and_write, predict_and_write, resolve_and_write
from merge_guard.cli.options import output_options, project_options, request, rule_options
from merge_guard.errors import UsageError


@click.command()
@click.argument("theirs", nargs=-1)
@click.option(
    "--into", "ours", default="HEAD", show_default=True, metavar="OURS", help="The branch that is merged into."
)
@click.option(
    "--merge-in-progress",
    "in_progress",
    is_flag=True,
    help="Judge the index instead, as the resolution of the merge that is going on; nothing where none is.",
)
@click.option("--matrix", is_flag=True, help="Judge every pair of the branches named (table, or JSON).")
@project_options
@rule_options
@output_options
def merge(theirs: tuple[str, ...], ours: str, in_progress: bool, matrix: bool, **options: Any) -> int:
    """Say what merging THEIRS would break that neither branch has alone; nothing is merged.

    Conflicts that git cannot resolve, code that no longer compiles, names and modules that one side removed and the
    other uses, doubled definitions, and entry points that would not start.
    """
    output = Output(**{name: options.pop(name) for name in Output.__dataclass_fields__})
    if in_progress:
        if theirs or matrix:
            raise UsageError("--merge-in-progress judges the merge that is going on: name no branch")
        return resolve_and_write(request(**options), output)
    if matrix:
        if len(theirs) < 2:
            raise UsageError("--matrix compares branches with each other: name two or more")
        return matrix_and_write(request(**options), theirs, output)
    if len(theirs) != 1:
        raise UsageError("name one branch that is to be merged, or several with --matrix, or --merge-in-progress")
    return predict_and_write(request(**options), theirs[0], ours, output)
