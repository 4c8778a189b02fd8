"""Whose code a file is: the project's own, a test's, somebody else's, a program's."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pathspec

from merge_guard.model.config import Config

_FOREIGN = (
    "_vendor/", "_vendored/", "vendor/", "vendored/", "third_party/", "thirdparty/", "site-packages/", "node_modules/",
    "_vendored_*/", "extern/", "externals/",
)  # fmt: skip
_WRITTEN = ("*_pb2.py", "*_pb2_grpc.py")


class Standing:
    """Answers about paths, from the configuration's `tests`, `vendored` and `generated` and from customary names."""

    def __init__(self, config: Config) -> None:
        self.is_test = _matcher(config.tests)
        self.is_foreign = _matcher((*config.vendored, *_FOREIGN, *config.generated, *_WRITTEN, *config.exclude))


def _matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    matched = pathspec.GitIgnoreSpec.from_lines(patterns)
    folder = lru_cache(maxsize=None)(matched.match_file)

    def matches(path: str) -> bool:
        # Most files of a folder have the folder's answer, which is asked for once.
        directory = path.rpartition("/")[0]
        return (bool(directory) and folder(f"{directory}/")) or bool(matched.match_file(path))

    return matches
