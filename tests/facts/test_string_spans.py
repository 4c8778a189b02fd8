"""A conflict in a docstring: quoted, or made by a merge."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract

BLOCK = "<<<<<<< HEAD\n{0}ours\n=======\n{0}theirs\n>>>>>>> topic\n"


@pytest.mark.parametrize(
    ("source", "documented"),
    [
        pytest.param('def f():\n    """First.\n\n' + BLOCK.format("    ") + '    """\n', False, id="merged docstring"),
        pytest.param('def f():\n    """First.\n\n' + BLOCK.format("") + '    """\n', True, id="quoted flush left"),
        pytest.param('def f():\n    text = """\n' + BLOCK.format("    ") + '"""\n', True, id="a value, no docstring"),
        pytest.param('"""First.\n\n' + BLOCK.format("") + '"""\n', True, id="a module's docstring"),
    ],
)
def test_what_a_string_documents(source: str, documented: bool) -> None:
    facts = extract(source.encode(), "python")
    assert facts.problem is None
    assert [conflict.documented for conflict in facts.conflicts] == [documented]
