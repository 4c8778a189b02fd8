"""Which file of a tree an import means."""

from __future__ import annotations

from collections.abc import Mapping

from merge_guard.model.uses import ImportedName


def path_of(stem: str, importer: str, exact: bool, paths: Mapping[str, str]) -> str | None:
    """The file of a module whose path without suffix is `stem`: in the directories above the importer.

    `exact`: the stem is relative to the tree's root, as that of a relative import is.
    """
    roots = [""] if exact else roots_of(importer)
    for root in roots:
        here = f"{root}{stem}"
        for path in (f"{here}/__init__.py", f"{here}.py"):
            if path in paths:
                return path
    return None


def roots_of(importer: str) -> list[str]:
    """The directories above a file: one of them is the source root that its absolute imports start from."""
    parts = importer.split("/")[:-1]
    return ["".join(f"{part}/" for part in parts[:count]) for count in range(len(parts) + 1)] + ["src/"]


def stem_of(item: ImportedName, importer: str) -> str | None:
    """The module's path without its suffix; for an absolute import relative to a root."""
    tail = item.module.replace(".", "/")
    if not item.level:
        return tail or None
    parts = importer.split("/")[:-1]
    if item.level - 1 > len(parts):
        return None
    package = "/".join(parts[: len(parts) - item.level + 1])
    return f"{package}/{tail}".strip("/") if tail else package or None
