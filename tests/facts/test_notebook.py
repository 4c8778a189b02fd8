"""Conflicts inside a notebook's JSON."""

from __future__ import annotations

import json

import pytest

from merge_guard.facts.markers import scan

L, B, E, G = "<" * 7, "|" * 7, "=" * 7, ">" * 7


def notebook(*cells: str | list[str], kind: str = "code", metadata: dict[str, object] | None = None) -> str:
    made = [{"cell_type": kind, "metadata": {}, "source": cell} for cell in cells]
    return json.dumps({"cells": made, "metadata": metadata or {}, "nbformat": 4}, indent=1)


def lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            notebook(lines(f"x = 1\n{L} local\ny = 3\n{E}\nq = 4\n{G} remote")),
            [(8, 12, False, ["local", "remote"])],
            id="nbdime, a source by lines",
        ),
        pytest.param(
            notebook(lines(f"{L} local\ny\n{B} base\nz\n{E}\nq\n{G} remote\n")),
            [(7, 13, False, ["local", "base", "remote"])],
            id="nbdime with a base",
        ),
        pytest.param(
            notebook(f"{L} local\ny = 'a\\n\"'\n{E}\nq\n{G} remote\n"),
            [(6, 6, False, ["local", "remote"])],
            id="nbdime, a source in one string",
        ),
        pytest.param(
            notebook(lines(f"{L} LOCAL CELL DELETED {G}\nx = 1")),
            [(7, 7, False, ["LOCAL CELL DELETED"])],
            id="nbdime, a cell that ours deleted",
        ),
        pytest.param(
            notebook([f"{L} local <modified: text/plain>\n"], ["a"], [f"{E}\n"], ["b"], [f"{G} remote <modified: >\n"]),
            [(7, 35, False, ["local <modified: text/plain>", "remote <modified: >"])],
            id="nbdime, outputs of their own",
        ),
        pytest.param(
            notebook("x", metadata={"nbdime-conflicts": {"local_diff": []}}),
            [(10, 10, False, [])],
            id="nbdime, recorded in the metadata",
        ),
        pytest.param(
            notebook(f"`{L} HEAD`", "a", f"`{E}`", "b", f"`{G} a7ec1b0`", kind="markdown"),
            [(6, 26, False, ["HEAD", "a7ec1b0"])],
            id="nbdev, cells of their own",
        ),
        pytest.param(
            notebook(lines(f"```\n{L} HEAD\na\n{E}\nb\n{G} topic\n```\n"), kind="markdown"),
            [(8, 12, True, ["HEAD", "topic"])],
            id="a tutorial",
        ),
        pytest.param(
            notebook([f"{L} HEAD\n"], [f"{E}\n"], [f"{G} topic\n"]),
            [(7, 21, False, ["HEAD", "topic"])],
            id="other labels, over several cells",
        ),
        pytest.param(
            f'{{\n{L} HEAD\n "a": 1\n{E}\n "a": 2\n{G} topic\n}}\n',
            [(2, 6, False, ["HEAD", "topic"])],
            id="git's own, by lines of the file",
        ),
        pytest.param(notebook(lines(f"Depends\n{E}\n| {B} |\n"), kind="markdown"), [], id="a heading"),
        pytest.param(notebook(lines(f"{L} HEAD\n"), kind="markdown"), [], id="a marker alone"),
        pytest.param(notebook(lines(f"a {L} local\n{E}\n{G} remote")), [], id="not at the start of a line"),
        pytest.param(notebook("the key nbdime-conflicts"), [], id="the key as text"),
    ],
)
def test_conflicts(text: str, expected: list[tuple[int, int, bool, list[str]]]) -> None:
    facts = scan(text.encode(), kind="notebook")
    assert [
        (conflict.start, conflict.end, conflict.documented, [section.label for section in conflict.sections])
        for conflict in facts.conflicts
    ] == expected
    assert facts.strays == ()


def test_lines_are_those_of_the_json_file() -> None:
    text = notebook(lines(f"x = 1\n{L} local\ny\n{E}\nq\n{G} remote"))
    (conflict,) = scan(text.encode(), kind="notebook").conflicts
    assert [text.splitlines()[section.first - 1].strip(' ,"\\n') for section in conflict.sections] == ["y", "q"]
