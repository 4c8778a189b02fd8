"""What a build is given: the context directory of a Dockerfile, less what `.dockerignore` keeps out."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from merge_guard.deploy.copying import inside, matching
from merge_guard.deploy.docker_patterns import Ignore, read_ignore
from merge_guard.deploy.dockerfile import Dockerfile
from merge_guard.deploy.image import Brought

Read = Callable[[str], "bytes | None"]
_MOST_PARENTS = 6
# What nothing imports and nothing here reads: whether it ships is not asked.
_ASSETS = (
    ".md", ".rst",
    ".json", ".xml", ".csv", ".log", ".html", ".css", ".scss", ".js", ".jsx", ".ts", ".tsx", ".map", ".svg",
    ".png", ".jpg", ".gif", ".ico", ".woff", ".woff2", ".ttf", ".po", ".mo", ".pdf", ".ipynb", ".yml", ".yaml", ".vue",
)  # fmt: skip


def context_of(path: str, dockerfile: Dockerfile, files: Mapping[str, str]) -> str:
    """The directory in which the most sources of the Dockerfile's copies exist, the nearest to it first."""
    home = posixpath.dirname(path)
    candidates = [home]
    while candidates[-1] and len(candidates) < _MOST_PARENTS:
        candidates.append(posixpath.dirname(candidates[-1]))
    if candidates[-1]:
        candidates.append("")
    sources = list(_sources(dockerfile))
    best, most = home, -1
    for directory in candidates:
        prefix = f"{directory}/" if directory else ""
        tree = {name[len(prefix) :]: Brought(name) for name in files if name.startswith(prefix)}
        count = sum(_exists(source, tree) for source in sources)
        if count > most:
            best, most = directory, count
    return best


def _sources(dockerfile: Dockerfile) -> Iterable[str]:
    for instruction in dockerfile.instructions:
        if instruction.name in ("COPY", "ADD") and instruction.flag("from") is None:
            words = instruction.exec_form or tuple(instruction.value.split())
            yield from (word for word in words[:-1] if "$" not in word and "://" not in word and "<<" not in word)


def _exists(source: str, tree: Mapping[str, Brought]) -> bool:
    """The whole context exists where something that a build could want is in it."""
    if not inside(source):
        return any(name.endswith(".py") and name.count("/") < 3 for name in tree)
    return bool(matching(tree, source))


def ignore_of(path: str, directory: str, read: Read) -> Ignore | None:
    """`NAME.dockerignore` beside the Dockerfile, else `.dockerignore` in the context; raises ValueError for a bomb."""
    for name in (f"{path}.dockerignore", posixpath.join(directory, ".dockerignore")):
        data = read(name)
        if data is not None:
            return read_ignore(name, data)
    return None


def context_tree(directory: str, files: Mapping[str, str], ignore: Ignore | None) -> dict[str, Brought]:
    """Paths in the context to what they are; `files` maps repository paths to why one is not there, "" if it is."""
    prefix = f"{directory}/" if directory else ""
    tree = {}
    for path, withheld in files.items():
        if not path.startswith(prefix):
            continue
        name = path[len(prefix) :]
        pattern = ignore.excluded(name) if ignore is not None and not name.endswith(_ASSETS) else None
        if pattern is not None and ignore is not None:
            withheld = f"{ignore.name} line {pattern.line}"
        tree[name] = Brought(path, withheld)
    return tree
