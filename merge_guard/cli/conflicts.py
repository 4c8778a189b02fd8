"""`merge-guard conflicts`: the text rules alone, for hooks that pass file names."""

from __future__ import annotations

from typing import Any

import click

from merge_guard.cli.judgement import Output, judge_and_write
from merge_guard.cli.options import config_options, output_options, request


@click.command()
@click.argument("files", nargs=-1, type=click.Path())
@config_options
@output_options
def conflicts(files: tuple[str, ...], **options: Any) -> int:
    """Look for what a merge left behind in FILES of any type, without analysing the project."""
    if not files:
        return 0
    output = Output(**{name: options.pop(name) for name in Output.__dataclass_fields__})
    return judge_and_write(request(paths=files, text_only=True, **options), output)
