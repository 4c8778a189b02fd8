"""`merge-guard ssot`."""

from __future__ import annotations

import sys
from typing import Any

import click

from merge_guard.cli.options import project_options, request
from merge_guard.cli.output import write_text

_MOST_COMMITS = 500


@click.command()
@project_options
@click.option(
    "--since",
    type=click.IntRange(1, _MOST_COMMITS),
    metavar="N",
    help=f"Also show how the groups developed over the last N commits (first parents, up to {_MOST_COMMITS}).",
)
@click.option("--output-format", type=click.Choice(["full", "json", "markdown"]), default="full", show_default=True)
@click.option("--verbose", "-v", is_flag=True, help="List classes in tests and every path too.")
def ssot(since: int | None, output_format: str, verbose: bool, **options: Any) -> None:
    """Show every group of classes: canonical, definitions and their roles, the paths that lead to each."""
    from dataclasses import replace

    from merge_guard.cli.progress import Progress
    from merge_guard.operations import inventory
    from merge_guard.reporters.inventory import lines

    asked = request(**options)
    view = inventory.take(asked)
    if since:
        with Progress(sys.stderr, shown=True) as progress:
            steps = inventory.steps(asked, since, lambda done, total: progress("reading history", done, total))
        view = replace(view, steps=steps)
    write_text("\n".join(lines(view, output_format, verbose=verbose)))
