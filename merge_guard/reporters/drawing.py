"""One finding as `full` shows it: headline, message, chain, code frame, sides, related places, help."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from merge_guard.model.finding import Finding, HopKind, Place
from merge_guard.model.report import Report
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.colour import Paint
from merge_guard.reporters.frame import Role, code_frame
from merge_guard.reporters.sanitise import place, visible
from merge_guard.reporters.wording import LONGEST_CHAIN, broken_by, count, elided, hop_lines, side_words

INDENT = "  "
NAMES_SHOWN = 5
ITEMS_SHOWN = 10


def wrapped(text: str, width: int, *, indent: str = INDENT, hanging: str | None = None) -> list[str]:
    """The text in lines of the width; a path that is longer stays whole, so that it can be copied."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [indent.rstrip()]


def drawing(report: Report, options: ReportOptions, paint: Paint) -> Drawing:
    return Drawing(
        report,
        options,
        paint,
        listed={finding.fingerprint: finding for finding in report.findings},
        causes=frozenset(finding.cause for finding in report.findings if finding.cause),
    )


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws findings; `listed` are those of the report by fingerprint."""

    report: Report
    options: ReportOptions
    paint: Paint
    listed: Mapping[str, Finding]
    causes: frozenset[str]
    """Fingerprints of the findings that a blocked start-up right above them names."""

    def whole(self, finding: Finding) -> Iterator[str]:
        """The whole block."""
        yield self._headline(finding)
        yield from self._message(finding)
        if finding.chain:
            yield ""
            yield from self._chain(finding)
        # The frame of a cause that stands right below says the same.
        if not (finding.chain and finding.cause in self.listed):
            yield from self._frame(finding.place)
        yield from self._sides(finding)
        yield from self._notes(finding)

    def brief(self, finding: Finding) -> Iterator[str]:
        """Headline and message."""
        yield self._headline(finding)
        yield from self._message(finding)
        if finding.help:
            yield from self.note("help", visible(finding.help))

    def _headline(self, finding: Finding) -> str:
        where = finding.place
        code = self.paint.severity(finding.severity, finding.code)
        severity = self.paint.severity(finding.severity, finding.severity.value)
        return f"{self.paint.strong(place(where.path, where.line, where.column))} {code} {finding.name} {severity}"

    def _message(self, finding: Finding) -> list[str]:
        return wrapped(visible(finding.message), self.options.width)

    def _chain(self, finding: Finding) -> Iterator[str]:
        head, left_out, tail = elided(finding.chain, len(finding.chain) if self.options.verbose else LONGEST_CHAIN)
        room = self.options.width - 6
        yield f"{INDENT}How start-up gets there (first-party frames):"
        for part in (head, tail):
            for hop in part:
                frame, statement = hop_lines(hop)
                cause = hop.kind is HopKind.CAUSE
                yield f"{INDENT * 2}{self.paint.strong(frame) if cause else self.paint.dim(frame)}"
                if statement:
                    shown = statement if len(statement) <= room else statement[: room - 3] + "..."
                    yield f"{INDENT * 3}{self.paint.bad(shown) if cause else shown}"
            if left_out and part is head:
                yield f"{INDENT * 2}... {left_out:,} more frames (--verbose shows them) ..."

    def _frame(self, where: Place) -> Iterator[str]:
        known = self.report.sources.get(where.path, {})
        digits = len(str(max(where.line + 2, where.end_line or 0)))
        frame = code_frame(where, known, max(10, self.options.width - digits - 5))
        if frame:
            yield ""
        for line in frame:
            bar = self.paint.mark("|")
            text = self.paint.bad(line.text) if line.role is Role.MARK else line.text
            gutter = line.gutter if line.role is Role.PLACE else self.paint.dim(line.gutter)
            yield f"{INDENT}{gutter} {bar} {text}".rstrip()

    def _sides(self, finding: Finding) -> Iterator[str]:
        if not finding.sides:
            return
        yield ""
        # Only the outer sides are tried: a base is nothing to choose.
        outer = (finding.sides[0], finding.sides[-1])
        rows = [side_words(side, started=bool(finding.entry_points) and side in outer) for side in finding.sides]
        widths = [min(30, max(len(row[column]) for row in rows)) for column in (0, 1)]
        for side, (label, lines, parses) in zip(finding.sides, rows, strict=True):
            paint = self.paint.bad if side.parses is False else self.paint.good
            yield (
                f"{INDENT}side {self.paint.strong(label)}{' ' * (widths[0] - len(label))}  "
                f"{lines:<{widths[1]}}  {paint(parses)}"
            ).rstrip()
            broken = broken_by(side, self.listed)
            shown = broken if self.options.verbose else broken[:ITEMS_SHOWN]
            for row in shown:
                yield from wrapped(
                    f"choosing it breaks {row}", self.options.width, indent=INDENT * 3, hanging=INDENT * 4
                )
            yield from self._more(len(broken) - len(shown), INDENT * 3)

    def _notes(self, finding: Finding) -> Iterator[str]:
        related = finding.related if self.options.verbose else finding.related[:ITEMS_SHOWN]
        notes = [*self._cause(finding), *self._blocked(finding)]
        for item in related:
            where = item.place
            notes.append(("see", f"{place(where.path, where.line, where.column)} {visible(item.message)}".rstrip()))
        if len(related) < len(finding.related):
            notes.append(("see", f"{count(len(finding.related) - len(related), 'more place')} (--verbose lists them)"))
        if finding.help:
            notes.append(("help", visible(finding.help)))
        if finding.fix:
            kind = "a safe fix exists" if finding.fix.safe else "a fix exists that needs review"
            notes.append(("fix", f"{kind}: {visible(finding.fix.description)}"))
        if notes:
            yield ""
        for word, text in notes:
            yield from self.note(word, text)

    def note(self, word: str, text: str) -> Iterator[str]:
        first, *rest = wrapped(text, self.options.width, indent=f"{INDENT}{word}: ", hanging=" " * (len(word) + 4))
        yield first.replace(f"{word}:", self.paint.mark(f"{word}:"), 1)
        yield from rest

    def _cause(self, finding: Finding) -> Iterator[tuple[str, str]]:
        cause = self.listed.get(finding.cause or "")
        if cause is not None:
            yield "cause", f"{cause.code} {cause.name}, shown next"
        elif finding.cause:
            yield "cause", f"finding {visible(finding.cause)}, which is not listed"

    def _blocked(self, finding: Finding) -> Iterator[tuple[str, str]]:
        if finding.fingerprint in self.causes:
            return  # the blocked start-up right above says it
        names = finding.entry_points if self.options.verbose else finding.entry_points[:NAMES_SHOWN]
        text = ", ".join(visible(name) for name in names)
        if len(names) < len(finding.entry_points):
            text += f" and {len(finding.entry_points) - len(names):,} more (--verbose lists them)"
        modules = count(finding.blocks.modules, "module") if finding.blocks and finding.blocks.modules else ""
        if not text and finding.blocks and finding.blocks.entry_points:
            text = count(finding.blocks.entry_points, "entry point")
        if text or modules:
            yield "blocks", f"{text} ({modules})" if text and modules else text or modules

    def _more(self, left_out: int, indent: str) -> Iterator[str]:
        if left_out > 0:
            yield f"{indent}and {left_out:,} more (--verbose lists them)"
