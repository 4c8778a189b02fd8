"""The options that several commands share, and what they say as a `Request`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from merge_guard.cache.directory import default_cache_directory
from merge_guard.errors import UsageError
from merge_guard.model.request import Mode, Request
from merge_guard.reporters import FORMATS

_F = TypeVar("_F", bound=Callable[..., Any])


def _applied(command: _F, decorators: Sequence[Callable[[_F], _F]]) -> _F:
    """In the help the options stand in the order of the list."""
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


def project_options(command: _F) -> _F:
    """What is judged, and for which deploy."""
    return _applied(
        command,
        [
            click.option("--rev", metavar="REV", help="Judge the tree of a commit."),
            click.option("--staged", is_flag=True, help="Judge the index: what a commit would hold."),
            click.option(
                "--entry",
                multiple=True,
                metavar="X",
                help="What starts: pkg.mod, pkg.mod:attr, path/script.py or -m:pkg. Repeatable; default: discovered.",
            ),
            *_configuration(),
            click.option("--target-python", metavar="VERSION", help='Such as "3.11" or ">=3.10,<3.14".'),
            click.option(
                "--jobs",
                "-j",
                type=click.IntRange(min=0),
                default=0,
                metavar="N",
                help="Worker processes; 0, the default: one a processor.",
            ),
            click.option("--no-cache", is_flag=True, help="Neither use nor keep what was learnt of unchanged files."),
            click.option("--cache-dir", metavar="DIR", help="Where that is kept. Default: the platform's place."),
        ],
    )


def config_options(command: _F) -> _F:
    return _applied(command, _configuration())


def _configuration() -> list[Callable[[Any], Any]]:
    return [
        click.option(
            "--config",
            multiple=True,
            metavar="FILE|KEY=VALUE",
            help="A configuration file, or one value of it. Repeatable; later ones win.",
        ),
        click.option("--isolated", is_flag=True, help="Read no configuration file."),
    ]


def rule_options(command: _F) -> _F:
    """Which rules, with codes or the beginnings of codes between commas."""
    return _applied(
        command,
        [
            click.option("--select", multiple=True, metavar="CODES", help="Judge these codes only."),
            click.option("--ignore", multiple=True, metavar="CODES", help="Do not judge these codes."),
            click.option("--extend-select", multiple=True, metavar="CODES", help="Judge these codes too."),
            click.option(
                "--per-file-ignores",
                multiple=True,
                metavar="PATTERN:CODES",
                help="Do not report these codes in the files. Repeatable.",
            ),
        ],
    )


def output_options(command: _F) -> _F:
    return _applied(
        command,
        [
            click.option("--output-format", type=click.Choice(FORMATS), default="full", show_default=True),
            click.option("--output-file", metavar="FILE", help="Write there instead of to standard output."),
            click.option("--statistics", is_flag=True, help="Count the findings of each code."),
            click.option("--exit-zero", is_flag=True, help="Exit with 0 even with findings at error level."),
            click.option("--strict", is_flag=True, help="Exit with 2 when any file is unjudged, needed or not."),
            click.option("--quiet", "-q", is_flag=True, help="Errors and the summary only."),
            click.option("--verbose", "-v", is_flag=True, help="Show what is summarised otherwise."),
            click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
        ],
    )


def codes(values: Sequence[str]) -> tuple[str, ...]:
    """`("MG1,MG2", "MG301")` as single codes."""
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


def request(
    *,
    rev: str | None = None,
    staged: bool = False,
    paths: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    no_cache: bool = True,
    cache_dir: str | None = None,
    **others: Any,
) -> Request:
    """The options of `project_options` and `rule_options` as a request; `others` are fields of it under their names."""
    if rev is not None and staged:
        raise UsageError("--rev and --staged exclude each other")
    if rev == "":
        raise UsageError("--rev needs a revision")
    mode = Mode.REVISION if rev else Mode.STAGED if staged else Mode.WORK_TREE
    if select and not codes(select):
        raise UsageError("--select names no code")
    return Request(
        mode=mode,
        revision=rev or "",
        paths=tuple(paths),
        select=codes(select) or None,
        ignore=codes(ignore),
        extend_select=codes(extend_select),
        cache_dir=None if no_cache else cache_dir or default_cache_directory(),
        **others,
    )
