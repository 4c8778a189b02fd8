"""Parse and, where it is needed, compile: CPython judges and words every problem."""

from __future__ import annotations

import ast
import re
import sys
import tokenize
import warnings
from io import BytesIO

from merge_guard.model.facts import SyntaxProblem

RUNNING = sys.version_info[:2]
_NEWER = re.compile(r"only supported in Python (\d+\.\d+) and greater")
# What a too deep or too large input raises instead of a SyntaxError, by version of CPython.
_EXHAUSTED = (RecursionError, MemoryError, OverflowError)


def parse(data: bytes, feature: tuple[int, int] | None = None) -> tuple[ast.Module | None, SyntaxProblem | None]:
    """The syntax tree, or why there is none.

    `feature` is an older version that the source must be understood by. A construct newer than it is a problem of kind
    "newer", and the tree is given all the same, since the rest of the analysis can go on with it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if feature is not None and feature < RUNNING:
                return _parse_as(data, feature)
            return ast.parse(data), None
    except _EXHAUSTED as error:
        return None, exhausted(error)
    except (SyntaxError, ValueError) as error:
        return None, describe(error, data)


def _parse_as(data: bytes, feature: tuple[int, int]) -> tuple[ast.Module, SyntaxProblem | None]:
    try:
        return ast.parse(data, feature_version=feature), None
    except SyntaxError as error:
        match = _NEWER.search(error.msg or "")
        if match is None:
            raise
        tree = ast.parse(data)
        line, column = error.lineno or 1, error.offset or 1
        return tree, SyntaxProblem("newer", error.msg, line, column, "SyntaxError", match.group(1))


def compile_problem(data: bytes) -> SyntaxProblem | None:
    """What the compiler refuses in source that parses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<source>", "exec", dont_inherit=True)
    except _EXHAUSTED as error:
        return exhausted(error)
    except (SyntaxError, ValueError) as error:
        return describe(error, data)
    return None


def exhausted(error: BaseException) -> SyntaxProblem:
    return SyntaxProblem("not-analysable", f"too deeply nested or too large to analyse ({type(error).__name__})")


def describe(error: SyntaxError | ValueError, data: bytes) -> SyntaxProblem:
    """The problem in the words of CPython, told apart as undecodable where the bytes are at fault."""
    name = type(error).__name__
    undecodable = _undecodable(data)
    if undecodable is not None:
        message, line = undecodable
        return SyntaxProblem("undecodable", message, line, 1, name if name != "UnicodeDecodeError" else "SyntaxError")
    if isinstance(error, SyntaxError):
        return SyntaxProblem(
            "syntax", error.msg or "invalid syntax", error.lineno or 1, max(error.offset or 1, 1), name
        )
    return SyntaxProblem("syntax", str(error), 1, 1, name)


def _undecodable(data: bytes) -> tuple[str, int] | None:
    """(message, line) where the bytes cannot be decoded as Python source: language reference, 2.1.4 and PEP 263."""
    nul = data.find(b"\0")
    if nul >= 0:
        return "source code cannot contain null bytes", data.count(b"\n", 0, nul) + 1
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
    except SyntaxError as error:
        return str(error), 1
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"byte 0x{data[error.start]:02x} is not {encoding}, and no other encoding is declared", line
    except (LookupError, ValueError) as error:
        return f"encoding {encoding!r}: {error}", 1
    return None
