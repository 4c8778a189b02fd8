"""The job itself, the same in every process: read, extract, encode."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import msgspec

from merge_guard.facts.definitions import extract_definitions
from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.facts.markers import scan
from merge_guard.facts.uses import extract_uses
from merge_guard.model.definitions import Definitions, Spans
from merge_guard.model.depth import CODED, deep_frames
from merge_guard.model.facts import Bodies, FileFacts, SyntaxProblem
from merge_guard.model.ports import Unanswered
from merge_guard.model.source import Reader, SourceFile, UnreadableError
from merge_guard.model.uses import Uses

_MOST_RECENT = 100
LARGEST_RECENT = 200_000
_LARGEST = 16_000_000
"""Bytes of a Python file that are still parsed; larger ones get the text rules only."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know once."""

    reader: Reader
    feature: tuple[int, int] | None = None
    text_only: bool = False
    thorough: frozenset[str] = frozenset()
    """Paths that the compiler judges whatever they look like."""
    identify: bool = False
    """Whether answers name the bytes that they are about."""


def kind_of(path: str) -> str:
    """Which grammar a file's text has: "python", "notebook" or "text"."""
    if path.endswith((".py", ".pyw")):
        return "python"
    return "notebook" if path.endswith(".ipynb") else "text"


def facts_of(job: Job, file: SourceFile, data: bytes) -> tuple[FileFacts, str]:
    """The file's facts, and git's blob id of the bytes that they are made from ("" where the job wants none)."""
    return _facts(job, file, data), blob_id(data) if job.identify else ""


class Repeated:
    """Encoded answers, made once for files with the same bytes that are asked for near each other.

    Trees hold copies: backups, vendored packages, empty `__init__.py`.
    """

    def __init__(self) -> None:
        self._recent: dict[tuple[object, ...], bytes] = {}

    def facts(self, job: Job, file: SourceFile) -> tuple[bytes | Unanswered, str]:
        try:
            data = job.reader.read(file)
        except UnreadableError as error:
            return Unanswered(str(error)), ""
        key = (data, kind_of(file.path), file.marker_size, file.path in job.thorough)
        encoded = self._kept(key, len(data), lambda: _facts(job, file, data))
        assert isinstance(encoded, bytes)
        return encoded, blob_id(data) if job.identify else ""

    def definitions(self, job: tuple[Job, Spans], file: SourceFile) -> tuple[bytes | Unanswered, str]:
        spans = tuple(job[1].get(file.path, ()))
        try:
            data = job[0].reader.read(file)
        except UnreadableError as error:
            return Unanswered(str(error)), ""
        return self._kept((data, file.marker_size, spans), len(data), lambda: _definitions(data, file, spans)), ""

    def _kept(
        self, key: tuple[object, ...], size: int, make: Callable[[], FileFacts | Definitions | Unanswered]
    ) -> bytes | Unanswered:
        encoded = self._recent.pop(key, None)
        if encoded is None:
            made = make()
            if isinstance(made, Unanswered):
                return made
            encoded = encode(made)
        if size <= LARGEST_RECENT:
            self._recent[key] = encoded
            if len(self._recent) > _MOST_RECENT:
                del self._recent[next(iter(self._recent))]
        return encoded


def together(files: Iterable[SourceFile]) -> list[SourceFile]:
    """The files in an order in which copies stand near each other."""
    return sorted(files, key=lambda file: (file.path.rpartition("/")[2], file.path))


def blob_id(data: bytes) -> str:
    """Git's name for these bytes (SHA-1), so that what is in git and what is on disk have the same name."""
    digest = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def _facts(job: Job, file: SourceFile, data: bytes) -> FileFacts:
    kind = kind_of(file.path)
    if kind == "python" and job.text_only:
        text = scan(data, kind="python", marker_size=file.marker_size)
        return FileFacts(conflicts=text.conflicts, strays=text.strays, edits=text.edits)
    if kind == "python" and len(data) > _LARGEST:
        return text_facts(data, file, f"larger than {_LARGEST // 1_000_000} MB: not parsed")
    return extract(data, kind, file.marker_size, job.feature, file.path in job.thorough)


def text_facts(data: bytes, file: SourceFile, reason: str) -> FileFacts:
    """What the text rules can say of a Python file that no parser may be given."""
    text = scan(data, kind="python", marker_size=file.marker_size)
    problem = SyntaxProblem("not-analysable", reason)
    return FileFacts(python=True, conflicts=text.conflicts, strays=text.strays, edits=text.edits, problem=problem)


def bodies_of(job: Job, file: SourceFile) -> Bodies:
    try:
        return extract_bodies(job.reader.read(file), compiled=True)
    except UnreadableError:
        return Bodies()


def definitions_of(job: Job, file: SourceFile, spans: Sequence[tuple[int, int]] = ()) -> Definitions | Unanswered:
    try:
        return _definitions(job.reader.read(file), file, spans)
    except UnreadableError as error:
        return Unanswered(str(error))


def _definitions(data: bytes, file: SourceFile, spans: Sequence[tuple[int, int]]) -> Definitions | Unanswered:
    if len(data) > _LARGEST:
        return Unanswered(f"larger than {_LARGEST // 1_000_000} MB: not parsed")
    return extract_definitions(data, file.marker_size, spans)


def uses_of(job: Job, file: SourceFile) -> Uses | Unanswered:
    try:
        data = job.reader.read(file)
    except UnreadableError as error:
        return Unanswered(str(error))
    if len(data) > _LARGEST:
        return Unanswered(f"larger than {_LARGEST // 1_000_000} MB: not parsed")
    return extract_uses(data, file.marker_size)


# What has made CPython's parser crash or run away: long runs of unary operators, brackets, attribute or operator
# chains, very long lines. Real code matches now and then; it is then read in a child that may die.
_HOSTILE = re.compile(
    rb"[-+~(\[{ ]{300}[-+~(\[{]|(?:not[ \t]+){100}|(?:lambda[ \t]*:[ \t]*){50}|(?:\.[ \t]*\w{1,20}){300}"
    rb"|(?:\[\w*\]){200}|(?:\(\)){200}|(?:[-+*/|&^%<>=][ \t]*\w{1,8}[ \t]*){400}"
)
_SHORTEST = 300
"""Bytes of the shortest line that can match."""
_MANY_LINKS = 400


def looks_hostile(data: bytes) -> bool:
    """Whether a parser should meet these bytes in a process of its own only."""
    if len(data) > 2_000_000 or data.count(b"elif ") > _MANY_LINKS:
        return True
    return any(_HOSTILE.search(line) for line in data.split(b"\n") if len(line) >= _SHORTEST)


def settle() -> None:
    """Make a worker fit for making millions of small objects that are freed as soon as nothing holds them."""
    gc.disable()


_SUM = 4
_ENCODER = msgspec.msgpack.Encoder()
_FACTS = msgspec.msgpack.Decoder(FileFacts)
_BODIES = msgspec.msgpack.Decoder(Bodies)
_USES = msgspec.msgpack.Decoder(Uses)
_DEFINITIONS = msgspec.msgpack.Decoder(Definitions)


def encode(result: msgspec.Struct) -> bytes:
    """Raises RecursionError, as the functions below, for what only a runaway can hold."""
    with deep_frames(CODED):
        encoded = _ENCODER.encode(result)
    return encoded + _sum(encoded) if isinstance(result, FileFacts) else encoded


def decode_facts(encoded: bytes) -> FileFacts:
    """Raises DecodeError for what `encode` did not make: the events in it are decoded later, and believed."""
    facts, checked = memoryview(encoded)[:-_SUM], encoded[-_SUM:]
    if _sum(facts) != checked:
        raise msgspec.DecodeError("torn")
    with deep_frames(CODED):
        return _FACTS.decode(facts)


def _sum(encoded: bytes | memoryview) -> bytes:
    return crc32(encoded).to_bytes(_SUM, "big")


def decode_bodies(encoded: bytes) -> Bodies:
    with deep_frames(CODED):
        return _BODIES.decode(encoded)


def decode_definitions(encoded: bytes) -> Definitions:
    with deep_frames(CODED):
        return _DEFINITIONS.decode(encoded)


def decode_uses(encoded: bytes) -> Uses:
    with deep_frames(CODED):
        return _USES.decode(encoded)
