"""`merge-guard trace`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from merge_guard.cli.options import project_options, request
from merge_guard.cli.output import write_text

if TYPE_CHECKING:
    from merge_guard.model.trace import Trace


@click.command()
@click.argument("target", metavar="MODULE|FILE")
@project_options
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def trace(target: str, output_format: str, **options: Any) -> None:
    """Show how start-up comes to a module, for each entry point, and the findings on the way."""
    from merge_guard import wiring

    made = wiring.trace(request(**options), target)
    lines = [json.dumps(_document(made), indent=2)] if output_format == "json" else _lines(made)
    write_text("\n".join(lines))


def _lines(trace: Trace) -> Iterator[str]:
    from merge_guard.reporters.sanitise import place, visible, visible_path

    yield f"{visible(trace.module)} ({visible_path(trace.path)})"
    for route in trace.routes:
        how = "not reached" if not route.reached else "reached on some paths" if route.possible else "reached"
        yield f"\n{visible(route.entry)}: {how}"
        for hop in route.chain:
            yield f"  {place(hop.path, hop.line, 1)}: {visible(hop.statement or hop.kind.value)}"
    if not trace.routes:
        yield "\nno entry points"
    if trace.findings:
        yield "\nFindings:"
    for finding in trace.findings:
        where = place(finding.place.path, finding.place.line, finding.place.column)
        yield f"  {where}: {finding.code} {visible(finding.message)}"


def _document(trace: Trace) -> dict[str, Any]:
    """Paths travel as in the JSON report: bytes that are not UTF-8 as lone surrogates, escaped."""
    return {
        "module": trace.module,
        "path": trace.path,
        "entry_points": [
            {
                "name": route.entry,
                "reached": route.reached,
                "possible": route.possible,
                "chain": [
                    {
                        "path": hop.path,
                        "line": hop.line,
                        "module": hop.module,
                        "kind": hop.kind.value,
                        "statement": hop.statement,
                    }
                    for hop in route.chain
                ],
            }
            for route in trace.routes
        ],
        "findings": [finding.fingerprint for finding in trace.findings],
    }
