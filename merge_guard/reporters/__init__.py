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
    from merge_guard.model.gate import GateReport
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


_GATE_MODULES = {"full": "gate_full", "markdown": "gate_markdown", "json": "gate_json"}


class _Format(Protocol):
    def lines(self, report: Report, options: ReportOptions) -> Iterator[str]: ...


class _GateFormat(Protocol):
    def lines(self, gate: GateReport, options: ReportOptions) -> Iterator[str]: ...


def write(report: Report, fmt: str, stream: TextIO, *, options: ReportOptions) -> None:
    """Write the report to a text stream of any encoding; raises `UsageError` for a format that does not exist."""
    if fmt not in _MODULES:
        raise UsageError(f"no output format {fmt!r}: choose from {', '.join(FORMATS)}")
    module = cast(_Format, import_module(f"merge_guard.reporters.{_MODULES[fmt]}"))
    _put(module.lines(report, options), stream)


def write_gate(gate: GateReport, fmt: str, stream: TextIO, *, options: ReportOptions) -> None:
    """The same of a deploy's verdict; formats that have no place for services show the report alone."""
    if fmt not in _GATE_MODULES:
        write(gate.report, fmt, stream, options=options)
        return
    module = cast(_GateFormat, import_module(f"merge_guard.reporters.{_GATE_MODULES[fmt]}"))
    _put(module.lines(gate, options), stream)


def _put(lines: Iterator[str], stream: TextIO) -> None:
    from merge_guard.reporters.sanitise import encodable

    encoding = getattr(stream, "encoding", None) or "utf-8"
    for line in lines:
        stream.write(encodable(line, encoding) + "\n")
