"""`merge-guard explain`."""

from __future__ import annotations

import difflib

import click

from merge_guard.cli.output import write_text
from merge_guard.errors import UsageError


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Print the page of a rule; CODE is its code or its name."""
    from merge_guard.rules import load, table

    by_name = {entry.name: known for known, entry in table().items()}
    wanted = by_name.get(code.lower(), code.upper())
    if wanted not in table():
        close = difflib.get_close_matches(code[:80].upper(), table(), n=1) or difflib.get_close_matches(
            code[:80].lower(), by_name, n=1
        )
        hint = f"; did you mean {close[0]}?" if close else "; `merge-guard rules` lists them"
        raise UsageError(f"no rule {code[:80]!r}{hint}")
    rule = load(wanted)
    page = f"{rule.code} {rule.name} ({rule.severity.value})\n\n{rule.doc}\n"
    write_text(page)
