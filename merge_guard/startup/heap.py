"""State with an undo log: alternatives run on the same dictionaries, one after the other, and are joined."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

Namespace = dict[Any, Any]


class Absent:
    """What a key that is not there holds."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
BORN = Absent()
"""The key under which a namespace's birth is logged."""
Delta = dict[tuple[int, Hashable], tuple[Namespace, Hashable, Any]]


class Heap:
    """Writes go through here, so that they can be taken back. A mark is a length of the log."""

    __slots__ = ("_log",)

    def __init__(self) -> None:
        self._log: list[tuple[Namespace, Hashable, Any]] = []

    def mark(self) -> int:
        return len(self._log)

    def set(self, namespace: Namespace, key: Hashable, value: Any) -> None:
        self._log.append((namespace, key, namespace.get(key, ABSENT)))
        if value is ABSENT:
            namespace.pop(key, None)
        else:
            namespace[key] = value

    def take(self, mark: int) -> Delta:
        """Undo all that was written since the mark, and return what it had come to.

        Namespaces born since then stay as they are: without the writes that are undone, nothing leads to them.
        """
        delta: Delta = {}
        written = self._log[mark:]
        del self._log[mark:]
        born = {id(namespace) for namespace, key, _ in written if key is BORN}
        for namespace, key, old in reversed(written):
            identity = (id(namespace), key)
            if identity[0] in born:
                if key is BORN:
                    delta[identity] = (namespace, BORN, ABSENT)
                continue
            if identity not in delta:
                # Going backwards, the first sight of a key shows its last value.
                delta[identity] = (namespace, key, namespace.get(key, ABSENT))
            if old is ABSENT:
                namespace.pop(key, None)
            else:
                namespace[key] = old
        return delta

    def rollback(self, mark: int) -> None:
        log = self._log
        while len(log) > mark:
            namespace, key, old = log.pop()
            if old is ABSENT:
                namespace.pop(key, None)
            else:
                namespace[key] = old

    def apply(self, delta: Delta) -> None:
        for namespace, key, value in delta.values():
            self.set(namespace, key, value)

    def born(self, namespace: Namespace) -> None:
        """Say that a namespace is new: nothing that an alternative leaves out can have seen it."""
        self._log.append((namespace, BORN, ABSENT))

    def join(self, deltas: Sequence[Delta], merge: Callable[[Sequence[Any]], Any]) -> None:
        """Write what every delta agrees on, and `merge` of the values where they differ."""
        if len(deltas) == 1:
            self.apply(deltas[0])
            return
        keys: dict[tuple[int, Hashable], tuple[Namespace, Hashable]] = {}
        for delta in deltas:
            born = {identity[0] for identity in delta if identity[1] is BORN}
            for identity, (namespace, key, value) in delta.items():
                if identity[0] in born:
                    self.set(namespace, key, value)
                else:
                    keys[identity] = (namespace, key)
        for identity, (namespace, key) in keys.items():
            current = namespace.get(key, ABSENT)
            values = [delta[identity][2] if identity in delta else current for delta in deltas]
            first = values[0]
            if all(value is first for value in values):
                self.set(namespace, key, first)
            else:
                self.set(namespace, key, merge(values))
