"""Two sides of a conflict that are imports and nothing else, in one block."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Lines = Sequence[bytes]
_LONGEST = 88
"""Columns up to which a name joins a statement; beyond, it gets its own."""


class _Name(NamedTuple):
    """One imported name: `module` is None for `import name`."""

    module: str | None
    name: str
    asname: str | None

    @property
    def bound(self) -> str:
        return self.asname or (self.name.partition(".")[0] if self.module is None else self.name)

    @property
    def meaning(self) -> tuple[str | None, str]:
        """What the bound name stands for: `import a.b` and `import a.c` bind the same package."""
        if self.module is None and self.asname is None:
            return None, self.bound
        return self.module, self.name

    @property
    def text(self) -> str:
        return f"{self.name} as {self.asname}" if self.asname else self.name


class _Statement(NamedTuple):
    names: tuple[_Name, ...]
    first: int
    last: int
    """Lines of the side, from 0, inclusive."""


def union(ours: Lines, theirs: Lines, base: Lines | None) -> Lines | None:
    """Our lines with what theirs import besides; None where one side has more than imports, or the sides disagree.

    They disagree where one binds a name to something else, or took out an import that `base` had.
    """
    indentation = _indentation([*ours, *theirs])
    sides = [_statements(side, indentation) for side in (ours, theirs, base or ())]
    mine, yours, old = sides
    if indentation is None or mine is None or yours is None or old is None or not (mine and yours):
        return None
    if _odd_comments(ours, theirs):
        return None
    have, want = _names(mine), _names(yours)
    if not set(_names(old)) <= set(have) & set(want):
        return None
    meanings: dict[str, tuple[str | None, str]] = {}
    for name in [*have, *want]:
        if name.name == "*" or meanings.setdefault(name.bound, name.meaning) != name.meaning:
            return None
    return list(_merged(ours, mine, theirs, yours, indentation))


def _merged(
    ours: Lines, mine: Sequence[_Statement], theirs: Lines, yours: Sequence[_Statement], indentation: bytes
) -> Iterator[bytes]:
    out = list(ours)
    have = set(_names(mine))
    tail: list[bytes] = []
    newline = _line_end(ours[-1]) or _line_end(theirs[-1]) or b"\n"
    for statement in yours:
        missing = [name for name in statement.names if name not in have]
        if not missing:
            continue
        have.update(missing)
        if _joins(out, mine, missing, newline):
            continue
        if len(missing) == len(statement.names):
            tail += [
                line if _line_end(line) else line + newline for line in theirs[statement.first : statement.last + 1]
            ]
        else:
            tail += [indentation + _spelled(name).encode("utf-8") + newline for name in missing]
    if tail and not _line_end(out[-1]):
        out[-1] += newline
    while len(out) > 1 and tail and not out[-1].strip():
        out.pop()
    return iter([*out, *tail])


def _joins(out: list[bytes], mine: Sequence[_Statement], missing: Sequence[_Name], newline: bytes) -> bool:
    """Whether the names found room in a statement of one line that imports from their module already."""
    module = missing[0].module
    if module is None:
        return False
    for statement in mine:
        line = out[statement.first]
        if statement.names[0].module != module or statement.first != statement.last or b"(" in line or b"#" in line:
            continue
        texts = [text.strip() for text in line.decode("utf-8").partition(" import ")[2].split(",")]
        added = texts + [name.text for name in missing]
        if texts == sorted(texts, key=str.lower):
            added.sort(key=str.lower)
        head = line.decode("utf-8").partition(" import ")[0]
        new = f"{head} import {', '.join(added)}"
        if len(new) <= _LONGEST:
            out[statement.first] = new.encode("utf-8") + (_line_end(line) or b"")
            return True
    return False


def _spelled(name: _Name) -> str:
    return f"import {name.text}" if name.module is None else f"from {name.module} import {name.text}"


def _indentation(lines: Lines) -> bytes | None:
    """What all lines that begin a statement begin with; None where that is not one."""
    first = next((line for line in lines if line.strip()), b"")
    return first[: len(first) - len(first.lstrip())] if first else None


def _statements(lines: Lines, indentation: bytes | None) -> list[_Statement] | None:
    """The import statements of the lines, None where there is anything else."""
    if indentation is None:
        return None
    bare = [line[len(indentation) :] if line.startswith(indentation) else line.lstrip() for line in lines]
    if any(line.strip() and not line.startswith((indentation, b")")) for line in lines):
        return None
    try:
        tree = ast.parse(b"".join(line if _line_end(line) else line + b"\n" for line in bare))
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = []
    for node in tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or node.col_offset:
            return None
        module = None if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
        names = tuple(_Name(module, alias.name, alias.asname) for alias in node.names)
        found.append(_Statement(names, node.lineno - 1, (node.end_lineno or node.lineno) - 1))
    rows = [row for item in found for row in range(item.first, item.last + 1)]
    return found if len(rows) == len(set(rows)) else None


def _odd_comments(ours: Lines, theirs: Lines) -> bool:
    """Whether a side has a comment that the other has not in the same line: nobody knows where it belongs."""
    mine = {line.rstrip() for line in ours if b"#" in line}
    return mine != {line.rstrip() for line in theirs if b"#" in line}


def _names(statements: Sequence[_Statement]) -> list[_Name]:
    return [name for statement in statements for name in statement.names]


def _line_end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
