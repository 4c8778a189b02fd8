"""The command group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from merge_guard import __version__
from merge_guard.cli.ending import ended
from merge_guard.cli.output import say

COMMANDS: Mapping[str, str] = {
    "check": "merge_guard.cli.check:check",
    "gate": "merge_guard.cli.gate:gate",
    "merge": "merge_guard.cli.merge:merge",
    "audit": "merge_guard.cli.audit:audit",
    "conflicts": "merge_guard.cli.conflicts:conflicts",
    "trace": "merge_guard.cli.trace:trace",
    "init": "merge_guard.cli.init:init",
    "ssot": "merge_guard.cli.ssot:ssot",
    "baseline": "merge_guard.cli.baseline:baseline",
    "fix": "merge_guard.cli.fix:fix",
    "explain": "merge_guard.cli.explain:explain",
    "rules": "merge_guard.cli.rules:rules",
    "config": "merge_guard.cli.config:config",
    "hook": "merge_guard.cli.hook:hook",
}
"""Command → where it is. A command is imported when it runs, or when the help lists it."""


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="merge-guard", message="%(prog)s %(version)s")
@click.pass_context
def application(ctx: click.Context) -> None:
    """Say before a deploy whether every entry point of a Python tree will start."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit status."""
    return ended(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int:
    try:
        status = application.main(list(arguments), prog_name="merge-guard", standalone_mode=False, obj=tuple(arguments))
    except click.ClickException as error:
        say(error.format_message(), hint=_hint(error))
        return 2
    except click.Abort:
        raise KeyboardInterrupt from None
    return status if isinstance(status, int) else 0


def _hint(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"try {error.ctx.command_path} --help"
    return ""
