"""The `Compiler` port with a memory: what another Python said of some bytes is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

import msgspec

from merge_guard.model.facts import SyntaxProblem
from merge_guard.model.ports import Compiler, FactCache

_PROBLEMS = msgspec.msgpack.Decoder(SyntaxProblem | None)
_ENCODER = msgspec.msgpack.Encoder()
_DAMAGED = (msgspec.MsgspecError, UnicodeDecodeError)


class KeptCompiler:
    """Answers by the bytes and by what `who` says of the programs that are asked for a version."""

    def __init__(self, inner: Compiler, cache: FactCache, who: Callable[[tuple[int, int]], str]) -> None:
        self._inner = inner
        self._cache = cache
        self._who = who

    def compile_with(
        self, questions: Sequence[tuple[tuple[int, int], Sequence[bytes]]]
    ) -> list[list[SyntaxProblem | None] | None]:
        keys = [self._keys(version, sources) for version, sources in questions]
        known = self._known([key for some in keys for key in some])
        left = [
            (version, [source for source, key in zip(sources, some) if key not in known])
            for (version, sources), some in zip(questions, keys)
        ]
        asked = [question for question in left if question[1]]
        made = dict(zip([version for version, _ in asked], self._inner.compile_with(asked)))
        new: dict[str, SyntaxProblem | None] = {}
        for (version, _), some in zip(questions, keys):
            new.update(zip((key for key in some if key not in known), made.get(version) or ()))
        self._cache.put({key: _ENCODER.encode(answer) for key, answer in new.items()})
        known.update(new)
        return [[known[key] for key in some] if all(key in known for key in some) else None for some in keys]

    def _keys(self, version: tuple[int, int], sources: Sequence[bytes]) -> list[str]:
        who = self._who(version)
        return [f"compiled:{sha256(source).hexdigest()}:{version}:{who}" for source in sources]

    def _known(self, keys: Sequence[str]) -> dict[str, SyntaxProblem | None]:
        found = {}
        for key, encoded in self._cache.get(keys).items():
            try:
                found[key] = _PROBLEMS.decode(encoded)
            except _DAMAGED:
                self._cache.drop([key])
        return found
