"""Conflicts that a document or a program only shows, and those that are real all the same."""

from __future__ import annotations

import pytest

from merge_guard.facts.markers import digest_conflicts, scan, stands_in

L, E, G = "<" * 7, "=" * 7, ">" * 7
CONFLICT = f"{L} HEAD\na\n{E}\nb\n{G} topic\n"
OTHER = CONFLICT.replace("topic", "elsewhere")


def documented(text: str, kind: str = "text", **options: object) -> list[tuple[int, bool]]:
    facts = scan(text.encode(), kind=kind, **options)  # type: ignore[arg-type]
    return [(conflict.start, conflict.documented) for conflict in facts.conflicts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"```\n{CONFLICT}```\n", [(2, True)], id="fence"),
        pytest.param(f"```diff\n{CONFLICT}```\n", [(2, True)], id="fence with a language"),
        pytest.param(f"~~~~\n```\n{CONFLICT}~~~~\n", [(3, True)], id="fence of tildes around one of backticks"),
        pytest.param(f"1. x\n   ```\n{CONFLICT}   ```\n", [(3, True)], id="fence in a list"),
        pytest.param(f"```\r\n{CONFLICT}```\r\n".replace("\n", "\r\n"), [(3, True)], id="fence, CRLF"),
        pytest.param(f"\n------------\nx\n{CONFLICT}y\n------------\n", [(4, True)], id="AsciiDoc listing"),
        pytest.param(f"<pre>\n{CONFLICT}</pre>\n", [(2, True)], id="HTML"),
        pytest.param(f"@smallexample\n{CONFLICT}@end smallexample\n", [(2, True)], id="Texinfo"),
        pytest.param(f"\\begin{{verbatim}}\n{CONFLICT}\\end{{verbatim}}\n", [(2, True)], id="LaTeX"),
        pytest.param(f"#+begin_src diff\n{CONFLICT}#+end_src\n", [(2, True)], id="Org"),
        pytest.param(CONFLICT, [(1, False)], id="plain"),
        pytest.param(f"```\nx\n```\n{CONFLICT}```\nx\n```\n", [(4, False)], id="between fences"),
        pytest.param(f"```\n{CONFLICT}", [(2, False)], id="a fence that never ends"),
        pytest.param(f"`` x\n{CONFLICT}``\n", [(2, False)], id="two backticks are no fence"),
        pytest.param(f"```a `b`\n{CONFLICT}```\n", [(2, False)], id="a backtick in the first line: no fence"),
        pytest.param(f"{L} HEAD\n```\na\n```\n{E}\nb\n{G} topic\n", [(1, False)], id="a fence inside"),
        pytest.param(f"```\n{L} HEAD\na\n```\n{E}\nb\n```\n{G} topic\n", [(2, False)], id="a fence that ends inside"),
        pytest.param(
            f"{L} HEAD\n```sh\n{E}\n```python\n{G} topic\nx\n```\ntext\n{OTHER}```\n",
            [(1, False), (9, False)],
            id="both sides open one fence",
        ),
        pytest.param(
            f"{L} HEAD\n```sh\n{E}\n```python\n{G} topic\nx\n```\n```\n{OTHER}```\n",
            [(1, False), (9, True)],
            id="both sides open one fence, an example after it",
        ),
        pytest.param(f"Title\n-----\n\n{CONFLICT}\nTitle\n-----\n", [(4, False)], id="underlines are no listing"),
        pytest.param(f"text\n\n-----\n\n{CONFLICT}\n-----\n\n", [(5, False)], id="rules are no listing"),
        pytest.param(
            f"{CONFLICT}\n```\n{CONFLICT}```\n", [(1, False), (8, False)], id="the same merge left one outside"
        ),
        pytest.param(f"{CONFLICT}\n```\n{OTHER}```\n", [(1, False), (8, True)], id="another merge's example"),
    ],
)
def test_documents(text: str, expected: list[tuple[int, bool]]) -> None:
    assert documented(text) == expected


@pytest.mark.parametrize(
    ("source", "strings", "expected"),
    [
        pytest.param(f'x = """\n{CONFLICT}"""\n', [(1, 7)], [(2, True)], id="one string, parsed"),
        pytest.param(f'x = """\n{CONFLICT}"""\n', None, [(2, True)], id="one string, not parsed"),
        pytest.param(f"x = r'''\n{CONFLICT}'''\n", None, [(2, True)], id="one string, the other quotes"),
        pytest.param(f'x = """\n{CONFLICT}"""\ndef f(:\n', None, [(2, True)], id="one string, unrelated syntax error"),
        pytest.param(
            f'x = """\n{L} HEAD\na\n"""\ny = """\n{E}\nb\n{G} topic\n"""\n',
            [(1, 4), (5, 9)],
            [(2, False)],
            id="spread over two strings",
        ),
        pytest.param(
            f'f"""{{x}}\n{CONFLICT}{{"""\ny"""}}"""\n', [(1, 9), (7, 8)], [(2, True)], id="a string inside an f-string"
        ),
        pytest.param(CONFLICT, None, [(1, False)], id="code"),
        pytest.param(f'"""A"""\n{CONFLICT}"""B"""\n', None, [(2, False)], id="between two strings"),
        pytest.param(f'"""A\n{CONFLICT}', None, [(2, False)], id="a string that never ends"),
        pytest.param(
            f'{L} HEAD\n"""A\n{E}\n"""B\n{G} topic\n"""\n{OTHER}"""\n"""\n',
            None,
            [(1, False), (7, False)],
            id="both sides open one string",
        ),
        pytest.param(f"# {L} HEAD\nx = 1\n# {E}\nx = 2\n# {G} topic\n", [], [(1, False)], id="markers behind #"),
        pytest.param(f"#{L} HEAD\n#x = 1\n#{E}\n#x = 2\n#{G} topic\n", [], [(1, False)], id="all behind #"),
        pytest.param(
            f"def f():\n    # {L} HEAD\n    x = 1\n    # {E}\n    x = 2\n    # {G} topic\n",
            [],
            [(2, False)],
            id="markers behind an indented #",
        ),
        pytest.param(
            f"# A conflict:\n# {L} HEAD\n# a\n# {E}\n# b\n# {G} topic\n", [], [(2, True)], id="a comment's example"
        ),
        pytest.param(f"#   {L} HEAD\n#   a\n#   {E}\n#   b\n#   {G} topic\n", [], [], id="indented in a comment"),
        pytest.param(f"# {E}\n# Title\n# {E}\n", [], [], id="a comment's ruler"),
    ],
)
def test_python(source: str, strings: list[tuple[int, int]] | None, expected: list[tuple[int, bool]]) -> None:
    assert documented(source, "python", strings=strings) == expected


def test_a_commented_block_is_nothing_outside_python() -> None:
    assert documented(f"# {L} HEAD\n# {E}\n# {G} topic\n") == []


@pytest.mark.parametrize(
    ("parent", "stands"),
    [
        pytest.param(f"x\n```\n{CONFLICT}```\n", True, id="moved"),
        pytest.param(f"```\n{CONFLICT}```\n".replace("\n", "\r\n"), True, id="other line ends"),
        pytest.param(f"```\n{CONFLICT}```\n".replace("a\n", "c\n"), True, id="its text was edited"),
        pytest.param(f"```\n{OTHER}```\n", False, id="another conflict"),
        pytest.param("", False, id="none"),
    ],
)
def test_stands_in(parent: str, stands: bool) -> None:
    (conflict,) = scan(f"```\n{CONFLICT}```\n".encode(), kind="text").conflicts
    assert stands_in(conflict, parent.encode(), "text") is stands


def test_digest_conflicts() -> None:
    (conflict,) = scan(CONFLICT.encode(), kind="text").conflicts
    assert digest_conflicts(CONFLICT.encode(), "text") == frozenset(conflict.digest.split("-"))


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(f"{L} SEARCH\na\n{E}\nb\n{G} REPLACE\n", "text", [(1, 5, f"{L} SEARCH")], id="aider"),
        pytest.param(f"{L} SEARCH\na\n{E}\nb\n{G} REPLACE\n", "python", [(1, 5, f"{L} SEARCH")], id="aider, Python"),
        pytest.param(f"x\n------- SEARCH\na\n{E}\nb\n+++++++ REPLACE", "text", [(2, 6, "------- SEARCH")], id="Cline"),
        pytest.param(
            f"{L} SEARCH\n:start_line:3\n-------\na\n{E}\nb\n{G} REPLACE\n", "text", [(1, 7, f"{L} SEARCH")], id="Roo"
        ),
        pytest.param(f"{L} SEARCH\r\na\r\n{E}\r\nb\r\n{G} REPLACE\r\n", "text", [(1, 5, f"{L} SEARCH")], id="CRLF"),
        pytest.param(f"a\n{G} REPLACE\n", "text", [(2, 2, f"{G} REPLACE")], id="the end alone"),
        pytest.param("a\n+++++++ REPLACE\n", "text", [(2, 2, "+++++++ REPLACE")], id="Cline's end alone"),
        pytest.param("------- SEARCH\na\n", "text", [(1, 1, "------- SEARCH")], id="Cline's start alone"),
        pytest.param(f"{L} SEARCH\n{L} SEARCH\na\n", "text", [(1, 1, f"{L} SEARCH"), (2, 2, f"{L} SEARCH")], id="two"),
        pytest.param(f"```\n{L} SEARCH\na\n{E}\nb\n{G} REPLACE\n```\n", "text", [], id="in a fence"),
        pytest.param(f'x = """\n{L} SEARCH\na\n{E}\nb\n{G} REPLACE\n"""\n', "python", [], id="in a string"),
        pytest.param("------- SEARCH FOR\n", "text", [], id="other words"),
    ],
)
def test_edit_blocks(text: str, kind: str, expected: list[tuple[int, int, str]]) -> None:
    facts = scan(text.encode(), kind=kind)
    assert [(edit.line, edit.end_line, edit.text) for edit in facts.edits] == expected
    assert (facts.conflicts, facts.strays) == ((), ())
