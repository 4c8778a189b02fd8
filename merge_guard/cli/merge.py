"""`merge-guard merge`: a merge before it happens."""

from __future__ import annotations

from typing import Any

import click

from merge_guard.cli.judgement import Output, predict_and_write
from merge_guard.cli.options import output_options, project_options, request, rule_options


@click.command()
@click.argument("theirs")
@click.option(
    "--into", "ours", default="HEAD", show_default=True, metavar="OURS", help="The branch that is merged into."
)
@project_options
@rule_options
@output_options
def merge(theirs: str, ours: str, **options: Any) -> int:
    """Say what merging THEIRS would break that neither branch has alone; nothing is merged.

    Conflicts that git cannot resolve, code that no longer compiles, names and modules that one side removed and the
    other uses, doubled definitions, and entry points that would not start.
    """
    output = Output(**{name: options.pop(name) for name in Output.__dataclass_fields__})
    return predict_and_write(request(**options), theirs, ours, output)
