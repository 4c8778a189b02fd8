"""Whatever CPython's compiler refuses is a problem of the file, although it is not asked about every file."""

from __future__ import annotations

import ast
import warnings

import pytest
from oracle.cases_source import SOURCE

from merge_guard.facts.extract import extract

REFUSED = [case for case in SOURCE if case.id.startswith("refused: ")]
TAKEN = [case for case in SOURCE if case.id.startswith("taken: ")]


def refusal(data: bytes) -> str:
    """CPython's own words, "" where it compiles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "<source>", "exec", dont_inherit=True)
        except SyntaxError as error:
            return error.msg
    return ""


@pytest.mark.parametrize("case", [*REFUSED, *TAKEN], ids=lambda case: case.id)
def test_the_compiler_has_the_last_word(case: object) -> None:
    data = case.files["broken.py"]  # type: ignore[attr-defined]
    problem = extract(data, "python").problem
    assert (problem.message if problem else "") == refusal(data)


@pytest.mark.parametrize(
    "wrapped",
    [
        pytest.param("def f():\n    {}", id="in a function"),
        pytest.param("class A:\n    def f(self):\n        {}", id="in a method"),
        pytest.param("async def f():\n    {}", id="in a coroutine"),
        pytest.param("if x:\n    pass\nelse:\n    {}", id="in a branch"),
        pytest.param("try:\n    pass\nexcept A:\n    {}", id="in a handler"),
        pytest.param("match x:\n    case 1:\n        {}", id="in a case"),
        pytest.param("for x in y:\n    with z:\n        {}", id="in a loop"),
    ],
)
def test_wherever_it_stands(wrapped: str) -> None:
    """Every statement of the list that parses, one suite further in."""
    missed = []
    for case in REFUSED:
        source = case.files["broken.py"].decode().rstrip("\n")
        indent = wrapped[wrapped.rindex("\n") + 1 :].index("{")
        data = wrapped.replace("{}", source.replace("\n", "\n" + " " * indent)).encode() + b"\n"
        try:
            ast.parse(data)
        except SyntaxError:
            continue
        problem = extract(data, "python").problem
        if (problem.message if problem else "") != refusal(data):
            missed.append(case.id)
    assert missed == []


def test_the_list_is_about_more_than_the_parser() -> None:
    late = 0
    for case in REFUSED:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(case.files["broken.py"])
        except SyntaxError:
            continue
        late += bool(refusal(case.files["broken.py"]))
    assert late > 50
