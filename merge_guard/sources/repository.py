"""Where the parts of a git repository lie.

They are found by looking at files, as gitrepository-layout(5) describes them: git itself, started in a foreign
repository, would already believe that repository's configuration.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from merge_guard.errors import GitError
from merge_guard.sources.bounded import read_optional

_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_WORKTREE_REFS = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
MERGING = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


@dataclass(frozen=True, slots=True)
class Repository:
    """Absolute paths of one repository, as seen from one of its work trees (`root` is None if it is bare).

    `git_dir` holds what belongs to the work tree (HEAD, MERGE_HEAD), `common_dir` what all share (refs, objects).
    """

    root: str | None
    git_dir: str
    common_dir: str
    index: str
    objects: tuple[str, ...]

    @property
    def merging(self) -> bool:
        """A merge, cherry-pick, revert or rebase waits for its end."""
        return any(os.path.lexists(os.path.join(self.git_dir, name)) for name in MERGING)

    @property
    def shallow(self) -> frozenset[str]:
        """The ids of the commits whose parents were not fetched."""
        content = read_optional(os.path.join(self.common_dir, "shallow")) or b""
        return frozenset(content.decode("ascii", "replace").split())

    def head(self) -> str | None:
        """The id of the commit that HEAD names, None before the first commit."""
        return self._resolve("HEAD", 0)

    def steps_to_head(self) -> tuple[str, ...]:
        """The files that tell which commit HEAD names, packed refs aside; the last may not be there."""
        files: list[str] = []
        self._resolve("HEAD", 0, files)
        return tuple(files)

    def merge_heads(self) -> tuple[str, ...]:
        """The other parents of the merge that is in progress."""
        content = read_optional(os.path.join(self.git_dir, "MERGE_HEAD")) or b""
        return tuple(line.decode() for line in content.split() if _ID.match(line))

    @property
    def has_reftable(self) -> bool:
        return os.path.lexists(os.path.join(self.common_dir, "reftable"))

    def _resolve(self, name: str, depth: int, files: list[str] | None = None) -> str | None:
        if self.has_reftable:
            raise GitError("the repository keeps its refs as a reftable, which is not supported: give a full commit id")
        own = name == "HEAD" or name.startswith(_WORKTREE_REFS)
        path = os.path.join(self.git_dir if own else self.common_dir, name)
        if files is not None:
            files.append(path)
        content = read_optional(path)
        if content is None:
            return self._packed(name)
        content = content.strip()
        if _ID.match(content):
            return content.decode()
        target = content.removeprefix(b"ref:").strip()
        if depth > 5 or target == content or not target.startswith(b"refs/") or b".." in target:
            raise GitError(f"{name} of the repository is damaged")
        return self._resolve(os.fsdecode(target), depth + 1, files)

    def _packed(self, name: str) -> str | None:
        content = read_optional(os.path.join(self.common_dir, "packed-refs"), 1 << 30) or b""
        found = re.search(rb"^([0-9a-f]{40,64}) " + re.escape(os.fsencode(name)) + rb"$", content, re.MULTILINE)
        return found[1].decode() if found else None


def repository_at(root: str, environ: Mapping[str, str] = os.environ) -> Repository | None:
    """The repository whose work tree is `root`, or that is `root` where it is bare; None for a plain folder."""
    stated = stated_repository(environ)
    if stated is not None and stated[0] == root:
        git_dir, honoured = stated[1], True
    else:
        found = git_directory(root)
        if found is None:
            return _repository(None, root, environ, honoured=False) if is_git_directory(root) else None
        git_dir, honoured = found, "GIT_DIR" not in environ and _stands_in(root)
    return _repository(root, git_dir, environ, honoured=honoured)


def _repository(root: str | None, git_dir: str, environ: Mapping[str, str], *, honoured: bool) -> Repository:
    """`honoured`: the environment's index and objects are this repository's, as in a hook that git runs for it."""
    common = _common_directory(git_dir)
    index = environ.get("GIT_INDEX_FILE", "") if honoured else ""
    objects = environ.get("GIT_OBJECT_DIRECTORY", "") if honoured else ""
    alternates = environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "") if honoured else ""
    base = root or git_dir
    return Repository(
        root=root,
        git_dir=git_dir,
        common_dir=common,
        # Git goes to the top of the work tree before it opens a relative one.
        index=os.path.join(base, index) if index else os.path.join(git_dir, "index"),
        objects=(
            os.path.join(base, objects) if objects else os.path.join(common, "objects"),
            *(os.path.join(base, part) for part in alternates.split(os.pathsep) if part and not part.startswith('"')),
        ),
    )


def stated_repository(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The work tree and git directory that GIT_DIR and GIT_WORK_TREE state, as git does for the hooks that it runs."""
    stated = environ.get("GIT_DIR")
    if not stated:
        return None
    git_dir = os.path.realpath(stated)
    if not is_git_directory(git_dir):
        git_dir = _gitfile(git_dir) or git_dir
    return os.path.realpath(environ.get("GIT_WORK_TREE") or os.getcwd()), git_dir


def git_directory(folder: str) -> str | None:
    """What `folder/.git` leads to, be it a directory, a link to one or a file that names one; None if to nothing."""
    path = os.path.join(folder, ".git")
    if is_git_directory(path):
        return os.path.realpath(path)
    return _gitfile(path)


def _gitfile(path: str) -> str | None:
    content = read_optional(path, 1 << 16)
    if content is None or not content.startswith(b"gitdir:"):
        return None
    named = os.fsdecode(content[len(b"gitdir:") :].strip())
    if not named or "\0" in named:
        return None
    git_dir = os.path.realpath(os.path.join(os.path.dirname(path), named))
    return git_dir if is_git_directory(git_dir) else None


def is_git_directory(path: str) -> bool:
    """Git's own test (setup.c, is_git_directory): HEAD, refs and objects."""
    if not os.path.lexists(os.path.join(path, "HEAD")):
        return False
    common = _common_directory(path)
    return os.path.isdir(os.path.join(common, "refs")) and os.path.isdir(os.path.join(common, "objects"))


def _stands_in(root: str) -> bool:
    """The process runs in the work tree of `root`, not in that of a repository nested in it."""
    folder = os.getcwd()
    while is_within(folder, root) and folder != root:
        if git_directory(folder) is not None:
            return False
        folder = os.path.dirname(folder)
    return folder == root


def is_within(path: str, folder: str) -> bool:
    """`path` is `folder` or lies below it; both absolute and free of links."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _common_directory(git_dir: str) -> str:
    named = read_optional(os.path.join(git_dir, "commondir"), 1 << 16)
    if named is None:
        return git_dir
    return os.path.realpath(os.path.join(git_dir, os.fsdecode(named.strip().replace(b"\0", b""))))
