"""MG901."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Fix, Place, Severity
from merge_guard.model.project import Found
from merge_guard.model.rule import Scope, rule

_OWN = "MG901"


@rule(
    code="MG901", name="unused-suppression", severity=Severity.WARNING, scope=Scope.FINDINGS,
    message="nothing to suppress on this line: {codes}",
)  # fmt: skip
def unused_suppression(found: Found) -> Iterator[Finding]:
    """A comment silences a code that is not found on its line.

    What it was written for is mended, or moved; the comment stays behind and will hide the next finding there. `fix`
    removes it. A code counts only if its rule ran on the whole file: not with `--select` of other codes, not for
    MG202 and MG3 with `--entry` or `--target-python`, not in a file that does not parse.

    Bad:

        # app.py
        LIMIT = 1  # noqa: MG102

    Good:

        # app.py
        LIMIT = 1
    """
    at: dict[tuple[str, int], set[str]] = {}
    for finding in found.findings:
        at.setdefault((finding.place.path, finding.place.line), set()).add(finding.code)
    for path, facts in found.project.facts.items():
        if not facts.suppressions or facts.problem is not None or facts.conflicts:
            continue
        for item in facts.suppressions:
            here = at.get((path, item.line), set())
            unused = [code for code in item.codes if _is_unused(code, here, found)]
            if unused:
                yield unused_suppression.finding(
                    key=",".join(unused),
                    message={"codes": ", ".join(unused)},
                    place=Place(path, item.line),
                    fix=Fix(True, "remove what silences nothing from the comment"),
                )


def _is_unused(code: str, here: set[str], found: Found) -> bool:
    """Whether every rule that the code can mean ran and said nothing of the line; `code` may be a beginning."""
    meant = {known for known in found.known if known.startswith(code)}
    if code == _OWN[: len(code)] or any(item.startswith(code) for item in here):
        return False
    return meant <= found.project.codes and not any(known.startswith(found.undecided) for known in meant)
