"""What a command wrote, for when it is given again about a tree that stands as it was seen."""

from __future__ import annotations

from typing import NamedTuple

from merge_guard.cache.store import Store
from merge_guard.model.sighting import Sighting, packed, parts_of

_MAGIC = b"said-3\0\0"
_COUNT = 14
LARGEST = 1 << 24
"""Characters of the longest text that is kept."""


class Answer(NamedTuple):
    """`tree` is the digest of what was seen of the files below `root`; `question` and `state` find the bearing.

    In the `text` the numbers of `mark` stand for the seconds that the command took.
    """

    root: bytes
    tree: bytes
    sighting: Sighting
    status: int
    mark: int
    text: str
    question: str = ""
    state: str = ""

    def told(self, seconds: float) -> str:
        """The text with the seconds as the formats write them: to a thousandth as a value, to a tenth for people."""
        whole = self.text.replace(f"{self.mark}.125", repr(round(seconds, 3)))
        return whole.replace(f"{self.mark}.1", f"{seconds:.1f}")


def marked(mark: int) -> float:
    """The number of seconds that a text is to be made with, so that `told` finds it again."""
    return mark + 0.125


def keep(store: Store, key: str, answer: Answer) -> None:
    seen = answer.sighting
    numbers = f"{answer.status} {answer.mark} {int(seen.excludes is not None)}"
    parts = (
        answer.root,
        answer.tree,
        b"\0".join(seen.directories),
        seen.directory_stamps,
        seen.listings,
        b"\0".join(seen.others),
        seen.other_stamps,
        seen.git.encode("utf-8", "surrogateescape"),
        (seen.excludes or "").encode("utf-8", "surrogateescape"),
        numbers.encode(),
        answer.text.encode("utf-8", "surrogatepass"),
        answer.question.encode(),
        answer.state.encode(),
        b"end",
    )
    store.put({key: packed(_MAGIC, parts)})


def find(store: Store, key: str) -> Answer | None:
    value = store.get([key]).get(key)
    parts = parts_of(_MAGIC, _COUNT, value) if value is not None else None
    if parts is None:
        return None
    root, tree, directories, directory_stamps, listings, others, other_stamps, git, excludes, *rest = parts
    numbers, text, question, state, end = rest
    try:
        status, mark, asked = map(int, numbers.split())
        sighting = Sighting(
            0,
            tuple(directories.split(b"\0")),
            directory_stamps,
            listings,
            tuple(others.split(b"\0")) if others else (),
            other_stamps,
            git.decode("utf-8", "surrogateescape"),
            excludes.decode("utf-8", "surrogateescape") if asked else None,
        )
        said = text.decode("utf-8", "surrogatepass")
        answer = Answer(root, tree, sighting, status, mark, said, question.decode(), state.decode())
        return answer if end == b"end" else None
    except ValueError:
        return None
