"""Changes of one file after which the next run is measured."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_FROM = re.compile(rb"^[ \t]*from[ \t]+([A-Za-z_][\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)", re.M)
_NAME = re.compile(rb"[A-Za-z_]\w*")
_LARGEST = 200_000
_IMPORTERS = 500
"""How many files are to import what is removed."""


@dataclass(frozen=True, slots=True)
class Change:
    """`after` gives other bytes for each number, so that no run meets what an earlier one has kept."""

    label: str
    path: Path
    before: bytes
    after: Callable[[int], bytes]


def changes(tree: Path) -> Iterator[Change]:
    files = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*.py") if path.is_file()}
    texts = {name: path.read_bytes() for name, path in files.items()}
    plain = [name for name, text in texts.items() if len(text) < _LARGEST and re.search(rb"^def ", text, re.M)]
    if plain:
        name = max(plain, key=lambda each: (len(texts[each]), each))
        yield Change(f"one body edited, {name}", files[name], *_body(texts[name]))
    for module, export, importers in sorted(_imported(texts), key=lambda each: abs(each[2] - _IMPORTERS)):
        name = f"{module.replace('.', '/')}.py"
        found = [each for each in files if each == name or each.endswith(f"/{name}")]
        defined = re.compile(rb"^((?:async )?def |class )" + export.encode() + rb"\b", re.M)
        if len(found) == 1 and len(defined.findall(texts[found[0]])) == 1:
            label = f"one export removed, {module}.{export}, which {importers:,} files import"
            yield Change(label, files[found[0]], texts[found[0]], _renamed(texts[found[0]], defined))
            return


def _body(text: bytes) -> tuple[bytes, Callable[[int], bytes]]:
    def edited(number: int) -> bytes:
        return text.rstrip() + b"\n\n\ndef edited_for_a_benchmark():\n    return %d\n" % number

    return edited(0), edited


def _renamed(text: bytes, defined: re.Pattern[bytes]) -> Callable[[int], bytes]:
    return lambda number: defined.sub(rb"\g<1>gone_for_a_benchmark_%d" % number, text)


def _imported(texts: dict[str, bytes]) -> list[tuple[str, str, int]]:
    """(module, name, how many files import it), as they are written, of the most imported ones."""
    counts: Counter[tuple[bytes, bytes]] = Counter()
    for text in texts.values():
        found: set[tuple[bytes, bytes]] = set()
        for module, names in _FROM.findall(text):
            parts = names.strip(b"()").split(b",")
            found.update((module, first[0]) for part in parts if (first := _NAME.match(part.strip())))
        counts.update(found)
    return [(module.decode(), name.decode(), count) for (module, name), count in counts.most_common(5_000)]
