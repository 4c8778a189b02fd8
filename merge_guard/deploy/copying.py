"""What a `COPY` or `ADD` brings where.

Source: the Dockerfile reference, and moby/buildkit `dispatchCopy` with tonistiigi/fsutil `copy`: a directory gives its
contents, a file goes into what is a directory or ends with a slash, several sources need a directory.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from merge_guard.deploy.context_tree import ContextTree
from merge_guard.deploy.docker_patterns import compile_ignore, go_match, has_wildcard
from merge_guard.deploy.dockerignore import Ignore, Pattern
from merge_guard.deploy.image import Brought

Tree = Mapping[str, Brought]


def files_below(tree: Tree, directory: str) -> Iterable[str]:
    if isinstance(tree, ContextTree):
        return tree.below(directory)
    prefix = f"{directory}/" if directory else ""
    return (path for path in tree if path.startswith(prefix))


@dataclass(frozen=True, slots=True)
class CopyRule:
    """`sources` relative to what is copied from; `target` inside the image, `into` where that must be a directory."""

    sources: tuple[str, ...]
    target: str
    into: bool = False
    parents: bool = False
    exclude: tuple[str, ...] = ()


def inside(path: str, workdir: str = "") -> str:
    """A path in an image, relative to `/`."""
    return posixpath.normpath(posixpath.join("/", workdir, path)).lstrip("/")


def below(directory: str, path: str) -> bool:
    return not directory or path == directory or path.startswith(f"{directory}/")


def copied(tree: Tree, rule: CopyRule, is_directory: bool) -> Mapping[str, Brought]:
    """The files that the rule adds to an image; `is_directory` says whether the target is a directory already."""
    if isinstance(tree, ContextTree):
        return tree.copied((rule, is_directory), lambda: _copied(tree, rule, is_directory))
    return _copied(tree, rule, is_directory)


def _copied(tree: Tree, rule: CopyRule, is_directory: bool) -> dict[str, Brought]:
    found: dict[str, Brought] = {}
    matches = [(source, path) for source in rule.sources for path in matching(tree, source)]
    into = rule.into or is_directory or len(matches) > 1
    for source, path in matches:
        excluded = _excluder(rule.exclude)
        base = _kept_parents(source, path) if rule.parents else ""
        if path in tree:
            target = _joined(rule.target, base or posixpath.basename(path)) if into or base else rule.target
            if excluded is None or not excluded.excluded(posixpath.basename(path)):
                found[target] = tree[path]
            continue
        prefix = f"{path}/" if path else ""
        target = _joined(rule.target, base)
        start = f"{target}/" if target else ""
        files = files_below(tree, path)
        if excluded is not None:
            files = (file for file in files if not excluded.excluded(file[len(prefix) :]))
        found.update((start + file[len(prefix) :], tree[file]) for file in files)
    return found


def matching(tree: Tree, source: str) -> Iterable[str]:
    """Files and directories of the tree that a source means; a directory need not hold anything that is known."""
    cleaned = inside(source)
    if not has_wildcard(cleaned):
        return [cleaned] if cleaned in tree or _is_directory(tree, cleaned) else []
    test = go_match(cleaned)
    if test is None:
        return []
    depth = cleaned.count("/") + 1
    # No wildcard takes the place of the names before it.
    plain = re.split(r"[*?\[\\]", cleaned, maxsplit=1)[0].rpartition("/")[0]
    if isinstance(tree, ContextTree):
        heads = tree.heads(plain, depth - (plain.count("/") + 1 if plain else 0))
    else:
        heads = ("/".join(path.split("/", depth)[:depth]) for path in files_below(tree, plain))
    return [head for head in dict.fromkeys(heads) if test(head)]


def _is_directory(tree: Tree, path: str) -> bool:
    if isinstance(tree, ContextTree):
        return not path or tree.is_directory(path)
    return not path or any(True for _ in files_below(tree, path))


def _kept_parents(source: str, path: str) -> str:
    """With `--parents` the path stays, from a `/./` on if there is one."""
    pivot = source.replace("\\", "/").find("/./")
    return path[len(inside(source[:pivot])) :].lstrip("/") if pivot >= 0 else path


def _joined(directory: str, path: str) -> str:
    return f"{directory}/{path}" if directory and path else directory or path


def _excluder(patterns: tuple[str, ...]) -> Ignore | None:
    compiled = [(pattern, compile_ignore(inside(pattern))) for pattern in patterns]
    made = [Pattern(one.test, False, 0, text, one.clue) for text, one in compiled if one is not None]
    return Ignore("--exclude", made) if made else None
