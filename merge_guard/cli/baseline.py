"""`merge-guard baseline create`, `update` and `show`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from merge_guard.cli.options import config_options, request
from merge_guard.cli.output import write_text
from merge_guard.errors import UsageError

_F = TypeVar("_F", bound=Callable[..., Any])


@click.group(no_args_is_help=False)
def baseline() -> None:
    """Findings that are accepted for now, in merge-guard-baseline.json."""


def _judging(command: _F) -> _F:
    for option in (
        click.option("--jobs", "-j", type=click.IntRange(min=0), default=0, metavar="N", help="Worker processes."),
        click.option("--target-python", metavar="VERSION", help='Such as "3.11" or ">=3.10,<3.14".'),
        config_options,
    ):
        command = option(command)
    return command


@baseline.command()
@_judging
def create(**options: Any) -> None:
    """Accept all that is found today.

    Not accepted are entry points that cannot start (MG303) and files that could not be judged (MG204).
    """
    from merge_guard.operations.baseline import create as made

    write_text(made(request(**options)).sentence())


@baseline.command()
@click.option("--allow-growth", is_flag=True, help="Accept what is found and not listed yet.")
@click.option("--reason", metavar="TEXT", help="Why it may grow; stored with each new entry.")
@_judging
def update(allow_growth: bool, reason: str | None, **options: Any) -> None:
    """Take out what is not found any more."""
    from merge_guard.operations.baseline import update as changed

    if allow_growth != bool(reason and reason.strip()):
        raise UsageError("--allow-growth needs --reason TEXT" if allow_growth else "--reason needs --allow-growth")
    write_text(changed(request(**options), (reason or "").strip() if allow_growth else None).sentence())


@baseline.command()
@click.option("--rev", metavar="REV", help="The baseline of a commit.")
@click.option("--staged", is_flag=True, help="The baseline of the index.")
def show(**options: Any) -> None:
    """List the accepted findings."""
    from merge_guard import wiring
    from merge_guard.config import baseline_file
    from merge_guard.model.baseline import FILE
    from merge_guard.reporters.sanitise import visible, visible_path

    data = wiring.read_text(request(**options), FILE)
    if data is None:
        raise UsageError("there is no baseline: `merge-guard baseline create` makes one")
    known = baseline_file.read(data)
    lines = [
        f"{entry.code} {visible_path(entry.path)}: {visible(entry.message)}"
        + (f" (accepted: {visible(entry.reason)})" if entry.reason else "")
        for entry in known.entries
    ]
    write_text("\n".join([*lines, f"{len(lines)} accepted"]))
