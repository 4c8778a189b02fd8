"""What is a conflict: every form that a tool writes."""

from __future__ import annotations

import codecs

import pytest

from merge_guard.facts.markers import scan
from merge_guard.model.facts import Conflict

L, B, E, G = "<" * 7, "|" * 7, "=" * 7, ">" * 7
P, M, D, N = "+" * 7, "-" * 7, "%" * 7, "\\" * 7


def block(*, ours: str = "a\n", theirs: str = "b\n", base: str | None = None, width: int = 7) -> str:
    middle = "" if base is None else "|" * width + " base\n" + base
    return f"{'<' * width} HEAD\n{ours}{middle}{'=' * width}\n{theirs}{'>' * width} topic\n"


def conflicts(text: str | bytes, kind: str = "text", **options: int) -> tuple[Conflict, ...]:
    return scan(text.encode() if isinstance(text, str) else text, kind=kind, **options).conflicts


def shape(conflict: Conflict) -> tuple[str, int, int, list[tuple[str, str, int, int]]]:
    return (
        conflict.family,
        conflict.start,
        conflict.end,
        [(s.role, s.label, s.first, s.last) for s in conflict.sections],
    )


@pytest.mark.parametrize("kind", ["python", "text", "notebook"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"x\n{L} HEAD\na\n{E}\nb\n{G} topic\ny\n",
            ("git", 2, 6, [("ours", "HEAD", 3, 3), ("theirs", "topic", 5, 5)]),
            id="git, merge style",
        ),
        pytest.param(
            f"{L} HEAD\na\n{B} merged common ancestors\nc\nd\n{E}\nb\n{G} topic\n",
            (
                "git",
                1,
                8,
                [("ours", "HEAD", 2, 2), ("base", "merged common ancestors", 4, 5), ("theirs", "topic", 7, 7)],
            ),
            id="git, diff3 style",
        ),
        pytest.param(
            f"{L} HEAD\n{E}\nb\n{G} topic\n",
            ("git", 1, 4, [("ours", "HEAD", 2, 1), ("theirs", "topic", 3, 3)]),
            id="ours is empty",
        ),
        pytest.param(
            f"{L} HEAD\na\n{B}\n{E}\n{G} topic\n",
            ("git", 1, 5, [("ours", "HEAD", 2, 2), ("base", "", 4, 3), ("theirs", "topic", 5, 4)]),
            id="base and theirs are empty",
        ),
        pytest.param(
            f"{L}\na\n{E}\nb\n{G}\n",
            ("git", 1, 5, [("ours", "", 2, 2), ("theirs", "", 4, 4)]),
            id="no labels, as patch --merge writes",
        ),
        pytest.param(
            f"{L}<  HEAD:left.py\na\n{E}=\nb\n{G}> topic:right.py\n",
            ("git", 1, 5, [("ours", "HEAD:left.py", 2, 2), ("theirs", "topic:right.py", 4, 4)]),
            id="rename/rename is 8 wide",
        ),
        pytest.param(
            f"{L} HEAD\na\n{E}\nb\n{G} topic",
            ("git", 1, 5, [("ours", "HEAD", 2, 2), ("theirs", "topic", 4, 4)]),
            id="no newline at the end",
        ),
        pytest.param(
            f"{L} HEAD\r\na\r\n{E}\r\nb\r\n{G} topic\r\n",
            ("git", 1, 5, [("ours", "HEAD", 2, 2), ("theirs", "topic", 4, 4)]),
            id="CRLF",
        ),
        pytest.param(
            f"x\r{L} HEAD\ra\r{E}\rb\r{G} topic\r",
            ("git", 2, 6, [("ours", "HEAD", 3, 3), ("theirs", "topic", 5, 5)]),
            id="bare CR",
        ),
        pytest.param(
            f"x\r{L} HEAD\r\na\n{E}\r\nb\r\r\n{G} topic\n",
            ("git", 2, 7, [("ours", "HEAD", 3, 3), ("theirs", "topic", 5, 6)]),
            id="mixed line ends",
        ),
        pytest.param(
            f"{L} HEAD\nTitle\n{E}\n\nSome longer text.\n{E}\nOther\n{G} topic\n",
            ("git", 1, 8, [("ours", "HEAD", 2, 5), ("theirs", "topic", 7, 7)]),
            id="a heading in ours, a separator that cannot underline",
        ),
        pytest.param(
            f"{L} HEAD\nTitle\n{E}\n{B} base\nx\n{E}\nOther\n{G} topic\n",
            ("git", 1, 8, [("ours", "HEAD", 2, 3), ("base", "base", 5, 5), ("theirs", "topic", 7, 7)]),
            id="a heading in ours, before the base, which may end in a title too",
        ),
        pytest.param(
            f"{L} HEAD\nTitle\n{E}\n{B} base\n x\n{E}\nOther\n{G} topic\n",
            ("git", 1, 8, [("ours", "HEAD", 2, 3), ("base", "base", 5, 5), ("theirs", "topic", 7, 7)]),
            id="a heading in ours, before the base",
        ),
        pytest.param(
            f"{L} .mine\na\n{B} .r3\nc\n{E}\nb\n{G} .r4\n",
            ("svn", 1, 7, [("ours", ".mine", 2, 2), ("base", ".r3", 4, 4), ("theirs", ".r4", 6, 6)]),
            id="svn update",
        ),
        pytest.param(
            f"{L} .working\na\n{E}\nb\n{G} .merge-right.r12\n",
            ("svn", 1, 5, [("ours", ".working", 2, 2), ("theirs", ".merge-right.r12", 4, 4)]),
            id="svn merge",
        ),
        pytest.param(
            f"{L} TREE\na\n{E}\nb\n{G} MERGE-SOURCE\n",
            ("bzr", 1, 5, [("ours", "TREE", 2, 2), ("theirs", "MERGE-SOURCE", 4, 4)]),
            id="Breezy",
        ),
        pytest.param(
            f"{L} working copy: 618808747361 - test: branch2\na\n{E}\n"
            f"b\n{G} merge rev:    c0c68e4fe667 - test: branch1\n",
            (
                "hg",
                1,
                5,
                [
                    ("ours", "working copy: 618808747361 - test: branch2", 2, 2),
                    ("theirs", "merge rev:    c0c68e4fe667 - test: branch1", 4, 4),
                ],
            ),
            id="hg",
        ),
        pytest.param(
            f"{L} local\na\n{E}\nb\n{G} other\n",
            ("hg", 1, 5, [("ours", "local", 2, 2), ("theirs", "other", 4, 4)]),
            id="hg, basic labels",
        ),
        pytest.param(
            f"{L}\n{M} base: 1\n{P} working copy: 2\n a\n-b\n+c\n{E} merge rev: 3\nd\n{G}\n",
            ("hg", 1, 9, [("diff", "base: 1 working copy: 2", 4, 6), ("theirs", "merge rev: 3", 8, 8)]),
            id="hg mergediff, the diff first",
        ),
        pytest.param(
            f"{L}\n{E} working copy: 2\nd\n{M} base: 1\n{P} merge rev: 3\n a\n-b\n+c\n{G}\n",
            ("hg", 1, 9, [("ours", "working copy: 2", 3, 3), ("diff", "base: 1 merge rev: 3", 6, 8)]),
            id="hg mergediff, the diff last",
        ),
        pytest.param(
            f'{L} conflict 1 of 1\n{D} diff from: vp 38 "base"\n{N}        to: rt 27 "A"\n apple\n-grape\n+fruit\n'
            f'{P} ys 7a "B"\nAPPLE\n{G} conflict 1 of 1 ends\n',
            ("jj", 1, 9, [("diff", 'diff from: vp 38 "base" to: rt 27 "A"', 4, 6), ("theirs", 'ys 7a "B"', 8, 8)]),
            id="jj, diff style",
        ),
        pytest.param(
            f"{L} Conflict 1 of 2\n{P} Contents of side #1\nx\n{D} Changes from base to side #2\n-a\n+b\n"
            f"{G} Conflict 1 of 2 ends\n",
            ("jj", 1, 7, [("ours", "Contents of side #1", 3, 3), ("diff", "Changes from base to side #2", 5, 6)]),
            id="jj before 0.36, snapshot first",
        ),
        pytest.param(
            f"{L} conflict 1 of 1\n{P} A\na\n{M} base\nc\n{P} B\nb\n{G} conflict 1 of 1 ends\n",
            ("jj", 1, 8, [("ours", "A", 3, 3), ("base", "base", 5, 5), ("theirs", "B", 7, 7)]),
            id="jj, snapshot style",
        ),
        pytest.param(
            f"{L} conflict 1 of 1\n{P} A\na\n{M} base\n{P} B\nb\n{G} conflict 1 of 1 ends\n",
            ("jj", 1, 7, [("ours", "A", 3, 3), ("base", "base", 5, 4), ("theirs", "B", 6, 6)]),
            id="jj, snapshot style with an empty base",
        ),
        pytest.param(
            f"{L}<<<<<<<< conflict 1 of 1\n{D}%%%%%%%% diff from: q\n{N}\\\\\\\\\\\\\\\\        to: k\n"
            f"-Heading\n+HEADING\n {E}\n{P}++++++++ m\nNew Heading\n{E}====\n{G}>>>>>>>> conflict 1 of 1 ends\n",
            ("jj", 1, 10, [("diff", "diff from: q to: k", 4, 6), ("theirs", "m", 8, 9)]),
            id="jj, markers longer than any run in the file",
        ),
        pytest.param(
            f"{L} conflict 1 of 1\n{P} one\na\n{D} diff from: b\n{N}        to: two\n-c\n+d\n{D} diff from: b\n"
            f"{N}        to: three\n-c\n+e\n{G} conflict 1 of 1 ends\n",
            (
                "jj",
                1,
                12,
                [
                    ("ours", "one", 3, 3),
                    ("diff", "diff from: b to: two", 6, 7),
                    ("diff", "diff from: b to: three", 10, 11),
                ],
            ),
            id="jj, three sides",
        ),
        pytest.param(
            f'{L} rt 27 "A"\na\n{B} vp 38 "base"\nc\n{E}\nb\n{G} ys 7a "B"\n',
            ("git", 1, 7, [("ours", 'rt 27 "A"', 2, 2), ("base", 'vp 38 "base"', 4, 4), ("theirs", 'ys 7a "B"', 6, 6)]),
            id="jj, git style",
        ),
    ],
)
def test_one_conflict(text: str, expected: tuple[str, int, int, list[tuple[str, str, int, int]]], kind: str) -> None:
    facts = scan(text.encode(), kind=kind)
    assert [shape(conflict) for conflict in facts.conflicts] == [expected]
    assert not facts.strays
    assert not facts.conflicts[0].documented


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        pytest.param("utf-8", codecs.BOM_UTF8, id="UTF-8 with a mark"),
        pytest.param("utf-16-le", codecs.BOM_UTF16_LE, id="UTF-16, little endian"),
        pytest.param("utf-16-be", codecs.BOM_UTF16_BE, id="UTF-16, big endian"),
        pytest.param("utf-32-le", codecs.BOM_UTF32_LE, id="UTF-32, little endian"),
        pytest.param("utf-32-be", codecs.BOM_UTF32_BE, id="UTF-32, big endian"),
    ],
)
def test_encodings(codec: str, mark: bytes) -> None:
    (conflict,) = conflicts(mark + (block(ours="ä\n") + "end").encode(codec))
    assert (conflict.start, conflict.end, conflict.sections[1].label) == (1, 5, "topic")


def test_a_label_that_is_not_utf_8() -> None:
    (conflict,) = conflicts(b"<<<<<<< \xff\xfe\na\n=======\nb\n>>>>>>> x\n")
    assert conflict.sections[0].label == "\ufffd\ufffd"


def test_binary_files_hold_nothing() -> None:
    assert conflicts(b"\0" + block().encode()) == ()


def test_a_nul_behind_the_window_does_not_hide_a_conflict() -> None:
    assert len(conflicts(block().encode() + b"x" * 8000 + b"\0")) == 1


@pytest.mark.parametrize(
    ("text", "spans", "nested"),
    [
        pytest.param(block(base=block(width=9)), [(1, 11)], [1], id="the virtual base of a criss-cross merge"),
        pytest.param(
            block(base=block(width=9, base=block(width=11))), [(1, 17)], [2], id="criss-cross upon criss-cross"
        ),
        pytest.param(block(theirs=block()), [(1, 9)], [1], id="a conflicted file merged again, theirs"),
        pytest.param(block(ours=block()), [(1, 9)], [1], id="a conflicted file merged again, ours"),
        pytest.param(block(ours=block(), theirs=block()), [(1, 13)], [2], id="both sides held a conflict"),
        pytest.param(block() + "x\n" + block(), [(1, 5), (7, 11)], [0, 0], id="two conflicts"),
        pytest.param(block(width=15), [(1, 5)], [0], id="another width"),
        pytest.param(f"{L} a\n" + block(), [(2, 6)], [0], id="behind an opener without a partner"),
        pytest.param(block() + f"{G} a\n", [(1, 5)], [0], id="before a closer without a partner"),
        pytest.param(block(ours=f"{G} quoted\n"), [(1, 5)], [0], id="a closer in ours is text"),
    ],
)
def test_outermost_blocks(text: str, spans: list[tuple[int, int]], nested: list[int]) -> None:
    found = conflicts(text)
    assert [(conflict.start, conflict.end) for conflict in found] == spans
    assert [conflict.nested for conflict in found] == nested


@pytest.mark.parametrize("size", [3, 4, 12, 40])
def test_conflict_marker_size(size: int) -> None:
    (conflict,) = conflicts(block(width=size), marker_size=size)
    assert (conflict.width, conflict.documented) == (size, False)


def test_the_usual_width_is_text_where_the_attribute_says_another() -> None:
    (conflict,) = conflicts(block(), marker_size=32)
    assert conflict.documented


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{L} HEAD\na\n{E}=\nb\n{G} topic\n", id="a wider separator"),
        pytest.param(f"{L} HEAD\na\n{E}\nb\n{G}> topic\n", id="a wider closer"),
        pytest.param(f"{L}HEAD\na\n{E}\nb\n{G}topic\n", id="no blank before the label"),
        pytest.param(f" {L} HEAD\n a\n {E}\n b\n {G} topic\n", id="not at column 0"),
        pytest.param(f"{G} HEAD\na\n{E}\nb\n{L} topic\n", id="upside down"),
        pytest.param(f"{L} HEAD\na\nb\n{G} topic\n", id="no separator"),
        pytest.param("<<<<<< HEAD\na\n======\nb\n>>>>>> topic\n", id="six"),
        pytest.param(f"{L}\n+++++++\na\n{G}\n", id="one section only"),
    ],
)
def test_no_conflict(text: str) -> None:
    assert conflicts(text) == ()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a kind of text"):
        scan(b"", kind="binary")
