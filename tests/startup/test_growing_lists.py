"""Lists that are only added to."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract
from merge_guard.startup.growing_lists import literals


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param(["X = ['a', 'b']"], ["a", "b"], id="one assignment"),
        pytest.param(["X = ('a',)\nif y:\n    X += ['c']"], ["a"], id="added to in a branch"),
        pytest.param(
            ["X = ['a']\nfor y in z():\n    if y not in X:\n        X.append(y)"], ["a"], id="appended in a loop"
        ),
        pytest.param(["from .base import X\nX.extend(y)", "X = ['a']"], ["a"], id="assigned beside it"),
        pytest.param(["from .base import *\nX += y", "X = ['a']"], ["a"], id="taken over by a star"),
        pytest.param(["X = ['a']\nX = list(X)"], None, id="assigned twice"),
        pytest.param(["if y:\n    X = ['a']"], None, id="assigned in a branch"),
        pytest.param(["X = ['a']\nX.remove('a')"], None, id="removed from"),
        pytest.param(["X = ['a']\nX.insert(0, 'b')"], None, id="inserted"),
        pytest.param(["X = ['a']\ndel X[0]"], None, id="deleted from"),
        pytest.param(["X = ['a']\nX[0] = 'b'"], None, id="overwritten"),
        pytest.param(["X = ['a']\nchange(X)"], None, id="handed on"),
        pytest.param(["X = ['a']\nY = X"], None, id="under another name"),
        pytest.param(["X = ['a', *y]"], None, id="not wholly literal"),
        pytest.param(["X = y"], None, id="not literal"),
        pytest.param(["X *= 2\nX = ['a']"], None, id="repeated"),
        pytest.param(["Y = 1"], None, id="not there"),
    ],
)
def test_literals(sources: list[str], expected: list[str] | None) -> None:
    modules = [extract(source.encode(), "python").module for source in sources]
    assert literals([module.body for module in modules if module is not None], "X") == expected
