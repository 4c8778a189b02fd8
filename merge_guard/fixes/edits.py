"""Edits of bytes, and the form in which a Python file is edited."""

from __future__ import annotations

import codecs
import io
import tokenize
from collections.abc import Iterable
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace the bytes from `start` to `end`."""

    start: int
    end: int
    text: bytes


class RefusedError(Exception):
    """Why something is left as it is, in words fit for a report."""


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The data with all edits made; raises ValueError where two overlap."""
    out = []
    at = 0
    for edit in sorted(set(edits)):
        if edit.start < at:
            raise ValueError(f"edits overlap at {edit.start}")
        out += [data[at : edit.start], edit.text]
        at = edit.end
    return b"".join([*out, data[at:]])


class Source(NamedTuple):
    """A Python file as UTF-8 without a byte order mark, which is what positions count in."""

    content: bytes
    mark: bytes
    encoding: str

    @classmethod
    def of(cls, data: bytes) -> Source:
        """Raises `RefusedError` for what Python could not decode, or what would not come back the same."""
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except (SyntaxError, ValueError):
            raise RefusedError("its encoding is not known") from None
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        body = data[len(mark) :]
        codec = "utf-8" if encoding.startswith("utf-8") else encoding
        try:
            content = body if codec == "utf-8" else body.decode(codec).encode("utf-8")
            content.decode("utf-8")
        except (UnicodeError, LookupError):
            raise RefusedError("it cannot be decoded") from None
        made = cls(content, mark, codec)
        if made.restored(content) != data:
            raise RefusedError(f"it cannot be written back in its encoding, {encoding}")
        return made

    def restored(self, content: bytes) -> bytes:
        """Changed content in the form of the file; raises `RefusedError` where the encoding cannot hold it."""
        if self.codec_is_utf8():
            return self.mark + content
        try:
            return self.mark + content.decode("utf-8").encode(self.encoding)
        except UnicodeError:
            raise RefusedError(f"its encoding, {self.encoding}, cannot hold the new text") from None

    def codec_is_utf8(self) -> bool:
        return self.encoding == "utf-8"


def line_of(content: bytes, offset: int) -> int:
    """The line of an offset, counted from 1, as Python counts lines."""
    head = content[:offset]
    return head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n") + 1


def line_start(content: bytes, offset: int) -> int:
    return max(content.rfind(b"\n", 0, offset), content.rfind(b"\r", 0, offset)) + 1


def line_end(content: bytes, offset: int) -> int:
    """Where the line's text ends, before its line end."""
    ends = [at for at in (content.find(b"\n", offset), content.find(b"\r", offset)) if at >= 0]
    return min(ends, default=len(content))


def next_line(content: bytes, offset: int) -> int:
    """Where the next line begins."""
    end = line_end(content, offset)
    return end + (2 if content.startswith(b"\r\n", end) else 1 if end < len(content) else 0)


def newline_of(content: bytes, offset: int) -> bytes:
    """The line end at or next after the offset, for new lines there; the file's first if there is none."""
    for start in (offset, 0):
        end = line_end(content, start)
        found = content[end : next_line(content, end)]
        if found:
            return found
    return b"\n"
