r"""Conflicts inside the JSON of a notebook, which git's own line markers never are.

nbdime's merge driver writes a conflict into a cell's source, line by line as JSON strings, and replaces a cell that one
side deleted by a single line (`inline-source` in its merging/strategies.py); what it cannot show goes to the metadata
as `nbdime-conflicts`. nbdev's merge puts the markers, in backticks, into cells of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from merge_guard.facts.marker_digests import digest
from merge_guard.facts.text import count_lines
from merge_guard.model.facts import BASE, OURS, THEIRS, Conflict, Section

FAMILY = "notebook"
LIMIT = 10_000

_METADATA = b'"nbdime-conflicts"'
_NEEDLES = (b'"<<<<<<<', b"\\n<<<<<<<", b"`<<<<<<<", _METADATA)

# A line inside a JSON string begins after its quote or after an escaped newline. Few escapes fit into a label: each
# quote could begin a string, and must not look further than the next ones.
_MARK = re.compile(
    rb'(?:"|\\n)(?P<tick>`?)(?:(?P<deleted><{7} (?:LOCAL|REMOTE) CELL DELETED >{7})'
    rb"|(?P<run><{7}|={7}|>{7}|\|{7})(?P<label>(?: [^\"\\`\r\n]*(?:\\[^n\r\n][^\"\\`\r\n]*){0,2})?))(?=`?(?:\\n|\"))"
    rb'|(?P<metadata>"nbdime-conflicts")[ \t\r\n]*:'
)
_CELL = re.compile(rb'"(?:cell_type|output_type)"')
_NBDIME_LABEL = re.compile(r"(?:local|remote|base)(?:\Z| <)")


class _Mark:
    __slots__ = ("at", "char", "end", "label", "line", "tick")

    def __init__(self, match: re.Match[bytes], line: int) -> None:
        self.at, self.end, self.line = match.start(), match.end(), line
        self.char = chr(match["run"][0])
        self.label = match["label"][:800].decode("utf-8", "replace").strip()[:200]
        self.tick = bool(match["tick"])


def may_hold_notebook_conflicts(data: bytes) -> bool:
    return any(needle in data for needle in _NEEDLES)


def notebook_conflicts(content: bytes) -> list[Conflict]:
    """The conflicts in a notebook's strings and metadata; outermost blocks, in order."""
    return list(_conflicts(content)) if may_hold_notebook_conflicts(content) else []


def _conflicts(content: bytes) -> Iterator[Conflict]:
    opener: _Mark | None = None
    bar: _Mark | None = None
    rule: _Mark | None = None
    count = counted = 0
    line = 1
    for match in _MARK.finditer(content):
        line += count_lines(content, counted, match.start())
        counted = match.start()
        if count >= LIMIT:
            return
        if match["deleted"] or match["metadata"]:
            count += 1
            yield _single(match, line)
            continue
        mark = _Mark(match, line)
        if mark.char == "<":
            opener, bar, rule = mark, None, None
        elif opener is None:
            continue
        elif mark.char == "|" and rule is None:
            bar = bar or mark
        elif mark.char == "=" and not mark.label:
            rule = rule or mark
        elif mark.char == ">" and rule is not None:
            count += 1
            yield _block(content, opener, bar, rule, mark)
            opener = None


def _single(match: re.Match[bytes], line: int) -> Conflict:
    """A cell that one side deleted, or conflicts that nbdime recorded in the metadata."""
    if deleted := match["deleted"]:
        label = deleted.decode("ascii").strip("<> ")
        section = Section(OURS if label.startswith("LOCAL") else THEIRS, label, line + 1, line)
        return Conflict(FAMILY, line, line, 7, (section,), digest=f"{digest(deleted)}-{digest(deleted)}")
    return Conflict(FAMILY, line, line, 7, (), digest=f"{digest(_METADATA)}-{digest(_METADATA)}")


def _block(content: bytes, opener: _Mark, bar: _Mark | None, rule: _Mark, closer: _Mark) -> Conflict:
    sections = [Section(OURS, opener.label, opener.line + 1, (bar or rule).line - 1)]
    if bar is not None:
        sections.append(Section(BASE, bar.label, bar.line + 1, rule.line - 1))
    sections.append(Section(THEIRS, closer.label, rule.line + 1, closer.line - 1))
    # No merge writes other labels into one string: a tutorial shows what a conflict looks like.
    by_tool = opener.tick or (_NBDIME_LABEL.match(opener.label) and _NBDIME_LABEL.match(closer.label))
    example = not by_tool and _CELL.search(content, opener.at, closer.end) is None
    whole = content[opener.at : closer.end].splitlines()
    labels = f"{opener.label}\n{closer.label}".encode()
    return Conflict(
        FAMILY, opener.line, closer.line, 7, tuple(sections), documented=example,
        digest=f"{digest(*whole)}-{digest(labels)}",
    )  # fmt: skip
