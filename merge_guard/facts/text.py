"""Bytes of a text file, made readable for scanners that look for ASCII at the start of a line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

BINARY_WINDOW = 8000
"""Git calls a file binary if a NUL stands in this many first bytes (`buffer_is_binary` in its xdiff-interface.c)."""

# The UTF-32 marks come first: the little-endian one begins with UTF-16's.
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_LONG = 4096
_LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n|\Z)")


class Text(NamedTuple):
    """A text file's content as ASCII-compatible bytes without a byte order mark.

    `codec` is what the content was recoded from, "" where it is the file's own bytes.
    """

    content: bytes
    mark: bytes = b""
    codec: str = ""

    def restore(self, content: bytes) -> bytes:
        """A changed content in the form of the file: with its mark, in its encoding."""
        if not self.codec:
            return self.mark + content
        return self.mark + content.decode("utf-8", "surrogatepass").encode(self.codec, "surrogatepass")


def is_wide(data: bytes) -> bool:
    """Whether a byte order mark says UTF-16 or UTF-32: nothing can be searched for before it is recoded."""
    return data.startswith(tuple(bom for bom, _ in _WIDE))


def is_binary(data: bytes) -> bool:
    """Git's judgement of bytes that are not wide."""
    return data.find(b"\0", 0, BINARY_WINDOW) >= 0


def read_text(data: bytes) -> Text | None:
    """The text that the bytes hold, or None where they are binary."""
    if data.startswith(codecs.BOM_UTF8):
        mark, codec = codecs.BOM_UTF8, ""
    else:
        mark, codec = next(((bom, name) for bom, name in _WIDE if data.startswith(bom)), (b"", ""))
    if codec:
        # Half a character at the end, or half a surrogate pair, must not hide the rest of the file.
        decoded = data[len(mark) :].decode(codec, "replace")
        return Text(decoded.encode("utf-8"), mark, codec)
    if is_binary(data):
        return None
    return Text(data[len(mark) :] if mark else data, mark)


def count_lines(content: bytes, start: int, end: int) -> int:
    r"""How many line ends (`\n`, `\r\n` or a lone `\r`) lie in a slice that splits no `\r\n`."""
    ends = content.count(b"\n", start, end)
    returns = content.count(b"\r", start, end)
    if returns:
        ends += returns - content.count(b"\r\n", start, end)
    return ends


def lines_before(content: bytes, start: int) -> Iterator[bytes]:
    """The lines above the one that begins at `start`, nearest first, up to one longer than 4,096 bytes (cut)."""
    while start > 0:
        end = start - 1
        if content.startswith(b"\r\n", end - 1):
            end -= 1
        # A window, because the kind of line end that a file does not use would be searched up to its start each time.
        low = max(0, end - _LONG)
        window = content[low:end]
        begin = max(window.rfind(b"\n"), window.rfind(b"\r")) + 1
        yield window[begin:]
        if not begin and low:
            return
        start = low + begin


def lines_from(content: bytes, position: int) -> Iterator[bytes]:
    """The lines from `position` on, lazily and without their ends."""
    size = len(content)
    while position < size:
        match = _LINE.match(content, position)
        assert match is not None
        yield match[1]
        position = match.end()
