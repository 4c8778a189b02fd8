"""`merge-guard hook`: what the pre-commit hook runs."""

from __future__ import annotations

import os
from typing import Any

import click

from merge_guard.cli.judgement import Output, judge_and_write
from merge_guard.cli.options import output_options, project_options, request, rule_options


@click.command()
@project_options
@rule_options
@output_options
@click.pass_obj
def hook(arguments: tuple[str, ...], /, **options: Any) -> int:
    """Judge what pre-commit is about to let through.

    That is the index; on pre-push, and with `pre-commit run --to-ref`, it is the revision that pre-commit names in
    PRE_COMMIT_TO_REF. `--rev` and `--staged` override both.
    """
    output = Output(**{name: options.pop(name) for name in Output.__dataclass_fields__})
    if options["rev"] is None and not options["staged"]:
        options["rev"] = os.environ.get("PRE_COMMIT_TO_REF") or None
        options["staged"] = options["rev"] is None
    return judge_and_write(request(**options), output, arguments or ())
