"""`merge-guard trace`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from merge_guard.cli.options import project_options, request
from merge_guard.cli.output import write_text

if TYPE_CHECKING:
    from merge_guard.model.trace import Ranking, Route, Trace


_POINTS_SHOWN = 25
_NAMES_SHOWN = 8


@click.command()
@click.argument("target", metavar="[MODULE|FILE]", required=False)
@project_options
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def trace(target: str | None, output_format: str, **options: Any) -> None:
    """Show how start-up comes to a module, for each entry point, what fails if it breaks, and the findings on the way.

    Without a module: the single points of failure of each entry point, those first that most other modules need.
    """
    from merge_guard import wiring

    if target is None:
        rankings = wiring.rank(request(**options))
        document: dict[str, Any] = {"entry_points": [_ranking(ranking) for ranking in rankings]}
        lines = _ranking_lines(rankings)
    else:
        made = wiring.trace(request(**options), target)
        document, lines = _document(made), _lines(made)
    write_text(json.dumps(document, indent=2) if output_format == "json" else "\n".join(lines))


def _ranking_lines(rankings: Sequence[Ranking]) -> Iterator[str]:
    from merge_guard.reporters.sanitise import visible
    from merge_guard.reporters.wording import count

    for number, ranking in enumerate(rankings):
        if number:
            yield ""
        points = ranking.points
        stop = "stops" if len(points) == 1 else "stop"
        yield f"{visible(ranking.entry)}: {count(len(points), 'module')} of {ranking.modules:,} {stop} it by failing"
        if points:
            yield f"  {'stops':>7}  {'carries':>7}  module"
        for point in points[:_POINTS_SHOWN]:
            yield f"  {point.stops:>7,}  {point.carries:>7,}  {visible(point.module)}"
        if len(points) > _POINTS_SHOWN:
            yield f"  and {len(points) - _POINTS_SHOWN:,} more (--output-format json lists them)"
    if not rankings:
        yield "no entry points"
    else:
        yield "\nstops: modules that cannot be imported if it fails, itself included"
        yield "carries: modules that only it leads to"


def _ranking(ranking: Ranking) -> dict[str, Any]:
    return {
        "name": ranking.entry,
        "modules": ranking.modules,
        "points": [
            {"module": point.module, "path": point.path, "stops": point.stops, "carries": point.carries}
            for point in ranking.points
        ],
    }


def _impact_lines(route: Route) -> Iterator[str]:
    from merge_guard.reporters.gate_wording import listed
    from merge_guard.reporters.sanitise import visible
    from merge_guard.reporters.wording import count

    impact = route.impact
    if impact is None:
        return
    ending = "does not start" if impact.stops_entry else "starts all the same"
    yield f"  if it fails, {visible(route.entry)} {ending}"
    if impact.stopped:
        words = "other module cannot" if len(impact.stopped) == 1 else "other modules cannot"
        yield f"  and {len(impact.stopped):,} {words} be imported: {listed(impact.stopped, _NAMES_SHOWN)}"
    if impact.carried:
        yield f"  only it leads to {count(len(impact.carried), 'module')}: {listed(impact.carried, _NAMES_SHOWN)}"


def _lines(trace: Trace) -> Iterator[str]:
    from merge_guard.reporters.sanitise import place, visible, visible_path

    yield f"{visible(trace.module)} ({visible_path(trace.path)})"
    for route in trace.routes:
        how = "not reached" if not route.reached else "reached on some paths" if route.possible else "reached"
        yield f"\n{visible(route.entry)}: {how}"
        for hop in route.chain:
            yield f"  {place(hop.path, hop.line, 1)}: {visible(hop.statement or hop.kind.value)}"
        yield from _impact_lines(route)
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
                "if_it_fails": None
                if route.impact is None
                else {
                    "stops": route.impact.stops_entry,
                    "modules": list(route.impact.stopped),
                    "carries": list(route.impact.carried),
                },
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
