"""`merge-guard init`."""

from __future__ import annotations

from typing import Any

import click

from merge_guard.cli.options import project_options, request
from merge_guard.cli.output import say, write_text


@click.command()
@project_options
@click.option("--write", is_flag=True, help="Write merge-guard.toml, if nothing configures merge-guard yet.")
def init(write: bool, **options: Any) -> None:
    """Propose a first configuration: target, source roots, entry points, groups of classes that seem to be one."""
    from merge_guard.operations import first_config

    asked = request(**options)
    text, root = first_config.propose(asked)
    if write:
        say(first_config.write(text, root, asked))
    else:
        write_text(text)
