"""`merge-guard gate`: the verdict of a deploy."""

from __future__ import annotations

import os
from typing import Any

import click

from merge_guard.cli.judgement import Output, gate_and_write
from merge_guard.cli.options import output_options, project_options, request, rule_options


@click.command()
@click.option("--service", default="", metavar="S", help="Judge the entry points of this service only.")
@click.option(
    "--changed-since",
    default="",
    metavar="REV",
    help="Say of each file that changed since the common ancestor with REV whether it is ready, and what blocks it.",
)
@click.option(
    "--policy-from",
    default="",
    metavar="REV",
    help="Take configuration and suppressions from REV, and list what the judged tree alters in them.",
)
@click.option(
    "--hook",
    is_flag=True,
    help="Judge what pre-commit names in PRE_COMMIT_TO_REF and, as the change, what is new since PRE_COMMIT_FROM_REF; "
    "else the index.",
)
@project_options
@rule_options
@output_options
def gate(hook: bool, **options: Any) -> int:
    """Say for each service whether it can be deployed: READY, BLOCKED or UNJUDGED.

    Root causes come first, with the way that leads to them and all that they stop. Exit status: 0 ready, 1 findings at
    error level, 2 usage, or something that matters could not be judged.
    """
    output = Output(**{name: options.pop(name) for name in Output.__dataclass_fields__})
    if hook and options["rev"] is None and not options["staged"]:
        options["rev"] = os.environ.get("PRE_COMMIT_TO_REF") or None
        options["staged"] = options["rev"] is None
        if options["rev"] and not options["changed_since"]:
            options["changed_since"] = os.environ.get("PRE_COMMIT_FROM_REF", "")
    return gate_and_write(request(**options), output)
