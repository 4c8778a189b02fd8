"""Command lines taken apart: options with their values, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parsed:
    """`options` are (name, value) in order, the value "" for flags; `rest` is what is no option."""

    options: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]

    def last(self, *names: str) -> str:
        """The value that counts, "" where the option is not given."""
        return next((value for name, value in reversed(self.options) if name in names), "")

    def every(self, *names: str) -> list[str]:
        return [value for name, value in self.options if name in names]

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)


def parse(args: Sequence[str], flags: str = "", *, first_ends: bool = False, greedy: str = "") -> Parsed:
    """Take arguments apart, as getopt, argparse and click do.

    `flags` lists the options without a value; any other takes the next word, unless that is an option too. So an
    option that nobody has heard of can hide a target, but never makes one up. `greedy` lists those that take every
    word up to the next option. With `first_ends` the first word that is no option ends them.
    """
    without = frozenset(flags.split())
    taking_all = frozenset(greedy.split())
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    index = 0
    while index < len(args):
        word = args[index]
        index += 1
        if word == "--":
            rest += args[index:]
            break
        if not word.startswith("-") or word == "-":
            rest.append(word)
            if first_ends:
                rest += args[index:]
                break
            continue
        name, attached, value = word, False, ""
        if word.startswith("--"):
            name, found, value = word.partition("=")
            attached = bool(found)
        else:
            while word[:2] in without and len(word) > 2 and word not in without:
                options.append((word[:2], ""))
                word = f"-{word[2:]}"
            name = word
            if word not in without and len(word) > 2:
                name, value, attached = word[:2], word[2:].removeprefix("="), True
        if name in without or attached:
            options.append((name, value))
        elif name in taking_all:
            while index < len(args) and not args[index].startswith("-"):
                options.append((name, args[index]))
                index += 1
        elif index < len(args) and not args[index].startswith("-"):
            options.append((name, args[index]))
            index += 1
        else:
            options.append((name, ""))
    return Parsed(tuple(options), tuple(rest))
