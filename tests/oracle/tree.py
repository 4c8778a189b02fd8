"""The oracle's cases: small trees, written as text, with what starts in them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """One tree and one entry point, as `--entry` takes it.

    `outside` are files of a third party: on the path, not in the judged tree. `syntax` is the version whose grammar the
    tree needs; `native` restricts it to targets that the running interpreter is itself, since only its grammar is
    judged in full. `silent` says why the tool rightly knows nothing against the start-up although CPython may fail.
    `unfollowed` says why CPython may run more modules than the tool knows of. `known` names a disagreement that is
    still to be mended.
    """

    id: str
    files: Mapping[str, bytes]
    entry: str = "main"
    outside: Mapping[str, bytes] = field(default_factory=dict)
    since: Version = (3, 10)
    until: Version = (3, 99)
    syntax: Version = (3, 10)
    native: bool = False
    silent: str = ""
    unfollowed: str = ""
    known: str = ""

    def is_about(self, version: Version, running: Version) -> bool:
        """Whether a target version is to be judged by a tool that runs on another."""
        known = self.syntax <= min(version, running) and (not self.native or version == running)
        return known and self.since <= version <= self.until


def case(
    name: str,
    tree: str | Mapping[str, str | bytes],
    entry: str = "main",
    *,
    outside: str | Mapping[str, str | bytes] = "",
    since: Version = (3, 10),
    until: Version = (3, 99),
    syntax: Version = (3, 10),
    native: bool = False,
    silent: str = "",
    unfollowed: str = "",
    known: str = "",
) -> Case:
    return Case(name, files(tree), entry, files(outside), since, until, syntax, native, silent, unfollowed, known)


def files(tree: str | Mapping[str, str | bytes]) -> dict[str, bytes]:
    """Paths stand at the left margin, their content below them, indented by four; an empty file is its path alone.

    Source that must not be touched (bytes, line ends, tabs) is given as a mapping instead.
    """
    if not isinstance(tree, str):
        return {path: text if isinstance(text, bytes) else text.encode() for path, text in tree.items()}
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in textwrap.dedent(tree).strip("\n").splitlines():
        if line and not line.startswith(" "):
            lines = found[line] = []
        else:
            lines.append(line[4:])
    return {path: "".join(f"{line}\n" for line in body).encode() for path, body in found.items()}
