"""`merge-guard rules`."""

from __future__ import annotations

import json

import click

from merge_guard.cli.output import write_text


@click.command()
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(output_format: str) -> None:
    """List the rules with their default severities."""
    from merge_guard.rules import table

    entries = table()
    if output_format == "json":
        listed = [
            {
                "code": code,
                "name": entry.name,
                "severity": entry.severity,
                "scope": entry.scope,
                "summary": entry.summary,
            }
            for code, entry in entries.items()
        ]
        text = json.dumps(listed, indent=2)
    else:
        width = max((len(entry.name) for entry in entries.values()), default=0)
        text = "\n".join(
            f"{code}  {entry.name:<{width}}  {entry.severity:<7}  {entry.summary}" for code, entry in entries.items()
        )
    write_text(text)
