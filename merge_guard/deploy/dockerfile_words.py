"""Words of a Dockerfile instruction, with variables put in.

Source: moby/buildkit, `frontend/dockerfile/shell/lex.go`. A word is None where it holds a variable whose value is given
only when the image is built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Variables = Mapping[str, "str | None"]
_LONGEST = 4_096
_MOST_WORDS = 2_000
_PLAIN = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_BRACED = re.compile(r"\$\{(\w+)(:?)([-+?])")


def words(text: str, variables: Variables, escape: str = "\\") -> list[str | None]:
    """Split at blanks outside quotes; quotes are taken off."""
    found: list[str | None] = []
    at = 0
    while at < len(text) and len(found) < _MOST_WORDS:
        if text[at].isspace():
            at += 1
            continue
        word, at = _word(text, at, variables, escape, "")
        found.append(word)
    return found


def whole(text: str, variables: Variables, escape: str = "\\") -> str | None:
    """The text as one word."""
    return _word(text.strip(), 0, variables, escape, "\0")[0]


def _word(text: str, at: int, variables: Variables, escape: str, ends: str) -> tuple[str | None, int]:
    """One word from `at` on, up to a blank ("" for `ends`) or one of the characters of `ends`."""
    pieces: list[str] = []
    known = True
    quote = ""
    while at < len(text):
        character = text[at]
        if not quote and (character.isspace() if not ends else character in ends):
            break
        at += 1
        if character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        elif character == escape and quote != "'":
            following = text[at : at + 1]
            if quote and following not in ('"', "$", escape):
                pieces.append(character)
            pieces.append(following)
            at += 1
        elif character == "$" and quote != "'":
            value, at = _variable(text, at - 1, variables, escape)
            known = known and value is not None
            pieces.append(value or "")
        else:
            pieces.append(character)
    word = "".join(pieces)
    return (word if known and len(word) <= _LONGEST else None), at


def _variable(text: str, at: int, variables: Variables, escape: str) -> tuple[str | None, int]:
    """The value of the variable that starts at `at`, and where the text goes on."""
    plain = _PLAIN.match(text, at)
    if plain:
        return variables.get(plain[1] or plain[2]), plain.end()
    braced = _BRACED.match(text, at)
    if not braced:
        closing = text.find("}", at) if text.startswith("${", at) else -1
        return (None, closing + 1) if closing > 0 else ("$", at + 1)
    # The alternative is a word up to the brace; a variable in it may have braces of its own.
    if text.count("${", at, at + _LONGEST) > 20:
        return None, len(text)
    other, end = _word(text, braced.end(), variables, escape, "}")
    value = variables.get(braced[1])
    given = braced[1] in variables and (value is not None and (bool(value) or not braced[2]))
    if braced[3] == "+":
        return (other if given else ""), end + 1
    if braced[3] == "?":
        return value, end + 1
    return (value if given else other), end + 1


def assignments(text: str, variables: Variables, escape: str = "\\") -> list[tuple[str, str | None]]:
    """`ENV a=b c=d`, or the old `ENV a b c`: one name, the rest its value."""
    first = re.match(r"\s*([^\s=\"']+)(\s+|=|\Z)", text)
    if first is None:
        return []
    if first[2] != "=":
        return [(first[1], whole(text[first.end() :], variables, escape))]
    pairs = []
    for word, raw in zip(words(text, variables, escape), _raw_words(text, escape), strict=False):
        name = raw.partition("=")[0]
        pairs.append((name, word.partition("=")[2] if word is not None else None))
    return pairs


def _raw_words(text: str, escape: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(text) and len(found) < _MOST_WORDS:
        if text[at].isspace():
            at += 1
            continue
        start = at
        _, at = _word(text, at, {}, escape, "")
        found.append(text[start:at])
    return found


def known(items: Sequence[str | None]) -> list[str]:
    return [item for item in items if item is not None]
