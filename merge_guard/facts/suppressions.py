"""Comments that silence a finding on their line: only coded ones."""

from __future__ import annotations

import re

from merge_guard.model.facts import Suppression

# A bare `# noqa` is not taken: on an import it means "unused", not "may be missing".
_COMMENT = re.compile(
    rb"#[ \t]*(?:(?i:noqa)[ \t]*:[ \t]*(?P<noqa>[A-Za-z]+\d+(?:[ \t,]+[A-Za-z]+\d+)*)"
    rb"|merge-guard:[ \t]*ignore\[(?P<codes>[^\]\n]{1,200})\][ \t]*(?P<reason>[^\n\r#]{0,300}))"
)
_CODE = re.compile(rb"MG\d{1,3}\b")


def suppressions(data: bytes) -> tuple[Suppression, ...]:
    """The suppressions of a file, by line; codes of other tools are left out."""
    if b"MG" not in data:
        return ()
    found = []
    for match in _COMMENT.finditer(data):
        codes = tuple(code.decode() for code in _CODE.findall(match["noqa"] or match["codes"] or b""))
        if codes:
            reason = (match["reason"] or b"").decode("utf-8", "replace").strip()
            found.append(Suppression(data.count(b"\n", 0, match.start()) + 1, codes, reason))
    return tuple(found)
