"""What a build is given: the context directory of a Dockerfile, less what `.dockerignore` keeps out."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from merge_guard.deploy.copying import ContextTree, inside, matching
from merge_guard.deploy.docker_patterns import has_wildcard
from merge_guard.deploy.dockerfile import Dockerfile
from merge_guard.deploy.dockerignore import Ignore, read_ignore
from merge_guard.deploy.image import Brought

Read = Callable[[str], "bytes | None"]
_MOST_PARENTS = 6
# What nothing imports and nothing here reads: whether it ships is not asked.
_ASSETS = (
    ".md", ".rst",
    ".json", ".xml", ".csv", ".log", ".html", ".css", ".scss", ".js", ".jsx", ".ts", ".tsx", ".map", ".svg",
    ".png", ".jpg", ".gif", ".ico", ".woff", ".woff2", ".ttf", ".po", ".mo", ".pdf", ".ipynb", ".yml", ".yaml", ".vue",
)  # fmt: skip


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
        return bool(matching({name[len(prefix) :]: files[name] for name in files.below(directory)}, source))
    return prefix + source in files or bool(files.below(prefix + source))


def ignore_of(path: str, directory: str, read: Read) -> Ignore | None:
    """`NAME.dockerignore` beside the Dockerfile, else `.dockerignore` in the context; raises ValueError for a bomb."""
    for name in (f"{path}.dockerignore", posixpath.join(directory, ".dockerignore")):
        data = read(name)
        if data is not None:
            return read_ignore(name, data)
    return None


def repository_tree(files: Mapping[str, str]) -> ContextTree:
    """`files` maps paths to why git would not bring one, "" where it does."""
    return ContextTree({path: Brought(path, withheld) for path, withheld in files.items()})


def context_tree(directory: str, files: ContextTree, ignore: Ignore | None) -> ContextTree:
    """Paths in the context to what they are."""
    prefix = f"{directory}/" if directory else ""
    tree = ContextTree()
    for path in files.below(directory):
        withheld = files[path].withheld
        name = path[len(prefix) :]
        pattern = ignore.excluded(name) if ignore is not None and not name.endswith(_ASSETS) else None
        if pattern is not None and ignore is not None:
            withheld = f"{ignore.name} line {pattern.line}"
        tree[name] = Brought(path, withheld)
    return tree
