"""Refs as data: what resolving a name needs, copied into a shadow git directory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from merge_guard.errors import GitError, UsageError
from merge_guard.sources.bounded import read_optional
from merge_guard.sources.git import ShadowGit, read_config
from merge_guard.sources.repository import Repository

_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_REF = re.compile(rb"(?:ref: refs/[^\n]+|[0-9a-f]{40,64})\s*\Z")
_HEADS = (
    "HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "FETCH_HEAD", "BISECT_HEAD",
    "AUTO_MERGE",
)  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z0-9_][\w./+-]*\Z", re.ASCII)
"""A name alone, which nothing but a ref or an object can have."""
_CANDIDATES = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""Where git looks for such a name (gitrevisions(7))."""
_LONGEST_CHAIN = 5
_UPSTREAM = re.compile(r"(?:branch\..+\.(?:remote|merge)|remote\..+\.fetch)\Z", re.DOTALL)


def resolve(git: ShadowGit, repository: Repository, revision: str) -> tuple[str, str]:
    """("commit" or "tree", id) of a revision in any spelling of gitrevisions(7); raises `UsageError`.

    Not known here are `@{push}` and refs of other work trees (`worktrees/x/HEAD`).
    """
    if not revision or revision.startswith("-") or "\0" in revision:
        raise UsageError(f"not a revision: {revision!r}")
    if _PLAIN.match(revision) and not repository.has_reftable:
        _bring_candidates(git, repository, revision)
        found = _parsed(git, f"{revision}^{{commit}}")
        if found:
            return "commit", found
    if not _FULL_ID.match(revision.partition("^")[0].partition("~")[0].partition(":")[0]):
        if repository.has_reftable:
            raise GitError("the repository keeps its refs as a reftable, which is not supported: give a full commit id")
        _bring_refs(git, repository, reflogs="@{" in revision)
    # In two steps, for what is behind `HEAD:` or `:/` would take `^{commit}` for a part of itself.
    named = _parsed(git, revision)
    for kind in ("commit", "tree"):
        found = _parsed(git, f"{named}^{{{kind}}}") if named else None
        if found:
            return kind, found
    raise UsageError(f"unknown revision: {revision!r}{_hint(repository)}")


def _parsed(git: ShadowGit, revision: str) -> str | None:
    found = git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
    return found if found and _FULL_ID.match(found) else None


def _hint(repository: Repository) -> str:
    return " (the clone is shallow: it may not have been fetched)" if repository.shallow else ""


def _bring_candidates(git: ShadowGit, repository: Repository, name: str) -> None:
    """The refs that a name alone can mean, with those that they stand for, and no others."""
    packed = os.path.join(git.directory, "packed-refs")
    if not os.path.exists(packed):
        content = read_optional(os.path.join(repository.common_dir, "packed-refs"), 1 << 30)
        if content is not None:
            _write(git, "packed-refs", content)
    waiting = [place.format(name) for place in _CANDIDATES if "/" in place or name in _HEADS]
    for _ in range(_LONGEST_CHAIN):
        targets = []
        for ref in waiting:
            for base in dict.fromkeys((repository.common_dir, repository.git_dir)):
                content = None if ".." in ref.split("/") else read_optional(os.path.join(base, ref))
                if content is not None and (ref == "FETCH_HEAD" or _REF.match(content)):
                    _write(git, ref, content)
                    if content.startswith(b"ref: "):
                        targets.append(content[5:].strip().decode("utf-8", "surrogateescape"))
        waiting = targets


def _bring_refs(git: ShadowGit, repository: Repository, *, reflogs: bool) -> None:
    for name in _HEADS:
        content = read_optional(os.path.join(repository.git_dir, name))
        if content is not None and (name == "FETCH_HEAD" or _REF.match(content)):
            _write(git, name, content)
    packed = read_optional(os.path.join(repository.common_dir, "packed-refs"), 1 << 30)
    if packed is not None:
        _write(git, "packed-refs", packed)
    # A linked work tree has some refs of its own; they win.
    for base in dict.fromkeys((repository.common_dir, repository.git_dir)):
        for name in _files_below(base, "refs"):
            content = read_optional(os.path.join(base, name))
            if content is not None and _REF.match(content):
                _write(git, name, content)
        if reflogs:
            for name in ("logs/HEAD", *_files_below(base, "logs/refs")):
                content = read_optional(os.path.join(base, name))
                if content is not None:
                    _write(git, name, content)
    with open(os.path.join(git.directory, "config"), "ab") as file:
        file.write(_upstreams(read_config(os.path.join(repository.common_dir, "config"))))


def _files_below(base: str, folder: str) -> Iterator[str]:
    for directory, _, names in os.walk(os.path.join(base, folder)):
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), base)


def _upstreams(settings: dict[str, list[str]]) -> bytes:
    """Which branch follows which: names only, no address and no command."""
    text = ""
    for name, values in settings.items():
        if _UPSTREAM.match(name):
            section, _, rest = name.partition(".")
            subsection, _, key = rest.rpartition(".")
            text += f"[{section} {_quoted(subsection)}]\n"
            text += "".join(f"\t{key} = {_quoted(value)}\n" for value in values)
    return text.encode("utf-8", "surrogateescape")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _write(git: ShadowGit, name: str, content: bytes) -> None:
    path = os.path.join(git.directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
