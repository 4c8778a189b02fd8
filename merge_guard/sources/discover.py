"""From where somebody stands to the root of what is judged."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from merge_guard.errors import GitError, UsageError
from merge_guard.sources.git import read_config
from merge_guard.sources.repository import git_directory, is_git_directory, is_within, stated_repository

RootKind = Literal["git", "folder", "bare"]


def find_root(start: str, environ: Mapping[str, str] = os.environ) -> tuple[str, RootKind]:
    """The root of the tree around `start`, absolute and free of links, and what it is.

    "git" is a repository's work tree, "bare" a repository without one, "folder" anything else. The nearest `.git` that
    leads to a repository wins, as with git; `core.worktree` is not believed. A `.git` file that leads nowhere (a
    copied submodule) makes its directory a "folder"; any other `.git` that is no repository is passed over. GIT_DIR
    counts where `start` lies in the work tree that it states. A bare repository inside a work tree is a folder of it.
    """
    try:
        place = os.path.realpath(start)
    except FileNotFoundError:
        raise UsageError("the current directory does not exist any more") from None
    if not os.path.lexists(place):
        raise UsageError(f"{start}: no such file or directory")
    if not os.path.isdir(place):
        place = os.path.dirname(place)
    stated = stated_repository(environ)
    if stated is not None and is_within(place, stated[0]):
        root, git_dir = stated
        if not is_git_directory(git_dir):
            raise GitError(f"GIT_DIR is {environ['GIT_DIR']}, which is not a git repository")
        return (git_dir, "bare") if "GIT_WORK_TREE" not in environ and _is_bare(git_dir) else (root, "git")
    return _climb(place)


def _climb(place: str) -> tuple[str, RootKind]:
    bare = None
    for folder in _upwards(place):
        git_dir = git_directory(folder)
        if git_dir is not None:
            # Linked work trees may stand beside a bare `.git`: that itself has none.
            return (git_dir, "bare") if _is_bare(git_dir) else (folder, "git")
        if os.path.isfile(os.path.join(folder, ".git")):
            return folder, "folder"
        if bare is None and is_git_directory(folder):
            bare = folder
    return (bare, "bare") if bare is not None else (place, "folder")


def _upwards(folder: str) -> list[str]:
    folders = [folder]
    while (parent := os.path.dirname(folders[-1])) != folders[-1]:
        folders.append(parent)
    return folders


def _is_bare(git_dir: str) -> bool:
    if os.path.lexists(os.path.join(git_dir, "commondir")) or os.path.lexists(os.path.join(git_dir, "index")):
        return False
    stated = read_config(os.path.join(git_dir, "config")).get("core.bare", ["false"])[-1]
    return stated.lower() in ("true", "yes", "on", "1")
