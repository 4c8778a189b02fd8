"""Which of the codes flake8 would report, asked of flake8's own decision engine."""

# mypy: disable-error-code="import-untyped,import-not-found"

from __future__ import annotations

import argparse

_OFF = "off"


def selected_codes(options: argparse.Namespace) -> tuple[str, ...]:
    """The codes that flake8 reports with these options, in order; none of them costs anything yet.

    flake8 selects every code of a plugin by default, and forgets `extend_default_ignore` when the user sets `ignore`:
    rules that are off by default are left out here, unless a selection names the whole code.
    """
    from flake8.style_guide import Decision, DecisionEngine

    from merge_guard.rules.table import TABLE

    engine = DecisionEngine(options)
    named = {*(options.select or ()), *(options.extend_select or ())}
    return tuple(
        code
        for code, (_, _, severity, _, _) in sorted(TABLE.items())
        if engine.decision_for(code) is Decision.Selected and (severity != _OFF or code in named)
    )
