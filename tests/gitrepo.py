"""Real git repositories for tests: isolated from the machine's configuration, with the same ids on every run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_DATE = "2024-01-02T03:04:05+00:00"


def isolated_environment() -> dict[str, str]:
    """The environment for git in tests: no configuration but the repository's, fixed people and dates."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_AUTHOR_DATE": _DATE,
        "GIT_COMMITTER_NAME": "C",
        "GIT_COMMITTER_EMAIL": "c@example.org",
        "GIT_COMMITTER_DATE": _DATE,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_MERGE_AUTOEDIT": "no",
        "GIT_EDITOR": "true",
        "LC_ALL": "C",
    }


class GitRepo:
    """A repository in `root`, made when the object is; its first branch is `main`."""

    def __init__(self, root: Path, *, object_format: str = "sha1", bare: bool = False) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.run("init", "-q", "-b", "main", f"--object-format={object_format}", *(["--bare"] if bare else []))

    @classmethod
    def at(cls, root: Path) -> GitRepo:
        """A repository that stands at `root` already: a clone, a linked worktree."""
        repo = object.__new__(cls)
        repo.root = root
        return repo

    def run(self, *arguments: str | bytes, check: bool = True, stdin: bytes = b"", **environment: str) -> str:
        """Run git in the repository; its standard output, stripped of the last newline, undecodable bytes escaped."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=isolated_environment() | environment,
            input=stdin,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments} exited {done.returncode}: {done.stderr.decode(errors='replace')}")
        return os.fsdecode(done.stdout).removesuffix("\n")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files of the work tree, making their directories; nothing is added to the index."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "change") -> str:
        """Write `files`, add everything that is there (deletions too), commit; the commit's id."""
        self.write(files or {})
        self.run("add", "-A")
        self.run("commit", "-q", "--allow-empty", "-m", message)
        return self.run("rev-parse", "HEAD")

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and switch to it."""
        self.run("checkout", "-q", "-b", name, start)

    def switch(self, name: str) -> None:
        self.run("checkout", "-q", name)

    def merge(self, *names: str) -> bool:
        """Merge branches into the current one with a merge commit; False where conflicts are left in the work tree."""
        done = subprocess.run(
            ["git", "merge", "-q", "--no-ff", "-m", "merge", *names],
            cwd=self.root,
            env=isolated_environment(),
            capture_output=True,
            check=False,
        )
        if done.returncode and not self.run("ls-files", "-u") and not (self.root / ".git/MERGE_HEAD").exists():
            raise AssertionError(f"git merge {names}: {done.stderr.decode(errors='replace')}")
        return done.returncode == 0
