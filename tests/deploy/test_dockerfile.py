"""Dockerfiles as instructions, and words with variables put in."""

from __future__ import annotations

import pytest

from merge_guard.deploy import dockerfile_words as words
from merge_guard.deploy.dockerfile import DockerfileError, Instruction, read_dockerfile


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM a\nRUN b\n", [("FROM", "a", 1), ("RUN", "b", 2)], id="plain"),
        pytest.param("from a\n", [("FROM", "a", 1)], id="names in any case"),
        pytest.param("RUN a \\\n    && b\nRUN c\n", [("RUN", "a     && b", 1), ("RUN", "c", 3)], id="continued"),
        pytest.param("RUN a \\\n# why\n  b\n", [("RUN", "a   b", 1)], id="a comment inside"),
        pytest.param("RUN a \\\n\n  b\nRUN c", [("RUN", "a   b", 1), ("RUN", "c", 4)], id="a blank line inside"),
        pytest.param("# escape=`\nRUN a `\n  b\n", [("RUN", "a   b", 2)], id="another escape"),
        pytest.param("# hello\n# escape=`\nRUN a `\nRUN b\n", [("RUN", "a `", 3), ("RUN", "b", 4)], id="no directive"),
        pytest.param("\ufeffFROM a\r\nRUN b \\\r\n c\r\n", [("FROM", "a", 1), ("RUN", "b  c", 2)], id="BOM and CRLF"),
        pytest.param("FROM a\nRUN b \\", [("FROM", "a", 1), ("RUN", "b", 2)], id="continued at the end"),
        pytest.param("RUN <<EOF\nFROM x\nEOF\nRUN c", [("RUN", "<<EOF", 1), ("RUN", "c", 4)], id="here-document"),
        pytest.param(
            "RUN <<EOF\nx \\\nEOF\nRUN c", [("RUN", "<<EOF", 1), ("RUN", "c", 4)], id="one that ends continued"
        ),
        pytest.param("RUN <<A <<-B\n1\nA\n2\n\tB\nRUN c", [("RUN", "<<A <<-B", 1), ("RUN", "c", 6)], id="two of them"),
        pytest.param('RUN <<"EOF"\n$x\nEOF\nRUN c', [("RUN", '<<"EOF"', 1), ("RUN", "c", 4)], id="quoted"),
        pytest.param("RUN echo <<EOF\nRUN c", [("RUN", "echo <<EOF", 1), ("RUN", "c", 2)], id="without its end"),
        pytest.param("", [], id="empty"),
    ],
)
def test_instructions(text: str, expected: list[tuple[str, str, int]]) -> None:
    found = read_dockerfile(text.encode()).instructions
    assert [(item.name, item.value, item.line) for item in found] == expected


def test_flags_documents_and_json() -> None:
    copy, cmd, shell = read_dockerfile(
        b'COPY --from=build --chown=a:b <<X /x.py\nimport a\nX\nCMD ["python", "-m", "x"]\nCMD [python]\n'
    ).instructions
    assert (copy.flag("from"), copy.flag("chown"), copy.flag("link")) == ("build", "a:b", None)
    assert [(document.name, document.text) for document in copy.documents] == [("X", "import a\n")]
    assert cmd.exec_form == ("python", "-m", "x")
    assert shell.exec_form is None, "what is no JSON is for a shell"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"RUN a \\\n" * 200_000, id="continued without end"),
        pytest.param(b"\n" * 100_000, id="many lines"),
        pytest.param(b"RUN <<A\nA\n" * 1_000, id="many here-documents"),
    ],
)
def test_what_is_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(DockerfileError):
        read_dockerfile(data)


VARIABLES = {"A": "x", "EMPTY": "", "GIVEN_LATER": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a  b\tc", ["a", "b", "c"], id="blanks"),
        pytest.param("'a b' \"c d\"", ["a b", "c d"], id="quotes"),
        pytest.param("a\\ b", ["a b"], id="escaped blank"),
        pytest.param("$A/${A}/$$", ["x/x/$$"], id="variables"),
        pytest.param("'$A' \"$A\" \\$A", ["$A", "x", "$A"], id="quoted variables"),
        pytest.param("${B:-y} ${EMPTY:-y} ${EMPTY-y} ${A:-y}", ["y", "y", "", "x"], id="defaults"),
        pytest.param("${A:+y} ${B:+y}", ["y", ""], id="alternatives"),
        pytest.param("${B:-${A}-slim}", ["x-slim"], id="a variable in a default"),
        pytest.param("${GIVEN_LATER:-3.11}", ["3.11"], id="the default of what is given later"),
        pytest.param("$GIVEN_LATER/a b", [None, "b"], id="given when the image is built"),
        pytest.param("$NOBODY", [None], id="not declared"),
        pytest.param("${A%y}", [None], id="other operators"),
        pytest.param("${A", ["${A"], id="unclosed"),
    ],
)
def test_words(text: str, expected: list[str | None]) -> None:
    assert words.words(text, VARIABLES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A=1 B='2 3' C=$A", [("A", "1"), ("B", "2 3"), ("C", "x")], id="several"),
        pytest.param("PATH /venv/bin:$A", [("PATH", "/venv/bin:x")], id="the old form"),
        pytest.param("A=$NOBODY B=1", [("A", None), ("B", "1")], id="not known"),
        pytest.param("A", [("A", "")], id="nothing"),
    ],
)
def test_assignments(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert words.assignments(text, VARIABLES) == expected


def test_a_variable_that_doubles_itself_ends() -> None:
    variables: dict[str, str | None] = {"A": "a" * 4_000}
    assert words.words("$A$A", variables) == [None]
    assert words.words("${" * 10_000, {}) != []


def test_instructions_are_values() -> None:
    assert Instruction("RUN", "a", 1) == Instruction("RUN", "a", 1)
