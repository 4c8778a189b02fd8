"""`merge-guard fix`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from merge_guard.cli.options import config_options, request, rule_options
from merge_guard.cli.output import say, write_text

if TYPE_CHECKING:
    from merge_guard.operations.fix import Change, Fixed


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--unsafe", is_flag=True, help="Also fixes that may change what the program does.")
@click.option("--diff", is_flag=True, help="Print what would change, and write nothing.")
@config_options
@rule_options
@click.option("--target-python", metavar="VERSION", help='Such as "3.11" or ">=3.10,<3.14".')
@click.option("--jobs", "-j", type=click.IntRange(min=0), default=0, metavar="N", help="Worker processes.")
def fix(paths: tuple[str, ...], unsafe: bool, diff: bool, **options: Any) -> int:
    """Mend what can be mended without asking, in PATHS or everywhere.

    Imports of deprecated paths, second copies of a definition, unused suppressions, conflicts that decide themselves.
    The result is judged before it is written; what would bring a new finding is left as it is. Exit status: 0, or 2
    where a file could not be written.
    """
    from merge_guard.operations.fix import fix as mend

    done = mend(request(paths=paths, **options), unsafe=unsafe, write=not diff)
    if diff:
        text = "".join(line for change in done.changes for line in _diff(change))
        if text:
            write_text(text)
    _tell(done, diff=diff)
    return 2 if done.failed else 0


def _tell(done: Fixed, *, diff: bool) -> None:
    """With `--diff` on standard error, so that the output is a patch."""
    from merge_guard.reporters.sanitise import visible, visible_path

    lines = []
    for path, note in done.notes:
        mark = "left as it is: " if note.refused else ""
        lines.append(f"{visible_path(path)}:{note.line}: {mark}{visible(note.text)}")
    lines += [visible(text) for text in done.failed]
    verb = "would be changed" if diff else "changed"
    count = len(done.changes)
    lines.append(f"{count} {'file' if count == 1 else 'files'} {verb}")
    if diff:
        for line in lines:
            say(line)
    else:
        write_text("\n".join(lines))


def _diff(change: Change) -> Iterator[str]:
    """A unified diff. Text that a terminal would take for commands is shown, not sent: such a patch does not apply."""
    import difflib

    from merge_guard.reporters.sanitise import visible, visible_path

    def lines(data: bytes) -> list[str]:
        return data.decode("utf-8", "replace").splitlines(keepends=True)

    name = visible_path(change.path)
    for line in difflib.unified_diff(lines(change.before), lines(change.after), f"a/{name}", f"b/{name}"):
        text, end = line.rstrip("\r\n"), line[len(line.rstrip("\r\n")) :]
        yield f"{visible(text)}{end}" if end else f"{visible(text)}\n\\ No newline at end of file\n"
