"""Which untracked paths git would not show: gitignore(5), evaluated here.

Git itself, asked to list untracked files, waits for ever on a FIFO that is called `.gitignore`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from merge_guard.model.source import UnreadableError
from merge_guard.sources.bounded import NO_FOLLOW, read_optional, read_regular
from merge_guard.sources.git import read_config, user_setting
from merge_guard.sources.pattern import BadPatternError, PathPattern, compile_pattern
from merge_guard.sources.repository import Repository

_LARGEST = 1 << 24


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The patterns of one file, as (pattern, whether it ignores), the last first: the first that matches decides."""

    depth: int
    rules: tuple[tuple[PathPattern, bool], ...]
    name: str = ""
    lines: tuple[int, ...] = ()
    """Where each rule stands."""
    digest: str = ""
    """Of the file's bytes."""


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The files that count in one directory, the strongest first."""

    files: tuple[IgnoreFile, ...]
    fold_case: bool

    def ignores(self, path: bytes, is_directory: bool) -> bool:
        """Whether the path itself is ignored; that no directory above it is, is the walker's to know."""
        names = path.split(b"/")
        for file in self.files:
            for pattern, ignored in file.rules:
                if pattern.matches(names[file.depth :], is_directory):
                    return ignored
        return False

    def rule_for(self, path: bytes, is_directory: bool) -> str:
        """The rule that ignores the path itself, for people, "" for none."""
        names = path.split(b"/")
        for file in self.files:
            for number, (pattern, ignored) in enumerate(file.rules):
                if pattern.matches(names[file.depth :], is_directory):
                    return f"{file.name} line {file.lines[number]}" if ignored else ""
        return ""

    def within(self, directory: bytes, depth: int) -> IgnoreRules:
        """The rules with a directory's `.gitignore`. Its path is absolute and ends with a slash; `depth` names down."""
        try:
            content = read_regular(directory + b".gitignore", _LARGEST, NO_FOLLOW)
        except UnreadableError:
            return self
        return IgnoreRules((parsed_rules(content, depth, self.fold_case), *self.files), self.fold_case)


class Exclusions(NamedTuple):
    """Where the ignore rules outside the tree are; `asked` is what the user's git said of `core.excludesFile`."""

    sources: tuple[str, str]
    fold_case: bool
    asked: str | None


def exclusions_of(repository: Repository) -> Exclusions:
    """`info/exclude` and, weaker, `core.excludesFile`: the repository's, else the user's, else git's default place.

    The user's file counts because `git status` is what people compare with.
    """
    settings = read_config(os.path.join(repository.common_dir, "config"))
    asked = user_setting("core.excludesFile")
    stated = settings.get("core.excludesfile", [""])[-1] or asked
    if stated is None:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        stated = os.path.join(base, "git", "ignore")
    fold_case = settings.get("core.ignorecase", ["false"])[-1].lower() in ("true", "yes", "on", "1")
    sources = (
        os.path.join(repository.common_dir, "info", "exclude"),
        os.path.join(repository.root or repository.git_dir, os.path.expanduser(stated)),
    )
    return Exclusions(sources, fold_case, asked)


def repository_rules(excluded: Exclusions) -> IgnoreRules:
    contents = [(os.path.basename(source), read_optional(source, _LARGEST)) for source in excluded.sources]
    files = tuple(parsed_rules(content, 0, excluded.fold_case, name) for name, content in contents if content)
    return IgnoreRules(files, excluded.fold_case)


def parsed_rules(content: bytes, depth: int, fold_case: bool, name: str = ".gitignore") -> IgnoreFile:
    rules: list[tuple[PathPattern, bool]] = []
    lines: list[int] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        text = line.removesuffix(b"\r")
        if not text or text.startswith(b"#"):
            continue
        text = _without_trailing_spaces(text)
        ignores = not text.startswith(b"!")
        try:
            rules.append((compile_pattern(text if ignores else text[1:], fold_case=fold_case), ignores))
        except BadPatternError:
            continue
        lines.append(number)
    return IgnoreFile(depth, tuple(reversed(rules)), name, tuple(reversed(lines)), sha256(content).hexdigest())


def _without_trailing_spaces(text: bytes) -> bytes:
    """A space behind a backslash stays."""
    end = at = 0
    while at < len(text):
        if text[at : at + 1] == b" ":
            at += 1
            continue
        at += 2 if text[at : at + 1] == b"\\" else 1
        end = at
    return text[:end]
