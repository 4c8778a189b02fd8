"""Whatever an import looks like: what is bound stays bound, to what has moved; all else keeps every byte."""

from __future__ import annotations

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from merge_guard.fixes.rewrite import rewrite
from merge_guard.fixes.task import Move, Task
from tests.fixes.test_imports import MOVES

_ALIAS = st.tuples(
    st.sampled_from(["Name", "Was", "Far", "A", "B", "C"]), st.sampled_from(["", " as n", " as  m", " as Name"])
).map("".join)
_MODULE = st.sampled_from(["pkg.old", "pkg.gone", "pkg.other", " pkg . old"])


@st.composite
def _statement(draw: st.DrawFn) -> str:
    module = draw(_MODULE)
    aliases = draw(st.lists(_ALIAS, min_size=1, max_size=5))
    if draw(st.booleans()):
        return f"from {module} import {', '.join(aliases)}"
    separators = st.sampled_from([", ", ",", ",\n    ", ",  # why\n        ", " ,\n", "  # odd\n    , "])
    text = aliases[0] + "".join(draw(separators) + alias for alias in aliases[1:])
    opening, closing = (
        draw(st.sampled_from(["(", "( ", "(\n    ", "(  # all\n    "])),
        draw(st.sampled_from([")", ",)", ",\n)", "\n  )"])),
    )
    return f"from {module} import {opening}{text}{closing}"


_OTHER = st.sampled_from(
    [
        "x = 'from pkg.old import Name'",
        "# from pkg.old import Name",
        "y = 1; z = 2",
        '"""pkg.old.Name\n\n"""',
        "\x0c",
        "",
    ]
)
_LINE = st.one_of(
    _OTHER,
    _statement(),
    _statement().map(lambda text: f"x = 1; {text}"),
    _statement().map(lambda text: f"if x: {text}"),
    _statement().map(lambda text: f"try:\n\t{text}\nexcept ImportError: pass"),
    _statement().map(lambda text: f"def f():\n  {text}  # noqa: F401"),
)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(_LINE, min_size=1, max_size=6), newline=st.sampled_from(["\n", "\r\n"]), last=st.booleans())
def test_bindings_move_and_all_else_stays(lines: list[str], newline: str, last: bool) -> None:
    source = "\n".join(lines) + "\n" * last
    data = source.replace("\n", newline).encode()
    done = rewrite(data, Task("use.py", ("app",), ("app.use",), MOVES))
    refusals = [note.text for note in done.notes if note.refused]
    if refusals:
        # libcst loses one of two form feeds at the end of a file: such a file is left alone.
        expected = ("comma", "twice", *(["does not give it back"] if "\x0c\n\x0c" in source else []))
        assert all(any(reason in text for reason in expected) for text in refusals)
        return
    after = data if done.data is None else done.data
    assert bindings(after) == sorted((scope, bound, moved(*what)) for scope, bound, what in bindings(data))
    assert rewrite(after, Task("use.py", ("app",), ("app.use",), MOVES)).data is None
    others = [line for line in data.splitlines() if b"import" not in line and b"as" not in line and b"Name" not in line]
    rest = iter(after.splitlines())
    assert all(line in rest for line in others if line.strip() in (b"y = 1; z = 2", b"except ImportError: pass"))
    assert newline == "\n" or b"\n" not in data or b"\n" not in after.replace(b"\r\n", b"")
    assert strings(after) == strings(data)


def bindings(data: bytes) -> list[tuple[int, str, tuple[str, str]]]:
    """(which compound statement, bound name, (module, name)) of every import, sorted: the order of one is not kept."""
    found = []
    for index, outer in enumerate(node for node in ast.parse(data).body if not isinstance(node, ast.ImportFrom)):
        for node in ast.walk(outer):
            if isinstance(node, ast.ImportFrom):
                found += [(index, alias.asname or alias.name, (node.module or "", alias.name)) for alias in node.names]
    for node in ast.parse(data).body:
        if isinstance(node, ast.ImportFrom):
            found += [(-1, alias.asname or alias.name, (node.module or "", alias.name)) for alias in node.names]
    return sorted(found)


def moved(module: str, name: str) -> tuple[str, str]:
    table: dict[tuple[str, str], Move] = {(move.module, move.name): move for move in MOVES}
    move = table.get((module, name))
    if move is not None:
        return move.new_module, move.new_name
    return ("pkg.here", name) if module == "pkg.gone" else (module, name)


def strings(data: bytes) -> list[object]:
    return [node.value for node in ast.walk(ast.parse(data)) if isinstance(node, ast.Constant)]
