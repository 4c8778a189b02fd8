"""Searches of a file's bytes for places where an expression might be one that only the compiler refuses.

A search gives lines; the expressions of the statements on those lines are then looked at. What is searched for: a
keyword argument that stands twice, parameters of lambdas, assignment expressions, starred targets of comprehensions,
and `await`, `yield` and `async` where they do not belong. Words in strings and comments only cost the look.
"""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from merge_guard.facts.nodes import children, first_line
from merge_guard.facts.odd_expressions import Look
from merge_guard.facts.scopes import ASYNC, FUNCTION, Definition

_WORDS = (re.compile(rb"yield\b"), re.compile(rb"await\b"), re.compile(rb"async\b(?!\s+def\b)"))
_HEADER = -1
# Up to Python 3.10 an asynchronous comprehension may not stand in another one.
_AWAIT_EVERYWHERE = sys.version_info >= (3, 11)

# Patterns begin with fixed bytes wherever they can: the search for those is an order of magnitude faster.
_STRING = rb"""(?<![fFtTrR])(?:"[^"\\\n]*"(?!")|'[^'\\\n]*'(?!'))"""
_INNER = rb"""\((?:[^()"'#]|""" + _STRING + rb")*\)"
_MIDDLE = rb"""\((?:[^()"'#]|""" + _STRING + rb"|" + _INNER + rb")*\)"
# What stands between a keyword argument's `=` and the `)` that ends its call, or a statement of its own, in most cases.
_STATEMENT = rb"[ \t]*(?:assert|class|def|return|with)\b"
_TO_CALL_END = re.compile(
    rb"""[^()"'#\n]*(?:(?:"""
    + _STRING
    + rb"|"
    + _MIDDLE
    + rb"|\n(?!"
    + _STATEMENT
    + rb"""))[^()"'#\n]*)*(?:\)|\n(?="""
    + _STATEMENT
    + rb"))"
)
# A keyword argument from right to left, since `=` is rarer than `(` and `,` are. Comments end in `#` then.
_ARGUMENT = re.compile(rb"=[\s\\]*(?=([\w\x80-\xff]+))\1(?:[(,]|[\s\\]+(?:[(,]|(?<=\n)[^\n]*#))|=[ \t\\]*\n[^\n]*#")
_MOST_PAIRS = 100
_MOST_BYTES = 30

_PARAMETER = rb"\*{0,2}[ \t]*\w*[ \t]*(?:=[ \t]*[\w.]+[ \t]*)?"
_LAMBDA = re.compile(rb"lambda\b(?![ \t]*\w*[ \t]*:)")
_LAMBDA_PARAMETERS = re.compile(rb"lambda\b(" + _PARAMETER + rb"(?:,[ \t]*" + _PARAMETER + rb")*):")
_ANY_LAMBDA = re.compile(rb"lambda\b")
_WALRUS = re.compile(rb":=")
_IN_TARGET = rb"[\w\s,.()*\x80-\xff]"
# What stands between a star and `in`; a long way counts too, and a subscript, which may hold anything.
_STARRED_TARGET = re.compile(
    rb"\*\s*[\w(\[\x80-\xff](?:" + _IN_TARGET + rb"{0,100}?(?:\bin\b|\[)|" + _IN_TARGET + rb"{100})"
)
_STARRED_FIELD = re.compile(rb"\{\s*\*(?!\*)")


class Coroutines:
    """Where functions and classes of a file stand, noted only if it mentions coroutines or generators at all."""

    __slots__ = ("_spans", "annotations", "plain_yields", "present")

    def __init__(self, data: bytes) -> None:
        self.present = b"yield" in data or b"await" in data or b"async" in data
        self.plain_yields: set[int] = set()
        """Lines of `yield` as a statement or right of `=`, in functions that may have it there."""
        self.annotations: list[int] = []
        """Lines of the annotations in coroutines."""
        self._spans: list[tuple[int, int, int]] = []

    def enter(self, node: Definition, kind: int) -> None:
        end = node.end_lineno or node.lineno
        body = first_line(node.body[0])
        if body <= node.lineno:
            self._spans.append((node.lineno, -end, _HEADER))
            return
        self._spans.append((node.lineno, 1 - body, _HEADER))
        self._spans.append((body, -end, kind))

    def doubtful_lines(self, data: bytes) -> tuple[list[int], list[int]]:
        """(lines where these words may be wrong in an expression, lines where they must not be), both in order."""
        self._spans.sort()
        doubtful = list(self.annotations)
        forbidden: list[int] = []
        plain = set(self.plain_yields)
        open_spans: list[tuple[int, int]] = []
        spans, position = self._spans, 0
        for line, word in _words(data):
            while position < len(spans) and spans[position][0] <= line:
                start, end, kind = spans[position]
                while open_spans and open_spans[-1][0] < start:
                    open_spans.pop()
                open_spans.append((-end, kind))
                position += 1
            while open_spans and open_spans[-1][0] < line:
                open_spans.pop()
            kind = open_spans[-1][1] if open_spans else _HEADER
            if word == b"yield":
                if line in plain:
                    plain.discard(line)
                elif kind == FUNCTION:
                    doubtful.append(line)
                else:
                    forbidden.append(line)
            elif kind != ASYNC:
                forbidden.append(line)
            elif word == b"async" or not _AWAIT_EVERYWHERE:
                doubtful.append(line)
        return sorted(doubtful), forbidden


def _words(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(line, word) of each place, in order."""
    matches = [match for pattern in _WORDS for match in pattern.finditer(data)]
    matches.sort(key=re.Match.start)
    line, position = 1, 0
    for match in matches:
        start = match.start()
        line += data.count(b"\n", position, start)
        position = start
        yield line, match.group()


def suspected(tree: ast.Module, data: bytes, coroutines: Coroutines) -> bool:
    """Whether an expression of the file might be one that only the compiler refuses."""
    if b"__debug__" in data:
        return True
    arguments = _repeated_arguments(data)
    if arguments is None:
        return True
    doubtful = _lines(data, _doubtful_places(data, coroutines.present))
    forbidden: list[int] = []
    if coroutines.present:
        misplaced, forbidden = coroutines.doubtful_lines(data)
        doubtful += misplaced
    if not doubtful and not forbidden and not arguments:
        return False
    if b"\r" in data.replace(b"\r\n", b""):
        return True  # lines were counted wrongly
    # Where looking would take longer than compiling, there is nothing to gain.
    look = Look(most=500 + len(data) // 12)
    stretches = sorted({*arguments, *((line, line) for line in doubtful)})
    for doubted, strict in ((stretches, False), ([(line, line) for line in forbidden], True)):
        if doubted and any(look.is_odd(root, annotation, strict) for root, annotation in _expressions(tree, doubted)):
            return True
    return False


def _doubtful_places(data: bytes, coroutines: bool) -> Iterator[int]:
    if b"lambda" in data:
        if coroutines:
            yield from (match.start() for match in _ANY_LAMBDA.finditer(data))
        else:
            for match in _LAMBDA.finditer(data):
                if not _has_plain_parameters(data, match.start()):
                    yield match.start()
    if b":=" in data:
        yield from (match.start() for match in _WALRUS.finditer(data))
    if b"*" in data:
        for match in _STARRED_TARGET.finditer(data):
            yield match.start()
            yield match.end()
        yield from (match.start() for match in _STARRED_FIELD.finditer(data))


def _has_plain_parameters(data: bytes, start: int) -> bool:
    match = _LAMBDA_PARAMETERS.match(data, start)
    if match is None:
        return False
    names = [part.partition(b"=")[0].strip(b"* \t") for part in match[1].split(b",")]
    return len(set(names)) == len(names)


def _lines(data: bytes, places: Iterator[int]) -> list[int]:
    lines = []
    line, position = 1, 0
    for place in sorted(places):
        line += data.count(b"\n", position, place)
        position = place
        lines.append(line)
    return lines


def _repeated_arguments(data: bytes) -> list[tuple[int, int]] | None:
    """(line, line) of equal keyword arguments that may stand in one call; None where there are too many to look at.

    Two equal names that follow each other in one call have no `)` between them that closes the call.
    """
    size = len(data)
    later: dict[bytes, int] = {}
    pairs: list[tuple[int, int]] = []
    known_at, to_call_end = later.get, _TO_CALL_END.match
    left = _MOST_BYTES * size
    for match in _ARGUMENT.finditer(data[::-1]):
        name: bytes | None = match[1]
        start = size - match.start()
        known = known_at(name)  # type: ignore[arg-type]  # None is no key, hence not known
        if known is not None:
            closed = to_call_end(data, start, known)
            if closed is None:
                pairs.append((start, known))
                left -= known - start
            else:
                left -= closed.end() - start
            if left < 0 or len(pairs) > _MOST_PAIRS + size // 1_000:
                return None
        elif name is None or not name.isascii():
            # Behind a comment, or equal to others by its compatibility form: rare.
            return None
        later[name] = start  # type: ignore[index]  # None was never a key
    if not pairs:
        return []
    places = {place for pair in pairs for place in pair}
    line_of = dict(zip(sorted(places), _lines(data, iter(places)), strict=True))
    return [(line_of[first], line_of[second]) for first, second in pairs]


def _expressions(tree: ast.Module, stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[ast.AST, bool]]:
    """(expression, whether annotations are in it) of the statements that hold one of the stretches of lines."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        for child in children(node):
            if isinstance(child, ast.stmt):
                if _holds(first_line(child), child.end_lineno, stretches):
                    stack.append(child)
            elif isinstance(child, ast.expr):
                if _holds(child.lineno, child.end_lineno, stretches):
                    yield child, child is getattr(node, "annotation", None) or child is getattr(node, "returns", None)
            elif isinstance(child, ast.ExceptHandler):
                stack.append(child)
            else:
                yield child, isinstance(child, ast.arguments)


def _holds(first: int, last: int | None, stretches: Sequence[tuple[int, int]]) -> bool:
    index = bisect_left(stretches, (first, 0))
    last = last or first
    while index < len(stretches) and stretches[index][0] <= last:
        if stretches[index][1] <= last:
            return True
        index += 1
    return False
