"""Each side of a conflicted file, line by line."""

from __future__ import annotations

import codecs

import pytest

from merge_guard.facts.markers import scan
from merge_guard.facts.sides import side_texts

L, B, E, G = "<" * 7, "|" * 7, "=" * 7, ">" * 7
P, M, D, N = "+" * 7, "-" * 7, "%" * 7, "\\" * 7


def sides(text: str | bytes, kind: str = "python") -> dict[str, bytes]:
    data = text.encode() if isinstance(text, str) else text
    return side_texts(data, scan(data, kind=kind).conflicts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"x\n{L} HEAD\na\nb\n{E}\nc\n{G} topic\ny\n",
            {"ours": "x\n\na\nb\n\n\n\ny\n", "theirs": "x\n\n\n\n\nc\n\ny\n"},
            id="merge style",
        ),
        pytest.param(
            f"{L} HEAD\na\n{B} base\nc\n{E}\nb\n{G} topic\n",
            {"ours": "\na\n\n\n\n\n\n", "base": "\n\n\nc\n\n\n\n", "theirs": "\n\n\n\n\nb\n\n"},
            id="diff3 style",
        ),
        pytest.param(
            f"{L} HEAD\na\n{B} base\nc\n{E}\nb\n{G} topic\n{L} HEAD\nd\n{E}\ne\n{G} topic\n",
            {"ours": "\na\n\n\n\n\n\n\nd\n\n\n\n", "theirs": "\n\n\n\n\nb\n\n\n\n\ne\n\n"},
            id="no base where one block has none",
        ),
        pytest.param(
            f"x\r\n{L} HEAD\r\na\r\n{E}\nb\n{G} topic",
            {"ours": "x\r\n\r\na\r\n\n\n", "theirs": "x\r\n\r\n\r\n\nb\n"},
            id="line ends are kept",
        ),
        pytest.param(
            f"x\r{L} HEAD\ra\r{E}\rb\r{G} topic\r", {"ours": "x\r\ra\r\r\r\r", "theirs": "x\r\r\r\rb\r\r"}, id="CR"
        ),
        pytest.param(f"{L} HEAD\n{E}\nb\n{G} t\n", {"ours": "\n\n\n\n", "theirs": "\n\nb\n\n"}, id="an empty side"),
        pytest.param(
            f"{L} H\na\n{E}\n{L} H\nb\n{E}\nc\n{G} t\n{G} t\n",
            {"ours": "\na\n\n\n\n\n\n\n\n", "theirs": "\n\n\n\n\n\nc\n\n\n"},
            id="a conflict in a conflict",
        ),
        pytest.param(
            f"{L} H\na\n{B} b\n{L}<< T\nd\n{E}==\ne\n{G}>> T\n{E}\nc\n{G} t\n",
            {
                "ours": "\na\n\n\n\n\n\n\n\n\n\n",
                "base": "\n\n\n\nd\n\n\n\n\n\n\n",
                "theirs": "\n\n\n\n\n\n\n\n\nc\n\n",
            },
            id="a virtual base is a conflict itself",
        ),
        pytest.param(
            f"{L} conflict 1 of 1\n{D} diff from: q\n{N}        to: r\n a\n-b\n+c\n\n"
            f"{P} s\nd\n{G} conflict 1 of 1 ends\n",
            {
                "ours": "\n\n\na\n\nc\n\n\n\n\n",
                "base": "\n\n\na\nb\n\n\n\n\n\n",
                "theirs": "\n\n\n\n\n\n\n\nd\n\n",
            },
            id="jj's diff",
        ),
        pytest.param(
            f"{L} conflict 1 of 1\n{P} s\nd\n{D} diff from: q\n{N}        to: r\n a\n-b\n+c\n"
            f"{G} conflict 1 of 1 ends\n",
            {
                "ours": "\n\nd\n\n\n\n\n\n\n",
                "base": "\n\n\n\n\na\nb\n\n\n",
                "theirs": "\n\n\n\n\na\n\nc\n\n",
            },
            id="jj's diff last",
        ),
        pytest.param(
            f"{L} conflict 1 of 1\n{P} s\na\n{M} b\nc\n{P} r\nd\n{G} conflict 1 of 1 ends\n",
            {"ours": "\n\na\n\n\n\n\n\n", "base": "\n\n\n\nc\n\n\n\n", "theirs": "\n\n\n\n\n\nd\n\n"},
            id="jj's snapshots",
        ),
        pytest.param(
            f"{L}\n{M} base: 1\n{P} working copy: 2\n a\n-b\n+c\n{E} merge rev: 3\nd\n{G}\n",
            {"ours": "\n\n\na\n\nc\n\n\n\n", "base": "\n\n\na\nb\n\n\n\n\n", "theirs": "\n\n\n\n\n\n\nd\n\n"},
            id="mergediff",
        ),
        pytest.param(
            f"# {L} H\nx = 1\n# {E}\nx = 2\n# {G} t\n",
            {"ours": "\nx = 1\n\n\n\n", "theirs": "\n\n\nx = 2\n\n"},
            id="markers behind #",
        ),
        pytest.param(
            f"x = 1 + \\\n{L} H\n    2\n{E}\n    3\n{G} t\n",
            {"ours": "x = 1 + \\\n\\\n    2\n\n\n\n", "theirs": "x = 1 + \\\n\\\n\\\n\\\n    3\n\n"},
            id="an empty line would end a continued statement",
        ),
    ],
)
def test_texts(text: str, expected: dict[str, str]) -> None:
    assert {role: side.decode() for role, side in sides(text).items()} == expected


PYTHON = f"def f(x):\n{L} HEAD\n    return (x +\n{E}\n    return (x -\n{G} topic\n            1)\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PYTHON, id="plain"),
        pytest.param(PYTHON.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(codecs.BOM_UTF8 + PYTHON.encode(), id="byte order mark"),
        pytest.param(codecs.BOM_UTF8 + f"{L} HEAD\nx = 1\n{E}\nx = 2\n{G} t\n".encode(), id="mark before the opener"),
        pytest.param(f"# coding: latin-1\n{PYTHON}# ä\n".encode("latin-1"), id="latin-1"),
        pytest.param(f"x = 1 + \\\n{L} H\n    2\n{E}\n    3\n{G} t\n", id="continued statement"),
        pytest.param(f"x = [\n{L} H\n    2,\n{E}\n    3,\n{G} t\n]\n", id="inside brackets"),
        pytest.param(f"class A:\n    @staticmethod\n{L} H\n    def f(): ...\n{E}\n    def g(): ...\n{G} t\n", id="def"),
        pytest.param(f"x = '''\n{L} H\n'''\n{E}\nb'''\n{G} t\n", id="a string that a side ends"),
        pytest.param(f"x = 'a\\\n{L} H\nb'\n{E}\nc'\n{G} t\n", id="a continued string"),
        pytest.param(f"# a comment \\\n{L} H\nx = 1\n{E}\nx = 2\n{G} t\n", id="a comment that ends in a backslash"),
    ],
)
def test_each_side_compiles_on_its_own_lines(text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(SyntaxError):
        compile(data, "whole.py", "exec")
    both = sides(data)
    assert set(both) == {"ours", "theirs"}
    for side in both.values():
        compile(side, "side.py", "exec")
        assert len(side.splitlines()) in (len(data.splitlines()), len(data.splitlines()) - 1)
        assert side.startswith(codecs.BOM_UTF8) == data.startswith(codecs.BOM_UTF8)


def test_utf_16_stays_utf_16() -> None:
    data = codecs.BOM_UTF16_LE + f"ä\n{L} HEAD\na\n{E}\nb\n{G} t\n".encode("utf-16-le")
    assert sides(data, "text")["ours"] == codecs.BOM_UTF16_LE + "ä\n\na\n\n\n\n".encode("utf-16-le")


def test_only_the_given_conflicts_are_decided() -> None:
    text = f"{L} H\na\n{E}\nb\n{G} t\n"
    data = (text + text).encode()
    second = scan(data, kind="text").conflicts[1:]
    assert side_texts(data, second)["theirs"].decode() == text + "\n\n\nb\n\n"


def test_nothing_to_decide() -> None:
    assert sides("x = 1\n") == {}
    assert side_texts(b"\0", scan(b"<<<<<<< a\n=======\n>>>>>>> b\n", kind="text").conflicts) == {}
