"""A shell's words: quotation, comments, here-documents and variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

from merge_guard.deploy.start import UNKNOWN

MOST_TEXT = 64_000
_MOST_WORDS = 20_000
_OPERATORS = "();<>|&\n"
_SPLIT = re.compile(r"&&|\|\||;;&?|;&|&>>?|<<<|<<-?|>>|[<>]&|>\||<>|\|&|[();<>|&\n]")
# Quoted characters that the lexer would take for operators go by other names in between.
_HIDDEN = {ord(character): 0xF700 + ord(character) for character in _OPERATORS}
_SHOWN = {hidden: character for character, hidden in _HIDDEN.items()}
_HERE = re.compile(r"""<<(-?)[^\S\n]*(["']?)([A-Za-z_]\w*)\2""")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")
_REFERENCE = re.compile("\1(\\d+)\1")
_DEFAULT = re.compile(r"([A-Za-z_]\w*|\d)(:?[-=?])(.*)\Z", re.DOTALL)
_OWN_DIRECTORY = re.compile(
    r"""(?:cd\s+(?:--\s+)?)?["']?(?:\$\()?dirname\s+(?:--\s+)?["']?\$(?:0|\{0\}|\{BASH_SOURCE(?:\[0\])?\}|BASH_SOURCE)"""
    r"""["']?\)?["']?(?:\s*&&\s*pwd(?:\s+-P)?)?\s*\Z"""
)
_MOST_NESTED = 5
_LONGEST_WORD = 20_000

References = Sequence[tuple[str, bool]]
"""What each `$…` of a text says, and whether it stands in double quotes."""


def tokens(text: str) -> tuple[list[tuple[str, str]], References]:
    """("word" or "operator", text) in order, each `$…` replaced by a reference; raises ValueError where a quotation
    does not end."""
    masked, references = _mask(_without_here_documents(text.replace("\r\n", "\n")))
    lexer = shlex.shlex(masked, posix=True, punctuation_chars=_OPERATORS)
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    found: list[tuple[str, str]] = []
    for token in lexer:
        if token and all(character in _OPERATORS for character in token):
            found += [("operator", part) for part in _SPLIT.findall(token)]
        else:
            found.append(("word", token.translate(_SHOWN)))
        if len(found) > _MOST_WORDS:
            raise ValueError("too long")
    return found, references


def _without_here_documents(text: str) -> str:
    if "<<" not in text:
        return text
    kept: list[str] = []
    waiting: list[tuple[str, bool]] = []
    for line in text.split("\n"):
        if waiting:
            mark, tabs = waiting[0]
            if (line.lstrip("\t") if tabs else line) == mark:
                waiting.pop(0)
            continue
        if not line.lstrip().startswith("#"):
            waiting = [(match.group(3), bool(match.group(1))) for match in _HERE.finditer(line.replace("<<<", ""))]
        kept.append(line)
    return "\n".join(kept)


def _mask(text: str) -> tuple[str, References]:
    out: list[str] = []
    references: list[tuple[str, bool]] = []
    quote = ""
    index, end = 0, len(text)
    while index < end:
        character = text[index]
        index += 1
        if quote == "'":
            quote = "" if character == "'" else quote
            out.append(character.translate(_HIDDEN))
        elif character == "\\" and index < end:
            following = text[index]
            index += 1
            if following in "$`" or (not quote and following in _OPERATORS and following != "\n"):
                out.append(following.translate(_HIDDEN))
            elif following != "\n":
                out.append(character + following)
        elif character == '"' or (character == "'" and not quote):
            quote = "" if quote else character
            out.append(character)
        elif character == "#" and not quote and (not out or out[-1] in " \t\n;&|()"):
            found = text.find("\n", index)
            index = end if found < 0 else found
        elif character == "`" or (character == "$" and index < end and _starts_reference(text[index])):
            said, index = _reference(text, index, character)
            out.append(f"\1{len(references)}\1")
            references.append((said, bool(quote)))
        else:
            out.append(character.translate(_HIDDEN) if quote else character)
    return "".join(out), references


def _starts_reference(character: str) -> bool:
    return character in "({" or _NAME.match(character) is not None


def _reference(text: str, index: int, opener: str) -> tuple[str, int]:
    """What is said, and where it ends: a name, `{…}`, or `(…)` for the output of a command."""
    if opener == "`":
        end = text.find("`", index)
        if end < 0:
            raise ValueError("no closing quotation")
        return f"({text[index:end]}", end + 1
    first = text[index]
    if first not in "({":
        match = _NAME.match(text, index)
        assert match is not None
        return match.group(), match.end()
    depth, here = 0, index
    closer = ")" if first == "(" else "}"
    while here < len(text):
        if text[here] == "\\":
            here += 1
        elif text[here] == first:
            depth += 1
        elif text[here] == closer:
            depth -= 1
            if not depth:
                inner = text[index + 1 : here]
                return (f"({inner}" if first == "(" else inner), here + 1
        here += 1
    raise ValueError("no closing quotation")


def expand(
    word: str,
    references: References,
    variables: Mapping[str, str],
    args: Sequence[str] | None,
    name: str,
) -> list[str]:
    """The words that one word comes to: none, one, or several where an unquoted variable holds blanks."""
    if "\1" not in word:
        return [word]
    words: list[str] = []
    open_word = False
    length = 0

    def add(text: str) -> None:
        nonlocal open_word, length
        length += len(text)
        if open_word:
            words[-1] += text
        else:
            words.append(text)
            open_word = True

    for position, part in enumerate(_REFERENCE.split(word)):
        if position % 2 == 0:
            if part:
                add(part)
            continue
        said, is_quoted = references[int(part)]
        if said in ("@", "*"):
            fields = [UNKNOWN] if args is None else list(args)
        else:
            value = _value(said, variables, args, name, 0)
            fields = [value] if is_quoted else value.split()
        for number, field in enumerate(fields):
            open_word = open_word and number == 0
            add(field)
        if length > _LONGEST_WORD:
            return [UNKNOWN]
    return words


def _value(said: str, variables: Mapping[str, str], args: Sequence[str] | None, name: str, nested: int) -> str:
    if said.startswith("("):
        is_own = name and _OWN_DIRECTORY.match(said[1:].strip())
        return (name.rpartition("/")[0] or ".") if is_own else UNKNOWN
    if said.isdecimal() and said != "0":
        if args is None:
            return UNKNOWN
        return args[int(said) - 1] if int(said) <= len(args) else ""
    if _NAME.fullmatch(said):
        return variables.get(said, UNKNOWN)
    match = _DEFAULT.match(said)
    if not match:
        return UNKNOWN
    name_said, operator, otherwise = match.groups()
    known = _value(name_said, variables, args, name, nested) if name_said.isdecimal() else variables.get(name_said)
    if known is not None and (known or not operator.startswith(":")):
        return known
    if operator.endswith("?") or nested > _MOST_NESTED:
        return UNKNOWN
    try:
        found, references = tokens(otherwise)
    except ValueError:
        return UNKNOWN
    texts = []
    for kind, word in found:
        if kind != "word":
            return UNKNOWN
        for part, reference in enumerate(_REFERENCE.split(word)):
            texts.append(
                _value(references[int(reference)][0], variables, args, name, nested + 1) if part % 2 else reference
            )
        texts.append(" ")
    return "".join(texts).strip(" ")
