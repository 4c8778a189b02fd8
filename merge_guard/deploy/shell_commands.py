"""Simple commands of a shell script, as far as words tell them; nothing is evaluated."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

_LARGEST = 128 * 1024
_KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "{", "}", "!", "time", "esac"}
)
_PREFIXES = frozenset({"sudo", "exec", "command", "nohup", "env", "gosu", "su-exec", "eatmydata", "xargs"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_SEPARATORS = frozenset(";&|\n()")


@dataclass(frozen=True, slots=True)
class Command:
    """`argv` without assignments and words such as `if` and `sudo`; `written` are the files that `>` names."""

    argv: tuple[str, ...]
    written: tuple[str, ...] = ()


def commands(script: str) -> list[Command] | None:
    """None for what cannot be split into words."""
    if len(script) > _LARGEST:
        return None
    text = _COMMENT.sub("", script).replace("\\\n", " ")
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    found: list[Command] = []
    words: list[str] = []
    written: list[str] = []
    redirects = ""
    try:
        for word in lexer:
            if word and set(word) <= _SEPARATORS:
                _add(found, words, written)
                words, written, redirects = [], [], ""
            elif word and set(word) <= set("<>&|"):
                redirects = word
                if words and words[-1].isdigit():
                    words.pop()
            elif redirects:
                if ">" in redirects and not word.isdigit() and word != "/dev/null":
                    written.append(word)
                redirects = ""
            else:
                words.append(word)
    except ValueError:
        return None
    _add(found, words, written)
    return found


def _add(found: list[Command], words: list[str], written: list[str]) -> None:
    at = 0
    while at < len(words) and (words[at] in _KEYWORDS or words[at] in _PREFIXES or _ASSIGNMENT.match(words[at])):
        at += 1
    if words[at:] or written:
        found.append(Command(tuple(words[at:]), tuple(written)))
