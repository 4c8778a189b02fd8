"""What ships of a project, and what becomes of a start-up that needs more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from merge_guard.model.finding import Place
from merge_guard.model.outcome import Cause, EntryKind, EntryPoint, Failure
from merge_guard.model.source import SourceFile
from merge_guard.startup.directories import Directories, LinkText
from merge_guard.startup.machine import Machine
from merge_guard.startup.names import may_grow
from merge_guard.startup.resolve import Found, FoundKind, SourceTree
from merge_guard.startup.values import ModuleRecord, Value

Reason = Callable[[str], str]


def _never(path: str) -> bool:
    return False


class ShippedTree(SourceTree):
    """The files that ship. What is found only among those that do not, is found with the reason.

    `withheld` holds the files that do not ship, at the paths that they would have, and `reason` says why of each;
    `is_open` tells directories in which anything may lie; `may_be_installed` tells top-level names that something
    else may bring; `ignored` says why a file that nobody sees would not be there either.
    """

    def __init__(
        self,
        files: Iterable[SourceFile] | Directories,
        link_text: LinkText | None,
        withheld: SourceTree,
        reason: Reason,
        is_open: Callable[[str], bool] = _never,
        may_be_installed: Callable[[str], bool] = _never,
        ignored: Callable[[str, str], Found | None] = lambda directory, name: None,
    ) -> None:
        super().__init__(files, link_text)
        self._withheld = withheld
        self._reason = reason
        self._is_open = is_open
        self._may_be_installed = may_be_installed
        self._ignored = ignored

    def _find(self, search: tuple[str, ...], name: str) -> Found | None:
        found = super()._find(search, name)
        if found is not None:
            return found
        if any(map(self._is_open, search)):
            return Found(FoundKind.OPEN)
        kept = self._withheld.find(search, name)
        if kept is not None and kept.kind in (FoundKind.MODULE, FoundKind.PACKAGE):
            return replace(kept, withheld=self._reason(kept.path))
        for directory in search:
            unseen = self._ignored(directory, name)
            if unseen is not None:
                return unseen
        return None

    def may_be_installed(self, name: str) -> bool:
        return self._may_be_installed(name)

    def withheld_file(self, path: str) -> str:
        if self.file(path) is not None or self._withheld.file(path) is None or self._is_open(path):
            return ""
        return self._reason(path)


def as_shipped(
    machine: Machine, dotted: str, found: Found, parent: Value | None, exception: str = "ModuleNotFoundError"
) -> Found:
    """The import of what does not ship fails in the deploy. Where nothing takes that, it is noted, and the run goes on
    with the module; where something else may bring the module, that may hold anything.
    """
    if dotted in machine.not_shipped or not machine.frames or not machine.frame.module.path:
        return found
    if dotted.rpartition(".")[0] in machine.not_shipped:
        machine.not_shipped.add(dotted)  # it is of its package that this was said
        return found
    is_top = not isinstance(parent, ModuleRecord) or not parent.path
    touched = isinstance(parent, ModuleRecord) and parent.path and may_grow(parent)
    if (
        touched
        or machine.may_be_injected(dotted)
        or (is_top and machine.tree.may_be_installed(dotted.partition(".")[0]))
    ):
        return Found(FoundKind.OPEN)
    frame = machine.frame
    machine.fail(
        Cause.NOT_SHIPPED,
        exception,
        Place(frame.module.path, frame.line, frame.column),
        frame.module.name,
        subject=dotted,
        source=parent.name if isinstance(parent, ModuleRecord) else "",
        detail=found.withheld,
    )
    machine.not_shipped.add(dotted)
    return found


def entry_not_shipped(machine: Machine, entry: EntryPoint, place: Place) -> None:
    """Whether what the entry point names is itself left out."""
    reason = ""
    if entry.kind is EntryKind.SCRIPT:
        reason = machine.tree.withheld_file(entry.module)
        machine.not_shipped |= {entry.module} if reason else set()
    else:
        search = machine.search_path
        dotted = ""
        for part in entry.module.split("."):
            dotted = f"{dotted}.{part}" if dotted else part
            found = machine.tree.find(search, part) if search else None
            if found is None or found.kind is FoundKind.OPEN:
                break
            if found.withheld:
                reason = reason or found.withheld
                machine.not_shipped.add(dotted)
            search = found.search
    if reason:
        exception = "FileNotFoundError" if entry.kind is EntryKind.SCRIPT else "ModuleNotFoundError"
        machine.record(Failure(Cause.NOT_SHIPPED, exception, place, entry.module, subject=entry.module, detail=reason))
