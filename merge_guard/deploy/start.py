"""How something is started: what a command line comes to, and what a program may know while it is read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryKind, EntryPoint

UNKNOWN = "\0"
"""Stands in words for what only the deploy knows; no real word can hold it."""

Read = Callable[[str], "str | None"]
"""The text of a file by its path, as the command would name it; None where it cannot be had."""

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
_PATH = re.compile(r"[^\0*?\[\]\n]+\Z")


@dataclass(frozen=True, slots=True)
class Start:
    """One start that a command makes.

    `module` is a dotted name, or for a script its path. `search` are directories in front of `sys.path`, in order,
    relative to what the command's directory is relative to, or absolute; "" is that root. `via` names the program that
    loads it. `call` is "()" or, with arguments, "(…)" where the attribute is called. `certain` is False where the
    command stands in a branch.
    `settings` is `DJANGO_SETTINGS_MODULE`, as far as the command's environment tells.
    """

    kind: EntryKind
    module: str
    attr: str = ""
    search: tuple[str, ...] = ()
    via: str = "python"
    call: str = ""
    certain: bool = True
    settings: str = ""

    @property
    def name(self) -> str:
        """As `--entry` spells it."""
        if self.kind is EntryKind.MODULE:
            return f"-m:{self.module}"
        return f"{self.module}:{self.attr}" if self.attr else self.module

    def entry(self, search_path: tuple[str, ...], origin: str, place: Place | None, service: str = "") -> EntryPoint:
        """The entry point that it is in a tree: `search_path` and a script's own path have become the tree's."""
        return EntryPoint(
            self.name, self.kind, self.module, self.attr, origin, place, search_path, service, self.via, self.call,
            self.settings,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """One simple command: a program with its arguments, where it runs, and what can be read there.

    `scripts` are the console scripts that the project itself declares, name to `module:attr`.
    """

    program: str
    args: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    read: Read = field(default=lambda path: None)
    scripts: Mapping[str, str] = field(default_factory=dict)
    certain: bool = True

    def path(self, text: str) -> str:
        """A path as the command means it; `UNKNOWN` where it cannot be known or leaves the tree."""
        return join(self.cwd, text)

    def search(self, *first: str) -> tuple[str, ...]:
        """These directories and those of `PYTHONPATH`."""
        listed = [part for part in self.env.get("PYTHONPATH", "").split(":") if part]
        paths = [*first, *map(self.path, listed)]
        return tuple(dict.fromkeys(path for path in paths if UNKNOWN not in path))

    def imports(
        self, target: str, *first: str, via: str = "", factory: bool = False, default: str = "", call: bool = True
    ) -> list[Start]:
        """The start of `module:attr` or `module:factory(…)`; nothing where the target is not one."""
        module, found, attr = target.partition(":")
        attr = attr if found else default
        called = "()" if factory else ""
        if call and attr.endswith(")") and "(" in attr:
            attr, _, arguments = attr.partition("(")
            called = "()" if arguments == ")" else "(…)"
        if not is_dotted(module) or (attr and not is_dotted(attr)) or any(UNKNOWN in path for path in first):
            return []
        return [self._start(EntryKind.IMPORT, module, attr, first, via, called)]

    def runs_module(self, module: str, *first: str) -> list[Start]:
        if not is_dotted(module) or any(UNKNOWN in path for path in first):
            return []
        return [self._start(EntryKind.MODULE, module, "", first, "", "")]

    def runs_script(self, text: str, *first: str, via: str = "") -> list[Start]:
        """The start of a file; only what is named as Python is followed."""
        path = self.path(text)
        if not path.endswith(".py") or not _PATH.match(path):
            return []
        return [self._start(EntryKind.SCRIPT, path, "", first or (posixpath.dirname(path),), via, "")]

    def _start(self, kind: EntryKind, module: str, attr: str, first: Iterable[str], via: str, call: str) -> Start:
        settings = self.env.get("DJANGO_SETTINGS_MODULE", "")
        return Start(
            kind, module, attr, self.search(*first), via or self.program, call, self.certain,
            settings if is_dotted(settings) else "",
        )  # fmt: skip


def is_dotted(text: str) -> bool:
    return _DOTTED.match(text) is not None


def join(cwd: str, text: str) -> str:
    """A path below a directory; "" is the root of the tree, which a relative path cannot leave."""
    if UNKNOWN in cwd or UNKNOWN in text or text.startswith("~"):
        return UNKNOWN
    path = posixpath.normpath(posixpath.join(cwd, text) or ".")
    path = "/" + path.lstrip("/") if path.startswith("/") else path
    if path == "..":
        return UNKNOWN
    return UNKNOWN if path.startswith("../") else "" if path == "." else path
