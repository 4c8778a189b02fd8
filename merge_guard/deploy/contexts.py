"""What a build is given: the context directory of a Dockerfile, less what `.dockerignore` keeps out."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from merge_guard.deploy.context_tree import ContextTree
from merge_guard.deploy.copying import inside, matching
from merge_guard.deploy.docker_patterns import has_wildcard
from merge_guard.deploy.dockerfile import Dockerfile
from merge_guard.deploy.dockerignore import Ignore, read_ignore
from merge_guard.deploy.listing import Listing

Read = Callable[[str], "bytes | None"]
_MOST_PARENTS = 6


def context_of(path: str, dockerfile: Dockerfile, files: ContextTree) -> str:
    """The directory in which the most sources of the Dockerfile's copies exist, the nearest to it first."""
    home = posixpath.dirname(path)
    candidates = [home]
    while candidates[-1] and len(candidates) < _MOST_PARENTS:
        candidates.append(posixpath.dirname(candidates[-1]))
    if candidates[-1]:
        candidates.append("")
    sources = [inside(source) for source in _sources(dockerfile)]
    best, most = home, -1
    for directory in candidates:
        count = sum(_exists(source, directory, files) for source in sources)
        if count > most:
            best, most = directory, count
    return best


def _sources(dockerfile: Dockerfile) -> Iterable[str]:
    for instruction in dockerfile.instructions:
        if instruction.name in ("COPY", "ADD") and instruction.flag("from") is None:
            words = instruction.exec_form or tuple(instruction.value.split())
            yield from (word for word in words[:-1] if "$" not in word and "://" not in word and "<<" not in word)


def _exists(source: str, directory: str, files: ContextTree) -> bool:
    """The whole context exists where something that a build could want is in it."""
    prefix = f"{directory}/" if directory else ""
    if not source:
        return any(name.endswith(".py") and name.count("/", len(prefix)) < 3 for name in files.below(directory))
    if has_wildcard(source):
        return bool(matching(files.of_directory(directory), source))
    return prefix + source in files or files.is_directory(prefix + source)


def ignore_of(
    path: str, directory: str, read: Read, parse: Callable[[str, bytes], Ignore] = read_ignore
) -> Ignore | None:
    """`NAME.dockerignore` beside the Dockerfile, else `.dockerignore` in the context; raises ValueError for a bomb."""
    for name in (f"{path}.dockerignore", posixpath.join(directory, ".dockerignore")):
        data = read(name)
        if data is not None:
            return parse(name, data)
    return None


def repository_tree(files: Mapping[str, str]) -> ContextTree:
    """`files` maps paths to why git would not bring one, "" where it does."""
    return ContextTree(files, Listing(files))
