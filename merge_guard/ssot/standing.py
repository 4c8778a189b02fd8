"""Whose code a file is: the project's own, a test's, somebody else's, a program's."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from merge_guard.model.config import Config
from merge_guard.model.ssot import IN_TESTS

if TYPE_CHECKING:
    import pathspec

_FOREIGN = (
    "_vendor/", "_vendored/", "vendor/", "vendored/", "third_party/", "thirdparty/", "site-packages/", "node_modules/",
    "_vendored_*/", "extern/", "externals/",
)  # fmt: skip
_ASIDE = (
    "backup/", "backups/", "archive/", "archives/", "archived/", "examples/", "example/",
    "samples/", "demo/", "demos/", "docs/", "doc/", "benchmarks/", "fixtures/", "testdata/",
)  # fmt: skip
_SPECIAL = re.compile(r"[*?\[\]\\/ ]")
_WRITTEN = ("*_pb2.py", "*_pb2_grpc.py")


class Standing:
    """Answers about paths, from the configuration's `tests`, `vendored` and `generated` and from customary names."""

    def __init__(self, config: Config) -> None:
        self.is_test = _matcher(config.tests)
        self.is_foreign = _matcher((*config.vendored, *_FOREIGN, *config.generated, *_WRITTEN, *config.exclude))
        self._is_aside = _matcher(_ASIDE)

    def why_exempt(self, path: str) -> str:
        """Why the classes of a file do not count, "" where they do."""
        if self.is_test(path):
            return IN_TESTS
        if self.is_foreign(path):
            return "vendored, generated or excluded"
        return "a backup, an example or the like" if self._is_aside(path) else ""


def _is_ending(pattern: str) -> bool:
    return pattern.startswith("*") and not _SPECIAL.search(pattern, 1)


def _matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    @cache
    def matched() -> pathspec.GitIgnoreSpec:
        import pathspec

        return pathspec.GitIgnoreSpec.from_lines(patterns)

    @cache
    def folder(path: str) -> bool:
        return bool(matched().match_file(path))

    # Which patterns can say of a file what its folder has not said already.
    endings = tuple(pattern[1:] for pattern in patterns if _is_ending(pattern))
    by_name = any(not pattern.endswith("/") and not _is_ending(pattern) for pattern in patterns)

    def matches(path: str) -> bool:
        # Most files of a folder have the folder's answer, which is asked for once.
        directory = path.rpartition("/")[0]
        if directory and folder(f"{directory}/"):
            return True
        return bool(matched().match_file(path)) if by_name or path.endswith(endings) else False

    return matches
