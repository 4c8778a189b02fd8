"""Every output format, each a documented projection of one `Report` (docs/formats.md).

A format is a module with `lines(report, options)`: the text without line ends, already harmless. It is imported when
it is asked for, so that a one-file check pays for one format only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TextIO, cast

from merge_guard.errors import UsageError

if TYPE_CHECKING:
    from merge_guard.model.report import Report
    from merge_guard.model.rule import Rule

_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "json_document",
    "json-lines": "json_lines",
    "sarif": "sarif",
    "github": "github",
    "markdown": "markdown",
}

FORMATS: tuple[str, ...] = tuple(_MODULES)


def _no_rules() -> Sequence[Rule]:
    return ()


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the surface wants; a format takes what it can use.

    `color` and `width` (in columns) are for `full`. `quiet` leaves errors and the summary, `verbose` shows what would
    be summarised, `statistics` adds a count for each code. `strict` says that the caller exits with 2 for any unjudged
    file, so that the summary agrees with it. `rules` gives the declarations that SARIF describes, and is called only
    there.
    """

    color: bool = False
    width: int = 80
    verbose: bool = False
    quiet: bool = False
    statistics: bool = False
    strict: bool = False
    rules: Callable[[], Sequence[Rule]] = _no_rules


class _Format(Protocol):
    def lines(self, report: Report, options: ReportOptions) -> Iterator[str]: ...


def write(report: Report, fmt: str, stream: TextIO, *, options: ReportOptions) -> None:
    """Write the report to a text stream of any encoding; raises `UsageError` for a format that does not exist."""
    if fmt not in _MODULES:
        raise UsageError(f"no output format {fmt!r}: choose from {', '.join(FORMATS)}")
    from merge_guard.reporters.sanitise import encodable

    module = cast(_Format, import_module(f"merge_guard.reporters.{_MODULES[fmt]}"))
    encoding = getattr(stream, "encoding", None) or "utf-8"
    for line in module.lines(report, options):
        stream.write(encodable(line, encoding) + "\n")
