"""A Dockerfile as instructions.

`dockerfile-parse` finds instructions, comments and continuation lines; here-documents (BuildKit), flags and blank lines
between continuation lines, which it does not know, are added. Source: moby/buildkit, `frontend/dockerfile/parser`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 256 * 1024
"""Bytes; the parser joins continuation lines in quadratic time."""
_MOST_LINES = 8_000
_MOST_DOCUMENTS = 100
_ESCAPE = re.compile(
    r"\A(?:[ \t]*#[ \t]*\w+[ \t]*=[^\n]*\n)*?[ \t]*#[ \t]*escape[ \t]*=[ \t]*([\\`])[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FLAG = re.compile(r"--([a-z][a-z-]*)(?:=(\S*))?\s*")
_HEREDOC = re.compile(r"(?:(?<=\s)|\A)\d*<<(-?)([\"']?)([^\s<>|&;\"']+)\2(?=[\s;|&)>]|\Z)")
_HEREDOC_IN = ("RUN", "COPY", "ADD")


class DockerfileError(ValueError):
    """What keeps a Dockerfile from being read, in words fit for a report."""


@dataclass(frozen=True, slots=True)
class Document:
    """A here-document; in a `COPY` its name is the file's."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """`name` in capitals; `value` without flags and continuations; `line` is its first, from 1."""

    name: str
    value: str
    line: int
    flags: tuple[tuple[str, str], ...] = ()
    documents: tuple[Document, ...] = ()

    def flag(self, name: str) -> str | None:
        return next((value for known, value in self.flags if known == name), None)

    @property
    def exec_form(self) -> tuple[str, ...] | None:
        """The JSON array that the value is, if it is one."""
        if not self.value.startswith("["):
            return None
        try:
            items = json.loads(self.value)
        except (ValueError, RecursionError):
            return None
        return tuple(items) if isinstance(items, list) and all(isinstance(item, str) for item in items) else None


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """`escape` is the character that continues lines and escapes others."""

    instructions: tuple[Instruction, ...]
    escape: str = "\\"


def read_dockerfile(data: bytes) -> Dockerfile:
    """Raises `DockerfileError` for what is too large to be one."""
    if len(data) > LARGEST:
        raise DockerfileError(f"larger than {LARGEST:,} bytes")
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        raise DockerfileError(f"more than {_MOST_LINES:,} lines")
    escape = _ESCAPE.match("\n".join(lines[:10]))
    character = escape[1] if escape else "\\"
    return Dockerfile(tuple(_instructions(lines, character)), character)


def _instructions(lines: list[str], escape: str) -> Iterator[Instruction]:
    start = 0
    for _ in range(_MOST_DOCUMENTS):
        for name, value, first, last in _parsed(lines[start:], escape):
            flags, value = _flags(value) if name != "CMD" else ((), value)
            documents, after = _documents(value, lines, start + last + 1) if name in _HEREDOC_IN else ((), 0)
            yield Instruction(name, value, start + first + 1, flags, documents)
            if documents:
                start = after
                break
        else:
            return
    raise DockerfileError(f"more than {_MOST_DOCUMENTS} here-documents")


def _parsed(lines: list[str], escape: str) -> list[tuple[str, str, int, int]]:
    """(name, value, first line, last line), lines from 0."""
    from dockerfile_parse import DockerfileParser

    # A blank line does not end a continued instruction, and neither does a comment, which the parser knows.
    whole = [f"# escape={escape}", *(line if line.strip() else "#" for line in lines), "", ""]
    parser = DockerfileParser(fileobj=io.BytesIO("\n".join(whole).encode("utf-8", "replace")))
    return [
        (item["instruction"], (item["value"] or "").strip(), item["startline"] - 1, item["endline"] - 1)
        for item in parser.structure
        if item["instruction"] != "COMMENT"
    ]


def _flags(value: str) -> tuple[tuple[tuple[str, str], ...], str]:
    flags = []
    while match := _FLAG.match(value):
        flags.append((match[1], (match[2] or "").strip("\"'")))
        value = value[match.end() :]
    return tuple(flags), value


def _documents(value: str, lines: list[str], at: int) -> tuple[tuple[Document, ...], int]:
    """The here-documents that the value announces, and the line after them; without its end there is none."""
    documents = []
    for match in _HEREDOC.finditer(value):
        body: list[str] = []
        strips = bool(match[1])
        for number in range(at, len(lines)):
            line = lines[number].lstrip("\t") if strips else lines[number]
            if line == match[3]:
                documents.append(Document(match[3], "\n".join([*body, ""])))
                at = number + 1
                break
            body.append(line)
        else:
            break
    return tuple(documents), at
