"""`merge-guard config show` and `merge-guard config schema`."""

from __future__ import annotations

import json
from typing import Any

import click

from merge_guard.cli.options import config_options, request
from merge_guard.cli.output import write_text


@click.group(no_args_is_help=False)
def config() -> None:
    """The effective configuration, and its schema."""


@config.command()
@config_options
def show(**options: Any) -> None:
    """Print the effective configuration as merge-guard.toml would hold it."""
    from merge_guard import wiring
    from merge_guard.config.document import document

    text = document(wiring.effective_config(request(**options)))
    write_text(text)


@config.command()
def schema() -> None:
    """Print the JSON schema of the configuration."""
    from merge_guard.config import schema as declared

    text = json.dumps(declared(), indent=2)
    write_text(text)
