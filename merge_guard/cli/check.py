"""`merge-guard check`."""

from __future__ import annotations

from typing import Any

import click

from merge_guard.cli.judgement import Output, judge_and_write
from merge_guard.cli.options import output_options, project_options, request, rule_options


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@project_options
@rule_options
@output_options
@click.pass_obj
def check(arguments: tuple[str, ...], /, paths: tuple[str, ...], **options: Any) -> int:
    """Judge the project: will every entry point start?

    PATHS narrow what is listed, never what is analysed: the verdict is about the whole project. Exit status: 0 nothing
    at error level, 1 findings at error level, 2 usage, or something that matters could not be judged.
    """
    output = Output(**{name: options.pop(name) for name in Output.__dataclass_fields__})
    return judge_and_write(request(paths=paths, **options), output, arguments or ())
