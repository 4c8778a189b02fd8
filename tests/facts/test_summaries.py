"""What a file's facts tell of its top level, so that most files need not be looked at: never less than there is."""

from __future__ import annotations

import pytest

from merge_guard.facts.extract import extract

_F = "def f(): ..."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(f"{_F}\nx = 1\n{_F}", True, id="functions"),
        pytest.param(f"{_F}\nclass f: ...", True, id="of two kinds"),
        pytest.param(f"class A:\n    class B:\n        {_F}\n        {_F}", True, id="in an inner class"),
        pytest.param(f"if x:\n    pass\nelif y:\n    {_F}\n    {_F}", True, id="in a branch"),
        pytest.param(f"try:\n    pass\nexcept E:\n    {_F}\n    {_F}", True, id="in a handler"),
        pytest.param(f"try:\n    pass\nfinally:\n    {_F}\n    {_F}", True, id="at last"),
        pytest.param(f"for x in y:\n    pass\nelse:\n    {_F}\n    {_F}", True, id="after a loop"),
        pytest.param(f"with x:\n    {_F}\n    {_F}", True, id="in a with"),
        pytest.param(f"match x:\n    case 1:\n        {_F}\n        {_F}", True, id="in a case"),
        pytest.param(f"if x:\n    {_F}\nelse:\n    {_F}", False, id="alternatives"),
        pytest.param(f"{_F}\nclass A:\n    {_F}", False, id="of two scopes"),
        pytest.param(f"f = 1\n{_F}", False, id="one is no definition"),
    ],
)
def test_redefines(source: str, expected: bool) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None
    assert module.redefines is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("__all__ = ['x']", True, id="a list"),
        pytest.param("if x:\n    from y import z as __all__", True, id="an import"),
        pytest.param("__all__ += x.__all__", True, id="a sum"),
        pytest.param("x.__all__ = []\nprint(__all__)", False, id="only asked for"),
        pytest.param("def f():\n    __all__ = []", False, id="in a function"),
    ],
)
def test_lists_names(source: str, expected: bool) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None
    assert module.lists_names is expected
