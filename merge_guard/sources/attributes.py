"""The `conflict-marker-size` attribute: gitattributes(5), evaluated here for that one attribute.

Git itself cannot be asked on behalf of a commit before version 2.40, and waits on a FIFO called `.gitattributes`.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from merge_guard.model.source import FileKind, Reader, SourceFile, UnreadableError
from merge_guard.sources.bounded import read_optional
from merge_guard.sources.listing import encoded
from merge_guard.sources.pattern import BadPatternError, PathPattern, compile_pattern
from merge_guard.sources.repository import Repository

DEFAULT = 7
_NAME = b"conflict-marker-size"
_FILE = ".gitattributes"
_MACRO = b"[attr]"
_SET = b" "
"""What no written value is."""
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')

_Settings = tuple[tuple[bytes, bytes], ...]
"""(attribute, value) in the order of precedence; b"" stands for any state that is no value."""


@dataclass(frozen=True, slots=True)
class _Line:
    directory: bytes
    depth: int
    pattern: PathPattern
    settings: _Settings


@dataclass(frozen=True, slots=True)
class _Rules:
    """`lines` bear on the attribute, the strongest first; `macros` are attributes that stand for others."""

    lines: tuple[_Line, ...]
    macros: Mapping[bytes, _Settings]

    def value(self, path: bytes) -> bytes:
        """The attribute's value, b"" where it has none. The first decision about any attribute is the last."""
        names = path.split(b"/")
        decided: dict[bytes, bytes] = {}
        for line in self.lines:
            if path.startswith(line.directory) and line.pattern.matches(names[line.depth :], False):
                self._decide(line.settings, decided)
                if _NAME in decided:
                    return decided[_NAME]
        return b""

    def _decide(self, settings: _Settings, decided: dict[bytes, bytes]) -> None:
        waiting = list(reversed(settings))
        while waiting:
            name, value = waiting.pop()
            if name not in decided:
                decided[name] = value
                if value == _SET:
                    waiting += reversed(self.macros.get(name, ()))


def with_marker_sizes(
    files: Sequence[SourceFile], reader: Reader, repository: Repository | None
) -> Sequence[SourceFile]:
    """The files with the attribute. `.gitattributes` are those among the files; `info/attributes` outranks them."""
    sources: list[tuple[bytes, bytes]] = []
    for file in files:
        if file.path.endswith(_FILE) and file.path.rpartition("/")[2] == _FILE and file.kind is FileKind.REGULAR:
            try:
                sources.append((encoded(file.path[: -len(_FILE)]), reader.read(file)))
            except UnreadableError:
                continue  # the file itself is in the snapshot, and its reading will be reported
    sources.sort(key=lambda source: source[0].count(b"/"))
    if repository is not None:
        own = read_optional(os.path.join(repository.common_dir, "info", "attributes"))
        sources += [(b"", own)] if own else []
    if not any(_NAME in content for _, content in sources):
        return files
    rules = _rules(sources)
    return [replace(file, marker_size=size) if (size := _size(file, rules)) != DEFAULT else file for file in files]


def _size(file: SourceFile, rules: _Rules) -> int:
    """The number at the start of the value, as C's atoi reads it; anything that is not positive is the default."""
    if file.kind is not FileKind.REGULAR:
        return DEFAULT
    number = re.match(rb"\s*\+?(\d{1,9})", rules.value(encoded(file.path)))
    return (int(number[1]) if number else 0) or DEFAULT


def _rules(sources: Iterable[tuple[bytes, bytes]]) -> _Rules:
    lines: list[_Line] = []
    macros: dict[bytes, _Settings] = {}
    for directory, content in sources:
        for text in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
            pattern, settings = _split(text)
            if pattern.startswith(_MACRO):
                if not directory:  # only the root's may define any
                    macros[pattern[len(_MACRO) :]] = settings
                continue
            if not settings or pattern.startswith(b"!"):
                continue
            try:
                lines.append(_Line(directory, directory.count(b"/"), compile_pattern(pattern), settings))
            except BadPatternError:
                continue
    relevant = {_NAME, *macros}
    bearing = [line for line in lines if any(name in relevant for name, _ in line.settings)]
    return _Rules(tuple(reversed(bearing)), macros)


def _split(text: bytes) -> tuple[bytes, _Settings]:
    """A line's pattern and its settings, the strongest (the last) first."""
    text = text.strip(b" \t\r")
    if not text or text.startswith(b"#"):
        return b"#", ()
    quoted = _QUOTED.match(text)
    if quoted:
        try:
            pattern, rest = codecs.escape_decode(quoted[1])[0], text[quoted.end() :]
        except ValueError:
            return b"#", ()
    else:
        pattern, _, rest = text.replace(b"\t", b" ").partition(b" ")
    settings: list[tuple[bytes, bytes]] = []
    for word in reversed(rest.split()):
        name, equals, value = word.partition(b"=")
        if name.startswith((b"-", b"!")):
            settings.append((name[1:], b""))
        else:
            settings.append((name, value if equals else _SET))
    return pattern, tuple(settings)
