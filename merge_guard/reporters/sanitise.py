r"""The one edge where text that somebody else wrote becomes harmless.

Paths, labels and source lines are controlled by whoever wrote the repository. Shown as they are they could move the
cursor, reorder a line, begin a workflow command or fail to encode. Here each such character becomes a visible escape:

    \x1b      a control character below U+0080 (\n, \r and \t in their short form)
    \x85      a byte that is not UTF-8 (Python's surrogateescape)
    \u202e    any other character that is invisible or not encodable; \U000e0041 beyond U+FFFF

In a path the backslash itself is doubled, so that `read_path` gives back exactly the name.
"""

from __future__ import annotations

import re

LONGEST = 4_000  # characters; a conflict label is as long as its line, and that can be a whole file

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls
    "\u2028\u2029"  # line and paragraph separator
    "\u00ad\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible formatting
    "\ud800-\udfff"  # surrogates: escaped bytes, or broken text
    "]"
)
_UNSAFE_IN_PATH = re.compile(_UNSAFE.pattern[:-1] + r"\\]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}
_ESCAPE = re.compile(r"\\(?:\\|n|r|t|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_UNSHORT = {value: key for key, value in _SHORT.items()}

# The runner of GitHub Actions trims a line and takes it for a command where it starts with `::`; its older form
# `##[...]` counts anywhere in a line, as do Azure's `##vso[` and TeamCity's `##teamcity[`.
_LEADING_COMMAND = re.compile(r"\A((?:\x1b\[[0-9;]*m|\s)*):(?=(?:\x1b\[[0-9;]*m)*:)")
_COLON_DIGIT = re.compile(":(?=[0-9])")
_COLON = r"\\x3a"
_INNER_COMMAND = re.compile(r"#(?=#\w*\[)")


def escape(char: str) -> str:
    """The visible form of one character."""
    short = _SHORT.get(char)
    if short is not None:
        return short
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    """The text on one line, without a character that is invisible or steers a terminal; cut where it is huge."""
    if len(text) > LONGEST:
        return f"{visible(text[:LONGEST])}... ({len(text) - LONGEST:,} more characters)"
    return _UNSAFE.sub(lambda match: escape(match[0]), text)


def visible_path(path: str) -> str:
    """The path on one line, reversibly: see `read_path`."""
    return _UNSAFE_IN_PATH.sub(lambda match: escape(match[0]), path)


def read_path(text: str) -> str:
    """The path that `visible_path` was given."""

    def read(match: re.Match[str]) -> str:
        if match[1]:
            code = int(match[1], 16)
            return chr(code if code < 0x80 else 0xDC00 + code)
        if match[2] or match[3]:
            return chr(int(match[2] or match[3], 16))
        return _UNSHORT[match[0]]

    return _ESCAPE.sub(read, text)


def place(path: str, line: int, column: int) -> str:
    """`path:line:column`. A colon of the path that a digit follows is escaped, so that the form reads one way only."""
    return f"{_COLON_DIGIT.sub(_COLON, visible_path(path))}:{line}:{column}"


def unowned(line: str) -> str:
    """The line without a command to a CI runner: for every line that is not meant as one."""
    return _INNER_COMMAND.sub(r"\\x23", _LEADING_COMMAND.sub(r"\1\\x3a", line, count=1))


def encodable(line: str, encoding: str) -> str:
    """The line with what the encoding lacks shown as escapes."""
    try:
        line.encode(encoding)
    except UnicodeEncodeError:
        return "".join(char if _encodes(char, encoding) else escape(char) for char in line)
    except LookupError:
        return encodable(line, "ascii")
    return line


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
