"""Identities of residue: what stays the same when lines move or line ends change."""

from __future__ import annotations

import hashlib
from itertools import islice

from merge_guard.facts.marker_blocks import Block
from merge_guard.facts.marker_lines import MarkerLine
from merge_guard.facts.text import lines_before, lines_from


def digest(*lines: bytes) -> str:
    """Twelve hexadecimal digits."""
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:12]


def block_digest(content: bytes, block: Block) -> str:
    """The digest of the block's lines and that of its own marker lines, joined by a hyphen."""
    lines = content[block.opener.start : block.closer.end].splitlines()
    markers = (block.opener, block.bar, block.rule, *block.marks, block.closer)
    return digest(*lines) + "-" + digest(*(marker.text.encode() for marker in markers if marker is not None))


def stray_digest(content: bytes, token: MarkerLine) -> str:
    """The digest of a marker line and of the lines around it."""
    above = islice(lines_before(content, token.start), 1)
    below = islice(lines_from(content, token.end), 1, 2)
    return digest(*above, token.text.encode(), *below)
