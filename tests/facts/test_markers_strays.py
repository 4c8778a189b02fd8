"""Markers without partners, and all that only looks like one."""

from __future__ import annotations

import pytest

from merge_guard.facts.markers import scan

L, B, E, G = "<" * 7, "|" * 7, "=" * 7, ">" * 7
CONFLICT = f"{L} HEAD\na\n{E}\nb\n{G} topic\n"
DOCSTRING = '"""Title\n\nDepends\n=======\n"""\n'


def strays(text: str, kind: str = "text", **options: object) -> list[tuple[int, str]]:
    facts = scan(text.encode(), kind=kind, **options)  # type: ignore[arg-type]
    return [(stray.line, stray.text) for stray in facts.strays]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"a\n{L} HEAD\nb\n", [(2, f"{L} HEAD")], id="opener"),
        pytest.param(f"a\n{L}\nb\n", [(2, L)], id="opener without a label"),
        pytest.param(f"a\n{G} 3fdfb4c\nb\n", [(2, f"{G} 3fdfb4c")], id="closer"),
        pytest.param(f"a\n{G}", [(2, G)], id="closer without a label or a newline"),
        pytest.param(f"a\n{B} merged common ancestors\nb\n", [(2, f"{B} merged common ancestors")], id="base marker"),
        pytest.param(f"{B}\n", [(1, B)], id="base marker on the first line"),
        pytest.param(f"\n{E}\nb\n", [(2, E)], id="separator after a blank line"),
        pytest.param(f"  a: 1\n{E}\nb\n", [(2, E)], id="separator after an indented line"),
        pytest.param(f"- a\n{E}\n- b\n", [(2, E)], id="separator after a list item"),
        pytest.param(f"12. a\n{E}\n13. b\n", [(2, E)], id="separator after a numbered item"),
        pytest.param(f"a longer line\n{E}\nb\n", [(2, E)], id="separator after a line that is longer"),
        pytest.param(f"a longer line\r\n{E}\r\nb\r\n", [(2, E)], id="separator, CRLF"),
        pytest.param(f"a longer line\r{E}\rb\r", [(2, E)], id="separator, CR"),
        pytest.param(f"a longer line\n{E}", [(2, E)], id="separator without a newline"),
        pytest.param(f"{E}\nb\n", [(1, E)], id="separator on the first line"),
        pytest.param(f"\ufeff{E}\nb\n", [(1, E)], id="separator after a byte order mark"),
        pytest.param(f"{L} HEAD\na\n{E}\nb\n", [(1, f"{L} HEAD"), (3, E)], id="the closer is gone"),
        pytest.param(f"a longer line\n{E}\nb\n{G} topic\n", [(2, E), (4, f"{G} topic")], id="the opener is gone"),
        pytest.param(f"{L} HEAD\na\nb\n{G} topic\n", [(1, f"{L} HEAD"), (4, f"{G} topic")], id="the separator is gone"),
        pytest.param(f"{CONFLICT}{G} topic\n", [(6, f"{G} topic")], id="after a conflict"),
        pytest.param(f"a\n{G} x\n{G} y\nb\n", [(2, f"{G} x"), (3, f"{G} y")], id="two closers"),
        pytest.param(f"{L} HEAD\n{CONFLICT}", [(1, f"{L} HEAD")], id="before a conflict"),
        pytest.param(f"{L} HEAD\na\n{E}\n{L} x\n{G} topic\n", [], id="inside a conflict"),
    ],
)
def test_residue(text: str, expected: list[tuple[int, str]]) -> None:
    assert strays(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"Depends\n{E}\n", id="underlined heading"),
        pytest.param(f"Usage\n{E}\n", id="underlined heading, shorter"),
        pytest.param(f"Über\u00dfft\n{E}\n", id="underlined heading, counted in characters"),
        pytest.param(f"Depends\r\n{E}\r\n", id="underlined heading, CRLF"),
        pytest.param(f"\n{E}\nDepends\n{E}\n", id="heading between two lines"),
        pytest.param(f"\n{E}\n Pylint\n{E}\n", id="indented heading between two lines"),
        pytest.param(f"\n{E} =====\nName    Value\n{E} =====\na       1\n{E} =====\n", id="table border"),
        pytest.param(f"\n{E}\nName\n{E}\na\nb\n{E}\n", id="table of one column"),
        pytest.param(f"text\n\n{E}\n\ntext\n", id="rule between paragraphs"),
        pytest.param("\n" + "=" * 8 + "\nx\n", id="longer divider"),
        pytest.param("\n" + "=" * 79 + "\nx\n", id="much longer divider"),
        pytest.param(f"\n {E}\nx\n", id="not at column 0"),
        pytest.param(f"\n{E} x\nx\n", id="separator with a text"),
        pytest.param("<" * 8 + "\nx\n", id="divider of openers"),
        pytest.param(">" * 12 + " here\nx\n", id="longer arrow"),
        pytest.param("\n" + "|" * 9 + "\n", id="longer run of bars"),
        pytest.param(f"{L}HEAD\n{G}x\n", id="no blank after the run"),
        pytest.param(f"> a\n>> b\n{G} c\n>> d\n", id="quoted mail"),
        pytest.param(f"text\n{G} c\n{G} d\n{G} e\n", id="a passage quoted seven deep"),
        pytest.param(f"{G}> b\n{G} c\n", id="quoted mail, its last line"),
        pytest.param(f"| a |\n{B}\n| b |\n", id="row of an empty table"),
        pytest.param(f"{B}\n|---|---|---|---|---|---|\n", id="head of an empty table"),
        pytest.param(f"```\n{L} HEAD\n```\n", id="one marker in a fence"),
        pytest.param(f"Error:\n```\nSyntaxError: invalid decimal literal\n{G} 3fdfb4c\n```\n", id="a fenced error"),
        pytest.param(f"```\n\n{E}\nx\n```\n", id="separator in a fence"),
        pytest.param("+++++++\n-------\n%%%%%%%\n", id="jj's section markers alone"),
    ],
)
def test_lookalikes(text: str) -> None:
    facts = scan(text.encode(), kind="text")
    assert (facts.strays, facts.conflicts) == ((), ())


def test_only_the_width_of_the_attribute_counts() -> None:
    text = f"{L} HEAD\n{'<' * 12} HEAD\n"
    assert strays(text, marker_size=12) == [(2, "<" * 12 + " HEAD")]


@pytest.mark.parametrize(
    ("source", "strings", "lines"),
    [
        pytest.param(f"x = 1\n{E}\ny = 2\n", None, [2], id="separator that could underline a title"),
        pytest.param(f"x = 1\n{G} topic\ny = 2\n", None, [2], id="closer"),
        pytest.param(DOCSTRING, None, [], id="heading in a docstring, not parsed"),
        pytest.param(DOCSTRING, [(1, 5)], [], id="heading in a docstring, parsed"),
        pytest.param(f'"""Title\n\n{E}\nx\n"""\n', [(1, 5)], [], id="any separator in a string of a file that parses"),
        pytest.param(f"{DOCSTRING}def f(:\n", None, [], id="heading in a docstring, unrelated syntax error"),
        pytest.param(f"{DOCSTRING}def f(:\n{E}\n", None, [7], id="separator beside a syntax error"),
        pytest.param(f"x = 'don\\'t'  # isn't\n{DOCSTRING}def f(:\n", None, [], id="quotes in strings and comments"),
        pytest.param(f"{CONFLICT}'''\n{DOCSTRING}", None, [], id="heading behind a conflict that unbalances quotes"),
        pytest.param(f'x = """\n{G} topic\n"""\n', [(1, 3)], [2], id="closer in a string"),
        pytest.param(f'x = """\n>> a\n{G} b\n"""\n', [(1, 4)], [], id="quoted mail in a string"),
        pytest.param(f'x = """\n| a |\n{B}\n"""\n', [(1, 4)], [], id="table in a string"),
        pytest.param(f"# {L} HEAD\nx = 1\n", [], [], id="one commented marker"),
    ],
)
def test_python(source: str, strings: list[tuple[int, int]] | None, lines: list[int]) -> None:
    assert [line for line, _ in strays(source, "python", strings=strings)] == lines


def test_digests_do_not_depend_on_the_line() -> None:
    first = scan(f"a\n{G} topic\nb\n".encode(), kind="text").strays
    moved = scan(f"x\ny\r\na\r\n{G} topic\r\nb\r\n".encode(), kind="text").strays
    other = scan(f"a\n{G} topic\nc\n".encode(), kind="text").strays
    assert first[0].digest == moved[0].digest != other[0].digest
